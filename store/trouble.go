package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	sqlite3 "modernc.org/sqlite/lib"

	"attune/rituals"
)

const (
	tellAgain = 10 * time.Minute // the log tells so often of a database that does not work
	tellAnew  = time.Minute      // and of one that works now and then
)

// A trouble is a database that does not work for a while, for a reason outside of what
// is written. The log tells of it when it begins, every ten minutes while it lasts, and when
// it is over. It is safe for concurrent use.
type trouble struct {
	log  *slog.Logger
	path string

	mu    sync.Mutex
	since time.Time // zero: all is well
	told  time.Time
	times int // that it was met since
}

// met tells of err, if it is of that kind, and returns it as one that wraps
// [rituals.ErrUnwritable]; any other error as it is.
func (t *trouble) met(err error) error {
	if err == nil {
		return nil
	}
	what := ails(err)
	if what == "" || errors.Is(err, rituals.ErrUnwritable) {
		return err
	}
	now := time.Now()
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.since.IsZero() {
		t.since = now
	}
	t.times++
	least := tellAgain
	if t.told.Before(t.since) {
		least = tellAnew
	}
	if t.told.IsZero() || now.Sub(t.told) >= least {
		t.told = now
		t.log.LogAttrs(context.Background(), slog.LevelError, what, slog.String("database", t.path), slog.Int("times", t.times), slog.Any("err", err))
	}
	return fmt.Errorf("%w: %w", rituals.ErrUnwritable, err)
}

// over tells that the database works, if it had not.
func (t *trouble) over() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.since.IsZero() {
		return
	}
	if !t.told.Before(t.since) {
		t.log.Info("the database works again", "database", t.path, "after", time.Since(t.since).Round(time.Second), "times", t.times)
	}
	t.since, t.times = time.Time{}, 0
}

// ails returns what is wrong with the database, and what whoever runs the server can do
// about it; empty if err is not about that.
func ails(err error) string {
	switch code(err) {
	case sqlite3.SQLITE_IOERR_READ, sqlite3.SQLITE_IOERR_SHORT_READ, sqlite3.SQLITE_IOERR_CORRUPTFS:
		return "" // a part of the file is damaged: who needs it must not hold up all others
	}
	if full(err) {
		return "the disk is full: make room; what was confirmed is kept, all else waits and goes on by itself"
	}
	switch code(err) & 0xff {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return "another program holds the database: end it; what was confirmed is kept, all else waits and goes on by itself"
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_CANTOPEN:
		return "the database cannot be written: see to its folder; what was confirmed is kept, all else waits and goes on by itself"
	case sqlite3.SQLITE_IOERR:
		return "the disk fails: see to it; what was confirmed is kept, all else waits and goes on by itself"
	}
	return ""
}
