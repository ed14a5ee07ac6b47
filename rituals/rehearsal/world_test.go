package rehearsal

import (
	"context"
	"errors"
	"fmt"

	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"attune/rituals"
	"attune/rituals/library"
	"attune/store"
)

// A world is a play that is made up while it runs, and somebody who watches it.
type world struct {
	*run
	parser  *parser
	witness *witness
	said    int // words said by now, each of which is there once
	acts    int
	rows    [][]string // what was done
	saw     []string   // what Sam has seen, and when
}

// shipped are the rituals we ship.
var shipped = sync.OnceValues(func() (*library.Library, error) { return library.Load("") })

// empty is a database without people: to copy it is faster than to make it.
var empty = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "attune-empty-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "empty.db")
	s, err := store.Open(context.Background(), path, store.Options{})
	if err != nil {
		return nil, err
	}
	if err := s.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

// newWorld lets a play begin with those first lines, the last of which says when.
// Whoever asked for it closes it.
func newWorld(t testing.TB, dir, head string) *world {
	t.Helper()
	lib, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	data, err := empty()
	if err != nil {
		t.Fatal(err)
	}
	p := &parser{play: &Play{Name: "months.play"}, rows: strings.Split(head, "\n")}
	lines := p.lines(0)
	if err := errors.Join(p.problems...); err != nil {
		t.Fatal(err)
	}
	p.play.lines = lines
	path := filepath.Join(dir, fmt.Sprintf("%d.db", rand.Uint64()))
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	w := &world{parser: p, witness: newWitness(lib)}
	w.run = &run{play: p.play, path: path, random: &random{from: rand.NewChaCha8(seed)}, watch: w.witness.note,
		opts: Options{Library: lib, Log: w.witness.log.log()}}
	w.cast()
	if err := w.rise(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := w.perform(t.Context()); err != nil {
		t.Fatal(err)
	}
	return w
}

// end closes the world's store and removes it.
func (w *world) end() {
	_ = w.store.Close()
	for _, suffix := range []string{"", "-wal", "-shm", ".lock"} {
		_ = os.Remove(w.path + suffix)
	}
}

// do performs rows of a play and looks at what came of them. It returns what people
// have seen, which a play would have to say.
func (w *world) do(ctx context.Context, rows ...string) error {
	w.rows = append(w.rows, rows)
	p := w.parser
	p.rows, p.next = rows, 0
	for _, l := range p.lines(0) {
		if err := errors.Join(p.problems...); err != nil {
			return err
		}
		w.out = append(w.out, l.raw...)
		w.acts++
		for _, in := range append(l.inner, l) {
			if s := w.named(in.who); s != nil && in.verb != taps {
				w.witness.says(s.who, in.text)
			}
		}
		if l.verb == again {
			w.witness.idle(true)
		}
		if err := w.act(ctx, l); err != nil {
			return err
		}
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

// look lets the witness see what people have seen since the last act.
func (w *world) look() {
	for i, s := range w.seats {
		for _, h := range append(slices.Clone(s.told), s.heard...) {
			if i == 1 {
				w.saw = append(w.saw, w.now.UTC().Format("2006-01-02 15:04:05 ")+string(h.verb)+" "+h.text)
			}
		}
		for _, h := range s.heard {
			w.witness.reads(s.who, h.text)
			w.witness.messages++
		}
		for _, h := range s.told {
			w.witness.reads(s.who, h.text)
		}
	}
}

// at lets the clock go on to an instant.
func (w *world) at(ctx context.Context, to time.Time) error {
	return w.do(ctx, w.row(to))
}

// row is the row of a play by which the clock goes on to an instant.
func (w *world) row(to time.Time) string {
	zone := w.parser.zone
	wall := to.In(zone)
	row := "at      " + wall.Format("2006-01-02 15:04")
	if wall.Second() != 0 {
		row += wall.Format(":05")
	}
	if at, ok := rituals.WallAt(to, zone).In(zone); !ok || !at.Equal(to) { // the clock shows that twice
		row = "later   " + to.Sub(w.now).String()
	}
	return row
}

// text returns the play as it went.
func (w *world) text() string { return strings.Join(w.out, "\n") + "\n" }
