package host

import (
	"strings"
	"time"

	"attune/rituals"
)

const (
	quietDays  = 3                   // evenings in a row that were not kept, until both are asked
	offerEvery = 21 * 24 * time.Hour // and not again sooner than that
	offerFor   = 3 * 24 * time.Hour  // unanswered for so long, evenings become weekly
)

// quietDays sets the offer to be asked less, after several evenings in a row that
// were not kept.
func (d *decision) quietDays(c *rituals.CheckIn) {
	if !d.s.Couple.Offered.IsZero() && d.now.Sub(d.s.Couple.Offered) < offerEvery {
		return
	}
	outcomes, ok := d.outcomes()
	if !ok {
		return
	}
	row := 0
	for _, o := range withOutcome(outcomes, rituals.Outcome{Day: c.Day, State: rituals.Missed}) {
		switch o.State {
		case rituals.Missed:
			row++
		case rituals.Kept:
			row = 0
		}
	}
	if row < quietDays {
		return
	}
	// The same morning, whether or not the evening had waited for it.
	if at := d.morningAfter(c.Closes, d.s.Members); at.After(d.now) {
		d.set(rituals.Alarm{Name: "offer", Kind: rituals.AlarmOffer, At: at})
	} else {
		d.offerLess()
	}
}

// offerLess asks both, in the same words, whether to be asked less.
func (d *decision) offerLess() {
	if !d.s.Couple.Rest(d.now).IsZero() || !d.s.Couple.Complete() {
		return
	}
	d.s.Couple.Offered = d.now
	for i := range d.s.Members {
		m := &d.s.Members[i]
		v := d.voice(m)
		choice := func(what string) rituals.Choice {
			return rituals.Choice{Label: v.Say("less." + what), Action: action(doLess, what, id(d.s.Couple.Offered.UnixMilli()))}
		}
		d.tell(m, v.Say("less"),
			[]rituals.Choice{choice("mornings"), choice("weekly")},
			[]rituals.Choice{choice("rest"), choice("same")})
	}
	d.set(rituals.Alarm{Name: "weekly", Kind: rituals.AlarmWeekly, At: d.now.Add(offerFor)})
}

// less settles what one of them chose when both were asked whether to be asked
// less. Less takes one; both read the same line. What one chose leaves the other's
// buttons as they are.
func (d *decision) less(a parsedAction) {
	if !d.s.Couple.Complete() || id(d.s.Couple.Offered.UnixMilli()) != a.arg(1) {
		d.toast(d.voice(d.me).Say("passed"))
		return
	}
	d.cancel("weekly")
	d.touchCouple()
	switch a.arg(0) {
	case "mornings":
		for _, r := range d.counting() {
			d.s.Couple.Set(d.s.Couple.Setting(r.ID).Switched(r, false))
			d.dropProposals(r.ID)
			d.scheduleOne(r, d.now)
		}
		d.tellBoth("less.mornings.done")
	case "weekly":
		if !d.becomeWeekly() {
			d.toast(d.voice(d.me).Say("passed"))
		}
	case "rest":
		d.rest(rituals.Forever)
	default:
		d.tell(d.me, d.voice(d.me).Say("less.same.done"))
	}
}

// counting returns the scheduled rituals that count and that the couple keeps.
func (d *decision) counting() []*rituals.Ritual {
	var list []*rituals.Ritual
	for _, f := range d.lib.All() {
		if r, ok := d.s.Couple.Keeps(f); ok && r.Streak && r.Schedule != "" {
			list = append(list, f)
		}
	}
	return list
}

// becomeWeekly makes the rituals that count weekly, on Sundays at their hour, and
// says so to both. It reports whether any was not.
func (d *decision) becomeWeekly() (changed bool) {
	for _, f := range d.counting() {
		r, _ := d.s.Couple.Keeps(f)
		fields := strings.Fields(r.Schedule)
		if len(fields) == 5 && fields[4] == "*" && fields[2] == "*" {
			fields[4] = "0"
			s := d.s.Couple.Setting(f.ID)
			s.Schedule = strings.Join(fields, " ")
			d.s.Couple.Set(s)
			d.dropProposals(f.ID)
			d.scheduleOne(f, d.now)
			changed = true
		}
	}
	if changed {
		d.tellBoth("less.weekly.done")
	}
	return changed
}

// tellBoth says the same line to every member.
func (d *decision) tellBoth(key string, pairs ...string) {
	for i := range d.s.Members {
		m := &d.s.Members[i]
		d.tell(m, d.voice(m).Say(key, pairs...))
	}
}
