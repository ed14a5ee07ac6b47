package bots_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"attune/bots"
	"attune/bots/botstest"
	"attune/rituals"
)

func TestCourierHandsBackWhatCannotBeSaid(t *testing.T) {
	tests := []struct {
		name string
		err  *bots.GoneError
		late bool
		want []rituals.Event
	}{
		{"blocked", &bots.GoneError{Chat: true, Err: errors.New("blocked")}, false,
			[]rituals.Event{{ID: "undelivered/1", Kind: rituals.Undelivered, Source: "1", Gone: true}}},
		{"this message only", &bots.GoneError{Err: errors.New("too long")}, false,
			[]rituals.Event{{ID: "undelivered/1", Kind: rituals.Undelivered, Source: "1"}}},
		{"moved, and the host leaves the message where it was", &bots.GoneError{Chat: true, Moved: "alex2", Err: errors.New("migrated")}, false,
			[]rituals.Event{{ID: "moved/1", Kind: rituals.Moved, Source: "1", Text: "alex2"}, {ID: "undelivered/1", Kind: rituals.Undelivered, Source: "1"}}},
		{"others can read it than it was meant for", &bots.GoneError{Readers: &rituals.Readers{Mark: "3"}, Err: errors.New("crowded")}, false,
			[]rituals.Event{{ID: "undelivered/1", Kind: rituals.Undelivered, Source: "1", Readers: &rituals.Readers{Mark: "3"}}}},
		{"too late", nil, true,
			[]rituals.Event{{ID: "undelivered/1", Kind: rituals.Undelivered, Source: "1"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				out, bot := botstest.NewOutbox(), &postman{refuse: func(p bots.Parcel, _ time.Time) error {
					if tt.err != nil && p.ID == 1 {
						return tt.err
					}
					return nil
				}}
				m := note("alex", "1")
				if tt.late {
					m.Until = time.Now()
				}
				out.Say(m)
				out.Say(note("alex", "2"))
				for i := range tt.want {
					e := &tt.want[i]
					e.Person, e.Chat, e.Message = rituals.Person{Platform: rituals.Telegram}, m.To, m
				}
				f := openOffice(t, bot, out, bots.CourierOptions{})
				f.after(0)
				if diff := cmp.Diff(tt.want, f.book.Settled()); diff != "" {
					t.Errorf("events (-want +got):\n%s", diff)
				}
				if diff := cmp.Diff([]string{"2"}, bot.texts("alex")); diff != "" {
					t.Errorf("said (-want +got):\n%s", diff)
				}
			})
		})
	}
}

func TestCourierDoesNotSayLateWhatWasPutOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		out, bot := botstest.NewOutbox(), &postman{refuse: func(p bots.Parcel, _ time.Time) error {
			if p.ID == 1 {
				return &bots.RetryError{After: time.Hour, Err: errors.New("slow down")}
			}
			return nil
		}}
		m := note("alex", "1")
		m.Until = time.Now().Add(30 * time.Minute)
		out.Say(m)
		out.Say(note("alex", "2"))
		f := openOffice(t, bot, out, bots.CourierOptions{})
		f.after(30 * time.Minute)
		if diff := cmp.Diff([]time.Duration{0}, bot.tried(1, f.start)); diff != "" {
			t.Errorf("tries (-want +got):\n%s", diff)
		}
		if got := f.book.Settled(); len(got) != 1 || got[0].Kind != rituals.Undelivered || got[0].Gone {
			t.Errorf("events: got %v, want one Undelivered that is not gone", got)
		}
		if diff := cmp.Diff([]string{"2"}, bot.texts("alex")); diff != "" {
			t.Errorf("said (-want +got):\n%s", diff)
		}
	})
}

func TestCourierHandsBackAgainWhileTheHandlerFails(t *testing.T) {
	tests := []struct {
		name string
		fail func() error
	}{
		{"with an error", func() error { return errors.New("disk full") }},
		{"with a panic", func() error { panic("disk full") }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				out, bot := botstest.NewOutbox(), &postman{refuse: func(p bots.Parcel, _ time.Time) error {
					return &bots.GoneError{Chat: true, Err: errors.New("blocked")}
				}}
				say(out, "alex", 1)
				f := &office{out: out, bot: bot, start: time.Now(), over: make(chan struct{}), book: &botstest.Book{}}
				f.book.Do = func(ctx context.Context, e rituals.Event) (rituals.Answer, error) {
					if time.Since(f.start) < 10*time.Second {
						return rituals.Answer{}, tt.fail()
					}
					out.DropAll(e.Chat)
					return rituals.Answer{}, nil
				}
				f.open(t, bots.CourierOptions{})
				f.after(9 * time.Second)
				if got := len(f.book.Calls()); got != 4 {
					t.Errorf("calls of Handle in 9 s: got %d, want 4", got)
				}
				f.after(time.Hour)
				if settled, left := len(f.book.Settled()), out.Undelivered(); settled != 1 || left != 0 {
					t.Errorf("after an hour: got %d settled and %d left, want 1 and 0", settled, left)
				}
			})
		})
	}
}

func TestCourierDoesNotSpinWhenTheHandlerLeavesTheRow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		out, bot := botstest.NewOutbox(), &postman{refuse: func(p bots.Parcel, _ time.Time) error {
			return &bots.GoneError{Err: errors.New("bad request")}
		}}
		rows := say(out, "alex", 1)
		f := &office{out: out, bot: bot, start: time.Now(), over: make(chan struct{}), book: &botstest.Book{}}
		f.open(t, bots.CourierOptions{})
		f.after(time.Hour)
		if got := len(bot.tried(rows[0], f.start)); got > 66 {
			t.Errorf("tries in an hour: got %d, want at most 66", got)
		}
	})
}

func TestCourierSurvivesAPanicInSend(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log strings.Builder
		out, bot := botstest.NewOutbox(), &postman{refuse: func(p bots.Parcel, _ time.Time) error {
			if p.Message.To.Chat == "alex" && p.Tries == 0 {
				panic("I love you, Sam")
			}
			return nil
		}}
		say(out, "alex", 2)
		say(out, "sam", 2)
		f := openOffice(t, bot, out, bots.CourierOptions{Log: textLog(&log)})
		f.after(time.Minute)
		for _, chat := range []string{"alex", "sam"} {
			if diff := cmp.Diff([]string{"1", "2"}, bot.texts(chat)); diff != "" {
				t.Errorf("said to %s (-want +got):\n%s", chat, diff)
			}
		}
		if got := log.String(); strings.Contains(got, "love") || !strings.Contains(got, "postman") {
			t.Errorf("log: got %s, want where it panicked and nothing anybody wrote", got)
		}
	})
}
