package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// A Copy says what a copy of the database holds.
type Copy struct {
	Schema  int64
	Last    time.Time // when somebody last did something or was last sent something; zero for never
	Waiting int       // messages of which it is not known that they were sent
}

// Backup writes a copy of the database at path, as it is at this moment, to file,
// which must not be there yet. Whoever owns the database goes on with it meanwhile.
// The copy is encrypted if there are keys, and it is checked: in the end file is there
// whole or not at all. The error wraps [ErrNoDatabase] or [ErrExists] where that is
// the reason.
//
// With keys a copy in plain text stands beside the database meanwhile, where all that
// is in it stands anyway.
func Backup(ctx context.Context, path, file string, keys Keys) (Copy, error) {
	path, file, err := absolute(path, file)
	if err != nil {
		return Copy{}, err
	}
	if err := errors.Join(absent(file), present(path)); err != nil {
		return Copy{}, err
	}
	home := file
	if !keys.Empty() {
		home = path
	}
	plain, err := part(home)
	if err != nil {
		return Copy{}, err
	}
	defer discard(plain)
	c, err := duplicate(ctx, path, plain)
	if err != nil {
		return Copy{}, err
	}
	done := plain
	if !keys.Empty() {
		if done, err = part(file); err != nil {
			return Copy{}, err
		}
		defer discard(done)
		if err := keys.seal(done, plain); err != nil {
			return Copy{}, explain(file, err)
		}
	}
	if err := absent(file); err != nil {
		return Copy{}, err
	}
	return c, explain(file, place(done, file))
}

// duplicate writes what the database at path holds at this moment to the empty file
// to, and checks it. It reads from a connection of its own, so that the log beside
// the database cannot begin anew until it has ended, and nobody waits. Only SQLite
// opens the file: a process that closes it in any other way gives up all the locks that
// its connections have on it.
func duplicate(ctx context.Context, path, to string) (c Copy, err error) {
	err = on(path, func(db *sql.DB) error {
		if v, err := schema(ctx, db); err != nil || v == 0 {
			return errors.Join(err, ErrNoDatabase)
		}
		_, err := db.ExecContext(ctx, "VACUUM INTO ?", to)
		return err
	})
	if full(err) {
		return c, explain(filepath.Dir(to), err)
	}
	if err != nil {
		return c, explain(path, err)
	}
	err = on(to, func(db *sql.DB) error {
		c, err = inspect(ctx, db)
		return err
	})
	if err != nil {
		return c, fmt.Errorf("the copy of %s cannot be used and was not kept: %w", path, err)
	}
	return c, nil
}

// inspect reads a copy through and says what it holds, or why it cannot be used.
func inspect(ctx context.Context, db *sql.DB) (c Copy, err error) {
	if c.Schema, err = accept(ctx, db, false); err != nil {
		return c, err
	}
	if c.Schema == 0 {
		return c, fmt.Errorf("%w: it has none of the tables", errDamaged)
	}
	var dangling int64
	err = db.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM pragma_foreign_key_check),
		(SELECT count(*) FROM outbox WHERE state = 'pending')`).Scan(&dangling, &c.Waiting)
	if err != nil {
		return c, err
	}
	if dangling > 0 {
		return c, fmt.Errorf("%w: %d rows belong to what is not there", errDamaged, dangling)
	}
	c.Last, err = lastDone(ctx, db)
	return c, err
}

// absent reports that a file is there.
func absent(file string) error {
	_, err := os.Lstat(file)
	if err == nil {
		return fmt.Errorf("%s: %w", file, ErrExists)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// present reports that there is no database.
func present(path string) error {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) || (err == nil && info.Size() == 0) {
		return fmt.Errorf("%s: %w", path, ErrNoDatabase)
	}
	return err
}

func absolute(path, file string) (string, string, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return "", "", err
	}
	file, err = filepath.Abs(file)
	return path, file, err
}
