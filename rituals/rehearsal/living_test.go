package rehearsal

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"pgregory.net/rapid"

	"attune/rituals"
)

// The phases of a world's life.
const (
	lives = iota
	rests // for two days, after which only the schedule is due
	parts // the couple has ended
	over
)

// live lets all in a house go on until each has come to an end. With an error comes the
// world that it is about.
func (h *house) live(ctx context.Context, t *rapid.T) (*world, error) {
	for {
		var w *world
		for _, o := range h.others(nil) {
			if w == nil || o.wakes.Before(w.wakes) {
				w = o
			}
		}
		if w == nil {
			return h.worlds[0], h.silent(ctx)
		}
		if err := w.goOn(ctx, t); err != nil {
			return w, err
		}
		w.leaks()
		if o, err := h.err(); err != nil {
			return cmp.Or(o, w), err
		}
		if err := h.compare(ctx); err != nil {
			return w, err
		}
	}
}

// silent says what is left in a house that all have left.
func (h *house) silent(ctx context.Context) error {
	due, _, err := h.store.Due(ctx, far, 100)
	if err != nil {
		return err
	}
	for _, a := range due {
		if a.Couple != 0 {
			return fmt.Errorf("after the end of all %s is due", a.Name)
		}
	}
	return nil
}

// goOn lets a world go on to when somebody does something next, or later if others have
// taken their time.
func (w *world) goOn(ctx context.Context, t *rapid.T) error {
	if w.wakes.Before(w.now) {
		w.wakes = w.now
	}
	if err := w.at(ctx, w.wakes); err != nil {
		return err
	}
	if w.phase == lives && w.wakes.Before(w.ends) {
		err := w.scene(ctx, t)
		w.wakes = w.next(t)
		return err
	}
	return w.close(ctx)
}

func draw(t *rapid.T, below int) int { return rapid.IntRange(0, below-1).Draw(t, "") }

// seldom is true once in 2 to the power of n times. Draws of numbers prefer small ones.
func seldom(t *rapid.T, n int) bool {
	for range n {
		if !rapid.Bool().Draw(t, "") {
			return false
		}
	}
	return true
}

// scene lets people act.
func (w *world) scene(ctx context.Context, t *rapid.T) error {
	if len(w.rows) == 1 && w.play.company != nil && draw(t, 10) > 0 && !w.down {
		if err := w.do(ctx, settles...); err != nil {
			return err
		}
	}
	if err := w.happens(ctx, t); err != nil {
		return err
	}
	who := draw(t, 4)
	for range draw(t, 8) {
		if draw(t, 8) == 0 {
			who = draw(t, 4)
		}
		if seldom(t, 8) && !w.armed() && !w.down {
			if err := w.do(ctx, w.goesWrong(t)); err != nil {
				return err
			}
		}
		for _, row := range w.doing(t, who) {
			if err := w.do(ctx, row); err != nil {
				return err
			}
		}
		if w.down && !seldom(t, 3) { // whoever watches over it starts it again at once
			if err := w.rises(ctx, t); err != nil {
				return err
			}
		}
	}
	return nil
}

// happens lets something happen to the program.
func (w *world) happens(ctx context.Context, t *rapid.T) error {
	switch {
	case w.down && seldom(t, 1):
		return w.rises(ctx, t)
	case w.down:
	case seldom(t, 8):
		// Ids come from the clock, and another host knows none of the last instant's.
		return w.do(ctx, "restart", "later   1s")
	case seldom(t, 8):
		return w.do(ctx, "down")
	case seldom(t, 8):
		return w.do(ctx, "jumps   "+(time.Duration(1+draw(t, 60))*5*time.Minute).String())
	}
	return nil
}

// rises starts the program again.
func (w *world) rises(ctx context.Context, t *rapid.T) error {
	row := "up"
	if t != nil && draw(t, 2) == 1 {
		row += "      " + string(w.platforms()[draw(t, len(w.platforms()))]) + " first"
	}
	return w.do(ctx, "later   1s", row)
}

// goesWrong returns what goes wrong with what comes next.
func (w *world) goesWrong(t *rapid.T) string {
	kinds := []string{
		"dies    " + beforeKept, "dies    " + onceKept, "dies    " + onceSaid,
		fmt.Sprintf("disk full %d times", 1+draw(t, 2)), fmt.Sprintf("overtaken %d times", 1+draw(t, 4)),
	}
	return kinds[draw(t, len(kinds))]
}

