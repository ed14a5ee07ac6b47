package host

import (
	"slices"
	"strings"
	"time"

	"attune/rituals"
)

// The gentle order: as evenings are kept, all are offered, once and one thing at a
// time, what they could keep as well. Who did not want it is never said.

const (
	offerHour    = 12 // o'clock: of a day on which the morning leaves room for it
	offerApart   = 7  // days at least between two offers
	offerOpen    = 7 * 24 * time.Hour
	offerLate    = 3 * time.Hour // an offer that comes later than this is not worth its hour
	togetherFrom = 7             // evenings kept, until a day for keeping them together is offered
	togetherDay  = "6"           // the day of the week that is offered: Saturday
)

// An offering is something that could be offered.
type offering struct {
	ritual *rituals.Ritual
	after  int // evenings kept
}

// told is the mark of an offer in what the couple was told, without the day.
func (o offering) told() string {
	if o.ritual.Off || o.ritual.Private {
		return "offer/" + o.ritual.ID
	}
	return "together/" + o.ritual.ID
}

// offered is what would hold if all agreed to the offer.
func (d *decision) offered(o offering) rituals.Setting {
	s := d.s.Couple.Setting(o.ritual.ID)
	if o.ritual.Off {
		return s.Switched(o.ritual, true)
	}
	s.Together = togetherDay
	return s
}

// offering returns what is to be offered after so many evenings, or nil.
func (d *decision) offering(evenings int) *offering {
	var next *offering
	for _, f := range d.lib.All() {
		o, ok := d.offerable(f)
		if ok && o.after <= evenings && !d.wasTold(o.told()) && (next == nil || o.after < next.after) {
			next = &o
		}
	}
	return next
}

// offerable returns what there is to offer about a ritual, if there is anything: to
// keep it, or a day of the week for keeping it together.
func (d *decision) offerable(f *rituals.Ritual) (offering, bool) {
	r, kept := d.s.Couple.Keeps(f)
	switch {
	case f.Schedule == "":
	case f.Off || f.Private:
		return offering{f, f.After}, f.After > 0 && !kept
	case kept && r.Streak && strings.HasSuffix(r.Schedule, " * * *") && r.Acts(rituals.ActTogether):
		return offering{f, togetherFrom}, d.s.Couple.Setting(f.ID).Together == ""
	}
	return offering{}, false
}

// wasTold reports whether something that is told once was.
func (d *decision) wasTold(what string) bool {
	return slices.ContainsFunc(d.s.Couple.Told, func(t string) bool {
		told, _, _ := strings.Cut(t, "@")
		return told == what
	})
}

// untell takes back that something was told: it may be another time.
func (d *decision) untell(what string) {
	d.s.Couple.Told = slices.DeleteFunc(slices.Clone(d.s.Couple.Told), func(t string) bool {
		told, _, _ := strings.Cut(t, "@")
		return told == what
	})
	d.touchCouple()
}

// offersOn returns how many offers are made on a day.
func (d *decision) offersOn(day rituals.Day) int {
	n := 0
	for _, t := range d.s.Couple.Told {
		if strings.HasSuffix(t, "@"+string(day)) {
			n++
		}
	}
	return n
}

// setOffer sets, after an evening that was kept and was no heavy one, when all are
// offered what comes next: on the day after it, if nothing was offered for a while.
func (d *decision) setOffer(c *rituals.CheckIn) {
	if c.Heavy() || !c.Morning.IsZero() || d.now.Sub(d.s.Couple.Offered) < offerApart*24*time.Hour {
		return
	}
	outcomes, _ := d.outcomes()
	kept := rituals.StreakOf(withOutcome(outcomes, rituals.Outcome{Day: c.Day, State: rituals.Kept})).Total
	o := d.offering(kept)
	if o == nil {
		return
	}
	at := d.hourAfter(offerHour, d.now, d.s.Members)
	day := rituals.DayOf(rituals.WallAt(at, d.coupleZone()))
	for _, t := range d.s.Couple.Told {
		if _, on, ok := strings.Cut(t, "@"); ok && rituals.Day(on).Add(offerApart) > day {
			return
		}
	}
	d.s.Couple.Told = append(slices.Clone(d.s.Couple.Told), o.told()+"@"+string(day))
	d.set(rituals.Alarm{Name: "grow", Kind: rituals.AlarmGrow, At: at, Ritual: o.ritual.ID, Day: day})
}

