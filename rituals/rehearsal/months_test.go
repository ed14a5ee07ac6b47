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
	"attune/rituals/host"
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

// heads are the couples whose months are made up, up to when.
var heads = []struct{ name, couple, begins string }{
	{"one zone", "couple  Alex (telegram, Europe/Berlin, en) and Sam (telegram, Europe/Berlin, en)", "2026-11-23 21:00 Europe/Berlin"},
	{"nine hours", "couple  Alex (telegram, Europe/Berlin, de) and Sam (discord, America/Los_Angeles, en)", "2026-10-20 17:00 Europe/Berlin"},
	{"eight ahead", "couple  Alex (discord, Europe/London, en) and Sam (telegram, Asia/Tokyo, de)", "2027-03-10 07:55 Europe/London"},
	{"two hours", "couple  Alex (telegram, Europe/Berlin, en) and Sam (telegram, Europe/Lisbon, en)", "2027-03-20 12:00 Europe/Berlin"},
}

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
	fewer(t, 6)
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
				w := newWorld(t, dir, h.couple+"\n\nat      "+h.begins)
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

// doing returns what somebody does: Alex, Sam, one of them, or both at once.
func (w *world) doing(ctx context.Context, t *rapid.T, who int) ([]string, error) {
	a, b := w.seats[0], w.seats[1]
	if draw(t, 40) == 39 && !w.down && !a.blocked && !b.blocked {
		one, two := w.deed(t, a), w.deed(t, b)
		if one == "" || two == "" {
			return nil, nil
		}
		one, two = strings.TrimSuffix(one, " twice"), strings.TrimSuffix(two, " twice")
		return []string{"later   1s", "        together", "            " + one, "            " + two, "later   1s"}, nil
	}
	if draw(t, 60) == 59 && w.last.ID != "" {
		return []string{"        again"}, nil
	}
	s := a
	if who == 1 || (who > 1 && draw(t, 2) == 0) {
		s = b
	}
	if row := w.rarely(t, s); row != "" {
		return []string{"        " + row}, nil
	}
	if s.blocked {
		return nil, nil
	}
	if row := w.deed(t, s); row != "" {
		return []string{"        " + row}, nil
	}
	return nil, nil
}

// rarely returns what people do now and then, which never stands in a together block.
func (w *world) rarely(t *rapid.T, s *seat) string {
	switch n := draw(t, 100); {
	case s.blocked && n > 60:
		return s.name + " unblocks the bot"
	case n == 99 && !s.blocked:
		return s.name + " blocks the bot"
	case n == 98 && !s.blocked:
		return s.name + " blocks the bot quietly"
	case n == 97 && !w.down:
		return s.name + " moves to another chat"
	}
	return ""
}

// deed returns one thing that somebody does; nothing if there is nothing to do.
func (w *world) deed(t *rapid.T, s *seat) string {
	switch n := draw(t, 100); {
	case n < 65:
		return w.goesOn(t, s)
	case n < 77:
		return w.taps(t, s, draw(t, max(1, len(s.shown))))
	case n < 83:
		return s.name + "  says   " + w.word()
	case n < 87:
		if i := len(s.words); i > 0 {
			old := s.words[i-1-draw(t, min(i, 6))].text
			if before, _, ok := strings.Cut(old, " "); ok && before != "" && before[0] == 'W' {
				return fmt.Sprintf("%s  edits  %q to %s", s.name, before+" ", w.word())
			}
		}
	case n < 90:
		if i := len(s.shown); i > 0 {
			m := s.shown[i-1-draw(t, min(i, 12))]
			if first := begin(m.looks[len(m.looks)-1].String()); first != "" {
				return fmt.Sprintf("%s  replies %q %s", s.name, first, w.word())
			}
		}
	case n < 96:
		return s.name + "  says   /" + w.command(t)
	case n < 98:
		return s.name + "  sends  a " + []string{"picture", "voice message", "sticker"}[draw(t, 3)]
	default:
		return s.name + "  says   " + []string{"Did Sam answer?", "Has Alex read it?", "🙂", "Skip", "That's all", "21:15", "Berlin"}[draw(t, 7)]
	}
	return ""
}

// goesOn answers what was asked last, in words if it asks for them, or by a button,
// mostly the first.
func (w *world) goesOn(t *rapid.T, s *seat) string {
	for i := len(s.shown) - 1; i >= 0 && i > len(s.shown)-4; i-- {
		m := s.shown[i].looks[len(s.shown[i].looks)-1]
		if m.Input != nil && draw(t, 4) > 0 {
			return s.name + "  says   " + w.word()
		}
		if len(m.Choices) > 0 {
			return w.taps(t, s, i)
		}
	}
	return ""
}

// taps returns the tapping of a button under a message somebody was shown.
func (w *world) taps(t *rapid.T, s *seat, i int) string {
	if i >= len(s.shown) {
		return ""
	}
	on := s.shown[i]
	look := on.looks[len(on.looks)-1]
	var labels []string
	for _, row := range look.Choices {
		for _, c := range row {
			if c.Action != "" && !strings.HasPrefix(c.Action, "leave:") {
				labels = append(labels, c.Label)
			}
		}
	}
	if len(labels) == 0 {
		return ""
	}
	label := labels[0]
	if draw(t, 5) > 2 {
		label = labels[draw(t, len(labels))]
	}
	row := tapRow(s, i, label)
	if row != "" && draw(t, 30) == 29 {
		row += " twice"
	}
	return row
}

// tapRow returns the row of a play in which somebody taps a button of the i-th message
// they were shown.
func tapRow(s *seat, i int, label string) string {
	on := s.shown[i]
	l := &line{who: s.name, text: label}
	if _, found, err := button([]*seat{s}, l); err == nil && found == on {
		return fmt.Sprintf("%s  taps   %s", s.name, label)
	}
	for l.object = begin(on.looks[len(on.looks)-1].String()); ; l.earlier++ {
		_, found, err := button([]*seat{s}, l)
		if err != nil {
			return ""
		}
		if found == on {
			break
		}
	}
	row := fmt.Sprintf("%s  taps   %s on %q", s.name, label, l.object)
	if l.earlier > 0 {
		row += fmt.Sprintf(", %d earlier", l.earlier)
	}
	return row
}

// begin returns how a message begins, as much as it takes to tell it.
func begin(text string) string {
	first, _, _ := strings.Cut(text, "\n")
	if runes := []rune(first); len(runes) > 40 {
		first = strings.TrimSpace(string(runes[:40]))
	}
	return first
}

// word returns words that nobody has said before.
func (w *world) word() string {
	w.said++
	return "Word" + strconv.Itoa(w.said) + " and so on."
}

// command returns one that people can give: any but those that begin or end a couple.
func (w *world) command(t *rapid.T) string {
	var names []string
	for _, c := range host.Commands(w.opts.Library) {
		if !slices.Contains([]string{"start", "join", "link", "leave", "here"}, c.Name) {
			names = append(names, c.Name)
		}
	}
	return names[draw(t, len(names))]
}

func base36(n int64) string { return strconv.FormatInt(n, 36) }

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
		k := w.witness.checkIns[d.CheckIn]
		if d.Kind != rituals.AlarmOpen && d.Kind != rituals.AlarmOwn && (k == nil || !k.Ritual.Pairing) {
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
