package store

import (
	"errors"
	"fmt"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"attune/rituals"
)

var (
	// ErrNewer reports a database that a later version of Attune has written.
	ErrNewer = errors.New("the database was written by a newer version of attune")

	// ErrCorrupt reports a file that is damaged or no database.
	ErrCorrupt = errors.New("the database is damaged or not a database: restore a backup")

	// ErrLocked reports that another process owns the database.
	ErrLocked = errors.New("the database is in use")

	// ErrClosed reports a use after Close.
	ErrClosed = errors.New("the store is closed")
)

// code returns SQLite's extended result code; 0 if err is not SQLite's.
func code(err error) int {
	var e *sqlite.Error
	if errors.As(err, &e) {
		return e.Code()
	}
	return 0
}

// full reports whether there was no room on the disk.
func full(err error) bool {
	c := code(err)
	return c == sqlite3.SQLITE_FULL || c == sqlite3.SQLITE_IOERR_SHMSIZE
}

// taken turns the error of an insert whose key exists into a conflict.
func taken(err error) error {
	switch code(err) {
	case sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_ROWID:
		return rituals.ErrConflict
	}
	return err
}

// explain adds to an error of opening what whoever runs the server can do.
func explain(path string, err error) error {
	if err == nil {
		return nil
	}
	if full(err) {
		return fmt.Errorf("%s: the disk is full: make room: %w", path, err)
	}
	switch code(err) & 0xff {
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return fmt.Errorf("%s: %w (%v)", path, ErrCorrupt, err)
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM:
		return fmt.Errorf("%s: the file or its folder cannot be written: %w", path, err)
	case sqlite3.SQLITE_CANTOPEN:
		return fmt.Errorf("%s: the file cannot be opened: %w", path, err)
	case sqlite3.SQLITE_IOERR:
		return fmt.Errorf("%s: the disk fails: %w", path, err)
	}
	return fmt.Errorf("%s: %w", path, err)
}
