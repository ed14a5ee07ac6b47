package host

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"attune/rituals"
	"attune/rituals/zones"
)

// mostClocks is how many times of day are offered.
const mostClocks = 24

// commonClocks returns the times that it is where most people live, as one goes
// east. Who lives elsewhere writes a city.
func commonClocks(t time.Time) []zones.Reading {
	all := zones.Offsets(t)
	if len(all) <= mostClocks {
		return all
	}
	people := make([]int, len(all))
	for i, r := range all {
		people[i] = r.People
	}
	slices.Sort(people)
	least := people[len(people)-mostClocks]
	return slices.DeleteFunc(all, func(r zones.Reading) bool { return r.People < least })
}

// askPlace asks which of the places where it was that time when the clocks were
// looked at is nearest.
func (d *decision) askPlace(hhmm string, looked time.Time) {
	n, err := strconv.Atoi(hhmm)
	if err != nil || len(hhmm) != 4 {
		d.askHour(d.me)
		return
	}
	var rows [][]rituals.Choice
	for _, c := range zones.Now(looked, n/100, n%100) {
		var cities []string
		for _, p := range c.Places[:min(len(c.Places), 3)] {
			cities = append(cities, p.City)
		}
		rows = append(rows, []rituals.Choice{{
			Label:  strings.Join(cities, ", "),
			Action: action(doZone, "set", c.Places[0].Zone),
		}})
		if len(rows) == mostPlaces {
			break
		}
	}
	if rows == nil {
		d.tell(d.me, d.voice(d.me).Say("zone.unknown"))
		return
	}
	d.askCity("zone.place", rows)
}

// mostPlaces is how many places are offered at a time.
const mostPlaces = 8

// askCity asks which place is nearest; the name of a city answers it too.
func (d *decision) askCity(key string, rows [][]rituals.Choice) {
	d.me.Asked = rituals.Asked{Step: askedCity, At: d.now}
	d.touchMember(d.me)
	d.tell(d.me, d.voice(d.me).Say(key), rows...)
}

// city settles the name of a place that was written.
func (d *decision) city(text string) {
	if hhmm, ok := parseClock(text); ok {
		d.askPlace(hhmm, d.now)
		return
	}
	places := zones.Find(text)
	if len(places) == 0 {
		d.tell(d.me, d.voice(d.me).Say("zone.unknown"))
		return
	}
	same := true
	for _, p := range places {
		same = same && p.Zone == places[0].Zone
	}
	if same || strings.EqualFold(places[0].City, strings.TrimSpace(text)) && !sameName(places) {
		d.setZone(places[0].Zone)
		return
	}
	var rows [][]rituals.Choice
	for _, p := range places[:min(len(places), mostPlaces)] {
		rows = append(rows, []rituals.Choice{{Label: p.String(), Action: action(doZone, "set", p.Zone)}})
	}
	d.askCity("zone.which", rows)
}

// sameName reports whether several of the places are called the same and lie in
// different zones.
func sameName(places []zones.Place) bool {
	for _, p := range places[1:] {
		if strings.EqualFold(p.City, places[0].City) && p.Zone != places[0].Zone {
			return true
		}
	}
	return false
}
