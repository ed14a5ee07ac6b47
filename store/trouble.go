package store

import (
	"errors"
	"fmt"
	"log/slog"

	sqlite3 "modernc.org/sqlite/lib"

	"attune/rituals"
)

// A Trouble is told when the database does not work for a reason outside of what is
// written, each time that this is met, and after each commit that it works.
type Trouble interface {
	Met(level slog.Level, what string, args ...any)
	Over(what string)
}

// unheard is a trouble that nobody is told of.
type unheard struct{}

func (unheard) Met(slog.Level, string, ...any) {}
func (unheard) Over(string)                    {}

// met tells of err, if it is of that kind, and returns it as one that wraps
// [rituals.ErrUnwritable]; any other error as it is.
func (s *Store) met(err error) error {
	if err == nil || errors.Is(err, rituals.ErrUnwritable) {
		return err
	}
	what := ails(err)
	if what == "" {
		return err
	}
	s.trouble.Met(slog.LevelError, what, "database", s.path, "err", err)
	return fmt.Errorf("%w: %w", rituals.ErrUnwritable, err)
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
