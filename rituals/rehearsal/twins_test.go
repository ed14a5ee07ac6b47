package rehearsal

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"attune/rituals"
	"attune/rituals/phrases"
)

// Twins are two worlds that differ only in why Alex shares nothing in some
// check-ins: in one Alex is silent, in the other Alex does this and that and takes it
// back, or keeps it, or goes. All else that people do is the same in both. What Sam
// sees, and when, must be too.
type twins struct {
	silent, busy *world
	shares       map[string]bool // by check-in: whether Alex takes part in both worlds
	rests        bool            // Alex rests: in one world asked for, in the other by a block
	steps        []step
	compared     int
}

// A step is what is done in each of the worlds.
type step struct{ silent, busy []string }

func inBoth(rows ...string) step { return step{rows, rows} }

// errAct is that an act cannot be done.
var errAct = errors.New("it cannot be done")

// errOne is that an act can be done in one of the worlds only.
var errOne = errors.New("only in one of the worlds it can be done")

func newTwins(t testing.TB, dir, head string) *twins {
	return &twins{silent: newWorld(t, dir, head), busy: newWorld(t, dir, head), shares: map[string]bool{}}
}

func (p *twins) end() { p.silent.end(); p.busy.end() }

// do does something and looks whether Sam still sees the same.
func (p *twins) do(ctx context.Context, s step) error {
	p.steps = append(p.steps, s)
	one, two := p.silent.do(ctx, s.silent...), p.busy.do(ctx, s.busy...)
	for _, w := range []*world{p.silent, p.busy} {
		if err := w.witness.err(); err != nil {
			return err
		}
	}
	switch {
	case one != nil && (two != nil || s.busy == nil), two != nil && s.silent == nil:
		return errAct
	case one != nil || two != nil:
		return errOne
	}
	return p.differ()
}

// differ says where Sam's sides of the worlds part.
func (p *twins) differ() error {
	one, two := p.silent.saw, p.busy.saw
	for ; p.compared < max(len(one), len(two)); p.compared++ {
		i := p.compared
		if i >= len(one) || i >= len(two) || one[i] != two[i] {
			return fmt.Errorf("Sam can tell:\nwhere Alex is silent:     %q\nwhere Alex does something: %q", one[min(i, len(one)):], two[min(i, len(two)):])
		}
	}
	return nil
}

// TestSamCannotTell makes up evenings in which one shares nothing, for this reason or
// that, and holds that the other sees the same at the same times.
func TestSamCannotTell(t *testing.T) {
	fewer(t, 6)
	t.Cleanup(func() {
		f := &figures
		t.Logf("%d pairs of worlds, %d nights, %d acts that Sam could not tell", f.twins.Load(), f.twinNights.Load(), f.alone.Load())
	})
	for _, h := range heads {
		t.Run(h.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			made := rapid.Custom(func(rt *rapid.T) month {
				p := newTwins(t, dir, h.couple+"\n\nat      "+h.begins)
				defer p.end()
				err := p.live(t.Context(), rt)
				figures.twins.Add(1)
				figures.twinNights.Add(int64(p.silent.now.Sub(p.silent.play.starts).Hours() / 24))
				figures.alone.Add(int64(p.busy.acts - p.silent.acts))
				if errors.Is(err, errAct) { // there was nothing to be told apart
					err = nil
				}
				if err != nil {
					return p.smaller(t, dir, h.couple+"\n\nat      "+h.begins, err)
				}
				return p.month(err)
			})
			rapid.Check(t, func(rt *rapid.T) {
				if m := made.Draw(rt, "evenings"); m.problem != nil {
					rt.Fatalf("%v\n%s", m.problem, m.text)
				}
			})
		})
	}
}

func (p *twins) month(err error) month {
	return month{"in this play, where Alex is silent:\n" + p.silent.text() + "\nand in this, where Alex is not:\n" + p.busy.text(), err}
}

