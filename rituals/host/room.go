package host

import (
	"slices"
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

// most is how many unasked prompts a person gets in a day.
const most = 2

// room reports whether one more ritual may ask on a day. A ritual that counts
// goes before those that do not.
func (d *decision) room(r *rituals.Ritual, day rituals.Day) bool {
	if r.Streak {
		return d.asked(day) < most
	}
	return d.prompts(day, r.ID) < most
}

// prompts returns how many check-ins have asked on a day, and how many that count
// are to ask yet, beside the ritual named.
func (d *decision) prompts(day rituals.Day, beside string) int {
	n := d.asked(day)
	for _, f := range d.counting() {
		r, _ := d.s.Couple.Keeps(f)
		if f.ID != beside && d.onDay(f.ID, day) == nil && dueOn(r.Schedule, day) {
			n++
		}
	}
	return n
}

// grown reports whether the couple has kept as many evenings as a ritual wants
// before it comes by itself.
func (d *decision) grown(r *rituals.Ritual) bool {
	if r.After == 0 {
		return true
	}
	outcomes, ok := d.outcomes()
	return ok && rituals.StreakOf(outcomes).Total >= r.After
}

// asked returns how many check-ins have asked on a day.
func (d *decision) asked(day rituals.Day) int {
	n := 0
	for i := range d.s.CheckIns {
		if c := &d.s.CheckIns[i]; c.Day == day && len(c.Walks) > 0 && !c.Ritual.Pairing {
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
