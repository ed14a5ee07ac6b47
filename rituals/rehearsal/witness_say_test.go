package rehearsal

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"attune/rituals"
)

// caused reports whether a change settles what that member did.
func (w *witness) caused(c *rituals.Change, m rituals.MemberID) bool {
	e := c.Event
	return e != nil && e.Kind != rituals.Undelivered && e.Kind != rituals.Changed && e.Kind != rituals.Moved &&
		w.members[m].Person == e.Person
}

// message looks whether a change may say a message. before is how the replies were
// that it writes.
func (w *witness) message(c *rituals.Change, m *rituals.Message, before []rituals.Reply) {
	w.sends(c, m, before)
	for _, row := range m.Choices {
		for _, b := range row {
			if len(b.Action) > 64 {
				w.broken("the button %q carries %d bytes", b.Label, len(b.Action))
			}
		}
	}
	to, ok := w.members[m.Member]
	if m.Member == 0 || !ok || w.caused(c, m.Member) {
		return
	}
	text := m.String()
	k := w.checkIns[m.CheckIn]
	if w.rests(c.Now, k) && (c.Alarm != nil || k != nil && k.State == rituals.Open && !k.Ritual.Pairing) {
		w.broken("%s is asked while resting: %s", to.Name, text)
	}
	if joint(k) {
		return
	}
	if loc, err := rituals.Location(to.Zone); err == nil && rituals.Quiet(rituals.WallAt(c.Now, loc)) && !m.Silent {
		w.broken("%s is rung at night: %s", to.Name, text)
	}
	if w.busy(c.Now, m.Member) && !m.Wait {
		w.broken("%s is in the middle of something and reads: %s", to.Name, text)
	}
	w.unasked(c, m, &to)
}

// unasked looks at a message that its reader did not cause: whether it was said
// before, and whether it is one question too many that day.
func (w *witness) unasked(c *rituals.Change, m *rituals.Message, to *rituals.Member) {
	k := w.checkIns[m.CheckIn]
	if k == nil || m.Edits != "" {
		return
	}
	if c.Alarm == nil || c.Alarm.Kind != rituals.AlarmLater { // that was asked for
		what := fmt.Sprint(to.ID, " ", k.ID, " ", m.String())
		if w.asked[what]++; w.asked[what] > 1 && m.From == 0 && !passedOn(m) {
			w.broken("%s reads twice: %s", to.Name, m.String())
		}
	}
	parts := strings.SplitN(m.Key, "/", 4)
	if parts[0] != "ask" || len(parts) < 4 {
		return
	}
	s := k.Ritual.Step(parts[2])
	if s == nil || !s.Question() {
		return
	}
	if k.State != rituals.Open {
		w.broken("%s is asked what is over: %s", to.Name, m.String())
	}
	kind := rituals.AlarmKind("")
	if c.Alarm != nil {
		kind = c.Alarm.Kind
	}
	switch kind {
	case rituals.AlarmLater:
		return
	case rituals.AlarmNudge:
		what := fmt.Sprint("nudge ", to.ID, " ", k.ID)
		if w.asked[what]++; w.asked[what] > 1 {
			w.broken("%s is nudged twice about %s on %s", to.Name, k.Ritual.ID, k.Day)
		}
		if k.Begun(to.ID) {
			w.broken("%s is nudged who has begun %s on %s", to.Name, k.Ritual.ID, k.Day)
		}
		return
	}
	what := fmt.Sprint("ask ", to.ID, " ", k.ID, " ", s.ID)
	if w.asked[what]++; w.asked[what] > 1 {
		w.broken("%s is asked %s of %s on %s twice", to.Name, s.ID, k.Ritual.ID, k.Day)
	}
	if k.Ritual.Pairing {
		return
	}
	day := fmt.Sprint(to.ID, " ", k.Day)
	if !slices.Contains(w.prompts[day], k.ID) {
		w.prompts[day] = append(w.prompts[day], k.ID)
	}
	if len(w.prompts[day]) > 2 {
		w.broken("%s gets prompt %d of %s: %s", to.Name, len(w.prompts[day]), k.Day, m.String())
	}
}

// passedOn reports whether a message passes somebody's one tap on, which may be the
// same again.
func passedOn(m *rituals.Message) bool {
	return slices.ContainsFunc(m.Blocks, func(b rituals.Block) bool { return b.Kind == rituals.Quote || b.Kind == rituals.Carried })
}