// ringOffer offers all, in the same words, what they could keep as well; not while
// they rest, and not on top of what was asked by then.
func (d *decision) ringOffer(a rituals.Alarm) {
	f := d.lib.Ritual(a.Ritual)
	if f == nil || !d.s.Couple.Complete() {
		return
	}
	o, ok := d.offerable(f)
	if !ok {
		return
	}
	full := d.prompts(a.Day, "", seldom) > most
	if full || !d.s.Couple.Rest(d.now).IsZero() || d.now.Sub(a.At) > offerLate {
		d.untell(o.told())
		return
	}
	if f.Private {
		for i := range d.s.Members {
			d.offerAlone(f, &d.s.Members[i])
		}
		return
	}
	p := rituals.Proposal{ID: d.fresh(), Setting: d.offered(o), Until: d.now.Add(offerOpen)}
	d.s.Couple.Proposals = append(slices.Clone(d.s.Couple.Proposals), p)
	d.touchCouple()
	for i := range d.s.Members {
		d.offer(f, p, &d.s.Members[i])
	}
}

// offer says to a member what all are offered.
func (d *decision) offer(f *rituals.Ritual, p rituals.Proposal, m *rituals.Member) {
	v := d.voice(m)
	button := func(label, what string) rituals.Choice {
		return rituals.Choice{Label: label, Action: action(doOffer, id(p.ID), f.ID, what)}
	}
	if p.Setting.Together != "" {
		day := v.Weekday(weekday(p.Setting.Together))
		d.tell(m, v.Say("offer.together", "day", day),
			[]rituals.Choice{button(day, "yes"), button(v.Say("offer.day"), "day"), button(v.Say("offer.message"), "no")})
		return
	}
	d.tell(m, v.Say("offer.more", "title", f.Title.In(m.Language), "about", f.About.In(m.Language), "time", d.allReadings(m, d.with(f, p.Setting))),
		[]rituals.Choice{button(v.Say("offer.yes", "partner", d.partner(m)), "yes"), button(v.Say("not.now"), "no")})
}

// offerTap settles an answer to an offer. It holds once all have said yes; till then,
// and after, nobody is told what another has said.
func (d *decision) offerTap(a parsedAction) {
	v := d.voice(d.me)
	f := d.lib.Ritual(a.arg(1))
	if f == nil || !d.s.Couple.Complete() {
		d.toast(v.Say("passed"))
		return
	}
	if f.Private {
		d.offerAloneTap(f, a)
		return
	}
	p := d.openOffer(parseID[int64](a.arg(0)), f)
	switch {
	case p == nil:
		d.toast(v.Say("passed"))
	case a.arg(2) == "day":
		d.askDay(f)
	case a.arg(2) == "yes" && p.By != 0:
		d.agree(*p) // the other has suggested it since
	case a.arg(2) == "yes":
		if slices.Contains(p.Agreed, d.me.ID) {
			d.toast(v.Say("kept.short"))
			return
		}
		p.Agreed = append(slices.Clone(p.Agreed), d.me.ID)
		d.touchCouple()
		if d.agreed(0, p.Agreed) {
			d.holds(*p)
			return
		}
		d.tell(d.me, v.Say("offer.kept"))
	default:
		p.Agreed = slices.DeleteFunc(slices.Clone(p.Agreed), func(m rituals.MemberID) bool { return m == d.me.ID })
		d.touchCouple()
		d.tell(d.me, v.Say("offer.not"))
	}
}

// openOffer returns the offer of that id or, if it has been suggested since for the same
// ritual by another, the suggestion; nil if there is neither.
func (d *decision) openOffer(pid int64, f *rituals.Ritual) *rituals.Proposal {
	for i := range d.s.Couple.Proposals {
		p := &d.s.Couple.Proposals[i]
		if !d.now.Before(p.Until) || p.Place != nil || p.Setting.Ritual != f.ID {
			continue
		}
		since := p.By != 0 && p.By != d.me.ID && (p.Setting.On || p.Setting.Together == togetherDay)
		if p.ID == pid || since {
			return p
		}
	}
	return nil
}
