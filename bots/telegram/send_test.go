package telegram_test

import (
	"context"
	"errors"
	"fmt"
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

// to returns a message of one paragraph.
func to(u *telegramtest.User, text string) rituals.Message {
	return rituals.Message{To: someone{u}.Chat(), Blocks: []rituals.Block{rituals.Para(text)}}
}

// send sends a message and returns its id.
func send(t *testing.T, b *telegram.Bot, p bots.Parcel) string {
	t.Helper()
	id, err := b.Send(t.Context(), p)
	if err != nil {
		t.Fatalf("Send(%.60q): got %v, want nil", p.Message.String(), err)
	}
	return id
}

func TestRefusals(t *testing.T) {
	type want struct {
		gone, chat bool
		moved      string
		after      time.Duration
		all        bool
	}
	fault := func(f telegramtest.Fault) func(*telegramtest.Server, *telegramtest.User) {
		return func(s *telegramtest.Server, _ *telegramtest.User) { s.Fail("sendMessage", f) }
	}
	tests := []struct {
		name    string
		trouble func(*telegramtest.Server, *telegramtest.User)
		want    want
	}{
		{"blocked", func(_ *telegramtest.Server, u *telegramtest.User) { u.Block() }, want{gone: true, chat: true}},
		{"deactivated", fault(telegramtest.Refused(403, "Forbidden: user is deactivated")), want{gone: true, chat: true}},
		{"no such chat", fault(telegramtest.Refused(400, "Bad Request: chat not found")), want{gone: true, chat: true}},
		{"something wrong with the message", fault(telegramtest.Refused(400, "Bad Request: BUTTON_URL_INVALID")), want{gone: true}},
		{"too many", fault(telegramtest.TooMany(17)), want{after: 17 * time.Second}},
		{"the token is refused", fault(telegramtest.Refused(401, "Unauthorized")), want{after: time.Minute, all: true}},
		{"the server fails", fault(telegramtest.ServerError), want{}},
		{"the web server before it fails", fault(telegramtest.BadGateway), want{}},
		{"the connection is cut before", fault(telegramtest.CutBefore), want{}},
		{"the connection is cut after", fault(telegramtest.CutAfter), want{}},
		{"the server takes too long", fault(telegramtest.Slow(20 * time.Second)), want{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := telegramtest.New(token, "attune_bot")
				alex := s.User(1001, "Alex", "en").Open()
				tt.trouble(s, alex)
				_, err := newBot(t, s, telegram.Options{}).Send(t.Context(), bots.Parcel{ID: 1, Message: to(alex, "secret words")})
				var got want
				var gone *bots.GoneError
				var retry *bots.RetryError
				if errors.As(err, &gone) {
					got = want{gone: true, chat: gone.Chat, moved: gone.Moved}
				} else if errors.As(err, &retry) {
					got = want{after: retry.After, all: retry.All}
				} else {
					t.Fatalf("Send: got %v, want a GoneError or a RetryError", err)
				}
				if got != tt.want {
					t.Errorf("Send: got %+v of %v, want %+v", got, err, tt.want)
				}
				if strings.Contains(err.Error(), "secret") || strings.Contains(err.Error(), "nginx") || strings.Contains(err.Error(), "://") {
					t.Errorf("Send: got %q, want no token, no words, no address", err)
				}
				time.Sleep(time.Minute)
			})
		})
	}
}

func TestGroupMoves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := telegramtest.New(token, "attune_bot")
		there := s.User(1001, "Alex", "en").In(-5)
		there.Move(-1001234567890)
		m := rituals.Message{To: rituals.Address{Platform: rituals.Telegram, Chat: "-5"}, Blocks: []rituals.Block{rituals.Para("Hello.")}}
		_, err := newBot(t, s, telegram.Options{}).Send(t.Context(), bots.Parcel{ID: 1, Message: m})
		var gone *bots.GoneError
		if !errors.As(err, &gone) || gone.Moved != "-1001234567890" {
			t.Errorf("Send to a group that moved: got %v, want a GoneError with the new chat", err)
		}
	})
}

func TestTwoChatsRefusedMeanAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := telegramtest.New(token, "attune_bot")
		alex, sam := s.User(1001, "Alex", "en").Open(), s.User(1002, "Sam", "en").Open()
		b := newBot(t, s, telegram.Options{})
		steps := []struct {
			to   *telegramtest.User
			all  bool
			then time.Duration
		}{{alex, false, 0}, {alex, false, time.Second}, {sam, true, time.Minute}, {alex, false, 0}}
		for i, step := range steps {
			s.Fail("sendMessage", telegramtest.TooMany(5))
			_, err := b.Send(t.Context(), bots.Parcel{ID: 1, Message: to(step.to, "Hello.")})
			var retry *bots.RetryError
			if !errors.As(err, &retry) || retry.All != step.all {
				t.Errorf("refusal %d: got %+v, want all %v", i+1, err, step.all)
			}
			time.Sleep(step.then)
		}
	})
}

func TestEdits(t *testing.T) {
	long := func(letter string, parts int) string {
		return strings.TrimSpace(strings.Repeat(strings.Repeat(letter, 4000)+"\n\n", parts))
	}
	short := func(texts []string) (out []string) {
		for _, s := range texts {
			out = append(out, fmt.Sprintf("%.1s%d", s, len(s)))
		}
		return out
	}
	tests := []struct {
		name          string
		before, after string // what the message says; empty after: it is taken away
		trouble       func(s *telegramtest.Server)
		want          []string
	}{
		{"a message is changed in place", "a", "b", nil, []string{"b1", "-3"}},
		{"a long one is changed in all its parts", long("a", 3), long("b", 3), nil, []string{"b4000", "b4000", "b4000", "-3"}},
		{"parts that are too many go", long("a", 3), "b", nil, []string{"b1", "-3"}},
		{"parts that are missing come", "a", long("b", 2), nil, []string{"b4000", "-3", "b4000"}},
		{"no change is no error", "a", "a", nil, []string{"a1", "-3"}},
		{"a message that is gone is said anew", "a", "b", func(s *telegramtest.Server) {
			s.Fail("editMessageText", telegramtest.Refused(400, "Bad Request: message to edit not found"))
		}, []string{"a1", "-3", "b1"}},
		{"one that is too old is said anew", "a", "b", func(s *telegramtest.Server) {
			s.Fail("editMessageText", telegramtest.Refused(400, "Bad Request: message can't be edited"))
		}, []string{"a1", "-3", "b1"}},
		{"a message is taken away", "a", "", nil, []string{"-3"}},
		{"a long one is taken away whole", long("a", 3), "", nil, []string{"-3"}},
		{"one that is gone already is taken away", "a", "", func(s *telegramtest.Server) {
			s.Fail("deleteMessage", telegramtest.Refused(400, "Bad Request: message to delete not found"))
		}, []string{"a1", "-3"}},
		{"one that is too old for that is emptied", "a", "", func(*telegramtest.Server) { time.Sleep(49 * time.Hour) }, []string{"…3", "-3"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := telegramtest.New(token, "attune_bot")
				alex := s.User(1001, "Alex", "en").Open()
				b := newBot(t, s, telegram.Options{})
				id := send(t, b, bots.Parcel{ID: 1, Message: to(alex, tt.before)})
				send(t, b, bots.Parcel{ID: 2, Message: to(alex, "---")})
				if tt.trouble != nil {
					tt.trouble(s)
				}
				change := to(alex, tt.after)
				change.Edits = "key"
				if tt.after == "" {
					change.Blocks = nil
				}
				send(t, b, bots.Parcel{ID: 3, Message: change, Edits: id})
				if got := short(alex.Heard()); !slices.Equal(got, tt.want) {
					t.Errorf("Alex sees: got %q, want %q", got, tt.want)
				}
			})
		})
	}
}