// sends notes which words become known to others by a message, and looks whether
// that may be: their writer has sent them, or they have opened.
func (w *witness) sends(c *rituals.Change, m *rituals.Message, before []rituals.Reply) {
	w.tokens(m.String(), func(t string) {
		from := w.writers[t]
		if w.open[t] || w.members[m.Member].Person == from {
			return
		}
		e := c.Event
		if e == nil || e.Person != from {
			return // that it is read at all is what is wrong then
		}
		if strings.HasPrefix(e.Action, "share:") {
			w.open[t] = true // of what is kept alone, they have chosen to share this
			return
		}
		for _, k := range w.checkIns {
			for _, r := range k.Replies {
				if !slices.Contains(token.FindAllString(r.Text(), -1), t) {
					continue
				}
				was := r
				for _, b := range before {
					if b.CheckIn == r.CheckIn && b.Member == r.Member && b.Step == r.Step {
						was = b
					}
				}
				s := k.Ritual.Step(r.Step)
				switch {
				case s == nil || k.Ritual.Reveal == rituals.Given && k.Starter == r.Member: // beside the questions
					if k.State == rituals.Open && k.Ritual.Reveal != rituals.Given {
						return
					}
				case k.State == rituals.Open, was.Mine, s.Aside:
					return
				case e.Kind != rituals.Tapped:
					return
				}
			}
		}
		w.open[t] = true
	})
	w.picks(c, m)
}

// picks looks whether the faces and options that a message shows of others are those
// that have opened.
func (w *witness) picks(c *rituals.Change, m *rituals.Message) {
	k, by := w.checkIns[m.CheckIn], rituals.MemberID(0)
	for _, b := range m.Blocks {
		if b.Kind != rituals.Quote {
			continue
		}
		for _, o := range w.members {
			if b.By == o.Name {
				by = o.ID
			}
		}
		if by == 0 || by == m.Member || k == nil || k.State == rituals.Kept || k.Ritual.Reveal == rituals.Given || w.known(by, b.Text) {
			continue
		}
		w.broken("%s reads of %s before it opens: %s", w.members[m.Member].Name, w.members[by].Name, m.String())
	}
	if k == nil || k.State != rituals.Kept {
		return
	}
	for _, b := range m.Blocks {
		if b.Kind != rituals.Quote || b.Face == "" {
			continue
		}
		shown := slices.ContainsFunc(k.Replies, func(r rituals.Reply) bool {
			s := k.Ritual.Step(r.Step)
			return s != nil && s.Kind == rituals.Mood && w.members[r.Member].Name == b.By && comesOut(k, &r) &&
				s.Option(r.Choice) != nil && s.Option(r.Choice).Label.In("en") == b.Face
		})
		if !shown {
			w.broken("a face of %s's is shown that did not open: %s", b.By, m.String())
		}
	}
}

// rests reports whether the couple rests. A rest is counted in days of who asked for
// it: what belongs to the day on which it ends comes.
func (w *witness) rests(now time.Time, k *rituals.CheckIn) bool {
	return slices.ContainsFunc(w.couple.Bonds, func(b rituals.Bond) bool {
		loc, err := rituals.Location(w.members[b.Member].Zone)
		over := err == nil && k != nil && k.Day >= rituals.DayOf(rituals.WallAt(b.RestUntil, loc))
		return b.RestUntil.After(now) && !over
	})
}

// busy reports whether a member is in the middle of a check-in: they have done
// something within the last quarter of an hour, and it goes on.
func (w *witness) busy(now time.Time, m rituals.MemberID) bool {
	for _, k := range w.checkIns {
		walk := k.Walk(m)
		if k.State != rituals.Open || walk == nil || walk.Left || k.At(m) == nil || (!walk.Closes.IsZero() && !now.Before(walk.Closes)) {
			continue
		}
		if !k.Begun(m) {
			continue
		}
		for _, r := range k.Replies {
			if r.Member == m && now.Sub(r.At) < 15*time.Minute {
				return true
			}
		}
	}
	return false
}

// known reports whether a member's answer that reads so has opened before: it may be
// looked back at.
func (w *witness) known(by rituals.MemberID, text string) bool {
	for _, k := range w.checkIns {
		for _, r := range k.Replies {
			if r.Member == by && k.State == rituals.Kept && comesOut(k, &r) && strings.Contains(text, r.Text()) && r.Text() != "" {
				return true
			}
		}
	}
	return false
}
