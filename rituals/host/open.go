package host

import (
	"slices"
	"time"

	"attune/rituals"
)

// slack is how late an alarm may ring without that being said.
const slack = 2 * time.Minute

// open settles a ritual's hour: the check-in opens, or its day is excused.
func (d *decision) open(a rituals.Alarm) {
	file := d.lib.Ritual(a.Ritual)
	if file == nil || !d.s.Couple.Complete() {
		return
	}
	if file.Private {
		d.openAlone(file, a)
		return
	}
	r, ok := d.s.Couple.Keeps(file)
	if !ok || r.Schedule == "" || (r.Clock == rituals.ByMember) != (a.Member != 0) {
		return
	}
	m := d.s.MemberBy(a.Member)
	if a.Member != 0 && m == nil {
		return
	}
	d.schedule(r, m, latest(d.now, a.At))
	if d.s.Couple.Zone == "" {
		d.askClocks()
		return
	}
	d.openFor(r, m, a)
}

// openFor opens a ritual for all, or for one member whose own hour it is, on the day
// that the alarm was set for; if its window has ended, on the day whose window holds
// now.
func (d *decision) openFor(r *rituals.Ritual, m *rituals.Member, a rituals.Alarm) {
	opens, closes := d.span(r, m, a)
	if !d.now.Before(closes) {
		if c := d.onDay(r.ID, a.Day); c != nil && c.State == rituals.Open && m != nil && !c.Begun(m.ID) {
			d.unkept(c, rituals.Excused) // who was never asked cannot have missed it
		}
		if !d.replaced(r, a.Day) {
			d.excuse(r, a)
		}
		var ok bool
		if a, ok = d.current(r, m, a); !ok {
			return
		}
		opens, _ = d.span(r, m, a)
	}
	c := d.onDay(r.ID, a.Day)
	if d.keptOn(r.ID, a.Day) {
		return
	}
	if c != nil && c.State != rituals.Open {
		if d.hadHour(r.ID, a.Day) {
			d.excuseEarlier(r, a.Day)
			return
		}
		c = nil // somebody started one and it came to nothing: the hour comes, if there is room
	}
	switch {
	case c == nil && d.replaced(r, a.Day):
		return // another comes instead
	case d.restsOn(a.Day):
		d.excuse(r, a)
		return
	case c != nil && (m == nil || !c.Walk(m.ID).Opens.Equal(opens)):
		return // somebody has started it
	}
	if r.OnlySays() && d.late(a) {
		return // what was to be said then is not worth saying later
	}
	made := c == nil
	if made && m != nil && d.goneBy(r, a.Day) {
		d.excuse(r, a)
		d.excuseEarlier(r, a.Day)
		return
	}
	if made && (!d.room(r, a.Day) || !d.grown(r)) {
		d.excuseEarlier(r, a.Day)
		return
	}
	if made {
		c = d.create(r, a.Day, 0, a)
	}
	d.promptAll(c, m, opens, made, d.late(a))
}

// promptAll prompts those whose hour it is: all, or one member and, where their
// check-in is made only now, those whose own hour has passed already. What was due for
// them at hours that have passed, if nobody was there to ring it, is settled with that.
func (d *decision) promptAll(c *rituals.CheckIn, m *rituals.Member, opens time.Time, made, late bool) {
	for i := range d.s.Members {
		o := &d.s.Members[i]
		if w := c.Walk(o.ID); m == nil || o.ID == m.ID || (made && w.Opens.Before(opens) && d.now.Before(w.Closes)) {
			d.prompt(c, o, late)
			if m != nil && o.ID != m.ID {
				d.schedule(c.Ritual, o, d.now)
			}
		}
	}
}

