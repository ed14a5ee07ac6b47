package rituals

import (
	"slices"
	"strings"
	"time"
)

// A CheckInID names a check-in; it is never used again for another.
type CheckInID int64

// A CheckInState says how a check-in stands.
type CheckInState string

const (
	Open    CheckInState = "open"
	Kept    CheckInState = "kept"    // answers were revealed
	Missed  CheckInState = "missed"  // its window ended and nothing opened
	Excused CheckInState = "excused" // it could not be kept: a rest, or the bot was down
)

// A CheckIn is one couple's keeping of one ritual on one day.
//
// Its key is (Couple, Ritual.ID, Day, N): N is 0 for the scheduled one and 1, 2,
// … for those a person started.
type CheckIn struct {
	ID      CheckInID
	Couple  CoupleID
	Ritual  *Ritual // as it was when the check-in opened
	Hash    string  // of that definition
	Day     Day
	N       int
	State   CheckInState
	Starter MemberID // who started it by hand; 0: it came by itself
	Opened  time.Time
	Closes  time.Time // the last walk's end: answers count until then

	// Morning is when the answers open, if a member asked for the morning; zero
	// is as soon as all have answered.
	Morning time.Time

	Walks   []Walk  // one for each member who was asked, in the order of asking
	Replies []Reply // in no order that matters

	// Talk is what the members keep together, from the moment all want it; nil: nothing.
	Talk *Talk
}

// A Walk is one member's way through a check-in.
type Walk struct {
	Member MemberID
	Opens  time.Time // when it was theirs
	Closes time.Time
	Done   bool // said "that's all"
	Left   bool // takes no part this time

	Morning bool    // would like the answers to open in the morning
	Cards   []Drawn // what draw steps have shown
}

// A Reply is one member's answer to one step. A step that was passed over has a
// reply too, with Skipped.
type Reply struct {
	CheckIn CheckInID
	Step    string
	Member  MemberID
	Choice  string // the option's id
	Words   []Words
	Skipped bool
	Mine    bool // stays the writer's own: absent at the reveal
	At      time.Time
}

// Words are what one message said. They keep their source, so that an edit of
// the message finds them.
type Words struct {
	Source string  `json:"source,omitempty"`
	Text   string  `json:"text"`
	Media  []Media `json:"media,omitempty"` // what came with them
}

// Text returns the words of the reply, a paragraph for each message.
func (r *Reply) Text() string {
	var parts []string
	for _, w := range r.Words {
		if w.Text != "" {
			parts = append(parts, w.Text)
		}
	}
	return strings.Join(parts, "\n")
}

// Media returns what was sent with the words of the reply.
func (r *Reply) Media() []Media {
	var all []Media
	for _, w := range r.Words {
		all = append(all, w.Media...)
	}
	return all
}

// Spoken reports whether the reply has words, or a picture or a voice message in
// their place.
func (r *Reply) Spoken() bool { return r.Text() != "" || len(r.Media()) > 0 }

// Empty reports whether nothing was said or tapped, or ticked to the end.
func (r *Reply) Empty() bool {
	return r.Skipped || ((r.Choice == "" || r.Ticking()) && !r.Spoken())
}

// Walk returns the walk of a member, or nil.
func (c *CheckIn) Walk(m MemberID) *Walk {
	for i := range c.Walks {
		if c.Walks[i].Member == m {
			return &c.Walks[i]
		}
	}
	return nil
}

// Reply returns a member's reply to a step, or nil.
func (c *CheckIn) Reply(m MemberID, step string) *Reply {
	for i := range c.Replies {
		if c.Replies[i].Member == m && c.Replies[i].Step == step {
			return &c.Replies[i]
		}
	}
	return nil
}

// Put records a reply in place of the member's earlier one to that step.
func (c *CheckIn) Put(r Reply) {
	if old := c.Reply(r.Member, r.Step); old != nil {
		*old = r
		return
	}
	c.Replies = append(c.Replies, r)
}

// Clone returns a copy whose walks and replies can be changed without changing
// c's. The definition is shared: it never changes.
func (c *CheckIn) Clone() *CheckIn {
	d := *c
	d.Walks = slices.Clone(c.Walks)
	d.Replies = slices.Clone(c.Replies)
	if c.Talk != nil {
		t := *c.Talk
		d.Talk = &t
	}
	return &d
}

