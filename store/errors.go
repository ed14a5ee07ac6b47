package store

import (
	"errors"
	"fmt"
	"syscall"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"attune/rituals"
)

var (
	// ErrNewer reports a database that a later version of Attune has written.
	ErrNewer = errors.New("the database was written by a newer version of attune")

	// ErrCorrupt reports a file that is damaged or no database.
	ErrCorrupt = errors.New("the database is damaged or not a database: restore a backup, with attune restore --replace FILE")

	// ErrLocked reports that another process owns the database.
	ErrLocked = errors.New("the database is in use")

	// ErrNoDatabase reports that there is no database of Attune's.
	ErrNoDatabase = errors.New("there is no database of attune's here; ATTUNE_DATABASE says where it is")

	// ErrBackup reports a backup that is damaged or none.
	ErrBackup = errors.New("this is no backup of attune's or it is damaged; take another")

	// ErrKey reports a backup that none of the keys opens, or keys that are none.
	ErrKey = errors.New("no key opens it")

	// ErrExists reports that a file is in the way.
	ErrExists = errors.New("it is there already")

	// ErrClosed reports a use after Close.
	ErrClosed = errors.New("the store is closed")
)

// errDamaged reports what SQLite opens without complaint and yet is no whole database.
var errDamaged = errors.New("damaged")

// damaged reports whether a file cannot be what it should be.
func damaged(err error) bool {
	c := code(err) & 0xff
	return c == sqlite3.SQLITE_CORRUPT || c == sqlite3.SQLITE_NOTADB || errors.Is(err, errDamaged)
}

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
	return c == sqlite3.SQLITE_FULL || c == sqlite3.SQLITE_IOERR_SHMSIZE || errors.Is(err, syscall.ENOSPC)
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
	if damaged(err) {
		return fmt.Errorf("%s: %w (%v)", path, ErrCorrupt, err)
	}
	if full(err) {
		return fmt.Errorf("%s: the disk is full: make room: %w", path, err)
	}
	switch code(err) & 0xff {
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM:
		return fmt.Errorf("%s: the file or its folder cannot be written: %w", path, err)
	case sqlite3.SQLITE_CANTOPEN:
		return fmt.Errorf("%s: the file cannot be opened: %w", path, err)
	case sqlite3.SQLITE_IOERR:
		return fmt.Errorf("%s: the disk fails: %w", path, err)
	}
	return fmt.Errorf("%s: %w", path, err)
}
