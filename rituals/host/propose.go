package host

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"attune/rituals"
)

// proposeFor is how long a suggestion can be agreed to.
const proposeFor = 3 * 24 * time.Hour

// proposeTime suggests another hour for a ritual.
func (d *decision) proposeTime(ritual, hhmm string) {
	f := d.lib.Ritual(ritual)
	t, ok := parseClock(hhmm)
	s := d.s.Couple.Setting(ritual)
	if f == nil || !ok || !s.Keeps(f) || !d.s.Couple.Complete() {
		d.toast(d.voice(d.me).Say("passed"))
		return
	}
	hour, _ := strconv.Atoi(t[:2])
	minute, _ := strconv.Atoi(t[2:])
	s.Schedule = d.scheduleAt(d.me, d.with(f, s), hour, minute)
	d.askedDone()
	d.propose(s)
}

// propose asks the others whether a setting may hold.
func (d *decision) propose(s rituals.Setting) {
	f := d.lib.Ritual(s.Ritual)
	now := d.s.Couple.Setting(s.Ritual)
	if f != nil && s.Schedule == f.Schedule {
		s.Schedule = ""
	}
	if now == s {
		d.tell(d.me, d.voice(d.me).Say("propose.same"))
		return
	}
	for _, p := range d.s.Couple.Proposals {
		if p.Setting != s || !d.now.Before(p.Until) {
			continue
		}
		switch {
		case p.By == 0 && !d.agreed(d.me.ID, p.Agreed):
			continue // all were offered it, and not all have said yes
		case p.By == d.me.ID:
			d.toast(d.voice(d.me).Say("kept.short"))
		default:
			d.agree(p) // they have suggested the same
		}
		return
	}
	p := rituals.Proposal{ID: d.fresh(), By: d.me.ID, Setting: s, Until: d.now.Add(proposeFor)}
	var open []rituals.Proposal
	for _, old := range d.s.Couple.Proposals {
		if old.Setting.Ritual != s.Ritual && d.now.Before(old.Until) {
			open = append(open, old)
		}
	}
	d.s.Couple.Proposals = append(open, p)
	d.touchCouple()
	for _, o := range d.others(d.me) {
		d.suggest(o, f, now, p)
	}
	d.tell(d.me, d.voice(d.me).Say("propose.asked", "partner", d.partner(d.me)))
}

// suggest asks one of the others whether a setting may hold in place of another.
func (d *decision) suggest(o *rituals.Member, f *rituals.Ritual, now rituals.Setting, p rituals.Proposal) {
	v, s := d.voice(o), p.Setting
	choices := func(keep string) []rituals.Choice {
		return []rituals.Choice{
			{Label: v.Say("propose.good"), Action: action(doPropose, id(p.ID), "good")},
			{Label: keep, Action: action(doPropose, id(p.ID), "keep")},
		}
	}
	if text, keep := d.suggestsCards(o, now, s); text != "" {
		d.tell(o, text, choices(keep))
		return
	}
	from, to := d.with(f, now), d.with(f, s)
	key, keep := "propose", v.Say("propose.keep", "from", d.whenFor(o, from))
	switch {
	case s.Together != now.Together:
		key, keep = "propose.day", v.Say("propose.not")
	case s.On && !now.On:
		key, keep = "propose.more", v.Say("propose.not")
	case now.Off != s.Off:
		key, keep = "propose.on", v.Say("propose.off")
	}
	text := v.Say(key, "name", d.me.Name, "title", f.Title.In(o.Language), "from", d.whenFor(o, from), "to", d.whenFor(o, to),
		"about", f.About.In(o.Language), "day", v.Weekday(weekday(s.Together)))
	what, about, _ := strings.Cut(text, "\n\n")
	d.tell(o, joinLines(what, d.forOthers(o, to))+"\n\n"+about, choices(keep))
}

// with returns a ritual as it would be kept with a setting, even one that is off.
func (d *decision) with(f *rituals.Ritual, s rituals.Setting) *rituals.Ritual {
	on := s.Switched(f, true)
	c := rituals.Couple{Settings: []rituals.Setting{on}}
	r, _ := c.Keeps(f)
	return r
}

// forOthers tells a member what the hour of a ritual is on the others' clocks, a line
// for each that differs.
func (d *decision) forOthers(m *rituals.Member, r *rituals.Ritual) string {
	at, _, ok := d.comes(r)
	if !ok {
		return ""
	}
	var lines []string
	for _, o := range d.elsewhere(at, m) {
		lines = append(lines, d.voice(m).Say("propose.apart", "name", d.voice(m).List(o.names), "time", o.time))
	}
	return strings.Join(lines, "\n")
}

