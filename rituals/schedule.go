package rituals

import (
	"fmt"
	"math/bits"
	"strings"
	"sync"
	"time"

	"github.com/robfig/cron/v3"
)

// A Schedule says on which days and at what time of day something happens, on
// somebody's wall clock. It happens at most once a day. It never changes and is
// safe for concurrent use.
type Schedule struct {
	spec cron.SpecSchedule // in UTC: it only ever sees wall-clock readings
}

// ParseSchedule returns the schedule that spec names: five cron fields (minute,
// hour, day of month, month, day of week), or @daily, @weekly or @monthly. What
// it refuses, it refuses with what to write instead.
func ParseSchedule(spec string) (*Schedule, error) {
	if s, ok := schedules.Load(spec); ok {
		return s.(*Schedule), nil
	}
	s, err := parseSchedule(spec)
	if err != nil {
		return nil, fmt.Errorf("schedule %q: %w", spec, err)
	}
	schedules.Store(spec, s)
	return s, nil
}

// schedules holds what was parsed, by spec. A time of day has 1,440 values, so
// that there are never many.
var schedules sync.Map

// Next returns the first reading after w at which it happens. It reports false
// if there is none within ten years.
func (s *Schedule) Next(w Wall) (Wall, bool) {
	// The parser's own search gives up after five years, but 29 February does
	// not come between 2096 and 2104.
	for _, years := range []int{0, 5} {
		if t := s.spec.Next(w.Time().AddDate(years, 0, 0)); !t.IsZero() {
			return Wall(t), true
		}
	}
	return Wall{}, false
}

// After returns the first instant after t at which it happens in loc, and the
// day it happens for. That is the date on the schedule, also where the clock was
// set forward over midnight and the instant belongs to the next.
func (s *Schedule) After(t time.Time, loc *time.Location) (at time.Time, day Day, ok bool) {
	// A later reading never stands for an earlier instant, so nothing at or
	// before t's own reading can be after t. What follows it may be: in an hour
	// that comes twice the readings ahead stand for the first time, which has
	// been. Two days hold the longest such stretch and a date that never comes.
	w := WallAt(t, loc)
	for range 8 {
		if w, ok = s.Next(w); !ok {
			return time.Time{}, "", false
		}
		if at, ok = w.In(loc); ok && at.After(t) {
			return at, DayOf(w), true
		}
	}
	return time.Time{}, "", false
}

// At returns the instant at which it happens in loc for a day. It does not ask
// whether the schedule holds on that day. It reports false if the day does not
// exist in loc.
func (s *Schedule) At(day Day, loc *time.Location) (time.Time, bool) {
	return day.At(s.TimeOfDay()).In(loc)
}

// TimeOfDay returns the time at which it happens.
func (s *Schedule) TimeOfDay() (hour, minute int) {
	return bits.TrailingZeros64(s.spec.Hour), bits.TrailingZeros64(s.spec.Minute)
}

func parseSchedule(spec string) (*Schedule, error) {
	switch spec = strings.TrimSpace(spec); {
	case spec == "":
		return nil, fmt.Errorf("it is empty; %s", five)
	case strings.Contains(strings.ToUpper(spec), "TZ="):
		// These can make the parser panic.
		return nil, fmt.Errorf("it names a zone, but is read on the clock of whoever keeps it; leave out the zone: %s", five)
	case strings.HasPrefix(spec, "@"):
		fields, ok := descriptors[strings.ToLower(spec)]
		if !ok {
			return nil, fmt.Errorf("it is none of @daily, @weekly and @monthly; %s", five)
		}
		spec = fields
	}
	fields := strings.Fields(spec)
	if len(fields) != len(places) {
		return nil, fmt.Errorf("it has %d fields and needs five; %s", len(fields), five)
	}
	for i, p := range places {
		if err := p.check(fields[i]); err != nil {
			return nil, err
		}
	}
	parsed, err := cron.NewParser(cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow).Parse(spec)
	if err != nil {
		return nil, fmt.Errorf("%w; %s", err, five)
	}
	s := &Schedule{spec: *parsed.(*cron.SpecSchedule)}
	s.spec.Location = time.UTC
	if _, ok := s.Next(Day("2000-01-01").At(0, 0)); !ok {
		return nil, fmt.Errorf("no month of it has a day %s; write a day that comes, such as 28", fields[2])
	}
	return s, nil
}

const five = `write five fields, such as "30 21 * * *" for 21:30 every day`

var descriptors = map[string]string{
	"@daily":   "0 0 * * *",
	"@weekly":  "0 0 * * 0",
	"@monthly": "0 0 1 * *",
}

// A place is one of the five fields.
type place struct {
	name   string
	option cron.ParseOption
	single bool // takes one value only
	want   string
}

var places = []place{
	{"minute", cron.Minute, true, "one number from 0 to 59"},
	{"hour", cron.Hour, true, "one number from 0 to 23"},
	{"day of month", cron.Dom, false, "*, numbers from 1 to 31, or a range such as 1-7"},
	{"month", cron.Month, false, "*, numbers from 1 to 12, or names such as jan"},
	{"day of week", cron.Dow, false, "*, numbers from 0 for Sunday to 6 for Saturday, or names such as mon-fri"},
}

// check returns an error if the field is not what p takes.
func (p *place) check(field string) error {
	parsed, err := cron.NewParser(p.option).Parse(field)
	if err != nil || p.values(parsed) == 0 {
		return fmt.Errorf("%s %q is not understood; write %s", p.name, field, p.want)
	}
	if p.single && p.values(parsed) > 1 {
		return fmt.Errorf("%s %q would be more than once a day; write %s", p.name, field, p.want)
	}
	return nil
}

// values counts the values that a field parsed alone stands for.
func (p *place) values(parsed cron.Schedule) int {
	const star = 1 << 63 // the parser's mark of a *
	s := parsed.(*cron.SpecSchedule)
	set := map[cron.ParseOption]uint64{
		cron.Minute: s.Minute, cron.Hour: s.Hour, cron.Dom: s.Dom, cron.Month: s.Month, cron.Dow: s.Dow,
	}
	return bits.OnesCount64(set[p.option] &^ star)
}