// live lets the worlds go on side by side for ten days.
func (p *twins) live(ctx context.Context, t *rapid.T) error {
	ends := p.silent.now.AddDate(0, 0, 10)
	for p.silent.now.Before(ends) {
		to, err := p.silent.next(ctx, t)
		if err != nil {
			return err
		}
		if err := p.do(ctx, inBoth(p.silent.row(to))); err != nil {
			return err
		}
		if draw(t, 60) == 59 {
			if err := p.do(ctx, inBoth("restart", "later   1s")); err != nil {
				return err
			}
		}
		for range draw(t, 6) {
			act := p.sam
			switch n := draw(t, 10); {
			case n > 7:
				act = p.alex
			case n > 4:
				act = p.alexAlone
			case n == 4 && draw(t, 20) == 19:
				act = p.rest
			}
			if err := act(ctx, t); err != nil {
				return err
			}
		}
	}
	return nil
}

// sam lets Sam do anything.
func (p *twins) sam(ctx context.Context, t *rapid.T) error {
	s := p.silent.seats[1]
	row := p.silent.rarely(t, s)
	if row == "" && !s.blocked {
		row = p.silent.deed(t, s)
	}
	if row == "" {
		return nil
	}
	p.busy.said = p.silent.said
	return p.do(ctx, inBoth("        "+row))
}

// takesPart reports whether Alex takes part in a check-in, in both worlds: that is
// settled when it is first looked at.
func (p *twins) takesPart(t *rapid.T, k *rituals.CheckIn) bool {
	key := fmt.Sprint(k.Ritual.ID, k.Day, k.N)
	shares, ok := p.shares[key]
	if !ok {
		shares = draw(t, 3) == 2
		p.shares[key] = shares
	}
	return shares
}

// alex lets Alex do the same in both worlds: answer what was asked, in a check-in in
// which Alex takes part.
func (p *twins) alex(ctx context.Context, t *rapid.T) error {
	n, word := draw(t, 12), draw(t, 2) == 1
	for range 1 + draw(t, 6) {
		said := p.silent.said
		one := p.answers(t, p.silent, n, word)
		p.silent.said, p.busy.said = said, said
		if two := p.answers(t, p.busy, n, word); one == "" || one != two {
			return nil
		}
		if err := p.do(ctx, inBoth("        "+one)); err != nil {
			return err
		}
	}
	return nil
}

// answers returns how Alex answers in one of the worlds.
func (p *twins) answers(t *rapid.T, w *world, n int, word bool) string {
	me, s := w.me(), w.seats[0]
	if s.blocked {
		return ""
	}
	k := w.witness.checkIns[me.Asked.CheckIn]
	if word && k != nil && k.State == rituals.Open && p.takesPart(t, k) && me.Asked.Step != "" {
		if q := k.Ritual.Step(me.Asked.Step); q != nil && q.Kind == rituals.Ask && k.At(me.ID) == q {
			return s.name + "  says   " + p.word()
		}
	}
	list := w.buttons(s, func(verb string, k *rituals.CheckIn, step string, o *rituals.Option) bool {
		return p.takesPart(t, k) && (verb == "answer" && (o == nil || o.Act == "") || verb == "skip" || verb == "all")
	})
	if len(list) == 0 {
		return ""
	}
	return list[n%len(list)]
}

// alexAlone lets Alex do something in one of the worlds, in check-ins in which Alex
// shares nothing, and sees to it that nothing is shared.
func (p *twins) alexAlone(ctx context.Context, t *rapid.T) error {
	w := p.busy
	s := w.seats[0]
	if s.blocked {
		return nil
	}
	for range 1 + draw(t, 6) {
		row := p.alone(t, w, s)
		if row == "" {
			continue
		}
		if err := p.do(ctx, step{nil, []string{"        " + row}}); err != nil {
			return err
		}
	}
	for range 12 {
		row := p.takesBack(t, w, s)
		if row == "" {
			break
		}
		if err := p.do(ctx, step{nil, []string{"        " + row}}); err != nil {
			return err
		}
	}
	if w.exposed(p.alexTook) != nil {
		return errAct // it could not be taken back
	}
	return nil
}

