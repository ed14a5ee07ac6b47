package main

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"time"

	"attune/bots"
)

// A board without a battery starts with a clock that stands where it was last, or in
// 1970, until the network tells it the time; and any clock can be set back. By such a
// clock an answer would count for another day and what is due would wait. So while the
// clock is behind the last instant at which the program was there, nothing is asked,
// said or taken in: it all waits where it is, and goes on once the clock is right.
//
// It may be that instant which was wrong: a clock that was ahead has been set right.
// Then the platform's clock agrees with the machine's, and it goes on at once.
const (
	clockSlack = 2 * time.Minute  // how far behind a clock may be without harm
	clockLook  = 10 * time.Second // how often it is looked at
	clockWaits = 5 * time.Second  // for a platform's answer
)

// errSetBack ends what is under way when the clock was set back.
var errSetBack = errors.New("the clock was set back")

// A watch knows the latest instant that the program has seen. It is safe for
// concurrent use.
type watch struct {
	mu     sync.Mutex
	latest time.Time
}

// see returns the latest instant seen so far, now among them, and by how much now is
// behind it.
func (w *watch) see(now time.Time) (latest time.Time, behind time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if now = now.Round(0); now.After(w.latest) { // without the monotonic reading, which is never set back
		w.latest = now
	}
	return w.latest, w.latest.Sub(now)
}

// set forgets what was seen: it was not so late.
func (w *watch) set(now time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.latest = now.Round(0)
}

// recall learns from the database when the program was there last, unless there is no
// platform: in the terminal nobody is away. It comes before the first beat.
func (in house) recall(ctx context.Context, connections []connection) error {
	if !online(connections) {
		return nil
	}
	beat, err := in.store.LastBeat(ctx)
	in.watch.see(beat)
	return err
}

// online reports whether there is a platform with a clock of its own.
func online(connections []connection) bool {
	return slices.ContainsFunc(connections, func(c connection) bool { return c.clock != nil })
}

// work lets the parts of the program run that depend on the time, whenever the clock
// is right, until ctx ends or one of them does.
func (in house) work(ctx context.Context, connections []connection) error {
	if !online(connections) {
		return together(ctx, in.parts(connections)...)
	}
	watched := append(in.parts(connections), func(ctx context.Context) error { return in.keepWatch(ctx, connections) })
	for {
		if err := in.await(ctx, connections); err != nil {
			return err
		}
		err := together(ctx, watched...)
		if !errors.Is(err, errSetBack) {
			return err
		}
	}
}

// await returns once the clock is right.
func (in house) await(ctx context.Context, connections []connection) error {
	wrong := bots.NewTrouble(in.log)
	for !in.onTime(ctx, connections) {
		in.meters.look() // nothing can be due
		latest, _ := in.watch.see(time.Now())
		wrong.Met(slog.LevelError, "the clock is behind, so that nothing is asked or taken in: set it, or wait until the network does",
			"clock", time.Now().UTC().Format(time.DateTime), "latest", latest.UTC().Format(time.DateTime))
		if !bots.Pause(ctx, clockLook) {
			return ctx.Err()
		}
	}
	wrong.Over("the clock is right, everything goes on")
	return nil
}

// keepWatch returns [errSetBack] when the clock was set back, and no platform says that
// it is right.
func (in house) keepWatch(ctx context.Context, connections []connection) error {
	for bots.Pause(ctx, clockLook) {
		if !in.onTime(ctx, connections) {
			return errSetBack
		}
	}
	return ctx.Err()
}

// onTime reports whether the clock is right: it is not behind, or a platform's shows the
// same.
func (in house) onTime(ctx context.Context, connections []connection) bool {
	_, behind := in.watch.see(time.Now())
	if behind <= clockSlack {
		return true
	}
	if !in.agrees(ctx, connections) {
		return false
	}
	in.log.Warn("the clock is right and was ahead before", "by", behind)
	in.watch.set(time.Now())
	return true
}

// agrees reports whether a platform's clock shows what the machine's does.
func (in house) agrees(ctx context.Context, connections []connection) bool {
	for _, c := range connections {
		ctx, cancel := context.WithTimeout(ctx, clockWaits)
		ahead, ok := c.clock(ctx)
		cancel()
		if ok && ahead.Abs() <= clockSlack {
			return true
		}
	}
	return false
}

// clockAt returns how to learn how far the clock of a platform is ahead, by the date of
// an answer: one to a call that says nothing and needs no token.
func (d *dials) clockAt(over http.RoundTripper, api string) func(context.Context) (time.Duration, bool) {
	client := http.Client{Transport: over, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return func(ctx context.Context) (time.Duration, bool) {
		d.skew.Store(nil)
		r, err := http.NewRequestWithContext(ctx, http.MethodHead, api, nil)
		if err != nil {
			return 0, false
		}
		resp, err := client.Do(r)
		if err != nil {
			return 0, false
		}
		resp.Body.Close()
		if ahead := d.skew.Load(); ahead != nil {
			return *ahead, true
		}
		return 0, false
	}
}
