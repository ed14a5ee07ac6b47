package bots

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"

	"attune/rituals"
)

// Files fetch what was sent on any platform; see [Opener].
type Files func(ctx context.Context, m rituals.Media) (io.ReadCloser, error)

// Fetch returns the bytes of what was sent, to be said on another platform; nil if
// there are none, if they cannot be had any more, or if they are more than most.
// Otherwise its error is a [*RetryError].
func (f Files) Fetch(ctx context.Context, m *rituals.Media, most int64, log *slog.Logger) ([]byte, error) {
	if f == nil || m == nil {
		return nil, nil
	}
	data, err := f.read(ctx, m, most)
	var gone *GoneError
	switch err = OfFile(err); {
	case errors.As(err, &gone):
		log.Info("media gone", "err", err)
		return nil, nil
	case err != nil:
		return nil, err
	case int64(len(data)) > most || len(data) == 0:
		return nil, nil
	}
	return data, nil
}

func (f Files) read(ctx context.Context, m *rituals.Media, most int64) ([]byte, error) {
	r, err := f(ctx, *m)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(io.LimitReader(r, most+1))
}

// OfFile returns an error as one about a file alone: whoever wants it says something in
// some chat, maybe on another platform, and neither of these is at fault.
func OfFile(err error) error {
	var gone *GoneError
	var retry *RetryError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &gone):
		return &GoneError{Err: gone.Err}
	case errors.As(err, &retry):
		return &RetryError{After: retry.After, Err: retry.Err}
	}
	return &RetryError{Err: errors.New("the file could not be read")}
}

// Download fetches a file of at most so many bytes. Its address may be as good as the
// file, or hold a token: it is in no error and in no log.
func Download(ctx context.Context, client *http.Client, address string, most int64) (io.ReadCloser, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, &GoneError{Err: errors.New("the address of the file cannot be read")}
	}
	resp, err := client.Do(req)
	if err != nil {
		return nil, &RetryError{Err: errors.New("the file could not be fetched")}
	}
	switch {
	case resp.StatusCode == http.StatusOK && resp.ContentLength <= most:
		return &bounded{resp.Body, most}, nil
	case resp.StatusCode >= http.StatusInternalServerError || resp.StatusCode == http.StatusTooManyRequests:
		err = &RetryError{Err: errors.New("the file is not given out just now")}
	default:
		err = &GoneError{Err: errors.New("the file is not given out, or too large")}
	}
	_ = resp.Body.Close()
	return nil, err
}

// A bounded file fails where it is longer than what may be fetched.
type bounded struct {
	io.ReadCloser
	left int64
}

func (f *bounded) Read(p []byte) (int, error) {
	n, err := f.ReadCloser.Read(p)
	if f.left -= int64(n); f.left < 0 {
		return 0, &GoneError{Err: errors.New("the file is too large")}
	}
	return n, err
}

// FileName returns what a file is called where it is carried to: never what its sender
// called it. Platforms tell by the ending what is inside.
func FileName(m *rituals.Media) string {
	kind, _, _ := strings.Cut(m.Type, ";")
	if m.Kind == rituals.Picture {
		switch kind {
		case "image/png", "image/gif", "image/webp", "image/heic":
			return "picture." + strings.TrimPrefix(kind, "image/")
		}
		return "picture.jpg"
	}
	switch kind {
	case "audio/flac", "audio/aac", "audio/wav":
		return "voice." + strings.TrimPrefix(kind, "audio/")
	case "audio/x-wav":
		return "voice.wav"
	case "audio/mp4", "audio/x-m4a":
		return "voice.m4a"
	case "audio/ogg", "": // as those are that are spoken on the spot
		return "voice.ogg"
	}
	return "voice.mp3"
}
