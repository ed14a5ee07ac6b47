package bots_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"attune/bots"
	"attune/bots/botstest"
)

func TestCourierKeepsOrderInEachChatAndServesChatsSideBySide(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		out, bot := botstest.NewOutbox(), &postman{takes: time.Second}
		var want []string
		for i := range 5 {
			want = append(want, fmt.Sprint(i+1))
		}
		for c := range 20 {
			say(out, fmt.Sprint("chat", c), 5)
		}
		f := openOffice(t, bot, out, bots.CourierOptions{})
		f.after(5 * time.Second)
		for c := range 20 {
			chat := fmt.Sprint("chat", c)
			if diff := cmp.Diff(want, bot.texts(chat)); diff != "" {
				t.Errorf("said in %s (-want +got):\n%s", chat, diff)
			}
			for _, d := range out.Delivered(chatOf(chat)) {
				if want := fmt.Sprint("m", d.Row); d.ID != want {
					t.Errorf("recorded id of row %d: got %q, want %q", d.Row, d.ID, want)
				}
			}
		}
		if bot.twice {
			t.Error("messages under way in one chat: got two, want one")
		}
		if bot.most != 20 {
			t.Errorf("messages under way at once: got %d, want 20", bot.most)
		}
	})
}

func TestCourierServesABoundedNumberOfChatsAtOnce(t *testing.T) {
	tests := []struct{ workers, want int }{{0, 32}, {3, 3}}
	for _, tt := range tests {
		synctest.Test(t, func(t *testing.T) {
			out, bot := botstest.NewOutbox(), &postman{takes: time.Second}
			for c := range 100 {
				say(out, fmt.Sprint("chat", c), 1)
			}
			f := openOffice(t, bot, out, bots.CourierOptions{Workers: tt.workers})
			f.after(time.Minute)
			if bot.most != tt.want || out.Undelivered() != 0 {
				t.Errorf("Workers %d: got %d at once and %d left, want %d and 0", tt.workers, bot.most, out.Undelivered(), tt.want)
			}
		})
	}
}

func TestCourierReadsAllThatWaitedBeforeItRan(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		out, bot := botstest.NewOutbox(), &postman{}
		for c := range 2000 {
			say(out, fmt.Sprint("chat", c), 2)
		}
		f := openOffice(t, bot, out, bots.CourierOptions{})
		f.after(0)
		if got := bot.count(); got != 4000 {
			t.Errorf("said at start: got %d messages, want 4000", got)
		}
	})
}

func TestCourierIsWokenByWhatIsSaid(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		out, bot := botstest.NewOutbox(), &postman{}
		f := openOffice(t, bot, out, bots.CourierOptions{})
		f.after(time.Hour)
		say(out, "alex", 3)
		f.after(time.Hour)
		if diff := cmp.Diff([]string{"1", "2", "3"}, bot.texts("alex")); diff != "" {
			t.Errorf("said at once (-want +got):\n%s", diff)
		}
	})
}

func TestCourierMissesNothingSaidWhileItWorks(t *testing.T) {
	out, bot := botstest.NewOutbox(), &postman{}
	openOffice(t, bot, out, bots.CourierOptions{Workers: 4})
	var wg sync.WaitGroup
	for c := range 8 {
		wg.Go(func() { say(out, fmt.Sprint("chat", c), 500) })
	}
	wg.Wait()
	for deadline := time.Now().Add(30 * time.Second); out.Undelivered() > 0; {
		if time.Now().After(deadline) {
			t.Fatalf("left in the outbox after 30 s: got %d rows, want 0", out.Undelivered())
		}
		<-time.After(time.Millisecond)
	}
	for c := range 8 {
		got := bot.texts(fmt.Sprint("chat", c))
		for i, text := range got {
			if want := fmt.Sprint(i + 1); text != want {
				t.Fatalf("chat%d, message %d: got %q, want %q", c, i, text, want)
			}
		}
		if len(got) != 500 {
			t.Errorf("chat%d: got %d messages, want 500", c, len(got))
		}
	}
	if bot.twice {
		t.Error("messages under way in one chat: got two, want one")
	}
}

func TestCourierPutsOffWhatMayBeTriedAgain(t *testing.T) {
	failing := func(times int, err error) func(bots.Parcel, time.Time) error {
		return func(p bots.Parcel, _ time.Time) error {
			if p.Message.To.Chat == "alex" && p.Tries < times {
				return err
			}
			return nil
		}
	}
	s := time.Second
	tests := []struct {
		name string
		err  error
		n    int
		want []time.Duration
	}{
		{"as long as the platform says", &bots.RetryError{After: 7 * s, Err: errors.New("slow down")}, 2, []time.Duration{0, 7 * s, 14 * s}},
		{"for longer each time if it does not say", &bots.RetryError{Err: errors.New("hiccup")}, 4, []time.Duration{0, 1 * s, 3 * s, 7 * s, 15 * s}},
		{"a minute at most", &bots.RetryError{Err: errors.New("hiccup")}, 11, []time.Duration{0, 1 * s, 3 * s, 7 * s, 15 * s,
			31 * s, 63 * s, 123 * s, 183 * s, 243 * s, 303 * s, 363 * s}},
		{"the same after an unknown error", errors.New("connection reset"), 2, []time.Duration{0, 1 * s, 3 * s}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				out, bot := botstest.NewOutbox(), &postman{refuse: failing(tt.n, tt.err)}
				rows := say(out, "alex", 2)
				say(out, "sam", 2)
				f := openOffice(t, bot, out, bots.CourierOptions{})
				f.after(0)
				if got := len(bot.texts("sam")); got != 2 {
					t.Errorf("said in the other chat meanwhile: got %d, want 2", got)
				}
				f.after(time.Hour)
				if diff := cmp.Diff(tt.want, bot.tried(rows[0], f.start)); diff != "" {
					t.Errorf("tries (-want +got):\n%s", diff)
				}
				if diff := cmp.Diff([]string{"1", "2"}, bot.texts("alex")); diff != "" {
					t.Errorf("said in the chat (-want +got):\n%s", diff)
				}
			})
		})
	}
}

func TestCourierHoldsThePlatformWhenItMust(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		closed := time.Now().Add(time.Minute)
		out, bot := botstest.NewOutbox(), &postman{refuse: func(p bots.Parcel, now time.Time) error {
			if now.Before(closed) {
				return &bots.RetryError{After: closed.Sub(now), All: true, Err: errors.New("too many requests")}
			}
			return nil
		}}
		for c := range 100 {
			say(out, fmt.Sprint("chat", c), 1)
		}
		f := openOffice(t, bot, out, bots.CourierOptions{Workers: 5})
		f.after(30 * time.Second)
		say(out, "sam", 1)
		f.after(59 * time.Second)
		if got := bot.attempts(); got != 5 {
			t.Errorf("tries while held: got %d, want 5", got)
		}
		f.after(time.Minute)
		if got := bot.count(); got != 101 {
			t.Errorf("said after: got %d, want 101", got)
		}
	})
}
