package host

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"attune/rituals"
	"attune/rituals/phrases"
)

// A moment that all share is told as each has it on their own clock. Where all clocks
// show the same that is one time of day.

// A reading is a time of day, and whose clocks show it.
type reading struct {
	time  string
	names []string
}

// readings returns what the members' clocks show at an instant, in the order of the
// members.
func (d *decision) readings(at time.Time, members []*rituals.Member) []reading {
	var all []reading
	for _, m := range members {
		t := clock(rituals.WallAt(at, d.zone(m)))
		i := slices.IndexFunc(all, func(r reading) bool { return r.time == t })
		if i < 0 {
			all = append(all, reading{time: t})
			i = len(all) - 1
		}
		all[i].names = append(all[i].names, m.Name)
	}
	return all
}

// elsewhere returns what the clocks of the others show that is not what m's does.
func (d *decision) elsewhere(at time.Time, m *rituals.Member) []reading {
	own := clock(rituals.WallAt(at, d.zone(m)))
	return slices.DeleteFunc(d.readings(at, d.others(m)), func(r reading) bool { return r.time == own })
}

// times tells a member what time it is at an instant that all share: "21:30", or
// "21:30 for you, 15:30 for Sam".
func (d *decision) times(m *rituals.Member, at time.Time) string {
	return d.apartFrom(m, at, clock(rituals.WallAt(at, d.zone(m))))
}

// apartFrom adds to what m's clock shows what the others' do, where that differs.
func (d *decision) apartFrom(m *rituals.Member, at time.Time, own string) string {
	v := d.voice(m)
	others := d.elsewhere(at, m)
	if len(others) == 0 {
		return own
	}
	return v.Say("time.you", "time", own) + ", " + listed(v, others)
}

// timesHere tells all who read a place what time it is at an instant for some.
func (d *decision) timesHere(v *phrases.Voice, at time.Time, whose []*rituals.Member) string {
	all := d.readings(at, whose)
	if len(all) == 1 && (len(whose) == len(d.s.Members) || len(d.readings(at, d.everybody())) == 1) {
		return all[0].time
	}
	return listed(v, all)
}

func (d *decision) everybody() []*rituals.Member {
	var all []*rituals.Member
	for i := range d.s.Members {
		all = append(all, &d.s.Members[i])
	}
	return all
}

func listed(v *phrases.Voice, all []reading) string {
	var parts []string
	for _, r := range all {
		parts = append(parts, v.Say("time.of", "time", r.time, "name", v.List(r.names)))
	}
	return strings.Join(parts, ", ")
}

// comes returns when a ritual on the couple's clock comes next; false for one that
// each has on their own.
func (d *decision) comes(r *rituals.Ritual) (at time.Time, day rituals.Day, ok bool) {
	s, err := rituals.ParseSchedule(r.Schedule)
	if err != nil || r.Clock == rituals.ByMember {
		return time.Time{}, "", false
	}
	return s.After(d.now, d.coupleZone())
}

// whenFor says to a member when a ritual is kept, on their own clock.
func (d *decision) whenFor(m *rituals.Member, r *rituals.Ritual) string {
	return when(d.voice(m), d.scheduleFor(m, r))
}

// scheduleFor returns a ritual's schedule as it is on a member's own clock.
func (d *decision) scheduleFor(m *rituals.Member, r *rituals.Ritual) string {
	at, day, ok := d.comes(r)
	if !ok {
		return r.Schedule
	}
	w := rituals.WallAt(at, d.zone(m))
	if rituals.DayOf(w) == day && clock(w) == clock(rituals.WallAt(at, d.coupleZone())) {
		return r.Schedule
	}
	return shifted(r.Schedule, w, day)
}

// scheduleAt returns the schedule of a ritual that is to come at a time of day on a
// member's own clock.
func (d *decision) scheduleAt(m *rituals.Member, r *rituals.Ritual, hour, minute int) string {
	at, day, ok := d.comes(r)
	if !ok {
		return shifted(r.Schedule, rituals.Day("2000-01-01").At(hour, minute), "2000-01-01")
	}
	then, ok := rituals.DayOf(rituals.WallAt(at, d.zone(m))).At(hour, minute).In(d.zone(m))
	if !ok {
		then = at
	}
	return shifted(r.Schedule, rituals.WallAt(then, d.coupleZone()), day)
}

// shifted returns a schedule with the time of day of w in place of its own. What came
// on a day comes on that of w: days of the week move along.
func shifted(schedule string, w rituals.Wall, day rituals.Day) string {
	fields := strings.Fields(schedule)
	if len(fields) != 5 {
		fields = []string{"", "", "*", "*", "*"}
	}
	hour, minute, _ := w.Time().Clock()
	fields[0], fields[1] = strconv.Itoa(minute), strconv.Itoa(hour)
	by := int(rituals.DayOf(w).Weekday()) - int(day.Weekday())
	days := strings.Split(fields[4], ",")
	for i, s := range days {
		n, err := strconv.Atoi(s)
		if err != nil {
			return strings.Join(fields, " ") // every day, or days that are written otherwise
		}
		days[i] = strconv.Itoa((n + by + 7) % 7)
	}
	fields[4] = strings.Join(days, ",")
	return strings.Join(fields, " ")
}

// allReadings says when a ritual is kept: on a member's own clock, and on the others'.
func (d *decision) allReadings(m *rituals.Member, r *rituals.Ritual) string {
	at, _, ok := d.comes(r)
	if !ok {
		return when(d.voice(m), r.Schedule)
	}
	return d.apartFrom(m, at, d.whenFor(m, r))
}
