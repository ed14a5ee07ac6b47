package rehearsal

import (
	"context"
	"errors"
	"strings"
	"time"

	"attune/rituals"
)

// A world is a play of one couple that is made up while it runs, and somebody who
// watches it.
type world struct {
	*run
	house   *house
	head    string // of the play
	parser  *parser
	witness *witness
	said    int // words said by now, each of which is there once
	acts    int
	rows    [][]string // what was done
	saw     []string   // what Sam has seen, and when

	wakes time.Time // when somebody does something next
	ends  time.Time // when its people have had enough
	phase int

	nights int // it has lived through
}

// do performs rows of a play and looks at what came of them. It returns what people
// have seen, which a play would have to say.
func (w *world) do(ctx context.Context, rows ...string) error {
	p := w.parser
	p.rows, p.next = nil, 0
	for _, r := range rows {
		p.rows = append(p.rows, strings.Split(r, "\n")...)
	}
	was := p.now
	for _, l := range p.lines(0) {
		if err := errors.Join(p.problems...); err != nil {
			p.problems = nil
			return err
		}
		w.acts++
		for _, in := range append(l.inner, l) {
			if s := w.named(in.who); s != nil && in.verb != taps {
				w.witness.says(s.who, in.text)
			}
		}
		if l.verb == again {
			w.witness.idle(true)
		}
		if err := w.house.perform(ctx, w, l, was); err != nil {
			return err
		}
		was = p.now
		w.witness.idle(false)
		w.look()
		if err := w.settle(ctx, nil); err != nil {
			return err
		}
		if err := w.witness.err(); err != nil {
			return err
		}
	}
	return nil
}

// beside writes rows down that were done elsewhere in the house, at an instant by which
// this world has not looked at the clock.
func (w *world) beside(ctx context.Context, at time.Time, rows ...string) error {
	if now := w.parser.now; !now.Equal(at) {
		rows = append([]string{w.row(now, at)}, rows...)
		w.parser.now = at
	}
	for _, row := range rows {
		w.write(row)
		w.look()
		if err := w.settle(ctx, nil); err != nil {
			return err
		}
	}
	return nil
}

// write writes down what was done.
func (w *world) write(rows ...string) {
	w.rows = append(w.rows, rows)
	w.out = append(w.out, rows...)
}

// look lets the witness see what people have seen since the last act.
func (w *world) look() {
	for i, s := range w.seats {
		for _, h := range s.heard {
			w.witness.reads(s.who, h.text)
			w.witness.messages++
		}
		for _, h := range s.told {
			w.witness.reads(s.who, h.text)
		}
		if i != 1 {
			continue
		}
		for _, list := range [][]heard{s.told, s.heard} {
			for _, h := range list {
				w.saw = append(w.saw, w.now.UTC().Format("2006-01-02 15:04:05 ")+string(h.verb)+" "+h.text)
			}
		}
	}
}

// at lets the clock go on to an instant.
func (w *world) at(ctx context.Context, to time.Time) error {
	if !to.After(w.parser.now) {
		return nil
	}
	return w.do(ctx, w.row(w.parser.now, to))
}

// row is the row of a play by which the clock goes on from one instant to another.
func (w *world) row(from, to time.Time) string {
	zone := w.parser.zone
	wall := to.In(zone)
	row := "at      " + wall.Format("2006-01-02 15:04")
	if wall.Second() != 0 {
		row += wall.Format(":05")
	}
	if at, ok := rituals.WallAt(to, zone).In(zone); !ok || !at.Equal(to) { // the clock shows that twice
		row = "later   " + to.Sub(from).String()
	}
	return row
}

// text returns the play as it went.
func (w *world) text() string { return strings.Join(w.out, "\n") + "\n" }
