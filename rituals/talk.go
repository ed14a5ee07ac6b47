package rituals

import (
	"slices"
	"time"
)

// A Talk is the part of a check-in that its members keep together: one timed step
// after another, on all their phones at once.
type Talk struct {
	Order []MemberID `json:"order,omitempty"` // in which they speak; empty until that is settled
	Turn  int        `json:"turn,omitempty"`  // index in Order of who speaks
	Step  string     `json:"step,omitempty"`  // the step that runs or is paused; empty: it has not begun

	Ends time.Time     `json:"ends,omitzero"`  // when the step is over; zero while it is paused
	Left time.Duration `json:"left,omitempty"` // of a step that is paused
	Rest time.Time     `json:"rest,omitzero"`  // since when it is paused; zero on a break

	// Extra is what the first who spoke was given beyond a step's time: those who
	// speak after them get the same. It is never changed in place.
	Extra map[string]time.Duration `json:"extra,omitempty"`

	Over bool `json:"over,omitempty"` // it was ended or has come to its end
	Said int  `json:"said,omitempty"` // how often something was said to all
}

// Paused reports whether the clock of the step is stopped.
func (t *Talk) Paused() bool { return t.Ends.IsZero() }

// OnBreak reports whether it is paused until its members come back to it together.
func (t *Talk) OnBreak() bool { return t.Paused() && t.Rest.IsZero() }

// Speaker returns who speaks; 0 while that is not settled.
func (t *Talk) Speaker() MemberID { return t.speaker(t.Turn) }

// Next returns who speaks after that; 0 if nobody does.
func (t *Talk) Next() MemberID { return t.speaker(t.Turn + 1) }

func (t *Talk) speaker(turn int) MemberID {
	if turn < len(t.Order) {
		return t.Order[turn]
	}
	return 0
}

// TextOf returns what a timed step says to a member: to whoever does not speak, or
// between two turns to whoever speaks next, it may say something else.
func (t *Talk) TextOf(s *Step, m MemberID) Text {
	listens := m != t.Speaker()
	if s.Between {
		listens = m == t.Next()
	}
	if listens && len(s.Listener) > 0 {
		return s.Listener
	}
	return s.Text
}

// Talking reports whether a talk has begun and not come to its end.
func (c *CheckIn) Talking() bool { return c.Talk != nil && c.Talk.Step != "" && !c.Talk.Over }

// AtTimer reports whether a member has come to the timed steps of their way.
func (c *CheckIn) AtTimer(m MemberID) bool {
	w := c.Walk(m)
	if w == nil || w.Left || w.Done || c.At(m) != nil || c.Gathering(m) {
		return false
	}
	for i := range c.Ritual.Steps {
		switch s := &c.Ritual.Steps[i]; {
		case s.Kind == Reveal && !(c.Given() && c.State == Kept):
			return false
		case s.Kind == Timer && c.Holds(m, s):
			return true
		}
	}
	return false
}

// TimerAt returns the timed step that runs or is paused, or nil.
func (c *CheckIn) TimerAt() *Step {
	if !c.Talking() {
		return nil
	}
	return c.Ritual.Step(c.Talk.Step)
}

// SpeakingOrder returns the members in the order in which they speak: those who would
// like to go first, then those who do not mind, then the others. Among equal claims
// it is another one's turn each day. Where one has opened something to the others,
// they alone do.
func (c *CheckIn) SpeakingOrder() []MemberID {
	if c.Given() {
		return []MemberID{c.Starter}
	}
	var order []MemberID
	for _, w := range c.Walks {
		order = append(order, w.Member)
	}
	n := int(c.Day.date().Unix()/(24*60*60)) % max(len(order), 1)
	order = append(order[n:len(order):len(order)], order[:n]...)
	rank := func(m MemberID) int {
		switch {
		case c.Chose(m, ActFirst):
			return 0
		case c.Chose(m, ActLast):
			return 2
		}
		return 1
	}
	slices.SortStableFunc(order, func(a, b MemberID) int { return rank(a) - rank(b) })
	return order
}

// NextTimer returns the timed step that follows the one that the talk is at, and the
// turn it belongs to; nil if that was the last. The steps that whoever speaks and the
// others have texts of their own for, standing together, are one turn.
func (c *CheckIn) NextTimer() (s *Step, turn int) {
	t := c.Talk
	i := slices.IndexFunc(c.Ritual.Steps, func(s Step) bool { return s.ID == t.Step })
	for turn = t.Turn; ; {
		if first := c.turnAround(i); first >= 0 && turn+1 < len(t.Order) {
			turn++
			i = first - 1
		}
		if i++; i >= len(c.Ritual.Steps) {
			return nil, turn
		}
		s := &c.Ritual.Steps[i]
		last := turn+1 >= len(t.Order)
		if s.Kind == Timer && c.Holds(t.speaker(turn), s) && !(s.Between && last) {
			return s, turn
		}
	}
}

// turnAround returns where the next turn begins if the step at i is the last of a
// turn; else -1.
func (c *CheckIn) turnAround(i int) int {
	steps := c.Ritual.Steps
	part := func(i int) bool {
		return i >= 0 && i < len(steps) && steps[i].Kind == Timer && (len(steps[i].Listener) > 0 || steps[i].Between)
	}
	if !part(i) || part(i+1) {
		return -1
	}
	for part(i - 1) {
		i--
	}
	return i
}

// Length returns how long a timed step is, with what the first who spoke was given
// beyond its time.
func (t *Talk) Length(s *Step) time.Duration { return s.Lasts + t.Extra[s.ID] }
