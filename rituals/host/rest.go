package host

import (
	"time"

	"attune/rituals"
)

// pause asks who acted for how long the couple shall rest.
func (d *decision) pause() {
	v := d.voice(d.me)
	if !d.s.Couple.Complete() {
		d.tell(d.me, d.aloneLine())
		return
	}
	button := func(what string) rituals.Choice {
		return rituals.Choice{Label: v.Say("pause." + what), Action: action(doRest, what, string(rituals.EveningDay(d.wall(d.me))))}
	}
	d.tell(d.me, v.Say("pause"), []rituals.Choice{button("tonight"), button("week"), button("until")})
}

// restTap settles for how long.
func (d *decision) restTap(a parsedAction) {
	if !d.s.Couple.Complete() {
		d.toast(d.voice(d.me).Say("passed"))
		return
	}
	today := rituals.EveningDay(d.wall(d.me))
	if a.arg(1) != string(today) {
		d.toast(d.voice(d.me).Say("passed"))
		return
	}
	until := rituals.Forever
	switch a.arg(0) {
	case "tonight":
		until = d.dawn(today.Add(1))
	case "week":
		until = d.dawn(today.Add(8 - int(today.Weekday()))) // on a Sunday, the week that comes
	}
	if d.s.Couple.Bond(d.me.ID).RestUntil.Equal(until) {
		d.toast(d.voice(d.me).Say("kept.short"))
		return
	}
	d.rest(until)
}

// dawn returns when the evening before a day ends for who acted.
func (d *decision) dawn(day rituals.Day) time.Time {
	at, ok := day.At(4, 0).In(d.zone(d.me))
	if !ok {
		return d.now.Add(24 * time.Hour)
	}
	return at
}

// rest lets the couple rest because of who acted, until an instant. All read the
// same line, whoever asked and whatever the reason.
func (d *decision) rest(until time.Time) {
	before := d.s.Couple.Rest(d.now)
	d.s.Couple.Bond(d.me.ID).RestUntil = until
	d.touchCouple()
	d.excuseOpen()
	d.setResume()
	after := d.s.Couple.Rest(d.now)
	for i := range d.s.Members {
		m := &d.s.Members[i]
		if m.Unreachable || (after.Equal(before) && !d.caused(m.ID)) {
			continue
		}
		d.tell(m, d.restLine(m, after))
	}
}

// restLine is what both read about a rest, the same wherever they are.
func (d *decision) restLine(m *rituals.Member, until time.Time) string {
	v := d.voice(m)
	if !until.Before(rituals.Forever) {
		return v.Say("resting.until")
	}
	loc := d.restZone(until)
	day, today := rituals.DayOf(rituals.WallAt(until, loc)), rituals.EveningDay(rituals.WallAt(d.now, loc))
	switch {
	case day <= today.Add(1):
		return v.Say("resting.tonight")
	case day > today.Add(6):
		return v.Say("resting.day", "day", v.Date(day))
	}
	return v.Say("resting.day", "day", v.Weekday(int(day.Weekday())))
}

// restZone is the zone of the member whose rest ends at an instant: a rest is
// counted in their days.
func (d *decision) restZone(until time.Time) *time.Location {
	for _, b := range d.s.Couple.Bonds {
		if m := d.s.MemberBy(b.Member); m != nil && b.RestUntil.Equal(until) {
			return d.zone(m)
		}
	}
	return d.coupleZone()
}

// restsOn reports whether the couple rests on a day of a ritual's.
func (d *decision) restsOn(day rituals.Day) bool {
	until := d.s.Couple.Rest(d.now)
	if until.IsZero() || !until.Before(rituals.Forever) {
		return !until.IsZero()
	}
	return day < rituals.DayOf(rituals.WallAt(until, d.restZone(until)))
}

