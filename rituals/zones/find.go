package zones

import (
	"slices"
	"strings"
)

// most is how many places Find returns at most.
const most = 12

// since is the year from which a country's clocks have to agree to be one.
const since = 2026

// How well a name fits what was asked for.
const (
	exactly = iota
	begins  // the name begins with it
	aliased // another of its names begins with it
	within  // a later word of the name begins with it
	never
)

// Find returns the places that a person may mean, at most twelve: first those
// of just that name, then those whose name begins with it, then those with
// another name that does, then those with a word that does; countries before
// cities, and larger cities before smaller ones. Capitals, accents and
// punctuation do not matter. What follows a comma narrows the search to a country
// or region, and so do last words if there is no such place: "Portland, Maine",
// "Paris France".
//
// A country that keeps one time is one place, without a city. One that keeps
// several is its largest city for each of them.
func Find(query string) []Place {
	head, tail, _ := strings.Cut(query, ",")
	q, in := Fold(head), Fold(tail)
	if q == "" || len(q) > longest {
		return nil
	}
	found := list().find(q, in)
	for i := len(q); found == nil && in == ""; {
		if i = strings.LastIndexByte(q[:i], ' '); i < 0 {
			break
		}
		found = list().find(q[:i], q[i+1:])
	}
	return found
}

// longest is how long a name can be, in bytes.
const longest = 100

// find returns the places that fit a folded name, in a country or region of
// another folded name unless that is empty.
func (a *atlas) find(q, in string) []Place {
	var fits [never][]Place
	for i := range a.countries {
		// Whoever writes two letters means a country only if that is its name.
		if fit := fitness(a.countries[i].keys, q); in == "" && (fit == exactly || fit < never && len(q) > 2) {
			fits[fit] = append(fits[fit], a.whole(uint16(i))...)
		}
	}
	for i := range a.cities {
		c := &a.cities[i]
		fit := fitness(c.keys, q)
		if fit == never || in != "" && !a.lies(c, in) {
			continue
		}
		p := a.place(c)
		whole := Place{Country: p.Country, Zone: p.Zone}
		if len(fits[fit]) < most && !slices.Contains(fits[fit], p) && !slices.Contains(fits[fit], whole) {
			fits[fit] = append(fits[fit], p)
		}
	}
	var found []Place
	for _, p := range slices.Concat(fits[:]...) {
		if len(found) < most && !slices.Contains(found, p) {
			found = append(found, p)
		}
	}
	return found
}

// fitness returns how well the best of some names between bars fits q.
func fitness(keys, q string) int {
	best := never
	for i := 0; ; {
		j := strings.Index(keys[i:], q)
		if j < 0 {
			return best
		}
		i += j
		switch before, after := keys[i-1], keys[i+len(q)]; {
		case before == '|' && after == '|':
			return exactly
		case before == '|' && i == 1:
			best = begins
		case before == '|':
			best = min(best, aliased)
		case before == ' ':
			best = min(best, within)
		}
		i++
	}
}

// lies reports whether a city lies in a country or region whose name begins so.
func (a *atlas) lies(c *city, in string) bool {
	of := a.countries[c.country]
	return fitness(of.keys, in) < within || strings.EqualFold(of.code, in) || strings.HasPrefix(Fold(c.region), in)
}

// whole returns a country as one place or, if its clocks differ, the largest city
// for each of them.
func (a *atlas) whole(n uint16) []Place {
	var cities []*city
	seen := make(map[uint16]bool)
	for i := range a.cities {
		if c := &a.cities[i]; c.country == n && !seen[c.zone] {
			seen[c.zone] = true
			cities = append(cities, c)
		}
	}
	var places []Place
	clocks := make(map[string]bool)
	for _, c := range cities {
		if key, _ := rules(a.zones[c.zone], since); !clocks[key] {
			clocks[key] = true
			places = append(places, a.place(c))
		}
	}
	if len(places) == 1 {
		places[0].City, places[0].Region = "", ""
	}
	return places
}
