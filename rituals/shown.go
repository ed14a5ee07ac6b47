package rituals

import "slices"

// Shown returns what of a member's answers opens at the reveal, in the order of
// the steps.
func (c *CheckIn) Shown(m MemberID) []Reply { return c.opening(m, "") }

// Later returns what of a member's answers opens in the morning after the reveal.
func (c *CheckIn) Later(m MemberID) []Reply { return c.opening(m, InTheMorning) }

// ReadKey is the step of the reply which records that a member's answer to a step, kept
// for the morning, has been read.
func ReadKey(step string) string { return step + ".read" }

// Read reports whether a member's answer to a step that was kept for the morning has
// been read.
func (c *CheckIn) Read(m MemberID, step string) bool { return c.Reply(m, ReadKey(step)) != nil }

// Told returns what of a member's answers the others have read, once they have opened.
func (c *CheckIn) Told(m MemberID) []Reply {
	return append(c.Opens(m), slices.DeleteFunc(c.Later(m), func(r Reply) bool { return !c.Read(m, r.Step) })...)
}

func (c *CheckIn) opening(m MemberID, when Opens) []Reply {
	if c.Chose(m, ActMine) {
		return nil
	}
	var shown []Reply
	for i := range c.Ritual.Steps {
		s := &c.Ritual.Steps[i]
		if s.Kind == Reveal {
			break
		}
		if s.Aside || !s.Question() || s.Opens != when || !c.Holds(m, s) || c.hidden(m, s) {
			continue
		}
		if r := c.Reply(m, s.ID); r != nil && !r.Mine && !r.Empty() {
			shown = append(shown, *r)
		}
	}
	return shown
}

// hidden reports whether a step hangs on an answer that stays the writer's own: its
// own answer would tell of that one.
func (c *CheckIn) hidden(m MemberID, s *Step) bool {
	return slices.ContainsFunc(s.When, func(w When) bool {
		r := c.Reply(m, w.Step)
		return r != nil && r.Mine
	})
}

// Shows reports whether a member's answer to a step is among those that open at the
// reveal.
func (c *CheckIn) Shows(m MemberID, step string) bool {
	return slices.ContainsFunc(c.Shown(m), func(r Reply) bool { return r.Step == step })
}

// AsksFor reports whether a member's answers, as they open, ask for a step that
// comes after the reveal.
func (c *CheckIn) AsksFor(m MemberID, s *Step) bool {
	return !slices.ContainsFunc(s.When, func(w When) bool {
		t := c.Ritual.Step(w.Step)
		return t == nil || !c.Met(m, w) || (!t.Aside && !c.Shows(m, w.Step))
	})
}

// PartOf returns the step whose answer in words an answer to s is about and opens
// with, such as what its writer would like the others to do with it; nil if s stands
// for itself.
func (r *Ritual) PartOf(s *Step) *Step {
	if s.Kind != Choose || !slices.ContainsFunc(s.Options, func(o Option) bool { return len(o.Shown) > 0 }) {
		return nil
	}
	for _, w := range s.When {
		if slices.Contains(w.Options, Said) {
			return r.Step(w.Step)
		}
	}
	return nil
}

// Ready reports whether the answers can open: each of the members has arrived
// and shares at least one answer, and something of it can be read. What is given opens
// by an act of its starter alone.
func (c *CheckIn) Ready(members []Member) bool {
	if c.Ritual.RevealStep() == nil || len(members) < 2 || c.Given() {
		return false
	}
	for _, m := range members {
		if !c.Arrived(m.ID) || len(c.Shown(m.ID)) == 0 || len(c.Opens(m.ID)) == 0 {
			return false
		}
	}
	return true
}
