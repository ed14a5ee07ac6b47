package rehearsal

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/diff"
	"pgregory.net/rapid"
)

// fewer checks than rapid makes of itself: each of them is weeks of several couples.
func fewer(t *testing.T, n int) {
	t.Helper()
	for name, value := range map[string]string{"rapid.checks": strconv.Itoa(n), "rapid.shrinktime": "0s", "rapid.nofailfile": "true"} {
		env := strings.ToUpper(strings.ReplaceAll(name, ".", "_"))
		if f := flag.Lookup(name); f.Value.String() == f.DefValue && os.Getenv(env) == "" {
			if err := f.Value.Set(value); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// heads are the couples whose weeks are made up, and when those of twins begin.
var heads = []struct{ name, couple, begins string }{
	{"one zone", "couple  Alex (telegram, Europe/Berlin, en) and Sam (telegram, Europe/Berlin, en)\n", "2026-11-23 21:00 Europe/Berlin"},
	{"nine hours", "couple  Alex (telegram, Europe/Berlin, de) and Sam (discord, America/Los_Angeles, en)\n", "2026-10-20 17:00 Europe/Berlin"},
	{"eight ahead", "couple  Alex (discord, Europe/London, en) and Sam (telegram, Asia/Tokyo, de)\n", "2027-03-10 07:55 Europe/London"},
	{"two hours", "couple  Alex (telegram, Europe/Berlin, en) and Sam (telegram, Europe/Lisbon, en)\n", "2027-03-20 12:00 Europe/Berlin"},
	{"a channel", "couple  Alex (discord, Europe/Berlin, en) and Sam (discord, Europe/Berlin, de)\ngroup   (discord, channel, everyone)", "2026-11-23 21:00 Europe/Berlin"},
}

// seasons are when the weeks of a house begin: clocks change in two of them.
var seasons = map[string][]time.Time{
	"winter": {time.Date(2026, 10, 21, 14, 0, 0, 0, time.UTC), time.Date(2026, 12, 20, 19, 0, 0, 0, time.UTC)},
	"spring": {time.Date(2027, 3, 12, 6, 0, 0, 0, time.UTC), time.Date(2027, 3, 22, 9, 0, 0, 0, time.UTC)},
}

// couples is how many share a house, and weeks how many they live there at most.
const couples, weeks = 8, 3

// settles is how a couple comes to keep its rituals in the group.
var settles = []string{"        Alex  tells the group /here", "        Alex  taps   In this channel", "        Sam   taps   Good in the group"}

// A tally is what all weeks of a run came to.
type tally struct {
	mu                                    sync.Mutex
	nights, couples, acts, messages, kept int
	twins, twinNights, alone              int
	happened                              map[string]int
}

var figures tally

// add counts a house that has come to its end.
func (f *tally) add(h *house) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.happened == nil {
		f.happened = map[string]int{}
	}
	for _, w := range h.worlds {
		f.couples++
		f.nights += w.nights
		f.acts += w.acts
		f.messages += w.witness.messages
		f.kept += w.witness.kept
	}
	for what, n := range h.happened {
		f.happened[what] += n
	}
}

// report returns what there was, and how fast.
func (f *tally) report(took time.Duration) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	var what []string
	for _, k := range slices.Sorted(maps.Keys(f.happened)) {
		what = append(what, fmt.Sprintf("%d %s", f.happened[k], k))
	}
	return fmt.Sprintf("%d couples, %d nights (%d a second, each %.1f acts), %d acts, %d messages, %d kept; %s", f.couples, f.nights,
		int(float64(f.nights)/took.Seconds()), float64(f.acts)/float64(max(1, f.nights)), f.acts, f.messages, f.kept, strings.Join(what, ", "))
}

// A story is what came of weeks that were made up and played.
type story struct {
	text    string
	problem error
}

// GoString keeps rapid from showing the story among what it drew.
func (m story) GoString() string { return "weeks" }

// TestSimulation makes up weeks of couples who share a host and a database, do whatever
// people can do, and are struck by what can go wrong with programs, disks and
// platforms. It holds at every step what always has to hold. What fails is shown as the
// play of the couple concerned.
func TestSimulation(t *testing.T) {
	fewer(t, 4)
	began, often := time.Now(), debug.SetGCPercent(2400) // there is little to keep, and much to throw away
	t.Cleanup(func() {
		debug.SetGCPercent(often)
		t.Log(figures.report(time.Since(began)))
	})
	for season, begins := range seasons {
		t.Run(season, func(t *testing.T) {
			t.Parallel()
			dir := memoryDir(t)
			made := rapid.Custom(func(rt *rapid.T) story {
				h, w, err := simulate(t, rt, dir, begins[draw(rt, len(begins))])
				defer h.end()
				if err != nil && w != nil {
					return smaller(t, dir, w, err)
				}
				figures.add(h)
				return story{"", err}
			})
			rapid.Check(t, func(rt *rapid.T) {
				if m := made.Draw(rt, "weeks"); m.problem != nil {
					rt.Fatalf("%v\nin this play:\n%s", m.problem, m.text)
				}
			})
		})
	}
}

// memoryDir returns a folder for databases that are as real as any, but need no disk
// where the system has a folder in memory.
func memoryDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "attune-")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// simulate lets couples live in a house from an instant on. With an error comes the world
// that it is about.
func simulate(t *testing.T, rt *rapid.T, dir string, begins time.Time) (*house, *world, error) {
	h := newHouse(t, dir)
	for n := range couples {
		head := heads[(n+draw(rt, len(heads)))%len(heads)].couple
		_, zone, _ := strings.Cut(head, ", ")
		zone, _, _ = strings.Cut(zone, ",")
		loc, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		begins = begins.Add(time.Duration(1+draw(rt, 20)) * time.Minute)
		w, err := h.add(t.Context(), head+"\nat      "+begins.In(loc).Format("2006-01-02 15:04 ")+zone)
		if err != nil {
			return h, w, err
		}
		w.wakes, w.ends = begins, begins.AddDate(0, 0, 7*(1+draw(rt, weeks)))
	}
	w, err := h.live(t.Context(), rt)
	return h, w, err
}

// TestSameSeed lets the same weeks be made up twice: all plays are the same to the last
// word.
func TestSameSeed(t *testing.T) {
	dir := memoryDir(t)
	weeks := rapid.Custom(func(rt *rapid.T) string {
		h, w, err := simulate(t, rt, dir, seasons["winter"][0])
		defer h.end()
		if err != nil {
			t.Fatalf("%v in\n%s", err, w.text())
		}
		var all strings.Builder
		for _, w := range h.worlds {
			all.WriteString(w.text())
		}
		return all.String()
	})
	one, two := weeks.Example(7), weeks.Example(7)
	if one != two {
		t.Errorf("the weeks of one seed go otherwise the second time:\n%s", diff.Diff("first", []byte(one), "second", []byte(two)))
	}
	if n := strings.Count(one, "\n"); n < 1000 {
		t.Errorf("the weeks of seed 7 have %d lines, want some thousand", n)
	}
}
