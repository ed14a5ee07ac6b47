package bots_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"attune/bots"
	"attune/bots/botstest"
	"attune/rituals"
)

func textLog(w io.Writer) *slog.Logger { return slog.New(slog.NewTextHandler(w, nil)) }

func TestCourierGoesOnAfterTheOutboxFailed(t *testing.T) {
	full := errors.New("disk full")
	tests := []struct {
		name         string
		from, until  time.Duration
		saidMeantime int
	}{
		{"at the start", 0, 10 * time.Minute, 0},
		{"while messages are under way", 500 * time.Millisecond, 10 * time.Minute, 3},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				out, bot := botstest.NewOutbox(), &postman{takes: time.Second}
				for c := range 3 {
					say(out, fmt.Sprint("chat", c), 3)
				}
				time.AfterFunc(tt.until, func() { out.Break(nil) })
				if tt.from == 0 {
					out.Break(full)
				} else {
					time.AfterFunc(tt.from, func() { out.Break(full) })
				}
				f := openOffice(t, bot, out, bots.CourierOptions{})
				f.after(tt.until - time.Second)
				if got := bot.count(); got != tt.saidMeantime {
					t.Errorf("said meanwhile: got %d, want %d", got, tt.saidMeantime)
				}
				f.after(time.Hour)
				for c := range 3 {
					if diff := cmp.Diff([]string{"1", "2", "3"}, bot.texts(fmt.Sprint("chat", c))); diff != "" {
						t.Errorf("said in chat%d (-want +got):\n%s", c, diff)
					}
				}
				if got := out.Undelivered(); got != 0 {
					t.Errorf("left in the outbox: got %d, want 0", got)
				}
			})
		})
	}
}

func TestCourierLetsWhatIsUnderWayArriveWhenItStops(t *testing.T) {
	tests := []struct {
		name      string
		takes     time.Duration
		recorded  int
		returnsBy time.Duration
	}{
		{"a message that arrives soon is recorded", time.Second, 1, 1500 * time.Millisecond},
		{"one that hangs is cut off and stays in the outbox", time.Hour, 0, 3500 * time.Millisecond},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				out, bot := botstest.NewOutbox(), &postman{takes: tt.takes}
				say(out, "alex", 2)
				f := openOffice(t, bot, out, bots.CourierOptions{})
				f.after(500 * time.Millisecond)
				f.stop()
				<-f.over
				if got := time.Since(f.start); got > tt.returnsBy {
					t.Errorf("Run returned after %v, want at most %v", got, tt.returnsBy)
				}
				if got := len(out.Delivered(chatOf("alex"))); got != tt.recorded {
					t.Errorf("recorded: got %d, want %d", got, tt.recorded)
				}
				if got := out.Undelivered(); got != 2-tt.recorded {
					t.Errorf("left in the outbox: got %d, want %d", got, 2-tt.recorded)
				}
			})
		})
	}
}

func TestCourierSendsTheFirstOfEachChatAgainAfterARestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		out := botstest.NewOutbox()
		bot := &postman{refuse: func(p bots.Parcel, _ time.Time) error {
			out.Break(errors.New("the machine is off"))
			return nil
		}}
		say(out, "alex", 2)
		f := openOffice(t, bot, out, bots.CourierOptions{})
		f.after(0)
		f.stop()
		<-f.over
		bot.refuse = nil
		out.Break(nil)
		openOffice(t, bot, out, bots.CourierOptions{}).after(time.Second)
		if diff := cmp.Diff([]string{"1", "1", "2"}, bot.texts("alex")); diff != "" {
			t.Errorf("said over both runs (-want +got):\n%s", diff)
		}
	})
}

// A counted outbox counts the questions it is asked.
type counted struct {
	bots.Outbox
	calls atomic.Int64
}

func (o *counted) Waiting(ctx context.Context, p rituals.Platform, after int64, limit int) ([]bots.Waiting, error) {
	o.calls.Add(1)
	return o.Outbox.Waiting(ctx, p, after, limit)
}

func (o *counted) Head(ctx context.Context, to rituals.Address) (bots.Parcel, error) {
	o.calls.Add(1)
	return o.Outbox.Head(ctx, to)
}

func TestCourierDoesNotPoll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		mem := botstest.NewOutbox()
		out := &counted{Outbox: mem}
		bot := &postman{refuse: func(bots.Parcel, time.Time) error {
			return &bots.RetryError{After: 2 * time.Hour, Err: errors.New("slow down")}
		}}
		say(mem, "alex", 1)
		ctx, stop := context.WithCancel(t.Context())
		over := make(chan error)
		go func() { over <- bots.NewCourier(out, bot, &botstest.Book{}, bots.CourierOptions{}).Run(ctx) }()
		time.Sleep(time.Minute)
		before := out.calls.Load()
		time.Sleep(time.Hour)
		if got := out.calls.Load() - before; got != 0 {
			t.Errorf("questions to the outbox in an hour of waiting: got %d, want 0", got)
		}
		stop()
		<-over
	})
}
