package telegram_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"attune/bots"
	"attune/bots/botstest"
	"attune/bots/telegram"
	"attune/bots/telegram/telegramtest"
	"attune/rituals"
)

// A notebook is a log that can be read while it is written.
type notebook struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (n *notebook) Write(p []byte) (int, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.buf.Write(p)
}

func (n *notebook) String() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.buf.String()
}

func (n *notebook) log() *slog.Logger {
	return slog.New(slog.NewTextHandler(n, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// run lets a bot run until the function it returns is called, which returns
// how long it took to stop and Run's error.
func run(t *testing.T, b *telegram.Bot, h bots.Handler) (stop func() (time.Duration, error)) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	over := make(chan error, 1)
	go func() { over <- b.Run(ctx, h) }()
	t.Cleanup(cancel)
	return func() (time.Duration, error) {
		start := time.Now()
		cancel()
		err := <-over
		return time.Since(start), err
	}
}

// heard returns the texts of events.
func heard(events []rituals.Event) (texts []string) {
	for _, e := range events {
		texts = append(texts, e.Text)
	}
	return texts
}

// count writes numbered lines and returns them.
func count(u *telegramtest.User, n int) (lines []string) {
	for i := range n {
		lines = append(lines, fmt.Sprintf("line %03d", i+1))
		u.Say(lines[i])
	}
	return lines
}

// TestKilled drops a bot in the middle of a batch, as SIGKILL would: what it had not
// settled, and what it had settled and not confirmed, comes again.
func TestKilled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := telegramtest.New(token, "attune_bot")
		want := count(s.User(1001, "Alex", "en"), 250)
		dead := make(chan struct{})
		book := &botstest.Book{}
		calls := 0
		first := newBot(t, s, telegram.Options{})
		stop := run(t, first, handler{func(ctx context.Context, e rituals.Event) (rituals.Answer, error) {
			if calls++; calls == 137 {
				<-dead // nothing this process does from here on is seen
				return rituals.Answer{}, errors.New("dead")
			}
			return book.Handle(ctx, time.Now(), e)
		}, func() error { return errors.New("dead") }})
		synctest.Wait()
		if got := len(book.Settled()); got != 136 {
			t.Fatalf("settled before the kill: got %d, want 136", got)
		}
		if got := s.Unconfirmed(); got != 150 {
			t.Errorf("not confirmed at the kill: got %d, want 150", got)
		}
		stopSecond := run(t, newBot(t, s, telegram.Options{}), book)
		time.Sleep(time.Minute)
		if _, err := stopSecond(); err != nil {
			t.Errorf("Run: got %v, want nil", err)
		}
		if got := heard(book.Settled()); !slices.Equal(got, want) {
			t.Errorf("settled over both lives: got %d lines ending with %q, want %d in order, each once", len(got), got[len(got)-1:], len(want))
		}
		if got := s.Unconfirmed(); got != 0 {
			t.Errorf("not confirmed in the end: got %d, want 0", got)
		}
		close(dead)
		stop()
	})
}

// A handler is made of two functions.
type handler struct {
	handle func(context.Context, rituals.Event) (rituals.Answer, error)
	park   func() error
}

func (h handler) Handle(ctx context.Context, _ time.Time, e rituals.Event) (rituals.Answer, error) {
	return h.handle(ctx, e)
}
func (h handler) Park(context.Context, time.Time, rituals.Event, string) error { return h.park() }

func TestStopFinishesTheBatch(t *testing.T) {
	tests := []struct {
		name        string
		each        time.Duration // how long an event takes
		unconfirmed int
		within      time.Duration
	}{
		{"a batch that is nearly done is finished and confirmed", 100 * time.Millisecond, 0, 2 * time.Second},
		{"one that takes too long is not confirmed at all", time.Second, 10, 4 * time.Second},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := telegramtest.New(token, "attune_bot")
				count(s.User(1001, "Alex", "en"), 10)
				book := &botstest.Book{Do: func(ctx context.Context, _ rituals.Event) (rituals.Answer, error) {
					select {
					case <-time.After(tt.each):
						return rituals.Answer{}, nil
					case <-ctx.Done():
						return rituals.Answer{}, ctx.Err()
					}
				}}
				stop := run(t, newBot(t, s, telegram.Options{}), book)
				time.Sleep(10 * time.Millisecond)
				took, err := stop()
				if err != nil || took > tt.within {
					t.Errorf("Run: got %v after %v, want nil within %v", err, took, tt.within)
				}
				if got := s.Unconfirmed(); got != tt.unconfirmed {
					t.Errorf("not confirmed: got %d, want %d", got, tt.unconfirmed)
				}
				if got := book.Parked(); len(got) > 0 {
					t.Errorf("parked: got %d, want none", len(got))
				}
			})
		})
	}
}

