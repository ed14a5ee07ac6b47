package host

import (
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
	if f == nil || !ok || !d.s.Couple.Complete() {
		d.toast(d.voice(d.me).Say("passed"))
		return
	}
	s := d.s.Couple.Setting(ritual)
	schedule := f.Schedule
	if s.Schedule != "" {
		schedule = s.Schedule
	}
	fields := strings.Fields(schedule)
	if len(fields) != 5 {
		fields = []string{"", "", "*", "*", "*"}
	}
	fields[0], fields[1] = strings.TrimPrefix(t[2:], "0"), strings.TrimPrefix(t[:2], "0")
	for i := range 2 {
		if fields[i] == "" {
			fields[i] = "0"
		}
	}
	s.Schedule = strings.Join(fields, " ")
	if d.me.Asked.CheckIn == 0 {
		d.me.Asked = rituals.Asked{}
		d.touchMember(d.me)
	}
	d.propose(s)
}

// propose asks the others whether a setting may hold.
func (d *decision) propose(s rituals.Setting) {
	f := d.lib.Ritual(s.Ritual)
	now := d.s.Couple.Setting(s.Ritual)
	if now == s {
		d.tell(d.me, d.voice(d.me).Say("propose.same"))
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
	from, to := f.Schedule, s.Schedule
	if now.Schedule != "" {
		from = now.Schedule
	}
	if to == "" {
		to = f.Schedule
	}
	for _, o := range d.others(d.me) {
		v := d.voice(o)
		key := "propose"
		if now.Off != s.Off {
			key = "propose.on"
		}
		d.tell(o, v.Say(key, "name", d.me.Name, "title", f.Title.In(o.Language), "from", when(v, from), "to", when(v, to)),
			[]rituals.Choice{
				{Label: v.Say("propose.good"), Action: action(doPropose, id(p.ID), "good")},
				{Label: v.Say("propose.keep", "from", when(v, from)), Action: action(doPropose, id(p.ID), "keep")},
			})
	}
	d.tell(d.me, d.voice(d.me).Say("propose.asked", "partner", d.partner(d.me)))
}

// proposeTap settles the answer to a suggestion. Its author cannot agree to it.
func (d *decision) proposeTap(a parsedAction) {
	pid := parseID[int64](a.arg(0))
	for i, p := range d.s.Couple.Proposals {
		if p.ID != pid || p.By == d.me.ID || !d.now.Before(p.Until) {
			continue
		}
		d.s.Couple.Proposals = append(d.s.Couple.Proposals[:i:i], d.s.Couple.Proposals[i+1:]...)
		d.touchCouple()
		if a.arg(1) == "good" {
			d.apply(p.Setting)
			return
		}
		f := d.lib.Ritual(p.Setting.Ritual)
		for i := range d.s.Members {
			m := &d.s.Members[i]
			v := d.voice(m)
			d.tell(m, v.Say("propose.kept", "title", f.Title.In(m.Language), "time", d.timeOf(v, f)))
		}
		return
	}
	d.toast(d.voice(d.me).Say("passed"))
}

// apply makes a setting hold and says the same line to all.
func (d *decision) apply(s rituals.Setting) {
	f := d.lib.Ritual(s.Ritual)
	if f == nil {
		d.toast(d.voice(d.me).Say("passed"))
		return
	}
	d.s.Couple.Set(s)
	d.touchCouple()
	d.scheduleOne(f, d.now)
	for i := range d.s.Members {
		m := &d.s.Members[i]
		v := d.voice(m)
		d.tell(m, v.Say("setting.done", "title", f.Title.In(m.Language), "time", d.timeOf(v, f)))
	}
}
