package rehearsal

import (
	"context"
	"flag"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"attune/rituals"
)

// fewer checks than rapid makes of itself: each of them is a month.
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

// days is how long a month is here.
const days = 30

// heads are the couples whose months are made up, and when those begin.
var heads = []struct{ name, couple, begins string }{
	{"one zone", "couple  Alex (telegram, Europe/Berlin, en) and Sam (telegram, Europe/Berlin, en)\n", "2026-11-23 21:00 Europe/Berlin"},
	{"nine hours", "couple  Alex (telegram, Europe/Berlin, de) and Sam (discord, America/Los_Angeles, en)\n", "2026-10-20 17:00 Europe/Berlin"},
	{"eight ahead", "couple  Alex (discord, Europe/London, en) and Sam (telegram, Asia/Tokyo, de)\n", "2027-03-10 07:55 Europe/London"},
	{"two hours", "couple  Alex (telegram, Europe/Berlin, en) and Sam (telegram, Europe/Lisbon, en)\n", "2027-03-20 12:00 Europe/Berlin"},
	{"a channel", "couple  Alex (discord, Europe/Berlin, en) and Sam (discord, Europe/Berlin, de)\ngroup   (discord, channel, everyone)", "2026-11-23 21:00 Europe/Berlin"},
}

// settles is how a couple comes to keep its rituals in the group.
var settles = []string{"        Alex  tells the group /here", "        Alex  taps   In this channel", "        Sam   taps   Good in the group"}

// figures are what all months of a run came to.
var figures struct{ months, acts, messages, kept, twins, twinNights, alone atomic.Int64 }

// A month is one that was made up and played.
type month struct {
	text    string
	problem error
}

// GoString keeps rapid from showing the month among what it drew.
func (m month) GoString() string { return "a month" }

// TestMonths makes up months of couples who do whatever people can do, and holds at
// every step what always has to hold. What fails is shown as a play.
func TestMonths(t *testing.T) {
	fewer(t, 4)
	began := time.Now()
	t.Cleanup(func() {
		f := &figures
		t.Logf("%d months, %d acts, %d messages, %d kept, %s", f.months.Load(), f.acts.Load(), f.messages.Load(), f.kept.Load(), time.Since(began))
	})
	for _, h := range heads {
		t.Run(h.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			made := rapid.Custom(func(rt *rapid.T) month {
				w := newWorld(t, dir, h.couple+"\nat      "+h.begins)
				defer w.end()
				err := live(t.Context(), rt, w)
				if err != nil {
					return smaller(t, dir, w, err)
				}
				figures.months.Add(1)
				figures.acts.Add(int64(w.acts))
				figures.messages.Add(int64(w.witness.messages))
				figures.kept.Add(int64(w.witness.kept))
				return month{w.text(), err}
			})
			rapid.Check(t, func(rt *rapid.T) {
				if m := made.Draw(rt, "month"); m.problem != nil {
					rt.Fatalf("%v\nin this play:\n%s", m.problem, m.text)
				}
			})
		})
	}
}

// live lets a world go on for a month, and then end.
func live(ctx context.Context, t *rapid.T, w *world) error {
	if w.play.company != nil && draw(t, 10) > 0 {
		for _, row := range settles {
			if err := w.do(ctx, row); err != nil {
				return err
			}
		}
	}
	ends := w.now.AddDate(0, 0, days)
	for w.now.Before(ends) {
		if err := w.scene(ctx, t); err != nil {
			return err
		}
		if err := w.leaks(ctx); err != nil {
			return err
		}
		if err := w.witness.err(); err != nil {
			return err
		}
	}
	return w.close(ctx)
}

func draw(t *rapid.T, below int) int { return rapid.IntRange(0, below-1).Draw(t, "") }

// scene lets time go on and people act.
func (w *world) scene(ctx context.Context, t *rapid.T) error {
	to, err := w.next(ctx, t)
	if err != nil {
		return err
	}
	if err := w.at(ctx, to); err != nil {
		return err
	}
	if what := draw(t, 100); what > 97 || (w.down && what > 40) {
		verb := "restart"
		switch {
		case w.down:
			verb = "up"
		case what == 99:
			verb = "down"
		}
		// Ids come from the clock, and another host knows none of the last instant's.
		if err := w.do(ctx, verb, "later   1s"); err != nil {
			return err
		}
	}
	who := draw(t, 4)
	for range draw(t, 8) {
		if draw(t, 8) == 0 {
			who = draw(t, 4)
		}
		rows, err := w.doing(ctx, t, who)
		if err != nil {
			return err
		}
		if rows == nil {
			continue
		}
		if err := w.do(ctx, rows...); err != nil {
			return err
		}
	}
	return nil
}

