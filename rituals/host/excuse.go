package host

import (
	"slices"
	"time"

	"attune/rituals"
)

// A day on which a ritual could not be kept neither grows nor ends what was kept.

// excuseEarlier excuses a day on which somebody started a ritual, it came to nothing,
// and its own hour cannot come because enough was asked or it was excused before.
func (d *decision) excuseEarlier(r *rituals.Ritual, day rituals.Day) {
	if c := d.onDay(r.ID, day); c != nil && c.N > 0 && c.State == rituals.Missed {
		c.State = rituals.Excused
		d.touch(c)
	}
}

// excuse records that a day's check-in could not be kept: a rest, or the bot was
// not there. What there is of that day stands.
func (d *decision) excuse(r *rituals.Ritual, a rituals.Alarm) {
	if d.onDay(r.ID, a.Day) != nil || d.settledBefore(r, a) {
		return
	}
	r = d.opening(r)
	def := d.lib.Define(r)
	c := rituals.CheckIn{
		ID: rituals.CheckInID(d.fresh()), Couple: d.s.Couple.ID, Ritual: r, Hash: def.Hash,
		Day: a.Day, State: rituals.Excused, Opened: d.now, Closes: d.now,
	}
	d.c.Definitions = append(d.c.Definitions, def)
	d.s.CheckIns = append(d.s.CheckIns, c)
	d.touch(&d.s.CheckIns[len(d.s.CheckIns)-1])
}

// settledBefore reports whether a day need not be excused that is long past: what there
// is of it may be too old to be part of the state.
func (d *decision) settledBefore(r *rituals.Ritual, a rituals.Alarm) bool {
	const lately = 10 * time.Hour // with a day between the clocks of two members, well within the state
	if d.now.Sub(a.At) <= lately {
		return false
	}
	outcomes, ok := d.outcomes()
	return !r.Streak || !ok || slices.ContainsFunc(outcomes, func(o rituals.Outcome) bool { return o.Day == a.Day })
}

// openedLate reports whether nobody was there when a check-in was due for somebody.
func openedLate(c *rituals.CheckIn) bool {
	return c.N == 0 && slices.ContainsFunc(c.Walks, func(w rituals.Walk) bool { return c.Opened.Sub(w.Opens) > slack })
}

// unkept ends a check-in that was not kept.
func (d *decision) unkept(c *rituals.CheckIn, state rituals.CheckInState) {
	c.State = state
	d.touch(c)
	d.c.CancelFor = c.ID
	d.c.Drop = append(d.c.Drop, rituals.Drop{Couple: c.Couple, CheckIn: c.ID})
	d.askOwn(c)
	if c.Ritual.Streak && c.State == rituals.Missed {
		d.quietDays(c)
	}
}
