package bots

import (
	"container/heap"
	"context"
	"sync/atomic"
	"time"

	"attune/rituals"
)

// A round is one run of a courier: who waits, who is served, and until when the
// others are put off. All of it belongs to the goroutine that called Run; the
// goroutines that serve a chat send it their reports.
type round struct {
	c       *Courier
	ctx     context.Context
	sending context.Context // of messages under way; ends some time after ctx
	said    <-chan struct{}
	done    chan report

	chats map[rituals.Address]*chat // those not at rest, and those whose pace is remembered
	ready []*chat                   // to be served next
	off   sleepers                  // put off
	busy  int                       // how many are served
	free  atomic.Bool               // those who serve may go on with their chat by themselves
	sweep int                       // how many chats there may be before those at rest are forgotten

	pace slot
	hold time.Time // nothing is said before
	late int       // chats whose last try did not succeed

	stale    bool      // the outbox has something that was not read
	after    int64     // how far it was read
	failures int       // how often in a row it could not be read
	readAt   time.Time // not before
}

// run serves chats until ctx ends.
func (s *round) run() {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		now := time.Now()
		if s.ctx.Err() != nil {
			return
		}
		s.wake(now)
		s.read(now)
		if at := s.serve(now); at.IsZero() {
			timer.Stop()
		} else {
			timer.Reset(time.Until(at))
		}
		s.free.Store(len(s.ready) == 0 && !now.Before(s.hold) && s.c.pace == Pace{})
		select {
		case _, open := <-s.said:
			if !open {
				s.said = nil
			}
			s.hear(time.Now())
		case r := <-s.done:
			s.busy--
			s.settle(r)
		case <-timer.C:
		case <-s.ctx.Done():
		}
	}
}

// read learns from the outbox which chats have something waiting. It leaves it
// alone while there is enough to do or nothing may be said, so that every message
// said in a busy hour does not cost a look at all that wait.
func (s *round) read(now time.Time) {
	if !s.stale || len(s.ready) >= s.c.workers || now.Before(s.next(now)) {
		return
	}
	for s.stale && len(s.ready) < s.c.workers {
		page, err := s.c.out.Waiting(s.ctx, s.c.bot.Platform(), s.after, waitingPage)
		if err != nil {
			if s.ctx.Err() == nil {
				s.c.trouble("outbox not read", err)
			}
			s.readAt = now.Add(backoff(s.failures))
			s.failures++
			return
		}
		s.failures = 0
		for _, w := range page {
			s.after = w.ID
			s.found(w, now)
		}
		s.stale = len(page) == waitingPage
	}
	// Where somebody writes on and on, thousands of answers wait, and a look
	// passes all of them: it must not take more than a ninth of the time.
	s.readAt = now.Add(9 * time.Since(now))
}

// hear takes note of what was said since it was last called.
func (s *round) hear(now time.Time) {
	t, ok := s.c.out.(Teller)
	if !ok {
		s.stale, s.after = true, 0
		return
	}
	chats, all := t.Fresh(s.c.bot.Platform())
	if all {
		s.stale, s.after = true, 0
	}
	for _, to := range chats {
		switch ch := s.chat(to, now); ch.phase {
		case atRest:
			ch.head = 0
			s.putOff(ch, now, now)
		case isServed:
			ch.again = true
		}
	}
}

// chat returns what is known of a chat, from now on if nothing was.
func (s *round) chat(to rituals.Address, now time.Time) *chat {
	ch := s.chats[to]
	if ch == nil {
		s.forget(now)
		ch = &chat{to: to, pace: slot{limit: s.c.pace.chat(s.c.group(to))}}
		s.chats[to] = ch
	}
	return ch
}

// next returns when something may be said to anyone, and the outbox be read.
func (s *round) next(now time.Time) time.Time {
	at := s.pace.next(now)
	for _, t := range []time.Time{s.hold, s.readAt} {
		if t.After(at) {
			at = t
		}
	}
	return at
}

