package rituals

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// An era is a zone's clock over some years as it is found by looking at it every six
// hours: the reference that schedules are held to. It knows nothing of spans.
type era struct {
	loc     *time.Location
	changes []change
	from    time.Time
	to      time.Time
}

type change struct {
	at            int64 // unix seconds
	before, after int64 // offsets
}

func observe(loc *time.Location, from, to time.Time) era {
	offset := func(u int64) int64 {
		_, o := time.Unix(u, 0).In(loc).Zone()
		return int64(o)
	}
	e := era{loc: loc, from: from, to: to}
	// A week on either side, so that readings near the ends have their changes.
	const week, step = 7 * 86400, 6 * 3600
	last := offset(from.Unix() - week)
	for u := from.Unix() - week; u < to.Unix()+week; u += step {
		if now := offset(u + step); now != last {
			lo, hi := u, u+step
			for hi-lo > 1 {
				if mid := (lo + hi) / 2; offset(mid) == last {
					lo = mid
				} else {
					hi = mid
				}
			}
			e.changes = append(e.changes, change{hi, last, now})
			last = now
		}
	}
	return e
}

// key is equal for zones whose clocks always read the same.
func (e *era) key() string {
	_, first := e.from.In(e.loc).Zone()
	return fmt.Sprint(first, e.changes)
}

// first returns the first instant at which the clock reads u or, in a gap, the
// end of the gap; false if the date does not exist.
func (e *era) first(u int64) (int64, bool) {
	_, o := time.Unix(e.from.Unix()-7*86400, 0).In(e.loc).Zone()
	offset, start := int64(o), int64(-1<<62)
	for _, c := range e.changes {
		if at := u - offset; at >= start && at < c.at {
			return at, true
		}
		if u >= c.at+c.before && u < c.at+c.after {
			midnight := u - u%86400
			whole := midnight >= c.at+c.before && midnight+86400 <= c.at+c.after
			return c.at, !whole
		}
		offset, start = c.after, c.at
	}
	return u - offset, true
}

type firing struct {
	at  int64
	day Day
}

// firings returns one firing for each matching date that exists.
func (e *era) firings(from, to Day, hour, minute int, match func(time.Time) bool) []firing {
	var all []firing
	for d := from; d < to; d = d.Add(1) {
		if !match(d.date()) {
			continue
		}
		if at, ok := e.first(d.At(hour, minute).Time().Unix()); ok {
			all = append(all, firing{at, d})
		}
	}
	return all
}

// hold compares a schedule with the firings it should have from the first to the
// last of them, and asks between them as well.
func hold(t *testing.T, spec string, loc *time.Location, want []firing) {
	t.Helper()
	s, err := ParseSchedule(spec)
	if err != nil {
		t.Fatal(err)
	}
	if len(want) == 0 {
		return
	}
	at := time.Unix(want[0].at-1, 0)
	for i, w := range want {
		got, day, ok := s.After(at, loc)
		if !ok || got.Unix() != w.at || day != w.day {
			t.Fatalf("After(%v) of %q in %v = %v for %s, %v; want %v for %s",
				at.In(loc), spec, loc, got, day, ok, time.Unix(w.at, 0).In(loc), w.day)
		}
		if !got.After(at) {
			t.Fatalf("After(%v) of %q in %v = %v, which is not later", at.In(loc), spec, loc, got)
		}
		if when, ok := s.At(w.day, loc); !ok || !when.Equal(got) {
			t.Fatalf("At(%s) of %q in %v = %v, %v; want %v", w.day, spec, loc, when, ok, got)
		}
		if i+1 < len(want) {
			middle := time.Unix((w.at+want[i+1].at)/2, 0)
			if next, _, ok := s.After(middle, loc); !ok || next.Unix() != want[i+1].at {
				t.Fatalf("After(%v) of %q in %v = %v, %v; want %v",
					middle.In(loc), spec, loc, next, ok, time.Unix(want[i+1].at, 0).In(loc))
			}
		}
		at = got
	}
}