// proposeTap settles the answer to a suggestion. Its author cannot agree to it.
func (d *decision) proposeTap(a parsedAction) {
	pid := parseID[int64](a.arg(0))
	for i, p := range d.s.Couple.Proposals {
		if p.ID == pid && p.Place != nil && p.By != d.me.ID && d.now.Before(p.Until) {
			d.placeTap(p, a.arg(1) == "good")
			return
		}
		f := d.lib.Ritual(p.Setting.Ritual)
		if p.ID != pid || p.By == d.me.ID || p.By == 0 || !d.now.Before(p.Until) || (f == nil && p.Setting.Ritual != rituals.Every) {
			continue
		}
		if a.arg(1) == "good" {
			d.agree(p)
			return
		}
		d.s.Couple.Proposals = append(d.s.Couple.Proposals[:i:i], d.s.Couple.Proposals[i+1:]...)
		d.touchCouple()
		for i := range d.s.Members {
			m := &d.s.Members[i]
			if aboutCards(d.s.Couple.Setting(p.Setting.Ritual), p.Setting) {
				d.tell(m, d.voice(m).Say("cards.kept"))
				continue
			}
			d.tell(m, d.voice(m).Say("propose.kept", "title", f.Title.In(m.Language), "time", d.timeOf(m, f)))
		}
		return
	}
	d.toast(d.voice(d.me).Say("passed"))
}

// agree settles that who acted wants what another has suggested: once all do, it
// holds.
func (d *decision) agree(p rituals.Proposal) {
	agreed := append(slices.Clone(p.Agreed), d.me.ID)
	if !d.agreed(p.By, agreed) {
		d.agreedSoFar(p, agreed)
		return
	}
	d.holds(p)
}

// holds lets what all want hold.
func (d *decision) holds(p rituals.Proposal) {
	d.s.Couple.Proposals = slices.DeleteFunc(slices.Clone(d.s.Couple.Proposals), func(o rituals.Proposal) bool {
		return o.ID == p.ID
	})
	d.apply(p.Setting)
}

// agreedSoFar notes who wants what another has suggested, while not all do.
func (d *decision) agreedSoFar(p rituals.Proposal, agreed []rituals.MemberID) {
	for i := range d.s.Couple.Proposals {
		if o := &d.s.Couple.Proposals[i]; o.ID == p.ID && !slices.Contains(o.Agreed, d.me.ID) {
			o.Agreed = agreed
			d.touchCouple()
		}
	}
	d.toast(d.voice(d.me).Say("kept.short"))
}

// dropProposals lets go of what was suggested for a ritual: it was about how it was
// before.
func (d *decision) dropProposals(ritual string) {
	d.s.Couple.Proposals = slices.DeleteFunc(slices.Clone(d.s.Couple.Proposals), func(p rituals.Proposal) bool {
		return p.Setting.Ritual == ritual
	})
	d.touchCouple()
}

// dueToday returns the alarms by which a ritual is yet to come today.
func (d *decision) dueToday(f *rituals.Ritual) []rituals.Alarm {
	earlier := len(d.c.Set)
	d.scheduleOne(f, d.now)
	due := slices.Clone(d.c.Set[earlier:])
	d.c.Set = d.c.Set[:earlier]
	return slices.DeleteFunc(due, func(a rituals.Alarm) bool { return a.Day != d.today(a) })
}

// today is the day at whoever an alarm is for.
func (d *decision) today(a rituals.Alarm) rituals.Day {
	loc := d.coupleZone()
	if m := d.s.MemberBy(a.Member); m != nil {
		loc = d.zone(m)
	}
	return rituals.DayOf(rituals.WallAt(d.now, loc))
}

// keepToday lets what was yet to come today come at the hour it had, if by the new
// setting it would not come before tomorrow.
func (d *decision) keepToday(due []rituals.Alarm) {
	for _, old := range due {
		for i, a := range d.c.Set {
			if a.Name == old.Name && a.Day > old.Day {
				d.c.Set[i] = old
			}
		}
	}
}

// stopAsking cancels what would come back to members about a ritual that is open.
func (d *decision) stopAsking(f *rituals.Ritual) {
	for i := range d.s.CheckIns {
		c := &d.s.CheckIns[i]
		if c.Ritual.ID != f.ID || c.State != rituals.Open {
			continue
		}
		for _, m := range d.s.Members {
			d.cancel(nudgeName(c, m.ID), laterName(c, m.ID))
		}
	}
}

// apply makes a setting hold and says the same line to all.
func (d *decision) apply(s rituals.Setting) {
	f := d.lib.Ritual(s.Ritual)
	before := d.s.Couple.Setting(s.Ritual)
	switch {
	case before == s:
		d.toast(d.voice(d.me).Say("propose.same"))
		return
	case aboutCards(before, s):
		d.applyCards(s)
		return
	case f == nil:
		d.toast(d.voice(d.me).Say("passed"))
		return
	}
	tonight := d.dueToday(f)
	d.s.Couple.Set(s)
	d.dropProposals(s.Ritual)
	d.scheduleOne(f, d.now)
	if !s.Keeps(f) {
		d.stopAsking(f)
	} else {
		d.keepToday(tonight)
	}
	for i := range d.s.Members {
		m := &d.s.Members[i]
		v := d.voice(m)
		switch {
		case s.Together == before.Together:
			d.tell(m, v.Say("setting.done", "title", f.Title.In(m.Language), "time", d.timeOf(m, f)))
		case s.Together == "":
			d.tell(m, v.Say("together.none"))
		default:
			d.tell(m, v.Say("together.done", "day", v.Weekday(weekday(s.Together))))
		}
	}
}
