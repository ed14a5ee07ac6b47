package telegram_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"attune/bots"
	"attune/bots/botstest"
	"attune/bots/telegram"
	"attune/bots/telegram/telegramtest"
	"attune/rituals"
)

// carried returns a message to somebody with what Alex has sent.
func carried(u *telegramtest.User, m rituals.Media) rituals.Message {
	msg := to(u, "")
	msg.Blocks = []rituals.Block{{Kind: rituals.Carried, By: "Alex", Media: &m, Text: "It belongs here."}}
	return msg
}

// seen returns what somebody sees, each as "kind name: words"; words alone have no
// kind.
func seen(u *telegramtest.User) (sights []string) {
	for _, m := range u.Sees() {
		s := m.Text
		if m.File != nil {
			s = strings.TrimSpace(fmt.Sprintf("%s %s| %s", m.File.Kind, m.File.Name, m.Text))
		}
		sights = append(sights, s)
	}
	return sights
}

// TestPassedOn sends what Alex has sent in every form on to Sam, by its id alone.
func TestPassedOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := telegramtest.New(token, "attune_bot")
		alex, sam := s.User(1001, "Alex", "en").Open(), s.User(1002, "Sam", "en").Open()
		var book botstest.Book
		b := newBot(t, s, telegram.Options{})
		stop := run(t, b, &book)
		alex.Album("The sea.", &telegramtest.File{Kind: "photo"}, &telegramtest.File{Kind: "photo"})
		alex.Attach("", &telegramtest.File{Kind: "voice", Type: "audio/ogg"})
		alex.Attach("", &telegramtest.File{Kind: "audio", Type: "audio/mpeg"})
		alex.Attach("", &telegramtest.File{Kind: "document", Type: "image/png", Data: []byte("png")})
		synctest.Wait()
		events := book.Settled()
		for i, e := range events {
			if len(e.Media) != 1 {
				t.Fatalf("event %d: got %+v, want one picture or voice message", i+1, e)
			}
			send(t, b, bots.Parcel{ID: int64(i + 1), Message: carried(sam, e.Media[0])})
			time.Sleep(2 * time.Second)
		}
		want := []string{"photo | Alex:", "photo | Alex:", "voice | Alex:", "audio | Alex:", "document | Alex:"}
		if got := seen(sam); !slices.Equal(got, want) || s.Calls("getFile") != 0 {
			t.Errorf("Sam sees: got %q and %d fetched, want %q and 0", got, s.Calls("getFile"), want)
		}
		r, err := b.Open(t.Context(), events[len(events)-1].Media[0])
		if err != nil {
			t.Fatalf("Open of a picture sent as a file: got %v, want nil", err)
		}
		defer r.Close()
		if data, err := io.ReadAll(r); string(data) != "png" {
			t.Errorf("Open of a picture sent as a file: got %q and %v, want it", data, err)
		}
		stop()
	})
}

