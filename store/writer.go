package store

import (
	"context"
	"errors"
	"runtime"

	"attune/rituals"
)

// most is how many jobs share one transaction at most.
const most = 256

// A job is something to write, whole or not at all.
type job struct {
	apply func(*conn) error // run inside a transaction; perhaps more than once
	wakes []rituals.Platform
	wrote *change // what apply writes that states hold; nil: nothing

	// record marks a job that does not fail after it has written anything but that ids
	// are set aside, and whose loss in a power cut does no harm: what it says is found
	// out again.
	record bool

	err  error
	done chan struct{}
}

// write queues a job and waits for it. Once it is queued, ctx has no say. Its error
// wraps [rituals.ErrUnwritable] if the database does not work.
func (s *Store) write(ctx context.Context, j *job) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	j.done = make(chan struct{})
	select {
	case s.jobs <- j:
	case <-ctx.Done():
		return ctx.Err()
	case <-s.closing:
		return ErrClosed
	}
	select {
	case <-j.done:
	case <-s.stopped:
		select {
		case <-j.done:
		default: // it was queued when the writer had gone
			return ErrClosed
		}
	}
	return s.met(j.err)
}

// A writer owns the one connection that writes.
type writer struct {
	*conn
	store *Store
	loose bool // synchronous=NORMAL is set
	batch []*job
}

// run writes what is queued until the store closes, and then what is left.
func (w *writer) run() {
	for {
		w.batch = w.batch[:0]
		select {
		case j := <-w.store.jobs:
			w.batch = append(w.batch, j)
		case <-w.store.closing:
		}
		if w.gather(); len(w.batch) == 0 {
			return
		}
		w.store.cache.begin(w.changes())
		err := w.commit()
		if err != nil {
			w.fail(err)
		}
		w.store.counters.count(w.batch, err)
		written := w.changes()
		w.store.cache.end(written)
		w.store.ahead.follow(written)
		for _, j := range w.batch {
			if j.err == nil {
				w.store.trouble.Over("the database works again")
				w.store.freshen(j)
			}
			close(j.done)
		}
		// Couriers are told last: who is told last is mostly run next, and so what is said
		// is on its way before whoever said it goes on.
		w.store.wake()
	}
}

// changes returns what the jobs of the batch that have not failed write of states.
func (w *writer) changes() (cs []*change) {
	for _, j := range w.batch {
		if j.err == nil && j.wrote != nil {
			cs = append(cs, j.wrote)
		}
	}
	return cs
}

func (w *writer) fail(err error) {
	for _, j := range w.batch {
		j.err = err
	}
}

// gather takes all jobs that wait at this moment, and those of goroutines that
// were about to queue one: letting them do so costs less than a commit more.
func (w *writer) gather() {
	for yielded := false; len(w.batch) < most; {
		select {
		case j := <-w.store.jobs:
			w.batch = append(w.batch, j)
			yielded = false
		default:
			if yielded {
				return
			}
			runtime.Gosched()
			yielded = true
		}
	}
}

// commit writes the batch in one transaction and leaves in each job how it went.
// Its own error means that nothing of the batch was written.
func (w *writer) commit() error {
	if err := w.relax(); err != nil {
		return err
	}
	if _, err := w.exec("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	err := w.apply()
	if err == nil {
		reach("commit")
		_, err = w.exec("COMMIT")
		reach("committed")
	}
	if err != nil {
		_, _ = w.exec("ROLLBACK") // SQLite may have rolled back by itself
	}
	return err
}

// apply runs the jobs, a savepoint each. A job that is alone needs none: its
// transaction is its savepoint.
func (w *writer) apply() error {
	if len(w.batch) == 1 {
		return w.batch[0].apply(w.conn)
	}
	for _, j := range w.batch {
		if j.record {
			if j.err = j.apply(w.conn); j.err != nil && !errors.Is(j.err, rituals.ErrNotFound) {
				return j.err
			}
			continue
		}
		if _, err := w.exec("SAVEPOINT job"); err != nil {
			return err
		}
		if j.err = j.apply(w.conn); j.err != nil {
			if ails(j.err) != "" {
				return j.err // SQLite may have rolled back all of it, and no other job would fare better
			}
			if _, err := w.exec("ROLLBACK TO job"); err != nil {
				return errors.Join(j.err, err)
			}
		}
		if _, err := w.exec("RELEASE job"); err != nil {
			return err
		}
	}
	return nil
}

// relax lets a batch that holds nothing but records commit without waiting for
// the disk.
func (w *writer) relax() error {
	loose := true
	for _, j := range w.batch {
		loose = loose && j.record
	}
	if loose == w.loose {
		return nil
	}
	pragma := "PRAGMA synchronous = FULL"
	if loose {
		pragma = "PRAGMA synchronous = NORMAL"
	}
	if _, err := w.exec(pragma); err != nil {
		return err
	}
	w.loose = loose
	return nil
}
