package rehearsal

import (
	"context"
	"errors"
	"sync"

	"attune/rituals"
)

// together reads the two acts of a together block.
func (p *parser) together(l *line, rest string) error {
	if err := p.bare(l, rest); err != nil {
		return err
	}
	from := p.next
	for _, in := range p.lines(l.indent + 1) {
		if in.kind == act && in.who != "" && in.who != both && in.who != all {
			l.inner = append(l.inner, in)
			continue
		}
		if in.kind != remark {
			p.problem(in.no, "only acts of people stand in a together block; what is seen comes after it")
		}
	}
	end := p.next
	for end > from && blank(p.rows[end-1]) {
		end--
	}
	p.next = end
	l.raw = append(l.raw, p.rows[from:end]...)
	if len(l.inner) != 2 {
		return errors.New("together takes two acts, indented deeper, such as: Alex taps Yes")
	}
	return nil
}

// together lets two people act at the same instant. Both acts are decided on
// what was so before either; the first of them is the first to be committed.
func (r *run) together(ctx context.Context, l *line) error {
	if r.down {
		return errors.New("it is down; what people do then comes in one by one")
	}
	if r.armed() {
		return errors.New("something is still to go wrong, and cannot with two acts at the same instant")
	}
	events, err := r.twoDoings(l)
	if err != nil {
		return err
	}
	var (
		answers  [2]rituals.Answer
		errs     [2]error
		looked   sync.WaitGroup
		decided  [2]chan struct{}
		finished [2]chan struct{}
		all      sync.WaitGroup
	)
	looked.Add(2)
	for i := range events {
		decided[i], finished[i] = make(chan struct{}), make(chan struct{})
	}
	for i, e := range events {
		view := &sameMoment{remembers: r.memory(), done: sync.OnceFunc(looked.Done), looked: &looked, decided: sync.OnceFunc(func() { close(decided[i]) })}
		if i > 0 {
			view.before, view.after = decided[i-1], finished[i-1]
		}
		h := r.host.Beside(view)
		all.Go(func() {
			defer close(finished[i])
			defer view.decided()
			defer view.done()
			answers[i], errs[i] = h.Handle(ctx, r.now, e)
		})
	}
	all.Wait()
	if err := errors.Join(errs[:]...); err != nil {
		return err
	}
	for i, e := range events {
		r.last = e
		r.tell(e, answers[i])
	}
	return r.advance(ctx, r.now)
}

// twoDoings returns the events of the acts of a together block.
func (r *run) twoDoings(l *line) (events [2]rituals.Event, err error) {
	for i, in := range l.inner {
		made, err := r.doings(r.named(in.who), in)
		if err != nil {
			return events, err
		}
		if len(made) != 1 {
			return events, errors.New("each act of a together block is a single one")
		}
		events[i] = made[0]
	}
	return events, nil
}

// A sameMoment is a store as one of two who act together finds it: it commits
// nothing before both have loaded, nor before the other, if that is first, is
// through. Who is second loads once the first has decided, so that ids are given in the
// same order each time.
type sameMoment struct {
	remembers
	done    func() // has loaded
	looked  *sync.WaitGroup
	decided func()
	before  <-chan struct{} // nil: it is the first
	after   <-chan struct{} // nil: it is the first
}

func (s *sameMoment) turn() {
	if s.before != nil {
		<-s.before
	}
}

// Load loads, and lets it be known.
func (s *sameMoment) Load(ctx context.Context, who rituals.Person) (rituals.State, error) {
	s.turn()
	defer s.done()
	return s.remembers.Load(ctx, who)
}

// LoadCouple loads, and lets it be known.
func (s *sameMoment) LoadCouple(ctx context.Context, id rituals.CoupleID) (rituals.State, error) {
	s.turn()
	defer s.done()
	return s.remembers.LoadCouple(ctx, id)
}

// Commit waits for its turn and commits.
func (s *sameMoment) Commit(ctx context.Context, c rituals.Change) error {
	s.decided()
	s.looked.Wait()
	if s.after != nil {
		<-s.after
	}
	return s.remembers.Commit(ctx, c)
}
