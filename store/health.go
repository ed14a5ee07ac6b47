package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync/atomic"
	"time"

	"attune/rituals"
)

// ErrMoved reports that the file the store has open is not at its path any more: what
// is written is lost with the process.
var ErrMoved = errors.New("the database's file was taken away or another was put in its place: stop attune and put it back")

// beatCursor is under what name the last beat is remembered, of no platform.
const beatCursor = "beat"

// Counts say what a store has written since it was opened.
type Counts struct {
	Batches int64 // transactions that were committed
	Jobs    int64 // what they held: changes of couples, deliveries, cursors
	Failed  int64 // transactions that the database did not take, so that nothing of them was written
}

// counters are the Counts of a store that is open.
type counters struct{ batches, jobs, failed atomic.Int64 }

// count notes how the writing of a batch went. That a change was decided on what does
// not hold any more is no failure.
func (c *counters) count(batch []*job, err error) {
	switch {
	case code(err) != 0:
		c.failed.Add(1)
	case err == nil:
		c.batches.Add(1)
		for _, j := range batch {
			if j.err == nil {
				c.jobs.Add(1)
			}
		}
	}
}

// Counts returns what was written since the store was opened.
func (s *Store) Counts() Counts {
	return Counts{s.counters.batches.Load(), s.counters.jobs.Load(), s.counters.failed.Load()}
}

// Beat writes to the database that it is in use at an instant, and so tells whether
// anything can be written. The error wraps [ErrMoved] if it would be in vain. When ctx
// ends first, its error is returned, and the write goes on by itself; of those there is
// at most one.
func (s *Store) Beat(ctx context.Context, now time.Time) error {
	select {
	case s.beating <- struct{}{}:
	case <-ctx.Done():
		return fmt.Errorf("the database does not answer: %w", ctx.Err())
	}
	done := make(chan error, 1)
	go func() {
		defer func() { <-s.beating }()
		done <- s.beat(now)
	}()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return fmt.Errorf("the database does not answer: %w", ctx.Err())
	}
}

func (s *Store) beat(now time.Time) error {
	there, err := os.Stat(s.path)
	if err != nil || !os.SameFile(there, s.file) {
		return ErrMoved
	}
	// The disk may take its time: after a power cut the last instant that is known may be
	// one some minutes before.
	err = s.write(context.Background(), &job{record: true, apply: func(w *conn) error {
		_, err := w.exec(`INSERT INTO cursor (platform, name, value) VALUES ('', ?, ?)
			ON CONFLICT (platform, name) DO UPDATE SET value = excluded.value`, beatCursor, now.UTC().Format(time.RFC3339))
		return err
	}})
	return explain(s.path, err)
}

// LastBeat returns the instant that was given to [Store.Beat] last; the zero time if it
// never was.
func (s *Store) LastBeat(ctx context.Context) (time.Time, error) {
	value, err := s.Cursor(ctx, "", beatCursor)
	if err != nil || value == "" {
		return time.Time{}, err
	}
	at, err := time.Parse(time.RFC3339, value)
	if err != nil {
		return time.Time{}, fmt.Errorf("%s: the last beat cannot be read: %w", s.path, err)
	}
	return at, nil
}

// A Backlog is what waits to be said on a platform.
type Backlog struct {
	Messages int64
	Since    time.Time // since when the first of them could have been said; zero: none waits
}

// Backlog returns what waits to be said on a platform. What is kept back on purpose,
// until a talk is over, does not count; what was put off because it failed does. It
// costs what waits, however much was said.
func (s *Store) Backlog(ctx context.Context, p rituals.Platform) (b Backlog, err error) {
	err = s.read(ctx, func(r *conn) error {
		return r.query(func(r *row) error {
			b = Backlog{r.int(), r.time()}
			return nil
		}, `SELECT n, (SELECT at FROM outbox WHERE id = first) FROM (
			SELECT count(*) AS n, min(id) AS first FROM outbox WHERE platform = ?1 AND state = 'pending' AND waits = 0) f`, string(p))
	})
	return b, err
}