// next returns when the next scene is: mostly soon after something was said.
func (w *world) next(t *rapid.T) time.Time {
	kind, some := draw(t, 20), draw(t, 60)
	switch {
	case kind < 10:
		if w.down {
			return w.now.Add(time.Duration(some+1) * 8 * time.Minute)
		}
		dull := []rituals.AlarmKind{rituals.AlarmClose, rituals.AlarmFree, rituals.AlarmSettle, rituals.AlarmLetGo}
		if kind > 7 {
			dull, some = nil, 0
		}
		for _, a := range w.house.due(w.couple) {
			if !slices.Contains(dull, a.Kind) && a.At.After(w.now) {
				return a.At.Add(time.Duration(some/4) * time.Minute)
			}
		}
		return w.now.Add(time.Hour)
	case kind < 12:
		return w.now.Add(time.Duration(some+1) * time.Second)
	case kind < 15:
		return w.now.Add(time.Duration(some+1) * time.Minute)
	case kind < 17:
		return w.now.Add(time.Duration(some+1) * 6 * time.Minute)
	case kind < 19:
		return w.now.Add(time.Duration(some+60) * 10 * time.Minute)
	}
	return w.now.Add(time.Duration(some+20) * time.Hour)
}

// close ends it all: first a rest after which only the schedule is due, then for good,
// after which nothing is.
func (w *world) close(ctx context.Context) error {
	a := w.seats[0]
	for i := 0; i == 0 || w.down || w.armed(); i++ {
		if i > 20 {
			return fmt.Errorf("nothing of %s comes in any more", a.name)
		}
		if w.down {
			if err := w.rises(ctx, nil); err != nil {
				return err
			}
		}
		for _, row := range w.returns() {
			if err := w.do(ctx, row, "later   10m"); err != nil {
				return err
			}
		}
	}
	w.phase++
	switch w.phase {
	case rests:
		w.nights = int(w.now.Sub(w.play.starts).Hours() / 24)
		if !w.witness.couple.Ended.IsZero() {
			w.phase = over
			return nil
		}
		w.wakes = w.now.Add(50 * time.Hour)
		return w.says(ctx, a, "/pause", "rest:until:")
	case parts:
		if err := w.resting(); err != nil {
			return err
		}
		w.wakes = w.now.Add(10 * time.Minute)
		return w.says(ctx, a, "/leave", "leave:keep:")
	}
	return w.ended(ctx)
}

// returns is what both do so that they can be spoken to, and something is kept and said.
func (w *world) returns() (rows []string) {
	for _, s := range w.seats[:2] {
		if s.blocked {
			rows = append(rows, "        "+s.name+" unblocks the bot")
		}
		if s.away {
			rows = append(rows, "        "+s.name+" can be reached again")
		}
	}
	if w.armed() {
		rows = append(rows, "        "+w.seats[0].name+"  says   /help")
	}
	return rows
}

// says lets somebody say a command and tap the button that does something.
func (w *world) says(ctx context.Context, s *seat, command, action string) error {
	if err := w.do(ctx, "        "+s.name+"  says   "+command); err != nil {
		return err
	}
	if s.unsure { // it may have come unknown
		s.unsure = false
	}
	if err := w.at(ctx, w.now.Add(time.Minute)); err != nil {
		return err
	}
	if label := w.label(s, action); label != "" {
		return w.do(ctx, "        "+s.name+"  taps   "+label)
	}
	return fmt.Errorf("%s has no button that does %s", s.name, action)
}

// resting says what is due that should not be while a couple rests.
func (w *world) resting() error {
	passing := []rituals.AlarmKind{rituals.AlarmLater, rituals.AlarmNudge, rituals.AlarmSettle, rituals.AlarmClose, rituals.AlarmTimer,
		rituals.AlarmFree, rituals.AlarmResume, rituals.AlarmOffer, rituals.AlarmWeekly, rituals.AlarmLetGo}
	for _, d := range w.house.due(w.couple) {
		if k := w.witness.checkIns[d.CheckIn]; slices.Contains(passing, d.Kind) && (k == nil || !k.Ritual.Pairing) {
			return fmt.Errorf("after two days of rest %s is due", d.Name)
		}
	}
	return nil
}

// ended says what is left of a couple that has ended.
func (w *world) ended(ctx context.Context) error {
	if due := w.house.due(w.couple); len(due) > 0 {
		return fmt.Errorf("after the end there is due %v", due)
	}
	for _, p := range w.platforms() {
		waiting, err := w.store.Waiting(ctx, p, 0, 1000)
		if err != nil {
			return err
		}
		for _, m := range waiting {
			if r, _ := w.program.at(m.To); r == w.run || strings.HasSuffix(m.To.Chat, w.tag) && w.tag != "" {
				return fmt.Errorf("after the end something waits for %s", m.To.Chat)
			}
		}
	}
	for _, k := range w.witness.checkIns {
		if k.State == rituals.Open {
			return fmt.Errorf("after the end %s on %s is open", k.Ritual.ID, k.Day)
		}
	}
	w.phase = over
	return nil
}