func TestTakingAwayWhatWasNeverSaid(t *testing.T) {
	s := telegramtest.New(token, "attune_bot")
	alex := s.User(1001, "Alex", "en").Open()
	m := rituals.Message{To: someone{alex}.Chat(), Edits: "key"}
	if id, err := newBot(t, s, telegram.Options{}).Send(t.Context(), bots.Parcel{ID: 1, Message: m}); id != "" || err != nil {
		t.Errorf("Send: got %q and %v, want nothing", id, err)
	}
}

func TestLongMessageGoesOnWhereItStopped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := telegramtest.New(token, "attune_bot")
		alex := s.User(1001, "Alex", "en").Open()
		b := newBot(t, s, telegram.Options{})
		m := to(alex, strings.Repeat("a", 4096)+strings.Repeat("b", 4096)+"c")
		s.Fail("sendMessage", telegramtest.None, telegramtest.TooMany(3), telegramtest.None, telegramtest.CutBefore)
		var id string
		var err error
		for range 3 {
			id, err = b.Send(t.Context(), bots.Parcel{ID: 1, Message: m})
		}
		if err != nil || id != "1,2,3" {
			t.Errorf("Send: got %q and %v at the third try, want 1,2,3", id, err)
		}
		if got := strings.Join(alex.Heard(), ""); got != m.Blocks[0].Text {
			t.Errorf("Alex sees: got %d letters, want %d, each once", len(got), len(m.Blocks[0].Text))
		}
	})
}

func TestRefusedTextIsSaidPlainly(t *testing.T) {
	s := telegramtest.New(token, "attune_bot")
	alex := s.User(1001, "Alex", "en").Open()
	m := rituals.Message{To: someone{alex}.Chat(), Blocks: []rituals.Block{{Kind: rituals.Heading, Text: "Odd\u2064 words"}}}
	s.Fail("sendMessage", telegramtest.Refused(400, "Bad Request: ENTITY_TEXT_INVALID"))
	send(t, newBot(t, s, telegram.Options{}), bots.Parcel{ID: 1, Message: m})
	if got := alex.Sees(); len(got) != 1 || got[0].Text != "Odd words" || len(got[0].Entities) != 0 {
		t.Errorf("Alex sees: got %+v, want the words alone", got)
	}
}

func TestSilentAndButtons(t *testing.T) {
	s := telegramtest.New(token, "attune_bot")
	alex := s.User(1001, "Alex", "en").Open()
	m := to(alex, "Ten minutes?")
	m.Silent = true
	m.Choices = [][]rituals.Choice{{{Label: "Yes", Action: "yes"}}}
	send(t, newBot(t, s, telegram.Options{}), bots.Parcel{ID: 1, Message: m})
	got := alex.Sees()[0]
	if !got.Silent || len(got.Buttons) != 1 || got.Buttons[0][0] != (telegramtest.Button{Text: "Yes", Data: "yes"}) {
		t.Errorf("Alex sees: got %+v, want a silent message with one button", got)
	}
}

// TestPaced has 300 people due at once, at a server that enforces what Telegram
// publishes.
func TestPaced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := telegramtest.New(token, "attune_bot")
		s.Limit(telegramtest.Published)
		out := botstest.NewOutbox()
		for i := range int64(300) {
			m := to(s.User(2000+i, "Alex", "en").Open(), "It's 21:30.")
			m.Key = fmt.Sprint(i)
			out.Say(m)
		}
		ctx, stop := context.WithCancel(t.Context())
		over := make(chan error)
		start := time.Now()
		go func() {
			over <- bots.NewCourier(out, newBot(t, s, telegram.Options{}), &botstest.Book{}, bots.CourierOptions{}).Run(ctx)
		}()
		for out.Undelivered() > 0 && time.Since(start) < time.Minute {
			time.Sleep(10 * time.Millisecond)
		}
		took := time.Since(start)
		stop()
		if err := <-over; err != nil {
			t.Errorf("Run: got %v, want nil", err)
		}
		if s.Refusals() != 0 || out.Undelivered() != 0 || took > 10500*time.Millisecond {
			t.Errorf("300 messages: got %d refusals and %d undelivered after %v, want 0 and 0 within 10.5s", s.Refusals(), out.Undelivered(), took)
		}
	})
}