// excuseOpen ends the check-ins that are open without counting them.
func (d *decision) excuseOpen() {
	for i := range d.s.CheckIns {
		c := &d.s.CheckIns[i]
		if c.State != rituals.Open || c.Ritual.Pairing {
			continue
		}
		c.State = rituals.Excused
		d.touch(c)
		d.c.Drop = append(d.c.Drop, rituals.Drop{Couple: c.Couple, CheckIn: c.ID})
		d.cancel(closeName(c))
		d.hush(c)
		d.askOwn(c)
		for j := range d.s.Members {
			m := &d.s.Members[j]
			d.cancel(nudgeName(c, m.ID), laterName(c, m.ID), settleName(c, m.ID))
			if m.Asked.CheckIn == c.ID {
				m.Asked = rituals.Asked{}
				d.touchMember(m)
			}
		}
	}
	d.quitTalks()
	d.cancel("offer", "weekly", returnName)
	d.cancelHere()
}

// setResume sets when the rest ends by itself.
func (d *decision) setResume() {
	until := d.s.Couple.Rest(d.now)
	if until.IsZero() || !until.Before(rituals.Forever) {
		d.cancel("resume")
		return
	}
	d.set(rituals.Alarm{Name: "resume", Kind: rituals.AlarmResume, At: until})
}

// rested settles the end of a rest: nothing is said, the next question comes.
func (d *decision) rested() {
	for i := range d.s.Couple.Bonds {
		if b := &d.s.Couple.Bonds[i]; !b.RestUntil.After(d.now) {
			b.RestUntil = time.Time{}
		}
	}
	d.setResume()
}

// resume ends the rest that who acted asked for.
func (d *decision) resume() {
	v := d.voice(d.me)
	rest := d.s.Couple.Rest(d.now)
	b := d.s.Couple.Bond(d.me.ID)
	switch {
	case !d.s.Couple.Complete():
		d.tell(d.me, d.aloneLine())
	case b == nil || rest.IsZero():
		d.tell(d.me, v.Say("resume.none"))
	case !b.RestUntil.After(d.now):
		d.tell(d.me, d.restLine(d.me, rest)) // who asked for it can end it sooner, and knows
	default:
		d.wake(d.me)
	}
}

// wake ends a member's rest. All read the same line; if another's rest goes on,
// that is the line of a rest.
func (d *decision) wake(who *rituals.Member) {
	before := d.s.Couple.Rest(d.now)
	d.s.Couple.Bond(who.ID).RestUntil = time.Time{}
	d.touchCouple()
	d.setResume()
	after := d.s.Couple.Rest(d.now)
	for i := range d.s.Members {
		m := &d.s.Members[i]
		switch {
		case m.Unreachable:
		case after.IsZero():
			d.tell(m, d.voice(m).Say("resumed"))
		case !after.Equal(before) || m.ID == who.ID:
			d.tell(m, d.restLine(m, after))
		}
	}
}

// unreachable settles that nothing can be said to a member: their prompts stop
// and the couple rests, which the other cannot tell from a rest asked for. The others
// read that line unless they know already what else is the matter.
func (d *decision) unreachable(m *rituals.Member, tell bool) {
	d.c.Drop = append(d.c.Drop, rituals.Drop{To: m.Address})
	if !m.Unreachable {
		m.Unreachable = true
		d.touchMember(m)
	}
	if !d.s.Couple.Complete() || d.s.Couple.Bond(m.ID).RestUntil.Equal(rituals.Forever) || d.place() != nil {
		return // or they are reached in the couple's place
	}
	before := d.s.Couple.Rest(d.now)
	d.s.Couple.Bond(m.ID).RestUntil = rituals.Forever
	d.touchCouple()
	d.excuseOpen()
	d.setResume()
	after := d.s.Couple.Rest(d.now)
	for _, o := range d.others(m) {
		if tell && !o.Unreachable && !after.Equal(before) {
			d.tell(o, d.restLine(o, after))
		}
	}
}

// reachable settles that a member is back: the rest that was theirs ends.
func (d *decision) reachable() {
	d.me.Unreachable = false
	if d.event.Home.Chat != "" {
		d.me.Address = d.event.Home // where they have just been, if they have several
	}
	d.touchMember(d.me)
	d.release(d.me)
	if d.s.Couple.Complete() {
		d.wake(d.me)
	}
}
