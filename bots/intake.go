package bots

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"runtime/debug"
	"sync"
	"time"

	"attune/rituals"
)

// handleTries is how often an event is handed to Handle before it is parked. The
// pauses between are short, because all who are in the same batch wait for them.
const (
	handleTries = 3
	handlePause = 50 * time.Millisecond
)

// Settle hands a batch of events to h: people side by side, one person's events
// in the order given. An event that Handle refuses, by an error or a panic, is
// tried three times and then parked, unless nothing can be kept at all.
//
// It returns nil only if every event was settled or parked, so that the batch can
// be confirmed to the platform. Otherwise it returns the reasons, and the same
// batch must be settled again later; what was settled before has effect once.
// If ctx ends, nothing is parked for it.
//
// Once the event at i is settled, answered is called with what to show on the
// spot; an event that was parked has an empty answer. The calls for one person
// come in order and hold up that person's next event; those for different people
// come at the same time. Both answered and log may be nil.
func Settle(ctx context.Context, h Handler, events []rituals.Event, answered func(i int, a rituals.Answer), log *slog.Logger) error {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	in := &intake{h: h, events: events, answered: answered, log: log}

	var people [][]int // of each person the indices of their events
	seen := make(map[rituals.Person]int)
	for i, e := range events {
		at, ok := seen[e.Person]
		if !ok {
			at = len(people)
			seen[e.Person] = at
			people = append(people, nil)
		}
		people[at] = append(people[at], i)
	}
	if len(people) == 1 {
		return in.person(ctx, people[0])
	}

	errs := make([]error, len(people))
	var wg sync.WaitGroup
	for at, theirs := range people {
		wg.Go(func() { errs[at] = in.person(ctx, theirs) })
	}
	wg.Wait()
	return errors.Join(errs...)
}

// An intake is one batch of events on its way in.
type intake struct {
	h        Handler
	events   []rituals.Event
	answered func(int, rituals.Answer)
	log      *slog.Logger
}

// person settles one person's events in order and stops at the first that cannot
// be settled, because those after it may build on it.
func (in *intake) person(ctx context.Context, theirs []int) error {
	for _, i := range theirs {
		a, err := in.settle(ctx, in.events[i])
		if err != nil {
			return err
		}
		if in.answered == nil {
			continue
		}
		if err := guard(func() error { in.answered(i, a); return nil }); err != nil {
			in.report("answering panicked", in.events[i], err)
		}
	}
	return nil
}

// settle handles or parks one event.
func (in *intake) settle(ctx context.Context, e rituals.Event) (a rituals.Answer, err error) {
	for try := range handleTries {
		if try > 0 && !Pause(ctx, handlePause<<(2*(try-1))) {
			return rituals.Answer{}, fmt.Errorf("settle event %s: %w", e.ID, ctx.Err())
		}
		err = guard(func() (err error) {
			a, err = in.h.Handle(ctx, time.Now(), e)
			return err
		})
		if err == nil {
			return a, nil
		}
		if ctx.Err() != nil {
			return rituals.Answer{}, fmt.Errorf("settle event %s: %w", e.ID, ctx.Err())
		}
		if errors.Is(err, rituals.ErrUnwritable) {
			return rituals.Answer{}, err // nor could it be parked
		}
		in.report("event not handled", e, err)
	}
	parked := guard(func() error { return in.h.Park(ctx, time.Now(), e, err.Error()) })
	if parked != nil {
		if !errors.Is(parked, rituals.ErrUnwritable) {
			in.report("event not parked", e, parked)
		}
		return rituals.Answer{}, fmt.Errorf("park event %s: %w", e.ID, parked)
	}
	return rituals.Answer{}, nil
}

// report logs what went wrong with an event, by ids only.
func (in *intake) report(what string, e rituals.Event, err error) {
	in.log.Error(what, "platform", e.Person.Platform, "event", e.ID, "kind", e.Kind, "err", err, stack(err))
}

// A panicError is a panic that was caught. Its text names the kind of value only:
// the value may hold what somebody wrote.
type panicError struct {
	value any
	stack []byte
}

func (e *panicError) Error() string {
	if err, ok := e.value.(runtime.Error); ok {
		return "panic: " + err.Error()
	}
	return fmt.Sprintf("panic: a value of type %T", e.value)
}

// stack returns where err panicked as an attribute of a log line, or an empty
// one that is not shown.
func stack(err error) slog.Attr {
	if p := (*panicError)(nil); errors.As(err, &p) {
		return slog.String("stack", string(p.stack))
	}
	return slog.Attr{}
}

// guard calls f and returns its panic as an error: one bad event or message must
// not take everybody else's evening down.
func guard(f func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &panicError{value: v, stack: debug.Stack()}
		}
	}()
	return f()
}

// Pause waits for d and reports whether ctx is still alive.
func Pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return ctx.Err() == nil
	case <-ctx.Done():
		return false
	}
}
