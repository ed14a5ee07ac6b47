package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"attune/rituals"
)

// A fault is something that goes wrong in an evening.
type fault struct {
	says   string
	on     rituals.Platform // where Alex sits, and where it goes wrong
	both   bool             // Sam sits there as well; else on the other platform
	small  bool             // the database is on a small disk
	image  bool             // or on one in a file, which can fail
	breaks func(*evening)   // lets it go wrong, and returns when it is over
	log    []string         // what the log says, in order: the level, and how the line begins
	twice  int              // how many messages may be read twice
}

// mostLines is how many warnings and errors an evening's log may have.
const mostLines = 4

// A faultCampaign is what all evenings with a fault on one platform come to.
type faultCampaign struct {
	rows, failed, read, twice, lost, lines int
	late                                   time.Duration
}

// TestFault lets everything go wrong that can, at the worst moments of an evening, and
// checks what the two read, what the log says, and that nothing is lost.
func TestFault(t *testing.T) {
	type seats struct {
		on   rituals.Platform
		both bool
	}
	undisturbed := map[seats]dusk{}
	for _, on := range []rituals.Platform{rituals.Telegram, rituals.Discord} {
		for _, both := range []bool{false, true} {
			undisturbed[seats{on, both}] = spend(t, fault{on: on, both: both}, moment{act: never})
		}
	}
	sums := map[rituals.Platform]*faultCampaign{rituals.Telegram: {}, rituals.Discord: {}}
	try := func(f fault, at moment) {
		t.Run(fmt.Sprintf("%s, %s, %s", f.on, f.says, at.says), func(t *testing.T) {
			sums[f.on].hold(t, f, undisturbed[seats{f.on, f.both}], spend(t, f, at))
		})
	}
	for _, f := range slices.Concat(lineFaults(), limitFaults, outageFaults, gatewayFaults, pollFaults, diskFaults) {
		for _, at := range moments {
			try(f, at)
		}
	}
	for _, f := range startFaults {
		try(f, moment{"from the start", start})
	}
	for _, on := range []rituals.Platform{rituals.Telegram, rituals.Discord} {
		s := sums[on]
		t.Logf("%-8s %3d evenings, %4d calls and connections failed, %4d messages read, %d of them twice, %d answers lost, %d warnings and errors in a log at most, on again within %v",
			on, s.rows, s.failed, s.read, s.twice, s.lost, s.lines, s.late)
	}
}

// hold holds an evening with a fault against one without.
func (s *faultCampaign) hold(t *testing.T, f fault, want, got dusk) {
	t.Helper()
	lost := 0
	for text, n := range want.kept {
		if got.kept[text] != n {
			t.Errorf("%q is stored %d times, want %d", text, got.kept[text], n)
			lost++
		}
	}
	if got.waits != 0 || got.streak != want.streak {
		t.Errorf("%d messages wait and the streak is %d, want none and %d", got.waits, got.streak, want.streak)
	}
	twice := 0
	for _, who := range []struct {
		name      string
		want, got []string
	}{{"Alex", want.alex, got.alex}, {"Sam", want.sam, got.sam}} {
		n, ok := again(who.want, who.got)
		if twice += n; !ok {
			t.Errorf("%s reads\n%s\nwant, each once and in this order,\n%s", who.name, strings.Join(who.got, "\n--\n"), strings.Join(who.want, "\n--\n"))
		}
	}
	if twice > f.twice {
		t.Errorf("%d messages are read twice, want at most %d", twice, f.twice)
	}
	told := leveled(got.log, "WARN", "ERROR")
	if len(told) > mostLines {
		t.Errorf("the log has %d warnings and errors, want at most %d", len(told), mostLines)
	}
	if missing := without(leveled(got.log, "INFO", "WARN", "ERROR"), f.log); missing != "" {
		t.Errorf("the log does not say %q in its place", missing)
	}
	for _, secret := range []string{"secret", heart, glad, "Alex", "Sam"} {
		if strings.Contains(got.log, secret) {
			t.Errorf("the log shows %q", secret)
		}
	}
	if t.Failed() {
		t.Log(got.log)
	}
	s.rows, s.failed, s.read = s.rows+1, s.failed+got.failed, s.read+len(got.alex)+len(got.sam)
	s.twice, s.lost, s.lines = s.twice+twice, s.lost+lost, max(s.lines, len(told))
	s.late = max(s.late, got.late)
}

// again returns how many of the messages that somebody has read came twice, one right
// after the other, and whether all that was to be read was, in order, and nothing else.
func again(want, got []string) (twice int, ok bool) {
	for i, text := range got {
		switch {
		case len(want) > 0 && text == want[0]:
			want = want[1:]
		case i > 0 && text == got[i-1]:
			twice++
		default:
			return twice, false
		}
	}
	return twice, len(want) == 0
}

// without returns the first of what is wanted that the lines do not have in this order,
// or nothing.
func without(lines, want []string) string {
	for _, l := range lines {
		if len(want) > 0 && strings.HasPrefix(l, want[0]) {
			want = want[1:]
		}
	}
	if len(want) > 0 {
		return want[0]
	}
	return ""
}
