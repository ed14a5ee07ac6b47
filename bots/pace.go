package bots

import (
	"time"

	"golang.org/x/time/rate"

	"attune/rituals"
)

// A Pace is how many messages a platform takes. A limit of 0 is none.
//
// The limits hold for any second or minute, wherever it begins, so the courier
// stays a little below them.
type Pace struct {
	All   float64 // a second, over all chats
	Chat  float64 // a second, to one chat; where Burst is more, for longer than a moment
	Burst int     // how many may follow each other at once in a chat; 0 is 1
	Group float64 // a minute, to a chat of several people; 0: as any other chat
}

// A Pacer is a [Bot] that knows its platform's limits.
type Pacer interface {
	Pace() Pace
}

// A Grouper is a [Bot] that can tell chats of several people apart.
type Grouper interface {
	Group(to rituals.Address) bool
}

// paceMargin is the part of a limit that is used. Messages do not arrive as
// evenly as they leave: at 30 a second it forgives 40 ms of one being held up.
const paceMargin = 0.96

// all returns the limiter of the whole platform, or nil. It lets no burst pass,
// because a burst and the rate together would exceed the limit in its first second.
func (p Pace) all() *rate.Limiter {
	if p.All <= 0 {
		return nil
	}
	return rate.NewLimiter(rate.Limit(p.All*paceMargin), 1)
}

// chat returns the limiter of one chat, or nil.
func (p Pace) chat(group bool) *rate.Limiter {
	burst := max(p.Burst, 1)
	switch {
	case group && p.Group > 0:
		// The burst and what follows in the same minute stay within the limit.
		burst = min(burst, max(1, int(p.Group/2)))
		left := max(p.Group*paceMargin-float64(burst), p.Group/2)
		return rate.NewLimiter(rate.Limit(left/60), burst)
	case p.Chat > 0:
		return rate.NewLimiter(rate.Limit(p.Chat*paceMargin), burst)
	}
	return nil
}

// A slot is the instant that a limiter has set aside for the next message. It is
// set aside before there is a message, so that waking up late does not add up.
type slot struct {
	limit *rate.Limiter // nil: no limit
	at    time.Time     // zero: none set aside
}

// next returns when the next message may go.
func (s *slot) next(now time.Time) time.Time {
	if s.limit == nil {
		return now
	}
	// A slot that was not used goes stale: beside the one after it, it would be
	// a burst.
	if !s.at.IsZero() && now.Sub(s.at).Seconds()*float64(s.limit.Limit()) >= 1 {
		s.at = time.Time{}
	}
	if s.at.IsZero() {
		s.at = now.Add(s.limit.ReserveN(now, 1).DelayFrom(now))
	}
	return s.at
}

// use takes the slot.
func (s *slot) use() { s.at = time.Time{} }

// rested reports whether forgetting the limiter would change nothing.
func (s *slot) rested(now time.Time) bool {
	return s.limit == nil || s.limit.TokensAt(now) >= float64(s.limit.Burst())
}
