package rehearsal

import (
	"flag"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"attune/rituals"
)

var everyHour = flag.Bool("every-hour", false, "let TestClocks look at five hours of the evening in place of two")

// TestClocks lets the clocks of ten places be changed by law while the machine's own
// stops, jumps and is set back, and holds that each evening is asked for once and at its
// hour, or late, or excused. When that has to be is worked out by looking at every
// minute of the zone, and not as the program does it. With -short there is one hour of the
// evening.
func TestClocks(t *testing.T) {
	var total clockTally
	t.Cleanup(func() {
		t.Logf("%d lives, %d evenings of somebody: %d asked at their hour, %d late, %d excused",
			total.lives.Load(), total.onTime.Load()+total.late.Load()+total.excused.Load(), total.onTime.Load(), total.late.Load(), total.excused.Load())
	})
	for _, change := range changes {
		t.Run(change.name, func(t *testing.T) {
			t.Parallel()
			dir := memoryDir(t)
			among := hours[:2]
			switch {
			case *everyHour:
				among = hours
			case testing.Short():
				among = hours[:1]
			}
			for _, h := range among {
				for _, trouble := range troubles {
					l := &clockLife{T: t, name: fmt.Sprintf("%02d:%02d, %s", h.hour, h.minute, trouble.name),
						zones: change.zones, day: change.day, hour: h.hour, minute: h.minute, total: &total}
					l.live(dir, trouble.life)
				}
			}
		})
	}
}

// A clockTally counts what all lives came to.
type clockTally struct{ lives, onTime, late, excused atomic.Int64 }

func (t *clockTally) count(p prompt) {
	if p.late {
		t.late.Add(1)
		return
	}
	t.onTime.Add(1)
}

// changes are days on which clocks are changed, and where.
var changes = []struct {
	name  string
	zones []string // of Alex and of Sam
	day   rituals.Day
}{
	{"Berlin goes back", []string{"Europe/Berlin"}, "2026-10-25"},
	{"Berlin goes forward", []string{"Europe/Berlin"}, "2027-03-28"},
	{"New York goes back", []string{"America/New_York"}, "2026-11-01"},
	{"Lord Howe goes half an hour forward", []string{"Australia/Lord_Howe"}, "2026-10-04"},
	{"Chatham goes forward", []string{"Pacific/Chatham"}, "2026-09-27"},
	{"Cairo has no midnight", []string{"Africa/Cairo"}, "2026-04-24"},
	{"Santiago has no midnight", []string{"America/Santiago"}, "2026-09-06"},
	{"Beirut has midnight twice", []string{"Asia/Beirut"}, "2026-10-25"},
	{"Nuuk loses the hour before midnight", []string{"America/Nuuk"}, "2027-03-27"},
	{"Apia leaves a day out", []string{"Pacific/Apia"}, "2011-12-30"},
	{"Berlin goes back and Auckland does not", []string{"Europe/Berlin", "Pacific/Auckland"}, "2026-10-25"},
	{"New York goes forward before Berlin", []string{"America/New_York", "Europe/Berlin"}, "2027-03-14"},
	{"Berlin goes forward after New York", []string{"Europe/Berlin", "America/New_York"}, "2027-03-28"},
}

// hours are when the evening is, on the clocks of those who keep it.
var hours = []struct{ hour, minute int }{{21, 30}, {2, 30}, {0, 0}, {23, 45}, {12, 0}}

// A stretch is a time in which the program runs, as the machine's clock shows it. What
// lies between two is how they follow.
type stretch struct {
	from, to time.Time
	stands   bool // before it the machine stood still or its clock was set; else the program was stopped
}

// troubles are what befalls the machine, around the hour and the end of one evening.
var troubles = []struct {
	name string
	life func(begins, hour, ends, end time.Time) []stretch
}{
	{"nothing", func(begins, _, _, end time.Time) []stretch { return []stretch{{from: begins, to: end}} }},
	{"down over the hour", gap(false, -time.Hour, time.Hour, false)},
	{"down over the window", gap(false, -time.Hour, time.Hour, true)},
	{"down over a week", gap(false, -time.Hour, 7*24*time.Hour+time.Hour, false)},
	{"suspended over the hour", gap(true, -time.Hour, time.Hour, false)},
	{"suspended over the window", gap(true, -time.Hour, time.Hour, true)},
	{"suspended over a week", gap(true, -time.Hour, 7*24*time.Hour+time.Hour, false)},
	{"set an hour forward before the hour", gap(true, -30*time.Minute, 30*time.Minute, false)},
	{"set a day forward before the hour", gap(true, -30*time.Minute, 24*time.Hour-30*time.Minute, false)},
	{"set a day forward after the hour", gap(true, 30*time.Minute, 24*time.Hour+30*time.Minute, false)},
	{"set an hour back before the hour", gap(true, -30*time.Minute, -90*time.Minute, false)},
	{"set an hour back after the hour", gap(true, 30*time.Minute, -30*time.Minute, false)},
	{"set a day back after the hour", gap(true, 30*time.Minute, 30*time.Minute-24*time.Hour, false)},
	{"stopped with the clock a day ahead, and started with it right", gap(false, time.Hour, time.Hour-24*time.Hour, false)},
	{"started anew every seven hours", func(begins, _, _, end time.Time) (all []stretch) {
		for at := begins; at.Before(end); at = at.Add(7 * time.Hour) {
			all = append(all, stretch{from: at, to: at.Add(7 * time.Hour)})
		}
		return all
	}},
}

// gap returns a life in which the program does not run from one time to another, both
// by the evening's hour, or the second by the end of its window.
func gap(stands bool, from, to time.Duration, window bool) func(begins, hour, ends, end time.Time) []stretch {
	return func(begins, hour, ends, end time.Time) []stretch {
		again := hour.Add(to)
		if window {
			again = ends.Add(to)
		}
		return []stretch{{from: begins, to: hour.Add(from)}, {from: again, to: end.Add(max(to, 0)), stands: stands}}
	}
}
