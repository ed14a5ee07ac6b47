package discord_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"attune/bots"
	"attune/bots/discord/discordtest"
	"attune/rituals"
)

func TestMedia(t *testing.T) {
	picture := rituals.Media{Kind: rituals.Picture, Platform: rituals.Telegram, File: "abc", Type: "image/png", Name: "holiday.png"}
	var fail error
	files := func(_ context.Context, m rituals.Media) (io.ReadCloser, error) {
		if fail != nil {
			return nil, fail
		}
		return io.NopCloser(strings.NewReader("pixels of " + m.File)), nil
	}
	play(t, nil, func(t *testing.T, s *stage) {
		s.stop()
		s.files = files
		s.start()
		id := s.alex.Attach("The sea.", &discordtest.File{Name: "sea.jpg", Type: "image/jpeg", Data: []byte("waves")})
		s.alex.Speak([]byte("hm"), 3*time.Second)
		s.wait()
		events := s.book.Settled()
		sea, voice := events[len(events)-2], events[len(events)-1]
		if sea.Text != "The sea." || len(sea.Media) != 1 || len(voice.Media) != 1 || voice.Media[0].Kind != rituals.Voice || voice.Media[0].Seconds != 3 {
			t.Fatalf("events: got %+v and %+v, want a picture with words, and a voice message", sea, voice)
		}
		time.Sleep(48 * time.Hour) // any address that was given has ended
		r, err := s.bot.Open(t.Context(), sea.Media[0])
		if err != nil {
			t.Fatalf("Open: got %v, want nil", err)
		}
		if data, _ := io.ReadAll(r); string(data) != "waves" {
			t.Errorf("Open: got %q, want what was sent", data)
		}
		r.Close()
		var gone *bots.GoneError
		s.alex.Delete(id)
		if _, err := s.bot.Open(t.Context(), sea.Media[0]); !errors.As(err, &gone) {
			t.Errorf("Open of what was deleted: got %v, want it gone", err)
		}
		s.server.Lose(s.alex.Channel(), voice.Source)
		if _, err := s.bot.Open(t.Context(), voice.Media[0]); !errors.As(err, &gone) {
			t.Errorf("Open of what was lost: got %v, want it gone", err)
		}

		p := parcel(someone{s.alex}, 1, "")
		p.Message.Blocks = []rituals.Block{{Kind: rituals.Carried, By: "Sam", Media: &picture, Text: "A picture belongs here."}}
		if _, err := s.bot.Send(t.Context(), p); err != nil {
			t.Fatalf("Send of a picture: got %v, want nil", err)
		}
		sees := s.alex.Sees()
		last := sees[len(sees)-1]
		if last.Content != "**Sam:**" || len(last.Files) != 1 || last.Files[0].Name != "picture.png" || !bytes.Equal(last.Files[0].Data, []byte("pixels of abc")) {
			t.Errorf("Alex sees: got %+v, want Sam's picture under a name of ours", last)
		}
		for _, tt := range []struct {
			name string
			fail error
			want bool // said in words
		}{
			{"gone", &bots.GoneError{Err: errors.New("gone")}, true},
			{"not to be had just now", &bots.RetryError{Err: errors.New("later")}, false},
		} {
			fail = tt.fail
			p.ID++
			before := len(s.alex.Sees())
			_, err := s.bot.Send(t.Context(), p)
			sees := s.alex.Sees()
			if tt.want != (err == nil) || tt.want != (len(sees) == before+1) {
				t.Errorf("Send of a picture that is %s: got %v and %d messages more, want words: %v", tt.name, err, len(sees)-before, tt.want)
			}
			if tt.want && sees[len(sees)-1].Content != "A picture belongs here." {
				t.Errorf("in place of a picture: got %q, want the words for it", sees[len(sees)-1].Content)
			}
		}
	})
}

func TestScan(t *testing.T) {
	play(t, nil, func(t *testing.T, s *stage) {
		p := parcel(someone{s.alex}, 1, "This link is for the one you'd like to share it with.")
		p.Message.Blocks = append(p.Message.Blocks, rituals.Block{Kind: rituals.Scan, Text: "the-code"})
		p.Message.Choices = [][]rituals.Choice{{{Label: "Withdraw it", Action: "invite:withdraw"}}}
		if _, err := s.bot.Send(t.Context(), p); err != nil {
			t.Fatalf("Send: got %v, want nil", err)
		}
		sees := s.alex.Sees()
		picture, words := sees[len(sees)-2], sees[len(sees)-1]
		if len(picture.Files) != 1 || picture.Files[0].Type != "image/png" || !bytes.HasPrefix(picture.Files[0].Data, []byte("\x89PNG")) {
			t.Errorf("Alex sees: got %+v, want a picture to scan", picture)
		}
		if !strings.HasPrefix(words.Content, "This link") || !slices.Equal(words.Buttons(), []string{"Withdraw it"}) {
			t.Errorf("Alex sees: got %+v, want the words and the button", words)
		}
	})
}
