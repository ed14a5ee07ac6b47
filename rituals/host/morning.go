package host

import (
	"slices"
	"time"

	"attune/rituals"
)

// morningAt is the time of day at which what waits for the morning is said.
const morningAt = 8

// nextMorning returns the first morning after now of all the members, so that it
// is morning for each.
func (d *decision) nextMorning(members []rituals.Member) time.Time {
	return d.morningAfter(d.now, members)
}

// morningAfter returns the first morning after an instant of all the members.
func (d *decision) morningAfter(after time.Time, members []rituals.Member) time.Time {
	return d.hourAfter(morningAt, after, members)
}

// hourAfter is morningAfter for another full hour.
func (d *decision) hourAfter(hour int, after time.Time, members []rituals.Member) time.Time {
	var latest time.Time
	for i := range members {
		loc := d.zone(&members[i])
		day := rituals.DayOf(rituals.WallAt(after, loc))
		for n := range 3 {
			at, ok := day.Add(n).At(hour, 0).In(loc)
			if !ok || !at.After(after) {
				continue
			}
			if at.After(latest) {
				latest = at
			}
			break
		}
	}
	return latest
}

// morning settles when the answers open: in the morning if any member asked for
// that, else as soon as all are in.
func (d *decision) morning(c *rituals.CheckIn) {
	if c.State != rituals.Open {
		return
	}
	asked := slices.ContainsFunc(d.s.Members, func(m rituals.Member) bool {
		return d.wantsMorning(c, m.ID) && len(c.Shown(m.ID)) > 0
	})
	switch {
	case asked && c.Morning.IsZero():
		// From when it opened, so that it does not tell who asked, or when.
		if c.Morning = d.morningAfter(c.Opened, d.s.Members); !c.Morning.After(d.now) {
			c.Morning = d.nextMorning(d.s.Members)
		}
		d.touch(c)
	case !asked && !c.Morning.IsZero():
		c.Morning = time.Time{}
		d.touch(c)
		d.setClose(c)
	}
}

// ownMorning returns the question on a member's way that asks them when to open, if
// there is one.
func ownMorning(c *rituals.CheckIn, m rituals.MemberID) *rituals.Step {
	for i := range c.Ritual.Steps {
		s := &c.Ritual.Steps[i]
		asks := slices.ContainsFunc(s.Options, func(o rituals.Option) bool { return o.Act == rituals.ActMorning })
		if asks && c.Holds(m, s) {
			return s
		}
	}
	return nil
}

// wantsMorning reports whether a member would like the answers to open in the morning.
func (d *decision) wantsMorning(c *rituals.CheckIn, m rituals.MemberID) bool {
	if ownMorning(c, m) != nil {
		return c.Chose(m, rituals.ActMorning)
	}
	w := c.Walk(m)
	return w != nil && w.Morning
}

// morningChoice is the button under what is kept by which it opens in the morning, or
// tonight after all. Whoever was asked that in a question of its own has none.
func (d *decision) morningChoice(c *rituals.CheckIn) [][]rituals.Choice {
	step, w := c.Ritual.RevealStep(), c.Walk(d.me.ID)
	if step == nil || !step.Morning || ownMorning(c, d.me.ID) != nil || !d.now.Before(w.Closes) {
		return nil
	}
	v := d.voice(d.me)
	b := rituals.Choice{Label: v.Say("open.morning"), Action: action(doMorning, id(c.ID), "on")}
	if w.Morning {
		b = rituals.Choice{Label: v.Say("open.tonight"), Action: action(doMorning, id(c.ID), "off")}
	}
	return [][]rituals.Choice{{b}}
}

// morningTap settles when what is kept shall open. It is for who acted to say until
// their window's end.
func (d *decision) morningTap(c *rituals.CheckIn, a parsedAction) {
	v := d.voice(d.me)
	step, w := c.Ritual.RevealStep(), c.Walk(d.me.ID)
	on := a.arg(1) == "on"
	if !d.mayChange(c) || step == nil || !step.Morning || !d.now.Before(w.Closes) {
		d.over(c, w != nil && w.Morning == on)
		return
	}
	if w.Morning == on || ownMorning(c, d.me.ID) != nil {
		d.toast(v.Say("kept.short"))
		return
	}
	w.Morning = on
	d.touch(c)
	d.arrive(c, false)
}