// Holds reports whether a step is on a member's way: its conditions are met by
// what the member answered.
func (c *CheckIn) Holds(m MemberID, s *Step) bool {
	return !slices.ContainsFunc(s.When, func(w When) bool { return !c.Met(m, w) })
}

// Met reports whether a condition is met by what a member answered.
func (c *CheckIn) Met(m MemberID, w When) bool {
	r := c.Reply(m, w.Step)
	if r == nil || r.Empty() {
		return false
	}
	if s := c.Ritual.Step(w.Step); s != nil && s.Kind == Check {
		return slices.ContainsFunc(append(r.Ticks(s), Said), func(id string) bool { return slices.Contains(w.Options, id) })
	}
	return (slices.Contains(w.Options, Said) && r.Spoken()) || slices.Contains(w.Options, r.Choice)
}

// settled reports whether a member is past a step: answered it, passed it over,
// or it was said to them.
func (c *CheckIn) settled(m MemberID, s *Step) bool {
	if !s.Question() {
		return true
	}
	r := c.Reply(m, s.ID)
	return r != nil && (r.Skipped || !r.Empty())
}

// At returns the question a member stands at: the first on their way that they
// have neither answered nor passed over. It returns nil once they have arrived
// at the reveal or at a timed step, and while they wait for the others to want
// the same.
func (c *CheckIn) At(m MemberID) *Step {
	if w := c.Walk(m); w != nil && w.Done {
		return nil
	}
	for i := range c.Ritual.Steps {
		s := &c.Ritual.Steps[i]
		switch {
		case s.Kind == Reveal, s.Kind == Timer && c.Holds(m, s), c.gathers(m, s):
			return nil
		case c.Holds(m, s) && !c.settled(m, s):
			return s
		}
	}
	return nil
}

// gathers reports whether a member waits at a step until all have chosen what they
// chose.
func (c *CheckIn) gathers(m MemberID, s *Step) bool {
	r := c.Reply(m, s.ID)
	if r == nil || r.Empty() {
		return false
	}
	o := s.Option(r.Choice)
	return o != nil && o.Act == ActTogether && !c.allChose(s, o.ID)
}

// allChose reports whether all who take part chose an option.
func (c *CheckIn) allChose(s *Step, option string) bool {
	return !slices.ContainsFunc(c.Walks, func(w Walk) bool {
		r := c.Reply(w.Member, s.ID)
		return w.Left || r == nil || r.Choice != option
	})
}

// Gathering reports whether a member would like to keep the check-in together with
// the others, and not all of them want that so far.
func (c *CheckIn) Gathering(m MemberID) bool {
	return slices.ContainsFunc(c.Ritual.Steps, func(s Step) bool { return c.Holds(m, &s) && c.gathers(m, &s) })
}

// Arrived reports whether a member has come to the reveal, with or without
// something to share.
func (c *CheckIn) Arrived(m MemberID) bool {
	w := c.Walk(m)
	return w != nil && !w.Left && c.At(m) == nil
}

// Begun reports whether a member has answered or passed over anything.
func (c *CheckIn) Begun(m MemberID) bool {
	return slices.ContainsFunc(c.Replies, func(r Reply) bool {
		return r.Member == m && (r.Skipped || !r.Empty())
	})
}

// Walking reports whether a member has begun and not finished: nothing else is
// said to them meanwhile.
func (c *CheckIn) Walking(m MemberID) bool {
	w := c.Walk(m)
	return c.State == Open && w != nil && !w.Left && c.Begun(m) && c.At(m) != nil
}

// Chose reports whether one of a member's answers does that act.
func (c *CheckIn) Chose(m MemberID, act Act) bool {
	for i := range c.Ritual.Steps {
		s := &c.Ritual.Steps[i]
		if !s.Question() || !c.Holds(m, s) {
			continue
		}
		if r := c.Reply(m, s.ID); r != nil && !r.Empty() {
			if o := s.Option(r.Choice); o != nil && o.Act == act {
				return true
			}
		}
	}
	return false
}
