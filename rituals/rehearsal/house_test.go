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

// A house is one program and all who live with it: the worlds of several couples, each
// a play of its own, with one clock, one host and one database.
type house struct {
	*program
	lib    *library.Library
	log    complaints
	worlds []*world

	mu       sync.Mutex
	alarms   alarms
	outbox   outbox
	compared time.Time      // when the alarms were last held against the database
	problems []error        // that are of no world
	happened map[string]int // to the program and its people, by what it was
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

// newHouse lets a program begin without people. Whoever asked for it ends it.
func newHouse(t testing.TB, dir string) *house {
	t.Helper()
	lib, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	data, err := empty()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, fmt.Sprintf("%d.db", rand.Uint64()))
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	h := &house{program: newProgram(path), lib: lib, alarms: alarms{}, happened: map[string]int{}}
	h.outbox.keys = map[string]*letter{}
	h.watch, h.said = h.note, h.hears
	return h
}

// newWorld lets a play begin with those first lines, the last of which says when, in a
// house of its own. Whoever asked for it ends it.
func newWorld(t testing.TB, dir, head string) *world {
	t.Helper()
	h := newHouse(t, dir)
	w, err := h.add(t.Context(), head)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// add lets one more couple live there, from the moment that the head of its play says.
func (h *house) add(ctx context.Context, head string) (*world, error) {
	n := len(h.worlds)
	p := &parser{play: &Play{Name: "simulation.play"}, rows: strings.Split(head, "\n")}
	p.play.lines = p.lines(0)
	if err := errors.Join(p.problems...); err != nil {
		return nil, err
	}
	w := &world{house: h, head: head, parser: p, witness: newWitness(h.lib, &h.log), said: n * 100_000}
	w.run = &run{program: h.program, play: p.play, opts: Options{Library: h.lib, Log: h.log.log()}, couple: rituals.CoupleID(n + 1)}
	if n > 0 {
		w.tag = fmt.Sprint("-", n+1)
		w.cast()
		h.runs = append(h.runs, w.run)
	} else {
		w.enter()
		if err := w.rise(ctx); err != nil {
			return nil, err
		}
	}
	h.worlds = append(h.worlds, w)
	w.out = append(w.out, p.rows...)
	if n == 0 {
		return w, w.turn(ctx, p.play.lines[len(p.play.lines)-1])
	}
	if err := h.advance(ctx, p.play.starts.Add(-time.Minute)); err != nil {
		return nil, err
	}
	if err := w.pair(ctx); err != nil {
		return nil, err
	}
	return w, h.advance(ctx, p.play.starts)
}

// pair makes the couple, in a database in which there are others.
func (w *world) pair(ctx context.Context) error {
	couple := rituals.Couple{ID: w.couple, Zone: w.seats[0].zone, Since: w.now.Add(-time.Hour)}
	var members []rituals.Member
	for i, s := range w.seats[:w.play.couple] {
		m := rituals.Member{ID: rituals.MemberID(len(w.house.worlds)*10 + i), Agreed: w.now,
			Person: s.who, Address: s.chat, Name: s.name, Zone: s.zone, Language: s.language}
		members = append(members, m)
		couple.Bonds = append(couple.Bonds, rituals.Bond{Member: m.ID, Joined: w.now})
	}
	if err := w.memory().Commit(ctx, rituals.Change{Now: w.now, Members: members, Couple: &couple}); err != nil {
		return err
	}
	return w.host.Begin(ctx, w.now, couple.ID)
}

// end closes the house's store and removes it.
func (h *house) end() {
	if !h.down {
		_ = h.store.Close()
	}
	for _, suffix := range []string{"", "-wal", "-shm", ".lock"} {
		_ = os.Remove(h.path + suffix)
	}
}

// others are the worlds beside one that go on.
func (h *house) others(than *world) []*world {
	return slices.DeleteFunc(slices.Clone(h.worlds), func(o *world) bool { return o == than || o.phase == over })
}

// perform does what a line of one world says, and writes it down there, and what
// happens to the program in all of them. was is when it was there before the line.
func (h *house) perform(ctx context.Context, w *world, l *line, was time.Time) error {
	inAll := slices.Contains([]verb{down, up, restart, back, jumps}, l.verb)
	if inAll {
		for _, o := range h.others(w) {
			if err := o.beside(ctx, h.now, l.raw...); err != nil {
				return err
			}
			if !l.when.IsZero() {
				o.parser.now = l.when
			}
		}
	}
	ticks := l.verb == at || l.verb == later
	died := h.died
	h.count(l)
	if !ticks {
		w.write(l.raw...)
	}
	err := w.act(ctx, l)
	if err == nil && !h.died.Equal(died) {
		was, err = h.mourn(ctx, w, was)
	}
	if ticks {
		w.write(w.row(was, l.when))
	}
	return err
}

// count counts what happens beside what people say.
func (h *house) count(l *line) {
	what := string(l.verb)
	switch {
	case l.verb == dies:
		what += " " + l.text
	case l.verb == blocks, l.verb == moves, l.verb == loses, l.verb == misses, l.verb == again, l.verb == together,
		l.verb == disk, l.verb == overtaken, l.verb == restart, l.verb == down, l.verb == jumps:
	default:
		return
	}
	h.happened[what]++
}

// mourn writes down in all worlds that the program has died amid something: in that of
// whose play wanted it, how far the clock was; in the others, that it was down. It
// returns when it was by then in the world that acts.
func (h *house) mourn(ctx context.Context, w *world, was time.Time) (time.Time, error) {
	now := w.parser.now
	w.parser.now = was
	for _, o := range append(h.others(w), w) {
		var rows []string
		if o.run == h.by {
			if o == w {
				continue
			}
		} else {
			rows = []string{string(down)}
		}
		if err := o.beside(ctx, h.died, rows...); err != nil {
			return was, err
		}
	}
	was, w.parser.now = w.parser.now, now
	return was, nil
}