// embedded returns every zone of the list that time/tzdata embeds, by name.
func embedded(t *testing.T) map[string]*time.Location {
	t.Helper()
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	list, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(root)), "lib", "time", "zoneinfo.zip"))
	if err != nil {
		t.Fatal(err)
	}
	r, err := zip.NewReader(bytes.NewReader(list), int64(len(list)))
	if err != nil {
		t.Fatal(err)
	}
	zones := make(map[string]*time.Location)
	for _, f := range r.File {
		if strings.HasSuffix(f.Name, "/") {
			continue
		}
		data, err := fs.ReadFile(r, f.Name)
		if err != nil {
			t.Fatal(err)
		}
		loc, err := time.LoadLocationFromTZData(f.Name, data)
		if err != nil {
			t.Fatal(err)
		}
		zones[f.Name] = loc
	}
	return zones
}

func date(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

func everyDay(time.Time) bool { return true }

// In every zone there is, each matching date that exists has exactly one firing:
// at the first instant its clock reads so, or right after the gap.
func TestEveryZone(t *testing.T) {
	zones := embedded(t)
	if len(zones) < 500 {
		t.Fatalf("%d zones in the embedded list; want them all", len(zones))
	}
	groups := make(map[string]era)
	for _, loc := range zones {
		e := observe(loc, date(2011, 1, 1), date(2031, 1, 1))
		groups[e.key()] = e
	}
	t.Logf("%d zones, of which %d differ in 2011-2031", len(zones), len(groups))
	for _, e := range groups {
		holdChanges(t, &e, 2011, 2024)
		holdYears(t, &e, "2028-12-25", "2029-01-05")
		remember(e.loc) // from here on, from the remembered spans
		holdChanges(t, &e, 2011, 2024, 2025, 2026, 2027, 2028, 2029, 2030)
		holdYears(t, &e, "2011-12-20", "2012-01-10")
		holdYears(t, &e, "2024-01-01", "2031-01-01")
		calendars.Delete(e.loc)
	}
}

// holdYears holds schedules of each kind to all their firings in [from, to).
func holdYears(t *testing.T, e *era, from, to Day) {
	t.Helper()
	hold(t, "30 21 * * *", e.loc, e.firings(from, to, 21, 30, everyDay))
	hold(t, "@daily", e.loc, e.firings(from, to, 0, 0, everyDay))
	hold(t, "30 2 * * sun", e.loc, e.firings(from, to, 2, 30,
		func(d time.Time) bool { return d.Weekday() == time.Sunday }))
	hold(t, "15 0 30 * *", e.loc, e.firings(from, to, 0, 15,
		func(d time.Time) bool { return d.Day() == 30 }))
	hold(t, "45 23 29 2 *", e.loc, e.firings(from, to, 23, 45,
		func(d time.Time) bool { return d.Month() == time.February && d.Day() == 29 }))
}

// holdChanges holds schedules at times of day around each change of the clock in
// some years to their firings in the days around it.
func holdChanges(t *testing.T, e *era, years ...int) {
	t.Helper()
	for _, c := range e.changes {
		if !slices.Contains(years, time.Unix(c.at, 0).UTC().Year()) {
			continue
		}
		edges := []int64{c.at + c.before, c.at + c.after, c.at + (c.before+c.after)/2}
		for _, edge := range edges {
			for _, near := range []int64{-3600, -60, 0, 60, 3600} {
				w := Wall(time.Unix(edge+near, 0).UTC())
				hour, minute, _ := w.Time().Clock()
				day := DayOf(w)
				at := fmt.Sprintf("%d %d", minute, hour)
				hold(t, at+" * * *", e.loc, e.firings(day.Add(-4), day.Add(5), hour, minute, everyDay))
				hold(t, fmt.Sprintf("%s * * %d", at, day.Weekday()), e.loc, e.firings(day.Add(-8), day.Add(8), hour, minute,
					func(d time.Time) bool { return d.Weekday() == day.Weekday() }))
				hold(t, fmt.Sprintf("%s %d * *", at, w.Time().Day()), e.loc, e.firings(day.Add(-32), day.Add(32), hour, minute,
					func(d time.Time) bool { return d.Day() == w.Time().Day() }))
				hold(t, fmt.Sprintf("%s %d %d *", at, w.Time().Day(), w.Time().Month()), e.loc, e.firings(day, day.Add(1), hour, minute, everyDay))
			}
		}
	}
}
