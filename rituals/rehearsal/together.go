package rehearsal

import (
	"context"
	"errors"
	"sync"

	"attune/rituals"
)

// together lets two people act at the same instant. Both acts are decided on
// what was so before either; the first of them is the first to be committed.
func (r *run) together(ctx context.Context, l *line) error {
	if r.down {
		return errors.New("it is down; what people do then comes in one by one")
	}
	var events [2]rituals.Event
	for i, in := range l.inner {
		made, err := r.doings(r.named(in.who), in)
		if err != nil {
			return err
		}
		if len(made) != 1 {
			return errors.New("each act of a together block is a single one")
		}
		events[i] = made[0]
	}
	var (
		answers  [2]rituals.Answer
		errs     [2]error
		looked   sync.WaitGroup
		finished [2]chan struct{}
		all      sync.WaitGroup
	)
	looked.Add(2)
	for i := range events {
		finished[i] = make(chan struct{})
	}
	for i, e := range events {
		view := &sameMoment{remembers: r.memory(), done: sync.OnceFunc(looked.Done), looked: &looked}
		if i > 0 {
			view.after = finished[i-1]
		}
		h := r.host.Beside(view)
		all.Go(func() {
			defer close(finished[i])
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

// A sameMoment is a store as one of two who act together finds it: it commits
// nothing before both have loaded, nor before the other, if that is first, is
// through.
type sameMoment struct {
	remembers
	done   func() // has loaded
	looked *sync.WaitGroup
	after  <-chan struct{} // nil: it is the first
}

// Load loads, and lets it be known.
func (s *sameMoment) Load(ctx context.Context, who rituals.Person) (rituals.State, error) {
	defer s.done()
	return s.remembers.Load(ctx, who)
}

// LoadCouple loads, and lets it be known.
func (s *sameMoment) LoadCouple(ctx context.Context, id rituals.CoupleID) (rituals.State, error) {
	defer s.done()
	return s.remembers.LoadCouple(ctx, id)
}

// Commit waits for its turn and commits.
func (s *sameMoment) Commit(ctx context.Context, c rituals.Change) error {
	s.looked.Wait()
	if s.after != nil {
		<-s.after
	}
	return s.remembers.Commit(ctx, c)
}
