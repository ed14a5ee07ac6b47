package store

import (
	"context"
	"database/sql"
	"embed"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrations embed.FS

// dsn returns how the driver is told to open the file at path. The log is folded
// into the file at 8,000 pages, which is 32 MB: at the usual 1,000 a busy evening
// spends an eighth of its time waiting for that. Each connection keeps half a
// megabyte of pages, because the system keeps them as well.
func dsn(path string, pragmas ...string) string {
	q := url.Values{"_txlock": {"immediate"}, "_pragma": append([]string{
		"busy_timeout(5000)", "wal_autocheckpoint(8000)", "foreign_keys(on)", "synchronous(full)", "secure_delete(fast)", "temp_store(memory)", "cache_size(-512)",
	}, pragmas...)}
	u := url.URL{Scheme: "file", Path: filepath.ToSlash(path)}
	return "file:" + u.EscapedPath() + "?" + q.Encode()
}

// on calls f with the database at path, on one connection.
func on(path string, f func(*sql.DB) error) error {
	db, err := sql.Open("sqlite", dsn(path))
	if err != nil {
		return err
	}
	db.SetMaxOpenConns(1)
	return errors.Join(f(db), db.Close())
}

// prepare makes the database if there is none, or else checks it, and brings its
// schema up to date. It writes nothing to a database it refuses. A database that
// was closed in order is spared the full check.
func prepare(ctx context.Context, path string, clean bool) error {
	sweep(path, time.Now())
	err := begun(path)
	if errors.Is(err, fs.ErrNotExist) {
		clean, err = true, create(ctx, path)
	}
	if err != nil {
		return explain(path, err)
	}
	return explain(path, on(path, func(db *sql.DB) error {
		if _, err := accept(ctx, db, clean); err != nil {
			return err
		}
		if _, err := db.ExecContext(ctx, "PRAGMA journal_mode = wal"); err != nil {
			return err
		}
		return migrate(ctx, db, migrations)
	}))
}

// begun reports why the file at path cannot be a database that can be written.
// SQLite would take one that is empty, or whose last page is cut off, for whole, and
// what it takes for empty it makes a fresh database of.
func begun(path string) error {
	_, err := os.Lstat(path + "-wal")
	logged := err == nil
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if logged && errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%w: its log is there and the file is not", errDamaged)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err != nil {
		return fmt.Errorf("the database cannot be written: %w", err)
	}
	defer f.Close()
	head := make([]byte, len(magic)+2)
	n, err := io.ReadFull(f, head)
	if err != nil || string(head[:len(magic)]) != magic {
		return fmt.Errorf("%w: it begins with %q", errDamaged, head[:n])
	}
	size, err := f.Seek(0, io.SeekEnd)
	page := int64(binary.BigEndian.Uint16(head[len(magic):]))
	if page == 1 {
		page = 1 << 16 // which does not fit
	}
	if whole := page > 0 && size%page == 0; err == nil && !whole && !logged { // the log would mend it
		return fmt.Errorf("%w: it is cut off at %d bytes", errDamaged, size)
	}
	return err
}

// magic is what every SQLite file begins with. The size of a page follows.
const magic = "SQLite format 3\x00"

// create makes a database under another name and puts it in its place when it is
// whole.
func create(ctx context.Context, path string) error {
	part, err := part(path)
	if err != nil {
		return fmt.Errorf("the database cannot be written: %w", err)
	}
	defer discard(part)
	err = on(part, func(db *sql.DB) error {
		// It is nothing until it is in its place, and then it is on the disk.
		if _, err := db.ExecContext(ctx, "PRAGMA synchronous = off"); err != nil {
			return err
		}
		return migrate(ctx, db, migrations)
	})
	if err != nil {
		return err
	}
	return place(part, path)
}

// known returns the schema that this version writes.
func known(files fs.FS) (n int64, err error) {
	names, err := fs.Glob(files, "migrations/*.sql")
	for _, name := range names {
		v, err := goose.NumericComponent(name)
		if err != nil {
			return 0, err
		}
		n = max(n, v)
	}
	return n, err
}

// schema returns which schema a database has; 0 if it is none of Attune's.
func schema(ctx context.Context, db *sql.DB) (version int64, err error) {
	err = db.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema WHERE name = 'goose_db_version'").Scan(&version)
	if err != nil || version == 0 {
		return 0, err
	}
	err = db.QueryRowContext(ctx, "SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied").Scan(&version)
	return version, err
}

// accept returns the schema of a database, or why it must not be used. With trust it
// is not read through.
func accept(ctx context.Context, db *sql.DB, trust bool) (int64, error) {
	version, err := schema(ctx, db)
	if err != nil {
		return 0, err
	}
	switch most, err := known(migrations); {
	case err != nil:
		return 0, err
	case version > most:
		return 0, fmt.Errorf("%w (schema %d, this one knows %d): it was left as it is", ErrNewer, version, most)
	case trust:
		return version, nil
	}
	var result string
	if err := db.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&result); err != nil {
		return 0, err
	}
	if result != "ok" {
		return 0, fmt.Errorf("%w: %s", errDamaged, result)
	}
	return version, nil
}

// migrate brings the schema up to date. Each step is done whole or not at all.
func migrate(ctx context.Context, db *sql.DB, files fs.FS) error {
	files, err := fs.Sub(files, "migrations")
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, db, files, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return err
	}
	if _, err := p.Up(ctx); err != nil {
		version, e := schema(ctx, db)
		return errors.Join(fmt.Errorf("the schema cannot be brought up to date; the database is whole, at schema %d, and a version of attune with that schema can use it: %w", version, err), e)
	}
	return nil
}
