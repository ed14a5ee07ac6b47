package host

import (
	"slices"
	"time"

	"attune/rituals"
)

// While a member is in the middle of a check-in nothing else is said to them but
// what they cause themselves. What comes meanwhile is kept back.

// middle is how long a member who has paused is taken to be in the middle of a
// check-in.
const middle = 15 * time.Minute

// walkers returns the members who have begun a check-in and not finished, and until
// when nothing else is said to them.
func (d *decision) walkers() map[rituals.MemberID]time.Time {
	walking := map[rituals.MemberID]time.Time{}
	for i := range d.s.CheckIns {
		c := &d.s.CheckIns[i]
		for j := range d.s.Members {
			m := &d.s.Members[j]
			if until := talkHolds(c); until.After(d.now) {
				walking[m.ID] = until
			}
			if until := d.quietUntil(c, m.ID); until.After(d.now) && until.After(walking[m.ID]) {
				walking[m.ID] = until
			}
			if !c.Walking(m.ID) {
				continue
			}
			until := d.paused(c, m).Add(middle)
			if w := c.Walk(m.ID); !w.Closes.IsZero() && w.Closes.Before(until) {
				until = w.Closes
			}
			if until.After(d.now) && until.After(walking[m.ID]) {
				walking[m.ID] = until
			}
		}
	}
	return walking
}

// talkHolds returns until when nothing else is said to its members because of a talk; the
// zero time if there is none.
func talkHolds(c *rituals.CheckIn) time.Time {
	switch {
	case !c.Talking():
		return time.Time{}
	case c.Talk.Paused():
		return c.Talk.Rest.Add(middle)
	}
	return c.Talk.Ends.Add(lateTalk)
}

// ofMiddle reports whether a message belongs to what its reader is in the middle of.
func (d *decision) ofMiddle(m *rituals.Message) bool {
	c := d.s.CheckIn(m.CheckIn)
	return c != nil && (c.Talk != nil || c.Walking(m.Member) || c.Ritual.OnlySays() && !d.walks(m.Member))
}

// walks reports whether a member is in the middle of something they answer, or of a
// talk.
func (d *decision) walks(m rituals.MemberID) bool {
	return slices.ContainsFunc(d.s.CheckIns, func(c rituals.CheckIn) bool {
		return c.Walking(m) || talkHolds(&c).After(d.now)
	})
}

// paused returns when a member last did something in a check-in.
func (d *decision) paused(c *rituals.CheckIn, m *rituals.Member) time.Time {
	var last time.Time
	for i := range c.Replies {
		if r := &c.Replies[i]; r.Member == m.ID && r.At.After(last) {
			last = r.At
		}
	}
	return last
}

// holdBack keeps messages from those who are in the middle of a check-in and did
// not cause them, and lets go of what was kept back once somebody is through.
func (d *decision) holdBack() {
	walking := d.walkers()
	d.holdHere(walking)
	for i := range d.c.Say {
		m := &d.c.Say[i]
		until, busy := walking[m.Member]
		if !busy || d.caused(m.Member) || d.ofMiddle(m) {
			continue
		}
		m.Wait = true
		d.set(rituals.Alarm{Name: "free/" + id(m.Member), Kind: rituals.AlarmFree, At: until, Member: m.Member})
	}
	for i := range d.s.Members {
		m := &d.s.Members[i]
		if _, busy := walking[m.ID]; busy {
			continue
		}
		if _, was := d.walking[m.ID]; was {
			d.release(m)
		}
	}
}

// release lets go of what was kept back from a member.
func (d *decision) release(m *rituals.Member) {
	quiet := !d.caused(m.ID) && rituals.Quiet(d.wall(m))
	d.c.Release = append(d.c.Release, rituals.Release{To: m.Address, Silent: quiet})
}

// releaseAll lets go of what was kept back from anyone: a window has ended.
func (d *decision) releaseAll() {
	for i := range d.s.Members {
		d.release(&d.s.Members[i])
	}
}

// free settles that a member has paused: what was kept back may go, unless they
// have gone on since.
func (d *decision) free(a rituals.Alarm) {
	m := d.s.MemberBy(a.Member)
	if m == nil {
		if p := d.place(); p != nil && a.Name == freePlace {
			d.c.Release = append(d.c.Release, rituals.Release{To: p.Address})
		}
		return
	}
	if until, busy := d.walking[m.ID]; busy {
		a.At = until
		d.set(a)
		return
	}
	d.release(m)
}