func TestTroubleWhilePolling(t *testing.T) {
	tests := []struct {
		name   string
		faults []telegramtest.Fault
		within time.Duration
	}{
		{"a cut connection", []telegramtest.Fault{telegramtest.CutBefore, telegramtest.CutAfter}, 5 * time.Second},
		{"a page of the web server", []telegramtest.Fault{telegramtest.BadGateway}, 5 * time.Second},
		{"a failure of the server", []telegramtest.Fault{telegramtest.ServerError, telegramtest.ServerError}, 5 * time.Second},
		{"too many requests", []telegramtest.Fault{telegramtest.TooMany(7)}, 10 * time.Second},
		{"another poller", []telegramtest.Fault{telegramtest.Refused(409, "Conflict: terminated by other getUpdates request")}, 5 * time.Second},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := telegramtest.New(token, "attune_bot")
				want := count(s.User(1001, "Alex", "en"), 3)
				s.Fail("getUpdates", tt.faults...)
				var notes notebook
				book := &botstest.Book{}
				stop := run(t, newBot(t, s, telegram.Options{Log: notes.log()}), book)
				time.Sleep(tt.within)
				if got := heard(book.Settled()); !slices.Equal(got, want) {
					t.Errorf("settled after %v: got %q, want %q", tt.within, got, want)
				}
				stop()
				if strings.Contains(notes.String(), "secret") || strings.Contains(notes.String(), "line 0") {
					t.Errorf("log: got %s, want neither token nor words", notes.String())
				}
			})
		})
	}
}

func TestUndecodableUpdateIsSkippedAndConfirmed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := telegramtest.New(token, "attune_bot")
		alex := s.User(1001, "Alex", "en")
		alex.Say("before")
		id := s.Raw(`{"message": {"message_id": 1, "text": {"secret words": 1}}}`)
		alex.Say("after")
		var notes notebook
		book := &botstest.Book{}
		stop := run(t, newBot(t, s, telegram.Options{Log: notes.log()}), book)
		synctest.Wait()
		if got, want := heard(book.Settled()), []string{"before", "after"}; !slices.Equal(got, want) {
			t.Errorf("settled: got %q, want %q", got, want)
		}
		if got := s.Unconfirmed(); got != 0 {
			t.Errorf("not confirmed: got %d, want 0", got)
		}
		if log := notes.String(); !strings.Contains(log, fmt.Sprint(id)) || strings.Contains(log, "secret words") {
			t.Errorf("log: got %s, want the id %d and no words", log, id)
		}
		stop()
	})
}

func TestIdsMayBeginAnew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := telegramtest.New(token, "attune_bot")
		alex := s.User(1001, "Alex", "en")
		book := &botstest.Book{}
		stop := run(t, newBot(t, s, telegram.Options{}), book)
		alex.Say("before the quiet week")
		time.Sleep(8 * 24 * time.Hour)
		s.Restart(5)
		alex.Say("after it")
		synctest.Wait()
		if got, want := heard(book.Settled()), []string{"before the quiet week", "after it"}; !slices.Equal(got, want) {
			t.Errorf("settled: got %q, want %q", got, want)
		}
		stop()
	})
}

func TestWebhookIsRemoved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := telegramtest.New(token, "attune_bot")
		s.Webhook()
		want := count(s.User(1001, "Alex", "en"), 2)
		book := &botstest.Book{}
		stop := run(t, newBot(t, s, telegram.Options{}), book)
		time.Sleep(2 * time.Second)
		if got := heard(book.Settled()); !slices.Equal(got, want) {
			t.Errorf("settled: got %q, want %q", got, want)
		}
		stop()
	})
}

func TestTwoPollersAreLoggedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := telegramtest.New(token, "attune_bot")
		var notes notebook
		conflict := telegramtest.Refused(409, "Conflict: terminated by other getUpdates request")
		s.Fail("getUpdates", slices.Repeat([]telegramtest.Fault{conflict}, 20)...)
		book := &botstest.Book{}
		stop := run(t, newBot(t, s, telegram.Options{Log: notes.log()}), book)
		time.Sleep(20 * time.Minute)
		if got := strings.Count(notes.String(), "another program takes"); got != 1 {
			t.Errorf("log of 20 conflicts: got %d lines, want 1", got)
		}
		want := count(s.User(1001, "Alex", "en"), 1)
		synctest.Wait()
		if got := heard(book.Settled()); !slices.Equal(got, want) {
			t.Errorf("settled after the conflict: got %q, want %q", got, want)
		}
		stop()
	})
}
