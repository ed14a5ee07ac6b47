package host

import (
	"slices"
	"strings"
	"time"

	"attune/rituals"
)

// People never type a zone's name: they say whether it is the same time for them,
// what time it is, or a city.

// apart is how far two members' clocks may differ before evenings are kept by
// each member's own.
const apart = 3 * time.Hour

// askZones asks where the clocks stand that are not known, once the first small
// moment has done its part: who acted, and when it has opened all.
func (d *decision) askZones(c *rituals.CheckIn) {
	if !c.Ritual.Pairing {
		return
	}
	known := true
	for i := range d.s.Members {
		m := &d.s.Members[i]
		known = known && m.Zone != ""
		if m.Zone == "" && !strings.HasPrefix(m.Asked.Step, askedCity) && (m.ID == d.me.ID || c.State == rituals.Kept) {
			d.askZone(m)
		}
	}
	if known && c.State == rituals.Kept {
		d.welcome()
	}
}

// askedCity is the host's own question about where somebody is.
const askedCity = "city"

// askedHour is the same, with the hours to pick from.
const askedHour = "city/hour"

// askZone asks a member where their clock stands.
func (d *decision) askZone(m *rituals.Member) {
	v := d.voice(m)
	for _, o := range d.others(m) {
		if o.Zone == "" {
			continue
		}
		m.Asked = rituals.Asked{Step: askedCity, At: d.now}
		d.touchMember(m)
		d.tell(m, v.Say("zone.same", "time", clock(d.wall(o)), "partner", o.Name),
			[]rituals.Choice{
				{Label: v.Say("yes"), Action: action(doZone, "same", id(o.ID))},
				{Label: v.Say("zone.other"), Action: action(doZone, "other")},
			})
		return
	}
	d.askHour(m)
}

// askHour asks what time it is, with the times that it can be.
func (d *decision) askHour(m *rituals.Member) {
	v := d.voice(m)
	var rows [][]rituals.Choice
	var row []rituals.Choice
	for _, o := range commonClocks(d.now) {
		hhmm := clock(rituals.Day("2000-01-01").At(o.Hour, o.Minute))
		row = append(row, rituals.Choice{Label: hhmm, Action: action(doZone, "hour", strings.ReplaceAll(hhmm, ":", ""), id(d.now.Unix()))})
		if len(row) == 6 {
			rows, row = append(rows, row), nil
		}
	}
	if row != nil {
		rows = append(rows, row)
	}
	m.Asked = rituals.Asked{Step: askedHour, At: d.now}
	d.touchMember(m)
	d.say(m, rituals.Message{
		Blocks:  paragraphs(v.Say("zone.hour")),
		Choices: rows,
		Input:   form(v),
		Silent:  d.alarm != nil, // who did not cause it may be asleep
	})
}

// zoneTap settles the buttons under the questions about time.
func (d *decision) zoneTap(a parsedAction) {
	switch a.arg(0) {
	case "same":
		o := d.s.MemberBy(parseID[rituals.MemberID](a.arg(1)))
		if o == nil || o.Zone == "" {
			d.askHour(d.me)
			return
		}
		d.setZone(o.Zone)
	case "hour":
		d.askPlace(a.arg(1), time.Unix(parseID[int64](a.arg(2)), 0))
	case "set":
		if _, err := rituals.Location(a.arg(1)); err != nil {
			d.askHour(d.me)
			return
		}
		d.setZone(a.arg(1))
	default:
		if a := d.me.Asked; a.Step != askedHour || d.now.Sub(a.At) >= time.Minute {
			d.askHour(d.me)
		}
	}
}

// setZone settles where who acted lives: everything due for them moves with it.
func (d *decision) setZone(zone string) {
	v := d.voice(d.me)
	first := d.me.Zone == ""
	old := d.me.Zone
	d.me.Zone = zone
	d.askedDone()
	d.touchMember(d.me)
	if d.s.Couple.ID == 0 {
		d.tell(d.me, v.Say("zone.done", "time", clock(d.wall(d.me))))
		return
	}
	shared := false
	for _, o := range d.others(d.me) {
		shared = shared || o.Zone == d.s.Couple.Zone
	}
	if d.s.Couple.Zone == "" || (d.s.Couple.Zone == old && !shared) {
		d.s.Couple.Zone = zone
	}
	d.touchCouple()
	if first {
		d.apart()
	}
	if d.s.Couple.Complete() {
		d.scheduleAll(d.firstHour())
	}
	switch {
	case !d.s.Couple.Complete():
		d.tell(d.me, v.Say("zone.alone", "time", clock(d.wall(d.me))))
	case !first:
		d.tell(d.me, v.Say("zone.done", "time", clock(d.wall(d.me))))
		d.catchUp()
	case d.pairing():
		d.tell(d.me, v.Say("zone.done", "time", clock(d.wall(d.me))))
	default:
		d.welcome()
	}
	if first {
		d.offerZone()
	}
}

