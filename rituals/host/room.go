package host

import (
	"slices"
	"strings"
	"time"

	"attune/rituals"
)

// onDay returns the couple's newest check-in of a ritual on a day, or nil.
func (d *decision) onDay(ritual string, day rituals.Day) *rituals.CheckIn {
	var newest *rituals.CheckIn
	for i := range d.s.CheckIns {
		c := &d.s.CheckIns[i]
		if c.Ritual.ID == ritual && c.Day == day && (newest == nil || c.N > newest.N) {
			newest = c
		}
	}
	return newest
}

// keptOn reports whether a ritual was kept on a day.
func (d *decision) keptOn(ritual string, day rituals.Day) bool {
	return slices.ContainsFunc(d.s.CheckIns, func(c rituals.CheckIn) bool {
		return c.Ritual.ID == ritual && c.Day == day && c.State == rituals.Kept
	})
}

// hadHour reports whether there is a check-in of a ritual's own hour on a day.
func (d *decision) hadHour(ritual string, day rituals.Day) bool {
	return slices.ContainsFunc(d.s.CheckIns, func(c rituals.CheckIn) bool {
		return c.Ritual.ID == ritual && c.Day == day && c.N == 0
	})
}

// most is how many unasked prompts a person gets in a day.
const most = 2

// The ranks of rituals: where not all that is due may ask, the lower go first.
const (
	counts = iota // keeping it counts
	seldom        // the couple has asked for it, or it does not come every day
	often
)

// rank returns the rank of a ritual as the couple keeps it.
func (d *decision) rank(r *rituals.Ritual) int {
	switch {
	case r.Streak:
		return counts
	case d.s.Couple.Setting(r.ID).On || !strings.HasSuffix(r.Schedule, " * * *"):
		return seldom
	}
	return often
}

// room reports whether one more ritual may ask on a day: those of a lower rank that
// are to ask yet go before it.
func (d *decision) room(r *rituals.Ritual, day rituals.Day) bool {
	return r.OnlySays() || d.prompts(day, r.ID, d.rank(r)) < most
}

// prompts returns how many check-ins have asked on a day, and how many of a lower
// rank are to ask yet, beside the ritual named.
func (d *decision) prompts(day rituals.Day, beside string, rank int) int {
	n := d.asked(day)
	for _, f := range d.lib.All() {
		r, ok := d.s.Couple.Keeps(f)
		if ok && !r.OnlySays() && f.ID != beside && d.rank(r) < rank && d.onDay(f.ID, day) == nil && d.due(r, day) {
			n++
		}
	}
	if rank > seldom && n < most {
		n += d.planned(day, beside)
	}
	return n
}

// due reports whether a ritual comes by itself on a day.
func (d *decision) due(r *rituals.Ritual, day rituals.Day) bool {
	return r.Schedule != "" && dueOn(r.Schedule, day) && d.grown(r) && !d.replaced(r, day)
}

// replaced reports whether another ritual comes on a day instead of one.
func (d *decision) replaced(r *rituals.Ritual, day rituals.Day) bool {
	return slices.ContainsFunc(d.lib.All(), func(f *rituals.Ritual) bool {
		if f.Instead != r.ID {
			return false
		}
		other, ok := d.s.Couple.Keeps(f)
		return ok && dueOn(other.Schedule, day) && d.grown(other)
	})
}

// grown reports whether the couple has kept as many evenings as a ritual wants
// before it comes by itself.
func (d *decision) grown(r *rituals.Ritual) bool {
	if r.After == 0 || d.s.Couple.Setting(r.ID).On {
		return true // whoever asked for it has it
	}
	return d.evenings() >= r.After
}

// evenings returns how many evenings the couple has kept.
func (d *decision) evenings() int {
	outcomes, _ := d.outcomes()
	return rituals.StreakOf(outcomes).Total
}

// opening returns the definition with which a check-in of a ritual opens.
func (d *decision) opening(r *rituals.Ritual) *rituals.Ritual {
	if !r.Grows() {
		return r
	}
	return r.Grown(d.evenings())
}

// asked returns how many check-ins have asked on a day. What one gives to the others
// asks nothing of them; an offer for that day is one question more.
func (d *decision) asked(day rituals.Day) int {
	n := d.offersOn(day)
	for i := range d.s.CheckIns {
		if c := &d.s.CheckIns[i]; c.Day == day && len(c.Walks) > 0 && !c.Ritual.Pairing && !c.Given() && !c.Ritual.Private && !c.Ritual.OnlySays() {
			n++
		}
	}
	return n
}

// dueOn reports whether a schedule is due on a day.
func dueOn(schedule string, day rituals.Day) bool {
	s, err := rituals.ParseSchedule(schedule)
	if err != nil {
		return false
	}
	w, ok := s.Next(day.At(0, 0).Add(-time.Minute))
	return ok && rituals.DayOf(w) == day
}
