package botstest

import (
	"context"
	"slices"
	"sync"
	"time"

	"attune/bots"
	"attune/rituals"
)

// A Book is a [bots.Handler] that writes down what happens.
//
// Do, if set, decides about every event that was not settled before; it must not
// be changed while a bot runs.
type Book struct {
	Do     func(ctx context.Context, e rituals.Event) (rituals.Answer, error)
	DoPark func(ctx context.Context, e rituals.Event) error

	// Forms, if set, says what taps open; see [bots.Former].
	Forms func(ctx context.Context, now time.Time, e rituals.Event) (rituals.Answer, error)

	mu      sync.Mutex
	calls   []rituals.Event
	settled []rituals.Event
	parked  []rituals.Event
}

var (
	_ bots.Handler = (*Book)(nil)
	_ bots.Former  = (*Book)(nil)
)

// Form is part of [bots.Former].
func (b *Book) Form(ctx context.Context, now time.Time, e rituals.Event) (rituals.Answer, error) {
	if b.Forms == nil {
		return rituals.Answer{}, nil
	}
	return b.Forms(ctx, now, e)
}

// Handle is part of [bots.Handler].
func (b *Book) Handle(ctx context.Context, now time.Time, e rituals.Event) (rituals.Answer, error) {
	b.mu.Lock()
	b.calls = append(b.calls, e)
	before := b.knows(e)
	b.mu.Unlock()
	if before {
		return rituals.Answer{}, nil
	}
	var a rituals.Answer
	if b.Do != nil {
		var err error
		if a, err = b.Do(ctx, e); err != nil {
			return rituals.Answer{}, err
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.settled = append(b.settled, e)
	return a, nil
}

// Park is part of [bots.Handler].
func (b *Book) Park(ctx context.Context, now time.Time, e rituals.Event, reason string) error {
	if b.DoPark != nil {
		if err := b.DoPark(ctx, e); err != nil {
			return err
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.knows(e) {
		b.parked = append(b.parked, e)
	}
	return nil
}

func (b *Book) knows(e rituals.Event) bool {
	same := func(o rituals.Event) bool { return o.Person.Platform == e.Person.Platform && o.ID == e.ID }
	return slices.ContainsFunc(b.settled, same) || slices.ContainsFunc(b.parked, same)
}

// Calls returns what Handle was called with, in order.
func (b *Book) Calls() []rituals.Event { return b.copy(&b.calls) }

// Settled returns the events that Handle settled, in order.
func (b *Book) Settled() []rituals.Event { return b.copy(&b.settled) }

// Parked returns the events that were parked, in order.
func (b *Book) Parked() []rituals.Event { return b.copy(&b.parked) }

func (b *Book) copy(es *[]rituals.Event) []rituals.Event {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(*es)
}
