package rituals

import (
	"sort"
	"time"
)

// A Wall is a wall-clock reading: a date and a time of day that belong to no
// zone. It is carried as a time.Time in UTC.
type Wall time.Time

// Time returns the reading as a time.Time in UTC, for comparing and formatting.
func (w Wall) Time() time.Time { return time.Time(w) }

// Add returns the reading d later, as if clocks never changed.
func (w Wall) Add(d time.Duration) Wall { return Wall(time.Time(w).Add(d)) }

// WallAt returns what a clock in loc reads at t.
func WallAt(t time.Time, loc *time.Location) Wall {
	_, offset := t.In(loc).Zone()
	return Wall(t.UTC().Add(time.Duration(offset) * time.Second))
}

// reach is how far around a reading its instant is looked for. No clock has ever
// been further than 16 hours from UTC, and no change has been longer than a day.
const reach = 36 * 60 * 60 // seconds

// In returns the instant at which a clock in loc reads w.
//
// A reading that comes twice, because the clock was set back, stands for the
// first time it comes. One that never comes, because the clock was set forward
// over it, stands for the first instant after the gap. In reports false only if
// the gap holds w's whole date, as it did in Apia on 2011-12-30.
func (w Wall) In(loc *time.Location) (time.Time, bool) {
	u := w.Time().Unix()
	spans := around(loc, u)
	for i, s := range spans {
		at := u - s.offset
		if at < s.start {
			// Every earlier span ended before its clock read w, and this one
			// begins with a clock that reads more.
			if swallowed(u, s.start+spans[i-1].offset, s.start+s.offset) {
				return time.Time{}, false
			}
			return time.Unix(s.start, 0).In(loc), true
		}
		if i == len(spans)-1 || at < spans[i+1].start {
			return time.Unix(at, int64(w.Time().Nanosecond())).In(loc), true
		}
	}
	panic("rituals: a zone without a clock") // unreachable: the last span has no end
}

// swallowed reports whether the gap between two readings, [from, to), holds the
// whole date of the reading u.
func swallowed(u, from, to int64) bool {
	const day = 24 * 60 * 60
	midnight := u - ((u%day)+day)%day
	return from <= midnight && midnight+day <= to
}

// around returns the spans of loc that matter to a reading of u. The first of
// them has begun before any clock read u, and the last goes on after all have.
func around(loc *time.Location, u int64) []span {
	spans, ok := known(loc)
	if !ok || u-reach < spanFrom || u+reach >= spanUntil {
		return spansOf(loc, u-reach, u+reach)
	}
	first := sort.Search(len(spans), func(i int) bool { return spans[i].start > u-reach }) - 1
	last := first + 1
	for last < len(spans) && spans[last].start <= u+reach {
		last++
	}
	return spans[first:last]
}