// next returns when the next scene is: mostly soon after something was said.
func (w *world) next(ctx context.Context, t *rapid.T) (time.Time, error) {
	kind, some := draw(t, 20), draw(t, 60)
	switch {
	case kind < 10:
		if w.down {
			return w.now.Add(time.Duration(some+1) * 8 * time.Minute), nil
		}
		due, err := w.alarms(ctx)
		if err != nil {
			return w.now, err
		}
		dull := []rituals.AlarmKind{rituals.AlarmClose, rituals.AlarmFree, rituals.AlarmSettle, rituals.AlarmLetGo}
		if kind > 7 {
			dull, some = nil, 0
		}
		for _, a := range due {
			if !slices.Contains(dull, a.Kind) && a.At.After(w.now) {
				return a.At.Add(time.Duration(some/4) * time.Minute), nil
			}
		}
		return w.now.Add(time.Hour), nil
	case kind < 12:
		return w.now.Add(time.Duration(some+1) * time.Second), nil
	case kind < 15:
		return w.now.Add(time.Duration(some+1) * time.Minute), nil
	case kind < 17:
		return w.now.Add(time.Duration(some+1) * 6 * time.Minute), nil
	case kind < 19:
		return w.now.Add(time.Duration(some+60) * 10 * time.Minute), nil
	}
	return w.now.Add(time.Duration(some+20) * time.Hour), nil
}

// close ends it all: first a rest after which only the schedule is due, then for good,
// after which nothing is.
func (w *world) close(ctx context.Context) error {
	if w.down {
		if err := w.do(ctx, "up"); err != nil {
			return err
		}
	}
	for _, s := range w.seats[:2] {
		if s.blocked {
			if err := w.do(ctx, "        "+s.name+" unblocks the bot"); err != nil {
				return err
			}
		}
	}
	if !w.witness.couple.Ended.IsZero() {
		return nil
	}
	a := w.seats[0]
	if err := w.do(ctx, "        "+a.name+"  says   /pause"); err != nil {
		return err
	}
	if err := w.tapAction(ctx, a, "rest:until:"); err != nil {
		return err
	}
	if err := w.at(ctx, w.now.Add(50*time.Hour)); err != nil {
		return err
	}
	due, err := w.alarms(ctx)
	if err != nil {
		return err
	}
	for _, d := range due {
		passing := []rituals.AlarmKind{rituals.AlarmLater, rituals.AlarmNudge, rituals.AlarmSettle, rituals.AlarmClose, rituals.AlarmTimer,
			rituals.AlarmFree, rituals.AlarmResume, rituals.AlarmOffer, rituals.AlarmWeekly, rituals.AlarmLetGo}
		if k := w.witness.checkIns[d.CheckIn]; slices.Contains(passing, d.Kind) && (k == nil || !k.Ritual.Pairing) {
			return fmt.Errorf("after two days of rest %s is due", d.Name)
		}
	}
	if err := w.do(ctx, "        "+a.name+"  says   /leave"); err != nil {
		return err
	}
	if err := w.tapAction(ctx, a, "leave:keep:"); err != nil {
		return err
	}
	if due, err = w.alarms(ctx); err != nil || len(due) > 0 {
		return fmt.Errorf("after the end there is due %v (%v)", due, err)
	}
	if waits, err := w.waiting(ctx); err != nil || waits != string(nothing) {
		return fmt.Errorf("after the end %s (%v)", waits, err)
	}
	for _, k := range w.witness.checkIns {
		if k.State == rituals.Open {
			return fmt.Errorf("after the end %s on %s is open", k.Ritual.ID, k.Day)
		}
	}
	return w.witness.err()
}

// tapAction taps the button that does something, on the newest message that has it.
func (w *world) tapAction(ctx context.Context, s *seat, action string) error {
	if label := w.label(s, action); label != "" {
		return w.do(ctx, "        "+s.name+"  taps   "+label)
	}
	return fmt.Errorf("%s has no button that does %s", s.name, action)
}
