package rehearsal

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"attune/rituals"
	"attune/rituals/host"
	"attune/store"
)

// inPlay marks errors that a play wants, so that nobody complains of them.
const inPlay = "as the play has it"

var (
	errFull = errors.New("the disk is full, " + inPlay)
	errDies = errors.New("it dies, " + inPlay)
)

// A fault is something that goes wrong with what is to be kept or said next.
type fault struct {
	of   *run // whose couple it strikes
	verb verb
	when string // dies: which of the moments below
	left int    // how often it strikes still
}

// The moments at which a program dies.
const (
	beforeKept = "before it is kept"
	onceKept   = "once it is kept"
	onceSaid   = "once it is said"
)

func (p *parser) jumps(l *line, rest string) error {
	d, err := time.ParseDuration(rest)
	if err != nil || d <= 0 || p.now.IsZero() {
		return errors.New("write, after an at line, how far the clock jumps ahead: jumps 3h")
	}
	return p.moves(l, p.now.Add(d))
}

func (p *parser) up(l *line, rest string) error {
	first, ok := strings.CutSuffix(rest, " first")
	if ok && slices.Contains([]rituals.Platform{rituals.Telegram, rituals.Discord, rituals.Console}, rituals.Platform(first)) {
		l.text, rest = first, ""
	}
	return p.bare(l, rest)
}

func (p *parser) dies(l *line, rest string) error {
	if rest != beforeKept && rest != onceKept && rest != onceSaid {
		return fmt.Errorf("write when it dies, amid what comes next: dies %s, dies %s, dies %s", beforeKept, onceKept, onceSaid)
	}
	l.text, l.count = rest, 1
	return p.bare(l, "")
}

var often = pattern(`^(\d) times?$`)

func (p *parser) disk(l *line, rest string) error {
	m := often().FindStringSubmatch(strings.TrimPrefix(rest, "full "))
	if m == nil || !strings.HasPrefix(rest, "full ") {
		return errors.New("write how often what comes next cannot be kept: disk full 2 times")
	}
	l.count, _ = strconv.Atoi(m[1])
	return p.bare(l, "")
}

func (p *parser) overtaken(l *line, rest string) error {
	m := often().FindStringSubmatch(rest)
	if m == nil || m[1] > "4" {
		return errors.New("write how often, up to four times, others are faster than what comes next: overtaken 2 times")
	}
	l.count, _ = strconv.Atoi(m[1])
	return p.bare(l, "")
}

// strike returns the first fault of that kind that strikes what is of a run, nil if
// none does. It counts it as having struck.
func (p *program) strike(meant func(*fault) bool) *fault {
	for i, f := range p.faults {
		if meant(f) {
			if f.left--; f.left == 0 {
				p.faults = slices.Delete(p.faults, i, i+1)
			}
			return f
		}
	}
	return nil
}

// armed reports whether a fault is still to strike a run.
func (r *run) armed() bool {
	return slices.ContainsFunc(r.faults, func(f *fault) bool { return f.of == r })
}

// concerns reports whether a change is one of the couple of the run.
func (r *run) concerns(c *rituals.Change) bool {
	switch {
	case c.Event == nil && (c.Alarm == nil || c.Alarm.Couple == 0):
		return false // of the program itself
	case len(r.runs) == 1:
		return true
	case c.Couple != nil:
		return c.Couple.ID == r.couple
	case c.Alarm != nil:
		return c.Alarm.Couple == r.couple
	case len(c.CheckIns) > 0:
		return c.CheckIns[0].Couple == r.couple
	}
	return c.Event != nil && slices.ContainsFunc(r.seats, func(s *seat) bool { return s.who == c.Event.Person || s.chat == c.Event.Chat })
}

// A remembers is what hosts need of a store.
type remembers interface {
	host.Store
	host.Reader
}

// A memory is a store in which what a play wants to go wrong does, and of whose changes
// somebody is told.
type memory struct {
	*store.Store
	p *program
}

// memory is what hosts of the program remember in.
func (p *program) memory() remembers { return memory{p.store, p} }

// Commit commits, and tells.
func (m memory) Commit(ctx context.Context, c rituals.Change) error {
	p := m.p
	p.keeping.Lock() // what is swept is swept beside what rings
	defer p.keeping.Unlock()
	if p.dying {
		return errDies
	}
	f := p.strike(func(f *fault) bool { return f.when != onceSaid && f.of.concerns(&c) })
	if f != nil {
		switch {
		case f.verb == disk:
			return errFull
		case f.verb == overtaken:
			return rituals.ErrConflict
		case f.when == beforeKept:
			p.dying, p.by = true, f.of
			return errDies
		}
	}
	err := m.Store.Commit(ctx, c)
	if len(c.Set) > 0 || c.Alarm != nil || c.CancelAll || c.CancelFor != 0 || len(c.Cancel) > 0 {
		p.unset = false
	}
	if err == nil && p.watch != nil {
		p.watch(c)
	}
	if f != nil {
		p.dying, p.by = true, f.of
		return errDies
	}
	return err
}

// Due returns what is due of one couple at a time, so that it rings in the same order
// each time. It need not look while nothing has been set since it last did.
func (m memory) Due(ctx context.Context, now time.Time, limit int) ([]rituals.Alarm, time.Time, error) {
	p := m.p
	if p.unset && (p.next.IsZero() || now.Before(p.next)) {
		return nil, p.next, nil
	}
	due, next, err := m.Store.Due(ctx, now, limit)
	p.unset, p.next = err == nil && len(due) == 0, next
	if len(p.runs) > 1 && len(due) > 0 && !now.After(p.now) {
		due = slices.DeleteFunc(due, func(a rituals.Alarm) bool { return a.Couple != due[0].Couple })
	}
	return due, next, err
}
