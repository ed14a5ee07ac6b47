package rehearsal

import (
	"context"
	"errors"
	"path/filepath"

	"attune/rituals"
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
	case back, jumps:
		r.now = l.when
		return r.advance(ctx, r.now)
	case dies, disk, overtaken:
		r.faults = append(r.faults, &fault{r, l.verb, l.text, l.count})
	case down:
		if r.down {
			return errors.New("it is down already")
		}
		return r.fall()
	case up:
		if !r.down {
			return errors.New("it is not down")
		}
		return r.wake(ctx, rituals.Platform(l.text))
	case restart:
		if r.down {
			return errors.New("it is down; write: up")
		}
		if err := r.fall(); err != nil {
			return err
		}
		return r.wake(ctx, "")
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
	r.settings.Library = r.library()
	r.host.SetLibrary(r.settings.Library)
	return nil
}

// library returns the rituals as the play has them.
func (r *run) library() *library.Library {
	if r.play.gently {
		return r.opts.Library
	}
	return r.opts.Library.Grown()
}
