package host

import (
	"strconv"

	"attune/rituals"
	"attune/rituals/phrases"
)

// A day of the week on which a couple would like to keep a ritual together.

// weekday reads a day of the week as settings have it; Sunday if it is none.
func weekday(s string) int {
	n, _ := strconv.Atoi(s)
	return n % 7
}

// askDay asks who acted which day of the week it shall be.
func (d *decision) askDay(f *rituals.Ritual) {
	v := d.voice(d.me)
	var days []rituals.Choice
	for n := range 7 {
		n = (n + 1) % 7 // from Monday on
		days = append(days, rituals.Choice{Label: v.Weekday(n), Action: action(doTime, f.ID, "day", strconv.Itoa(n))})
	}
	rows := inRows(days, 4)
	if d.s.Couple.Setting(f.ID).Together != "" {
		rows = append(rows, []rituals.Choice{{Label: v.Say("together.never"), Action: action(doTime, f.ID, "day", "-")}})
	}
	d.tell(d.me, v.Say("together.ask", "partner", d.partner(d.me)), rows...)
}

// dayTap settles which day it shall be: a day takes all, none takes one.
func (d *decision) dayTap(f *rituals.Ritual, day string) {
	s := d.s.Couple.Setting(f.ID)
	switch {
	case !s.Keeps(f) || !f.Acts(rituals.ActTogether):
		d.toast(d.voice(d.me).Say("passed"))
	case day == "":
		d.askDay(f)
	case day == "-":
		s.Together = ""
		d.apply(s)
	default:
		s.Together = strconv.Itoa(weekday(day))
		d.propose(s)
	}
}

// togetherToday is what stands before the question on the day of the week that the
// couple has for keeping it together.
func (d *decision) togetherToday(c *rituals.CheckIn, v *phrases.Voice) []rituals.Block {
	day := d.s.Couple.Setting(c.Ritual.ID).Together
	if day == "" || weekday(day) != int(c.Day.Weekday()) || !c.Ritual.Acts(rituals.ActTogether) {
		return nil
	}
	return paragraphs(v.Say("together.today", "day", v.Weekday(weekday(day))))
}