func (p *twins) alexTook(k *rituals.CheckIn) bool {
	return p.shares[fmt.Sprint(k.Ritual.ID, k.Day, k.N)]
}

// alone returns something that Alex does which is nobody's business.
func (p *twins) alone(t *rapid.T, w *world, s *seat) string {
	me := w.me()
	k := w.witness.checkIns[me.Asked.CheckIn]
	quiet := []string{"answer", "skip", "all", "change", "mine", "take", "see"}
	acts := []rituals.Act{"", rituals.ActLater, rituals.ActLeave, rituals.ActMine, rituals.ActMorning}
	switch n := draw(t, 20); {
	case n < 5 && k != nil && k.State == rituals.Open && !p.takesPart(t, k) && !w.wouldOpen(k, "say", me.Asked.Step, nil):
		return s.name + "  says   " + p.word()
	case n == 5:
		return s.name + "  says   /" + []string{"streak", "notes", "help", "settings"}[draw(t, 4)]
	case n == 6 && len(s.words) > 0:
		last := s.words[len(s.words)-1]
		for _, k := range w.witness.checkIns {
			for _, r := range k.Replies {
				ours := slices.ContainsFunc(r.Words, func(said rituals.Words) bool { return said.Source == last.source })
				if before, _, ok := strings.Cut(last.text, " "); ok && ours && k.State == rituals.Open && !p.takesPart(t, k) {
					return fmt.Sprintf("%s  edits  %q to %s", s.name, before+" ", p.word())
				}
			}
		}
		return ""
	default:
		list := w.buttons(s, func(verb string, k *rituals.CheckIn, step string, o *rituals.Option) bool {
			return !p.takesPart(t, k) && slices.Contains(quiet, verb) && (o == nil || slices.Contains(acts, o.Act)) &&
				!w.wouldOpen(k, verb, step, o)
		})
		if len(list) == 0 {
			return ""
		}
		return list[draw(t, len(list))]
	}
}

// takesBack returns what Alex does so that what would open does not; nothing if there
// is nothing that would.
func (p *twins) takesBack(t *rapid.T, w *world, s *seat) string {
	k := w.exposed(p.alexTook)
	if k == nil {
		return ""
	}
	list := w.buttons(s, func(verb string, of *rituals.CheckIn, step string, o *rituals.Option) bool {
		return of.ID == k.ID && (verb == "mine" || verb == "take" || o != nil && (o.Act == rituals.ActLeave || o.Act == rituals.ActMine))
	})
	if len(list) == 0 {
		list = w.buttons(s, func(verb string, of *rituals.CheckIn, step string, o *rituals.Option) bool {
			return of.ID == k.ID && verb == "change"
		})
	}
	if len(list) == 0 {
		return ""
	}
	return list[draw(t, len(list))]
}

// rest lets Alex rest until they say otherwise, or come back: in one world by asking for
// it, in the other by blocking the bot.
func (p *twins) rest(ctx context.Context, t *rapid.T) error {
	name := "        " + p.silent.seats[0].name
	if p.rests {
		p.rests = false
		return p.do(ctx, step{[]string{name + "  says   /resume"}, []string{name + " unblocks the bot"}})
	}
	if bond := p.silent.witness.couple.Bond(p.silent.me().ID); !bond.RestUntil.IsZero() {
		return nil
	}
	label := phrases.In(p.silent.me().Language).Say("pause.until")
	p.rests = true
	return p.do(ctx, step{[]string{name + "  says   /pause", name + "  taps   " + label}, []string{name + " blocks the bot"}})
}

// word returns words of Alex's that are the same in both worlds.
func (p *twins) word() string {
	p.silent.said = max(p.silent.said, p.busy.said)
	p.busy.said = p.silent.said
	p.silent.word()
	return p.busy.word()
}