func TestUploads(t *testing.T) {
	tests := []struct {
		name   string
		kind   rituals.MediaKind
		mime   string
		size   int
		faults map[string]telegramtest.Fault // by method
		want   string
	}{
		{"a picture is a photo", rituals.Picture, "image/png", 10, nil, "photo picture.png| Alex:"},
		{"as large as a photo may be", rituals.Picture, "image/jpeg", 10 * 1000 * 1000, nil, "photo picture.jpg| Alex:"},
		{"a larger one is a file", rituals.Picture, "image/jpeg", 10*1000*1000 + 1, nil, "document picture.jpg| Alex:"},
		{"one that is no photo to Telegram is a file", rituals.Picture, "image/heic", 10,
			map[string]telegramtest.Fault{"sendPhoto": telegramtest.Refused(400, "Bad Request: IMAGE_PROCESS_FAILED")}, "document picture.heic| Alex:"},
		{"what was spoken is a voice message", rituals.Voice, "audio/ogg; codecs=opus", 10, nil, "voice voice.ogg| Alex:"},
		{"unless it is in another format", rituals.Voice, "audio/mp4", 10, nil, "audio voice.m4a| Alex:"},
		{"nothing is words", rituals.Picture, "image/png", 0, nil, "It belongs here."},
		{"more than can be sent is words", rituals.Voice, "audio/ogg", rituals.MostToTelegram + 1, nil, "It belongs here."},
		{"what a server in between finds too large is words", rituals.Voice, "audio/ogg", 10,
			map[string]telegramtest.Fault{"sendVoice": telegramtest.Refused(413, "Request Entity Too Large")}, "It belongs here."},
		{"where no pictures are allowed there are words", rituals.Picture, "image/png", 10,
			map[string]telegramtest.Fault{"sendPhoto": telegramtest.Refused(400, "Bad Request: not enough rights to send photos to the chat")}, "It belongs here."},
		{"who wants no voice messages gets words", rituals.Voice, "audio/ogg", 10,
			map[string]telegramtest.Fault{"sendVoice": telegramtest.Refused(403, "Forbidden: VOICE_MESSAGES_FORBIDDEN")}, "It belongs here."},
		{"a slow line is given time", rituals.Picture, "image/png", 10,
			map[string]telegramtest.Fault{"sendPhoto": telegramtest.Slow(2 * time.Minute)}, "photo picture.png| Alex:"},
		{"a failure is not the end", rituals.Picture, "image/png", 10, map[string]telegramtest.Fault{"sendPhoto": telegramtest.ServerError}, "*bots.RetryError"},
		{"a block is", rituals.Picture, "image/png", 10,
			map[string]telegramtest.Fault{"sendPhoto": telegramtest.Refused(403, "Forbidden: bot was blocked by the user")}, "*bots.GoneError"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := telegramtest.New(token, "attune_bot")
				sam := s.User(1002, "Sam", "en").Open()
				b := newBot(t, s, telegram.Options{Files: func(context.Context, rituals.Media) (io.ReadCloser, error) {
					return io.NopCloser(strings.NewReader(strings.Repeat("a", tt.size))), nil
				}})
				for method, f := range tt.faults {
					s.Fail(method, f)
				}
				m := rituals.Media{Kind: tt.kind, Platform: rituals.Discord, File: "1/2/3", Name: "us at home.exe", Type: tt.mime}
				_, err := b.Send(t.Context(), bots.Parcel{ID: 1, Message: carried(sam, m)})
				got := strings.Join(seen(sam), "|")
				if err != nil {
					got += fmt.Sprintf("%T", err)
				}
				if got != tt.want {
					t.Errorf("Sam sees: got %q of %v, want %q", got, err, tt.want)
				}
			})
		})
	}
}

// TestHalfWithAFile fails after the words, and the file is gone by the next try: it is
// not the words that are said again.
func TestHalfWithAFile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := telegramtest.New(token, "attune_bot")
		sam := s.User(1002, "Sam", "en").Open()
		var gone error
		b := newBot(t, s, telegram.Options{Files: func(context.Context, rituals.Media) (io.ReadCloser, error) {
			return io.NopCloser(strings.NewReader("waves")), gone
		}})
		m := carried(sam, rituals.Media{Kind: rituals.Picture, Platform: rituals.Discord, File: "1/2/3"})
		m.Blocks = append([]rituals.Block{rituals.Para("You have both answered.")}, m.Blocks...)
		m.Choices = [][]rituals.Choice{{{Label: "I see you", Action: "a"}}}
		s.Fail("sendPhoto", telegramtest.CutBefore)
		var retry *bots.RetryError
		if _, err := b.Send(t.Context(), bots.Parcel{ID: 1, Message: m}); !errors.As(err, &retry) {
			t.Fatalf("Send over a connection that is cut: got %v, want to try again", err)
		}
		gone = &bots.GoneError{Err: errors.New("deleted")}
		if id := send(t, b, bots.Parcel{ID: 1, Message: m}); strings.Count(id, ",") != 1 {
			t.Errorf("Send: got id %q, want that of two parts", id)
		}
		want := []string{"You have both answered.", "It belongs here."}
		if got := seen(sam); !slices.Equal(got, want) || len(sam.Sees()[1].Buttons) != 1 {
			t.Errorf("Sam sees: got %q, want %q with the button under the last", got, want)
		}
	})
}

