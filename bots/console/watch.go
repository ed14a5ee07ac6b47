package console

import (
	"context"
	"time"

	"attune/bots"
	"attune/rituals"
)

// A Watch stands between a courier and what it works with, and knows when
// nothing waits to be said: give it to the courier as its outbox and its handler.
type Watch struct {
	bots.Outbox
	handler bots.Handler
	news    chan struct{}
}

// NewWatch returns a watch on an outbox and a handler.
func NewWatch(out bots.Outbox, h bots.Handler) *Watch {
	return &Watch{out, h, make(chan struct{}, 1)}
}

// Idle returns once nothing waits to be said in the terminal.
func (w *Watch) Idle(ctx context.Context) error {
	for {
		waiting, err := w.Waiting(ctx, rituals.Console, 0, 1)
		if err != nil || len(waiting) == 0 {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-w.news:
		}
	}
}

func (w *Watch) noted() {
	select {
	case w.news <- struct{}{}:
	default:
	}
}

// Sent is part of [bots.Outbox].
func (w *Watch) Sent(ctx context.Context, id int64, message string, now time.Time) error {
	defer w.noted()
	return w.Outbox.Sent(ctx, id, message, now)
}

// Handle is part of [bots.Handler]. The courier hands in what cannot be said.
func (w *Watch) Handle(ctx context.Context, now time.Time, e rituals.Event) (rituals.Answer, error) {
	defer w.noted()
	return w.handler.Handle(ctx, now, e)
}

// Park is part of [bots.Handler].
func (w *Watch) Park(ctx context.Context, now time.Time, e rituals.Event, reason string) error {
	defer w.noted()
	return w.handler.Park(ctx, now, e, reason)
}
