package rituals

import "time"

// dayEnd is when an evening is over: what is said before it belongs to the day
// before.
const dayEnd = 4 * time.Hour

// EveningDay returns the day that an evening begun at w belongs to: before 04:00
// that is the day before.
func EveningDay(w Wall) Day { return DayOf(w.Add(-dayEnd)) }

// WindowEnd returns when the window of something that opens at open ends: window
// later on the clock, and at most at the next 04:00.
func WindowEnd(open Wall, window time.Duration) Wall {
	latest := EveningDay(open).Add(1).At(0, 0).Add(dayEnd)
	if end := open.Add(window); end.Time().Before(latest.Time()) {
		return end
	}
	return latest
}

// Quiet reports whether w lies between 22:30 and 07:30, when what its reader did
// not just cause is sent without a sound.
func Quiet(w Wall) bool {
	hour, minute, _ := w.Time().Clock()
	at := hour*60 + minute
	return at >= 22*60+30 || at < 7*60+30
}
