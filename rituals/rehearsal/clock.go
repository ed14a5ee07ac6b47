package rehearsal

import (
	"context"
	"errors"
	"path/filepath"
	"time"

	"attune/rituals/library"
)

// turn does what a line does to the clock or to the program itself.
func (r *run) turn(ctx context.Context, l *line) error {
	switch l.verb {
	case at, later:
		if r.now.IsZero() {
			if err := r.begin(ctx); err != nil {
				return err
			}
		}
		return r.advance(ctx, l.when)
	case back:
		r.now = l.when
		return r.advance(ctx, r.now)
	case down:
		if r.down {
			return errors.New("it is down already")
		}
		r.down = true
		return r.fall()
	case up:
		if !r.down {
			return errors.New("it is not down")
		}
		return r.wake(ctx)
	case restart:
		if r.down {
			return errors.New("it is down; write: up")
		}
		if err := r.fall(); err != nil {
			return err
		}
		return r.wake(ctx)
	case rereads:
		return r.reread(l.text)
	}
	return nil
}

// reread puts the rituals of a folder beside the play in place of those there are.
func (r *run) reread(folder string) error {
	lib, err := library.Load(filepath.Join(filepath.Dir(r.play.Name), folder))
	if err != nil {
		return err
	}
	r.opts.Library = lib
	r.host.SetLibrary(r.library())
	return nil
}

// library returns the rituals as the play has them.
func (r *run) library() *library.Library {
	if r.play.gently {
		return r.opts.Library
	}
	return r.opts.Library.Grown()
}

// wake starts again on the same database: what fell due is rung, then what
// people did meanwhile comes in.
func (r *run) wake(ctx context.Context) error {
	r.down = false
	if err := r.rise(ctx); err != nil {
		return err
	}
	if err := r.advance(ctx, r.now); err != nil {
		return err
	}
	queue := r.queue
	r.queue = nil
	for _, e := range queue {
		if err := r.handle(ctx, e); err != nil {
			return err
		}
	}
	return r.advance(ctx, r.now)
}

// stuck is how often an instant may ring before it counts as never ending.
const stuck = 100

// advance moves the clock, rings what falls due on the way at its instant, and
// delivers what is said.
func (r *run) advance(ctx context.Context, to time.Time) error {
	if r.down {
		r.now = to
		return nil
	}
	for rung := 0; ; rung++ {
		next, err := r.host.Ring(ctx, r.now)
		if err != nil {
			return err
		}
		if err := r.deliver(ctx); err != nil {
			return err
		}
		switch {
		case next.IsZero() || next.After(to):
			r.now = to
			return nil
		case next.After(r.now):
			r.now, rung = next, 0
		case rung > stuck:
			return errors.New("an alarm rings on and on at " + r.now.UTC().Format(time.DateTime))
		}
	}
}
