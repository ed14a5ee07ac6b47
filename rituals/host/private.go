package host

import (
	"slices"
	"time"

	"attune/rituals"
)

// A private ritual is kept by each member alone who has switched it on. Nothing of it
// opens, and nothing that others read depends on it.

// alone returns the private rituals there are, if they can be kept.
func (d *decision) alone() []*rituals.Ritual {
	if !d.s.Couple.Complete() {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(d.lib.All()), func(f *rituals.Ritual) bool { return !f.Private || f.Schedule == "" })
}

// scheduleAlone sets when a private ritual is next due for those who keep it.
func (d *decision) scheduleAlone(r *rituals.Ritual, after time.Time) {
	for i := range d.s.Members {
		m := &d.s.Members[i]
		d.cancel(openName(r.ID, m.ID))
		if m.Keeps(r) && r.Schedule != "" && d.s.Couple.Complete() {
			d.schedule(r, m, after)
		}
	}
}

// openAlone settles the hour of a private ritual for one member. It comes last: where
// there is no room for it, it waits as a button under what the member does that day.
func (d *decision) openAlone(r *rituals.Ritual, a rituals.Alarm) {
	m := d.s.MemberBy(a.Member)
	if m == nil || !m.Keeps(r) {
		return
	}
	d.schedule(r, m, latest(d.now, a.At))
	opens, closes := d.span(r, m, a)
	if m.Unreachable || !d.now.Before(closes) || d.restsOn(a.Day) || d.walked(r, a.Day, m) || d.weary(m) || !d.roomAlone(m, a.Day) {
		return
	}
	c := d.walkAlone(r, a.Day, m, opens, closes)
	var before []rituals.Block
	if d.late(a) {
		before = paragraphs(d.voice(m).Say("late"))
	}
	d.announce(c, m)
	if s := c.At(m.ID); s != nil {
		d.ask(c, m, s, before...)
	}
}

// roomAlone reports whether a member may be asked something more on a day, beside all
// that asks the couple.
func (d *decision) roomAlone(m *rituals.Member, day rituals.Day) bool {
	n := d.prompts(day, "", often+1)
	for i := range d.s.CheckIns {
		if c := &d.s.CheckIns[i]; c.Ritual.Private && c.Day == day && c.Walk(m.ID) != nil {
			n++
		}
	}
	return n < most
}

// weary reports whether a member has said of late that it was a heavy evening.
func (d *decision) weary(m *rituals.Member) bool {
	return slices.ContainsFunc(d.s.CheckIns, func(c rituals.CheckIn) bool { return c.HeavyFor(m.ID) })
}

// walked reports whether a member was asked a private ritual on a day.
func (d *decision) walked(r *rituals.Ritual, day rituals.Day, m *rituals.Member) bool {
	return slices.ContainsFunc(d.s.CheckIns, func(c rituals.CheckIn) bool {
		return c.Ritual.ID == r.ID && c.Day == day && c.Walk(m.ID) != nil
	})
}

// walkAlone lets a member walk through a private ritual. Those who do so on the same
// day share a check-in, of which each knows only their own walk.
func (d *decision) walkAlone(r *rituals.Ritual, day rituals.Day, m *rituals.Member, opens, closes time.Time) *rituals.CheckIn {
	c, n := d.onDay(r.ID, day), 0
	if c != nil && (c.State != rituals.Open || c.Walk(m.ID) != nil) {
		c, n = nil, c.N+1
	}
	if c == nil {
		c = d.make(r, day, n)
	}
	c.Walks = append(c.Walks, rituals.Walk{Member: m.ID, Opens: opens, Closes: closes})
	d.dealAlone(c, m)
	if closes.After(c.Closes) {
		c.Closes = closes
		d.setClose(c)
	}
	d.touch(c)
	return c
}

// beginsAlone settles that a member begins a private ritual.
func (d *decision) beginsAlone(r *rituals.Ritual) {
	day := rituals.EveningDay(d.wall(d.me))
	c := d.onDay(r.ID, day)
	d.atHome(func() {
		if c != nil && c.State == rituals.Open && c.Walk(d.me.ID) != nil {
			d.rejoin(c)
			return
		}
		c = d.walkAlone(r, day, d.me, d.now, windowEnd(d.now, r.Window, d.zone(d.me)))
		d.announce(c, d.me)
		if s := c.At(d.me.ID); s != nil {
			d.ask(c, d.me, s)
		}
	})
}

// ritualTap settles a button that begins a ritual.
func (d *decision) ritualTap(a parsedAction) {
	if f := d.lib.Ritual(a.arg(0)); f != nil && !f.Pairing {
		d.begins(f, "")
		return
	}
	d.toast(d.voice(d.me).Say("passed"))
}

// aloneToday is a row of buttons for what is due today for who acted alone and has
// not come.
func (d *decision) aloneToday() [][]rituals.Choice {
	if d.place() != nil || d.weary(d.me) || !d.s.Couple.Complete() {
		return nil
	}
	day := rituals.EveningDay(d.wall(d.me))
	var row []rituals.Choice
	for _, f := range d.alone() {
		if d.me.Keeps(f) && dueOn(f.Schedule, day) && !d.walked(f, day, d.me) {
			row = append(row, rituals.Choice{Label: f.Title.In(d.me.Language), Action: action(doBegin, f.ID)})
		}
	}
	return inRows(row, 2)
}

// closeAlone settles that the window of a private check-in has ended. Nothing is said.
func (d *decision) closeAlone(c *rituals.CheckIn) {
	c.State = rituals.Missed
	d.touch(c)
	d.c.CancelFor = c.ID
	d.c.Drop = append(d.c.Drop, rituals.Drop{Couple: c.Couple, CheckIn: c.ID})
	for _, w := range c.Walks {
		if m := d.s.MemberBy(w.Member); m != nil {
			d.release(m)
		}
	}
}
