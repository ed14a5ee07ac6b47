package bots_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"attune/bots"
	"attune/rituals"
)

// An answering gives one answer to every request.
type answering func() (*http.Response, error)

// RoundTrip is part of [http.RoundTripper].
func (a answering) RoundTrip(*http.Request) (*http.Response, error) { return a() }

// TestDownload downloads a file of which four bytes may be fetched. One that is longer
// fails, whether or not its length was told before, and is not cut.
func TestDownload(t *testing.T) {
	const known, unknown = true, false
	for _, tt := range []struct {
		name   string
		status int
		size   int
		length bool
		want   string
	}{
		{"nothing", 200, 0, known, ""},
		{"as much as may be", 200, 4, known, "aaaa"},
		{"as much as may be, as it turns out", 200, 4, unknown, "aaaa"},
		{"too much", 200, 5, known, "gone"},
		{"too much, as it turns out", 200, 5, unknown, "gone"},
		{"what is not there", 404, 0, known, "gone"},
		{"from a server that fails", 502, 0, known, "later"},
		{"with too many others", 429, 0, known, "later"},
		{"over a connection that is cut", 0, 0, known, "later"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			client := &http.Client{Transport: answering(func() (*http.Response, error) {
				if tt.status == 0 {
					return nil, errors.New("cut")
				}
				r := &http.Response{StatusCode: tt.status, Body: io.NopCloser(strings.NewReader(strings.Repeat("a", tt.size))), ContentLength: -1}
				if tt.length == known {
					r.ContentLength = int64(tt.size)
				}
				return r, nil
			})}
			r, err := bots.Download(t.Context(), client, "https://localhost/secret", 4)
			got := ""
			if err == nil {
				var data []byte
				data, err = io.ReadAll(r)
				got = string(data)
			}
			if err != nil {
				got = fate(err)
			}
			if got != tt.want || (err != nil && strings.Contains(err.Error(), "secret")) {
				t.Errorf("Download: got %q of %v, want %q and no address", got, err, tt.want)
			}
		})
	}
}

// fate says what becomes of what could not be fetched.
func fate(err error) string {
	var gone *bots.GoneError
	var retry *bots.RetryError
	switch {
	case errors.As(err, &gone) && !gone.Chat:
		return "gone"
	case errors.As(err, &retry) && !retry.All:
		return "later"
	}
	return fmt.Sprintf("%T", err)
}

// TestFetch fetches what another platform has: what cannot be had is nothing, and what
// is wrong there holds up nothing here.
func TestFetch(t *testing.T) {
	voice := &rituals.Media{Kind: rituals.Voice, Platform: rituals.Discord, File: "1/2/3"}
	for _, tt := range []struct {
		name string
		data string
		err  error
		want string
	}{
		{"as much as may be", "hmhm", nil, "hmhm"},
		{"too much", "hmhmh", nil, ""},
		{"nothing", "", nil, ""},
		{"what is gone", "", &bots.GoneError{Chat: true, Err: errors.New("no chat")}, ""},
		{"not just now", "", &bots.RetryError{All: true, After: time.Second, Err: errors.New("too many")}, "later"},
		{"who knows why not", "", errors.New("reset"), "later"},
	} {
		files := bots.Files(func(context.Context, rituals.Media) (io.ReadCloser, error) {
			return io.NopCloser(strings.NewReader(tt.data)), tt.err
		})
		data, err := files.Fetch(t.Context(), voice, 4, slog.New(slog.DiscardHandler))
		got := string(data)
		if err != nil {
			got = fate(err)
		}
		if got != tt.want {
			t.Errorf("Fetch of %s: got %q of %v, want %q", tt.name, got, err, tt.want)
		}
	}
	if data, err := bots.Files(nil).Fetch(t.Context(), voice, 4, nil); data != nil || err != nil {
		t.Errorf("Fetch where nothing can be: got %q and %v, want nothing", data, err)
	}
}

func TestFileName(t *testing.T) {
	for _, tt := range []struct {
		kind rituals.MediaKind
		mime string
		want string
	}{
		{rituals.Picture, "image/png", "picture.png"},
		{rituals.Picture, "image/jpeg", "picture.jpg"},
		{rituals.Picture, "", "picture.jpg"},
		{rituals.Voice, "audio/ogg; codecs=opus", "voice.ogg"},
		{rituals.Voice, "", "voice.ogg"},
		{rituals.Voice, "audio/x-m4a", "voice.m4a"},
		{rituals.Voice, "audio/x-wav", "voice.wav"},
		{rituals.Voice, "audio/mpeg", "voice.mp3"},
		{rituals.Voice, "audio/unheard-of", "voice.mp3"},
	} {
		if got := bots.FileName(&rituals.Media{Kind: tt.kind, Type: tt.mime, Name: "us at home.exe"}); got != tt.want {
			t.Errorf("FileName of %s %q: got %q, want %q", tt.kind, tt.mime, got, tt.want)
		}
	}
}