// firstHour is the earliest instant at which the couple may be asked something:
// for a new one, an hour after it began.
func (d *decision) firstHour() time.Time {
	if first := d.s.Couple.Since.Add(time.Hour); first.After(d.now) {
		return first
	}
	return d.now
}

// pairing reports whether the first small moment has not opened yet.
func (d *decision) pairing() bool {
	return slices.ContainsFunc(d.s.CheckIns, func(c rituals.CheckIn) bool {
		return c.Ritual.Pairing && c.State == rituals.Open
	})
}

// offerZone makes the question about the clock a single tap for those who were
// asked before anybody's was known.
func (d *decision) offerZone() {
	for _, o := range d.others(d.me) {
		if o.Zone == "" && o.Asked.Step == askedHour {
			d.askZone(o)
		}
	}
}

// farApart reports whether the members' clocks differ by much.
func (d *decision) farApart() bool {
	var least, most time.Duration
	known := 0
	for i := range d.s.Members {
		loc, err := rituals.Location(d.s.Members[i].Zone)
		if err != nil {
			continue
		}
		_, off := d.now.In(loc).Zone()
		o := time.Duration(off) * time.Second
		if known == 0 {
			least, most = o, o
		}
		least, most, known = min(least, o), max(most, o), known+1
	}
	return most-least > apart
}

// apart sets evenings to each member's own clock if the clocks differ by much.
func (d *decision) apart() {
	if !d.s.Couple.Complete() || !d.farApart() {
		return
	}
	for _, r := range d.lib.All() {
		if r.Schedule != "" && r.Clock != rituals.ByMember {
			s := d.s.Couple.Setting(r.ID)
			s.Clock = rituals.ByMember
			d.s.Couple.Set(s)
		}
	}
}

// welcome says, last of all when a couple begins, what comes next: to all whose
// clock is known, once.
func (d *decision) welcome() {
	d.scheduleAll(d.firstHour())
	rest := d.s.Couple.Rest(d.now)
	for i := range d.s.Members {
		m := &d.s.Members[i]
		if m.Zone == "" || m.Unreachable {
			continue
		}
		if !rest.IsZero() {
			d.tell(m, d.restLine(m, rest))
			continue
		}
		r, at := d.firstDue(m)
		if r == nil {
			continue
		}
		hour := clock(rituals.WallAt(at, d.zone(m)))
		if kept, ok := d.s.Couple.Keeps(r); ok && kept.Clock != rituals.ByMember {
			hour = d.times(m, at)
		}
		when, day := "welcome.today", rituals.DayOf(rituals.WallAt(at, d.zone(m)))
		switch today := rituals.DayOf(d.wall(m)); {
		case day == today.Add(1):
			when = "welcome.tomorrow"
		case day > today:
			when = "welcome.day"
		}
		d.say(m, rituals.Message{
			Key: "welcome/" + id(d.s.Couple.ID) + "/" + id(m.ID),
			Blocks: paragraphs(d.voice(m).Say(when, "time", hour,
				"day", d.voice(m).Weekday(int(day.Weekday())))),
		})
	}
}

// firstDue returns the ritual that is due first for a member, of what this change
// sets.
func (d *decision) firstDue(m *rituals.Member) (*rituals.Ritual, time.Time) {
	var first *rituals.Alarm
	for i := range d.c.Set {
		a := &d.c.Set[i]
		if f := d.lib.Ritual(a.Ritual); f == nil || f.After > 0 {
			continue // it comes in a while
		}
		if a.Kind == rituals.AlarmOpen && (a.Member == 0 || a.Member == m.ID) && (first == nil || a.At.Before(first.At)) {
			first = a
		}
	}
	if first == nil {
		return nil, time.Time{}
	}
	return d.lib.Ritual(first.Ritual), first.At
}
