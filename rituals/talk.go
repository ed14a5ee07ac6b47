package rituals

import "time"

// A Talk is the part of a check-in that its members keep together: one timed step
// after another, on all their phones at once.
type Talk struct {
	Order []MemberID `json:"order,omitempty"` // in which they speak; empty until that is settled
	Turn  int        `json:"turn,omitempty"`  // index in Order of who speaks
	Step  string     `json:"step,omitempty"`  // the step that runs or is paused; empty: it has not begun

	Ends time.Time     `json:"ends,omitzero"`  // when the step is over; zero while it is paused
	Left time.Duration `json:"left,omitempty"` // of a step that is paused

	// Extra is what the first who spoke was given beyond a step's time: those who
	// speak after them get the same. It is never changed in place.
	Extra map[string]time.Duration `json:"extra,omitempty"`

	Back time.Time `json:"back,omitzero"`  // when to come back to it, after a break
	Over bool      `json:"over,omitempty"` // it was ended or has come to its end
	Said int       `json:"said,omitempty"` // how often something was said to all
}

// Speaker returns who speaks; 0 while that is not settled.
func (t *Talk) Speaker() MemberID {
	if t.Turn < len(t.Order) {
		return t.Order[t.Turn]
	}
	return 0
}
