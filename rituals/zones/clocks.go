package zones

import (
	"cmp"
	"slices"
	"strconv"
	"sync"
	"time"
)

// A Clock is what the clocks of some places read, the same in all of them, in
// summer and in winter, for years to come.
type Clock struct {
	Places []Place // at most four, each in a country of its own, the largest first
	People int     // who live in its listed cities, roughly
}

// A Reading is a time of day that it is somewhere.
type Reading struct {
	Hour, Minute int
	People       int // who live in the listed cities where it is that time, roughly
	Cities       int
}

// Now returns the clocks that read hour and minute at t, give or take seven
// minutes, those of most people first. It is empty if it is that time nowhere.
func Now(t time.Time, hour, minute int) []Clock {
	said := time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute
	var clocks []Clock
	for _, g := range groups(t) {
		// The difference on the face of a clock, which knows no date.
		d := (timeOfDay(t, g.loc) - said + 36*time.Hour) % (24 * time.Hour)
		if d -= 12 * time.Hour; d.Abs() < 8*time.Minute {
			clocks = append(clocks, Clock{Places: slices.Clone(g.places), People: g.people})
		}
	}
	return clocks
}

// Offsets returns the times of day that it is at t where people live, from west
// to east: from the clock furthest behind UTC to the one furthest ahead. Two that
// are a whole day apart are one.
func Offsets(t time.Time) []Reading {
	type key struct{ offset, face int }
	at := make(map[int]*Reading) // by minute of the day
	var order []key
	for _, g := range groups(t) {
		_, offset := t.In(g.loc).Zone()
		face := int(timeOfDay(t, g.loc) / time.Minute)
		r := at[face]
		if r == nil {
			r = &Reading{Hour: face / 60, Minute: face % 60}
			at[face] = r
			order = append(order, key{offset, face})
		}
		r.People += g.people
		r.Cities += g.cities
	}
	// A face that two offsets share, a day apart, stands where most people are.
	slices.SortFunc(order, func(a, b key) int { return cmp.Compare(a.offset, b.offset) })
	var readings []Reading
	for _, k := range order {
		readings = append(readings, *at[k.face])
	}
	return readings
}

// timeOfDay returns what a clock in loc reads at t, in whole minutes.
func timeOfDay(t time.Time, loc *time.Location) time.Duration {
	hour, minute, _ := t.In(loc).Clock()
	return time.Duration(hour*60+minute) * time.Minute
}

// A group is the cities whose clocks agree for some years.
type group struct {
	loc    *time.Location
	places []Place
	people int
	cities int
}

// horizon is for how many years clocks have to agree to be one.
const horizon = 6

// latest are the groups of the year that was last asked for: working them out
// means reading every zone.
var latest struct {
	sync.Mutex
	year   int
	groups []group
}

// groups returns the groups in the year of t, those of most people first.
func groups(t time.Time) []group {
	year := t.UTC().Year()
	latest.Lock()
	defer latest.Unlock()
	if latest.groups == nil || latest.year != year {
		latest.year, latest.groups = year, groupsIn(list(), year)
	}
	return latest.groups
}

func groupsIn(a *atlas, year int) []group {
	ofZone := make([]int, len(a.zones)) // index of its group, and one
	ofRules := make(map[string]int)
	var groups []group
	for i := range a.cities {
		c := &a.cities[i]
		if ofZone[c.zone] == 0 {
			key, loc := rules(a.zones[c.zone], year)
			if ofRules[key] == 0 {
				groups = append(groups, group{loc: loc})
				ofRules[key] = len(groups)
			}
			ofZone[c.zone] = ofRules[key]
		}
		g := &groups[ofZone[c.zone]-1]
		g.people += int(c.people) * 1000
		g.cities++
		if p := a.place(c); len(g.places) < 4 && !slices.ContainsFunc(g.places, func(o Place) bool { return o.Country == p.Country }) {
			g.places = append(g.places, p)
		}
	}
	slices.SortStableFunc(groups, func(a, b group) int { return cmp.Compare(b.people, a.people) })
	return groups
}

// rules returns how a zone's clock goes from the beginning of a year on, as a
// string that is equal for zones whose clocks agree.
func rules(zone string, year int) (string, *time.Location) {
	loc, err := time.LoadLocation(zone)
	if err != nil {
		panic(err) // every zone of the list is in the embedded database
	}
	t := time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, -1).In(loc)
	until := t.AddDate(horizon, 0, 0)
	var key []byte
	for last := 1; t.Before(until); {
		if _, offset := t.Zone(); offset != last {
			if len(key) > 0 {
				key = strconv.AppendInt(key, t.Unix(), 36)
			}
			key = strconv.AppendInt(append(key, ' '), int64(offset), 36)
			last = offset
		}
		_, end := t.ZoneBounds()
		if end.IsZero() {
			break
		}
		if !end.After(t) {
			// On the last day of a leap year the end is given a day too early.
			end = end.Add(24 * time.Hour)
		}
		t = end
	}
	return string(key), loc
}