// found takes note of what the outbox says about a chat.
func (s *round) found(w Waiting, now time.Time) {
	ch := s.chat(w.To, now)
	changed := ch.head != w.ID
	switch ch.phase {
	case atRest:
		ch.head = w.ID
		s.putOff(ch, w.RetryAt, now)
	case isPutOff:
		if changed {
			ch.head = w.ID
			heap.Remove(&s.off, ch.index)
			s.putOff(ch, w.RetryAt, now)
		}
	case isServed:
		// If it is still the same row, whoever serves it will look for the next.
		ch.again = ch.again || changed
	}
}

// forget drops chats at rest once there are many.
func (s *round) forget(now time.Time) {
	if len(s.chats) < max(s.sweep, 1024) {
		return
	}
	for to, ch := range s.chats {
		if ch.phase == atRest && ch.pace.rested(now) {
			delete(s.chats, to)
		}
	}
	s.sweep = 2 * len(s.chats)
}

// putOff lets a chat wait until at, or makes it ready.
func (s *round) putOff(ch *chat, at, now time.Time) {
	if !at.After(now) {
		ch.phase = isReady
		s.ready = append(s.ready, ch)
		return
	}
	ch.phase, ch.at = isPutOff, at
	heap.Push(&s.off, ch)
}

// wake makes those ready whose time has come.
func (s *round) wake(now time.Time) {
	for len(s.off) > 0 && !s.off[0].at.After(now) {
		s.putOff(heap.Pop(&s.off).(*chat), now, now)
	}
}

// serve starts to serve those who are ready, as far as the pace and the number of
// workers allow, and returns when to look again by itself; zero: never.
func (s *round) serve(now time.Time) time.Time {
	for len(s.ready) > 0 && s.busy < s.c.workers {
		if now.Before(s.hold) {
			return s.hold
		}
		ch := s.ready[0]
		if at := ch.pace.next(now); at.After(now) {
			s.ready = s.ready[1:]
			s.putOff(ch, at, now)
			continue
		}
		if at := s.pace.next(now); at.After(now) {
			return at
		}
		s.ready = s.ready[1:]
		s.start(ch, now)
	}
	var at time.Time
	if len(s.off) > 0 {
		at = s.off[0].at
	}
	if next := s.next(now); s.stale && next.After(now) && (at.IsZero() || next.Before(at)) {
		at = next
	}
	return at
}

// start has a chat served by a goroutine of its own.
func (s *round) start(ch *chat, now time.Time) {
	s.pace.use()
	ch.pace.use()
	j := job{c: s.c, free: &s.free, stop: s.ctx, ctx: s.sending, to: ch.to, fails: ch.fails}
	if ch.next.ID != 0 && now.Sub(ch.peeked) < peekFresh {
		j.parcel = ch.next
	}
	ch.next = Parcel{}
	ch.phase, ch.again = isServed, false
	s.busy++
	go func() { s.done <- j.run() }()
}

// settle decides how a chat that was served goes on.
func (s *round) settle(r report) {
	now := time.Now()
	ch := s.chats[r.to]
	if r.hold.After(s.hold) {
		s.hold = r.hold
	}
	if r.row != 0 {
		ch.head = r.row
	}
	if r.failed {
		r.at = now.Add(backoff(ch.fails))
	}
	if !r.at.IsZero() {
		s.failed(ch, r.some)
		s.putOff(ch, r.at, now)
		return
	}
	s.succeeded(ch)
	switch {
	case r.next.ID != 0:
		ch.next, ch.peeked = r.next, now
		s.putOff(ch, now, now)
	case ch.again:
		s.putOff(ch, now, now)
	default:
		ch.phase = atRest
		if ch.pace.rested(now) {
			delete(s.chats, ch.to)
		}
	}
}

// failed counts a chat as one that waits longer than it should.
func (s *round) failed(ch *chat, some bool) {
	if ch.fails == 0 {
		s.late++
	}
	if ch.fails++; some {
		ch.fails = 1
	}
}

// succeeded counts a chat as one of which nothing waits longer than it should.
func (s *round) succeeded(ch *chat) {
	if ch.fails > 0 {
		ch.fails = 0
		s.late--
	}
	if s.late == 0 {
		s.c.late.Over("messages are sent again")
	}
}