// TestWordsForAPicture has a picture and words take each other's place: Telegram makes
// neither out of the other.
func TestWordsForAPicture(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := telegramtest.New(token, "attune_bot")
		alex := s.User(1001, "Alex", "en").Open()
		b := newBot(t, s, telegram.Options{})
		words := to(alex, "The link no longer works.")
		words.Edits = "invite"
		picture := words
		picture.Blocks = []rituals.Block{rituals.Para("A link."), {Kind: rituals.Scan, Text: "the-code"}}
		id := send(t, b, bots.Parcel{ID: 1, Message: picture})
		for i, m := range []rituals.Message{words, picture} {
			time.Sleep(2 * time.Second)
			id = send(t, b, bots.Parcel{ID: int64(i + 2), Message: m, Edits: id})
			want := []string{"The link no longer works.", "photo invitation.png| A link."}[i]
			if got := seen(alex); len(got) != 1 || got[0] != want {
				t.Errorf("Alex sees: got %q, want %q alone", got, want)
			}
		}
		time.Sleep(72 * time.Hour)
		send(t, b, bots.Parcel{ID: 9, Message: rituals.Message{To: words.To, Edits: "invite"}, Edits: id})
		if got := seen(alex); len(got) != 1 || got[0] != "photo invitation.png| …" {
			t.Errorf("Alex sees: got %q, want a picture too old to be taken away without its words", got)
		}
	})
}

func TestOpen(t *testing.T) {
	tests := []struct {
		name   string
		method string
		fault  telegramtest.Fault
		want   string
	}{
		{"what is there", "getFile", telegramtest.None, "waves"},
		{"what was forgotten", "getFile", telegramtest.Refused(400, "Bad Request: wrong file_id or the file is temporarily unavailable"), "*bots.GoneError"},
		{"what is too large", "getFile", telegramtest.Refused(400, "Bad Request: file is too big"), "*bots.GoneError"},
		{"with too many others", "getFile", telegramtest.TooMany(3), "*bots.RetryError 3s"},
		{"with a token that is refused", "getFile", telegramtest.Refused(401, "Unauthorized"), "*bots.RetryError 1m0s"},
		{"over a connection that is cut", "download", telegramtest.CutBefore, "*bots.RetryError 0s"},
		{"from a server that fails", "download", telegramtest.BadGateway, "*bots.RetryError 0s"},
		{"what is gone after all", "download", telegramtest.Refused(404, "Not Found"), "*bots.GoneError"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := telegramtest.New(token, "attune_bot")
				alex := s.User(1001, "Alex", "en").Open()
				var log notebook
				var book botstest.Book
				b := newBot(t, s, telegram.Options{Log: log.log()})
				stop := run(t, b, &book)
				alex.Attach("", &telegramtest.File{Kind: "voice", Type: "audio/ogg", Data: []byte("waves")})
				synctest.Wait()
				s.Fail(tt.method, tt.fault)
				got := ""
				r, err := b.Open(t.Context(), book.Settled()[0].Media[0])
				var retry *bots.RetryError
				switch {
				case err == nil:
					data, _ := io.ReadAll(r)
					got = string(data)
					r.Close()
				case errors.As(err, &retry):
					got = fmt.Sprintf("%T %v", err, retry.After)
				default:
					got = fmt.Sprintf("%T", err)
				}
				if got != tt.want || (retry != nil && retry.All) {
					t.Errorf("Open: got %q of %v, want %q, which holds up nothing else", got, err, tt.want)
				}
				if all := log.String() + fmt.Sprint(err); strings.Contains(all, "secret") || strings.Contains(all, "://") {
					t.Errorf("log and error: got %s, want no token and no address", all)
				}
				stop()
			})
		})
	}
}
