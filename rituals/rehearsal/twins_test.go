package rehearsal

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"pgregory.net/rapid"
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

func (p *twins) end() { p.silent.house.end(); p.busy.house.end() }

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
	fewer(t, 4)
	t.Cleanup(func() {
		f := &figures
		t.Logf("%d pairs of worlds, %d nights, %d acts that Sam could not tell", f.twins, f.twinNights, f.alone)
	})
	for _, h := range heads[:4] {
		t.Run(h.name, func(t *testing.T) {
			t.Parallel()
			dir := memoryDir(t)
			made := rapid.Custom(func(rt *rapid.T) story {
				p := newTwins(t, dir, h.couple+"\nat      "+h.begins)
				defer p.end()
				err := p.live(t.Context(), rt)
				figures.addTwins(p)
				if errors.Is(err, errAct) { // there was nothing to be told apart
					err = nil
				}
				if err != nil {
					return p.smaller(t, dir, h.couple+"\nat      "+h.begins, err)
				}
				return p.story(err)
			})
			rapid.Check(t, func(rt *rapid.T) {
				if m := made.Draw(rt, "evenings"); m.problem != nil {
					rt.Fatalf("%v\n%s", m.problem, m.text)
				}
			})
		})
	}
}

// addTwins counts a pair of worlds.
func (f *tally) addTwins(p *twins) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.twins++
	f.twinNights += int(p.silent.now.Sub(p.silent.play.starts).Hours() / 24)
	f.alone += p.busy.acts - p.silent.acts
}

func (p *twins) story(err error) story {
	return story{"in this play, where Alex is silent:\n" + p.silent.text() + "\nand in this, where Alex is not:\n" + p.busy.text(), err}
}

// live lets the worlds go on side by side for ten days.
func (p *twins) live(ctx context.Context, t *rapid.T) error {
	ends := p.silent.now.AddDate(0, 0, 10)
	for p.silent.now.Before(ends) {
		if err := p.do(ctx, inBoth(p.silent.row(p.silent.now, p.silent.next(t)))); err != nil {
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
