package rituals

import (
	"fmt"
	"math"
	"sync"
	"time"
	_ "time/tzdata" // a zone is known on a machine that has no list of them
)

// Location returns the zone with an IANA name, such as "Europe/Berlin". It
// refuses "", "Local" and "localtime", whose meaning would change with the
// machine. The same name gives the same pointer, for which [Wall.In] is fastest.
func Location(name string) (*time.Location, error) {
	if z, ok := locations.Load(name); ok {
		return z.(*time.Location), nil
	}
	if name == "" || name == "Local" || name == "localtime" {
		return nil, fmt.Errorf("zone %q is not a place; write an IANA name such as Europe/Berlin", name)
	}
	loc, err := time.LoadLocation(name)
	if err != nil {
		return nil, fmt.Errorf("zone %q is not known; write an IANA name such as Europe/Berlin", name)
	}
	z, _ := locations.LoadOrStore(name, loc)
	remember(z.(*time.Location))
	return z.(*time.Location), nil
}

// Both caches hold what never changes while the program runs, and no more of it
// than there are zones.
var (
	locations sync.Map // name to *time.Location
	calendars sync.Map // *time.Location to func() []span, for those in locations
)

// A span is a stretch of time during which a zone's clock is equally far from
// UTC. It ends where the next begins.
type span struct {
	start  int64 // unix seconds; the first has math.MinInt64
	offset int64 // seconds east of UTC
}

// The years whose spans are remembered. Others are worked out when asked for.
const (
	spanFrom  = 946_684_800   // 2000-01-01
	spanUntil = 4_102_444_800 // 2100-01-01
)

// remember has the spans of loc worked out once, when they are first needed.
func remember(loc *time.Location) {
	calendars.LoadOrStore(loc, sync.OnceValue(func() []span { return spansOf(loc, spanFrom, spanUntil) }))
}

// known returns the spans of a zone that came from [Location].
func known(loc *time.Location) ([]span, bool) {
	spans, ok := calendars.Load(loc)
	if !ok {
		return nil, false
	}
	return spans.(func() []span)(), true
}

// spansOf returns the spans of loc that have a part in [from, to], in unix
// seconds. Neighbours differ in offset.
func spansOf(loc *time.Location, from, to int64) []span {
	t := time.Unix(from, 0).In(loc)
	_, offset := t.Zone()
	spans := []span{{start: math.MinInt64, offset: int64(offset)}}
	for {
		_, end := t.ZoneBounds()
		if end.IsZero() {
			return spans
		}
		if !end.After(t) {
			// A zone that follows a yearly rule is given years of 365 days, so
			// that on the last day of a leap year the end has already been.
			end = end.Add(24 * time.Hour)
		}
		if end.Unix() > to {
			return spans
		}
		t = end
		_, offset := t.Zone()
		if last := spans[len(spans)-1]; last.offset != int64(offset) {
			spans = append(spans, span{start: t.Unix(), offset: int64(offset)})
		}
	}
}