// goneBy reports whether nobody was there while somebody's own window of a day went by:
// what the others answer could not open.
func (d *decision) goneBy(r *rituals.Ritual, day rituals.Day) bool {
	return !r.OnlySays() && slices.ContainsFunc(d.s.Members, func(m rituals.Member) bool {
		_, closes := d.span(r, &m, rituals.Alarm{At: d.now, Day: day})
		return !d.now.Before(closes)
	})
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// askClocks asks those where the clock stands who have not told: without any nobody
// can be asked at their hour.
func (d *decision) askClocks() {
	for i := range d.s.Members {
		if m := &d.s.Members[i]; m.Zone == "" && !m.Unreachable {
			d.askHour(m)
			say := &d.c.Say[len(d.c.Say)-1]
			say.Key = "clock/" + id(d.s.Couple.ID) + "/" + id(m.ID) // once in a week, not at every hour that passes
			say.Blocks = append(paragraphs(d.voice(m).Say("zone.unasked")), say.Blocks...)
		}
	}
}

// current returns the occurrence after the alarm's whose window holds now: after a
// long absence, the question that is worth asking.
func (d *decision) current(r *rituals.Ritual, m *rituals.Member, a rituals.Alarm) (rituals.Alarm, bool) {
	s, err := rituals.ParseSchedule(r.Schedule)
	if err != nil {
		return a, false
	}
	loc := d.coupleZone()
	if m != nil {
		loc = d.zone(m)
	}
	at, day, ok := s.After(d.now.Add(-24*time.Hour), loc)
	for ; ok && !at.After(d.now); at, day, ok = s.After(at, loc) {
		if day != a.Day && d.now.Before(windowEnd(at, r.Window, loc)) {
			a.At, a.Day = at, day
			return a, true
		}
	}
	return a, false
}

// span returns when a scheduled check-in opens and closes for whoever the alarm
// is for, by the day it was set for.
func (d *decision) span(r *rituals.Ritual, m *rituals.Member, a rituals.Alarm) (opens, closes time.Time) {
	loc := d.coupleZone()
	if m != nil {
		loc = d.zone(m)
	}
	opens = a.At
	if s, err := rituals.ParseSchedule(r.Schedule); err == nil {
		if at, ok := s.At(a.Day, loc); ok {
			opens = at
		}
	}
	return opens, windowEnd(opens, r.Window, loc)
}

// windowEnd returns when a window that starts at opens ends in that zone.
func windowEnd(opens time.Time, window time.Duration, loc *time.Location) time.Time {
	wall := rituals.WindowEnd(rituals.WallAt(opens, loc), window)
	end, ok := wall.In(loc)
	if !ok { // clocks leave that day out
		end, ok = wall.Add(24 * time.Hour).In(loc)
	}
	if !ok || !end.After(opens) {
		return opens.Add(window)
	}
	return end
}

// create makes the check-in of a ritual on a day, with a walk for each member who
// is asked, and sets what will be due for it. If the alarm names a member, it is
// theirs that begins now, and with n > 0 they are who starts it by hand; with [rituals.ByMember] the others' begins at their own hour, unless
// that has passed.
func (d *decision) create(r *rituals.Ritual, day rituals.Day, n int, a rituals.Alarm) *rituals.CheckIn {
	made := d.make(r, day, n)
	if n > 0 {
		made.Starter = a.Member
	}
	for i := range d.s.Members {
		m := &d.s.Members[i]
		if made.Given() && m.ID != made.Starter {
			continue
		}
		opens, closes := d.now, time.Time{}
		switch {
		case r.Pairing:
		case n > 0:
			closes = windowEnd(d.now, r.Window, d.zone(m))
			if r.Clock == rituals.ByMember && r.Schedule != "" && m.ID != a.Member {
				if o, e := d.span(r, m, rituals.Alarm{At: d.now, Day: day}); o.After(d.now) {
					opens, closes = o, e
				}
			}
		case r.Clock == rituals.ByMember:
			opens, closes = d.span(r, m, rituals.Alarm{At: a.At, Day: day})
		default:
			opens, closes = d.span(r, nil, a)
		}
		made.Walks = append(made.Walks, rituals.Walk{Member: m.ID, Opens: opens, Closes: closes})
		if closes.After(made.Closes) {
			made.Closes = closes
		}
	}
	d.deal(made)
	if !made.Closes.IsZero() {
		d.setClose(made)
	}
	return made
}

// make makes an open check-in of a ritual on a day in which nobody walks so far.
func (d *decision) make(r *rituals.Ritual, day rituals.Day, n int) *rituals.CheckIn {
	if !d.deep() {
		r = r.Shallow()
	}
	r = d.opening(r)
	def := d.lib.Define(r)
	d.c.Definitions = append(d.c.Definitions, def)
	d.s.CheckIns = append(d.s.CheckIns, rituals.CheckIn{
		ID: rituals.CheckInID(d.fresh()), Couple: d.s.Couple.ID, Ritual: r, Hash: def.Hash,
		Day: day, N: n, State: rituals.Open, Opened: d.now,
	})
	made := &d.s.CheckIns[len(d.s.CheckIns)-1]
	d.touch(made)
	return made
}

// setClose sets when a check-in's window ends; at once, if it has.
func (d *decision) setClose(c *rituals.CheckIn) {
	at := c.Closes
	if at.Before(d.now) {
		at = d.now
	}
	d.set(rituals.Alarm{Name: closeName(c), Kind: rituals.AlarmClose, At: at, Ritual: c.Ritual.ID, Day: c.Day, CheckIn: c.ID})
}

// prompt says a check-in's first question to a member who has not begun.
func (d *decision) prompt(c *rituals.CheckIn, m *rituals.Member, late bool) {
	var before []rituals.Block
	p := d.place()
	if c.Ritual.ToEach() {
		p = nil
	}
	v := d.voice(m)
	if p != nil {
		v = d.in(p.Language)
	}
	if late {
		before = paragraphs(v.Say("late"))
	}
	d.announce(c, m)
	if c.Ritual.OnlySays() {
		d.speak(c, m, 0)
		return
	}
	before = append(before, d.togetherToday(c, v)...)
	if p != nil {
		d.promptHere(p, c, m, before...)
		d.recallAside(c, m)
	}
	w := c.Walk(m.ID)
	s := c.At(m.ID)
	if p == nil && w != nil && !w.Left && !m.Unreachable && !c.Ritual.Asks() {
		d.tellCard(c, m, before...)
		return
	}
	if w == nil || w.Left || s == nil || c.Begun(m.ID) || m.Unreachable {
		return
	}
	if p == nil {
		d.ask(c, m, s, before...)
	}
	if c.Ritual.Nudge > 0 {
		if at := d.now.Add(c.Ritual.Nudge); at.Before(w.Closes) {
			d.set(rituals.Alarm{Name: nudgeName(c, m.ID), Kind: rituals.AlarmNudge, At: at,
				Ritual: c.Ritual.ID, Day: c.Day, Member: m.ID, CheckIn: c.ID})
		}
	}
}
