package rituals

import (
	"fmt"
	"time"
)

// A Day is a calendar date, "2006-01-02", in the zone of whoever a ritual's
// clock follows. Days compare as strings do.
type Day string

// DayOf returns the date of a wall-clock time.
func DayOf(w Wall) Day { return Day(time.Time(w).Format(time.DateOnly)) }

// ParseDay returns the day that s names.
func ParseDay(s string) (Day, error) {
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		return "", fmt.Errorf("day %q is not a date such as 2026-11-23", s)
	}
	return Day(s), nil
}

// Add returns the day n days after d.
func (d Day) Add(n int) Day { return Day(d.date().AddDate(0, 0, n).Format(time.DateOnly)) }

// At returns that time of day on d.
func (d Day) At(hour, minute int) Wall {
	return Wall(d.date().Add(time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute))
}

// Weekday returns d's day of the week.
func (d Day) Weekday() time.Weekday { return d.date().Weekday() }

func (d Day) date() time.Time {
	t, _ := time.Parse(time.DateOnly, string(d)) // a Day is always valid
	return t
}
