package host

import (
	"attune/rituals"
)

// catchUp sees to it that who has moved their clock past a question's hour is asked
// it, if its window holds: no day is lost by travelling.
func (d *decision) catchUp() {
	for _, f := range d.lib.All() {
		r, ok := d.s.Couple.Keeps(f)
		if !ok || r.Schedule == "" {
			continue
		}
		m := d.me
		if r.Clock != rituals.ByMember {
			m = nil
		}
		d.catchUpWith(r, m)
	}
}

// catchUpWith is catchUp for one ritual, by the couple's clock or by a member's.
func (d *decision) catchUpWith(r *rituals.Ritual, m *rituals.Member) {
	a := rituals.Alarm{Kind: rituals.AlarmOpen, Name: openName(r.ID, 0), Ritual: r.ID}
	loc := d.coupleZone()
	if m != nil {
		a.Name, a.Member, loc = openName(r.ID, m.ID), m.ID, d.zone(m)
	}
	a, ok := d.current(r, m, a)
	if !ok || a.At.Before(d.s.Couple.Since) {
		return
	}
	c := d.onDay(r.ID, a.Day)
	switch {
	case c == nil:
	case m == nil || c.State != rituals.Open || c.Begun(m.ID) || !c.Walk(m.ID).Opens.After(d.now):
		return // that day was asked
	default:
		w := c.Walk(m.ID)
		w.Opens, w.Closes = a.At, windowEnd(a.At, r.Window, loc)
		if w.Closes.After(c.Closes) {
			c.Closes = w.Closes
			d.setClose(c)
		}
		d.touch(c)
	}
	a.At = d.now
	d.set(a)
}
