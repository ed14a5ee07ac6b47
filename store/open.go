package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"

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

// own makes the folder of path and takes the lock beside it: one process owns
// the database.
func own(path string) (*os.File, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("the database's folder cannot be made: %w", err)
	}
	f, err := os.OpenFile(path+".lock", os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("the database's folder cannot be written: %w", err)
	}
	if err := lock(f); err != nil {
		owner, _ := os.ReadFile(path + ".lock")
		f.Close()
		return nil, fmt.Errorf("%s: %w by process %s", path, ErrLocked, strings.TrimSpace(string(owner)))
	}
	if err := errors.Join(f.Truncate(0), writeAt(f, strconv.Itoa(os.Getpid())+"\n")); err != nil {
		f.Close()
		return nil, fmt.Errorf("the database's folder cannot be written: %w", err)
	}
	return f, nil
}

func writeAt(f *os.File, s string) error {
	_, err := f.WriteAt([]byte(s), 0)
	return err
}

// writable reports why the file at path could not be written. One that is not there
// is made, for its owner's eyes only.
func writable(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("the database cannot be written: %w", err)
	}
	return f.Close()
}

// prepare checks the database and brings its schema up to date. It writes
// nothing to a database it refuses.
func prepare(ctx context.Context, path string) error {
	if err := writable(path); err != nil {
		return err
	}
	db, err := sql.Open("sqlite", dsn(path))
	if err != nil {
		return explain(path, err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)

	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, db, files, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return err
	}
	if err := accept(ctx, db, p); err != nil {
		return explain(path, err)
	}
	if _, err := db.ExecContext(ctx, "PRAGMA journal_mode = wal"); err != nil {
		return explain(path, err)
	}
	if _, err := p.Up(ctx); err != nil {
		return explain(path, err)
	}
	_, err = db.ExecContext(ctx, "PRAGMA user_version = 0")
	return explain(path, err)
}

// accept reports why the database must not be used. The user version is 1 while
// it was closed in order, and only then is a full check spared.
func accept(ctx context.Context, db *sql.DB, p *goose.Provider) error {
	var has, version, clean int64
	err := db.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema WHERE name = 'goose_db_version'").Scan(&has)
	if err != nil {
		return err
	}
	if has > 0 {
		err := db.QueryRowContext(ctx, "SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied").Scan(&version)
		if err != nil {
			return err
		}
	}
	sources := p.ListSources()
	if known := sources[len(sources)-1].Version; version > known {
		return fmt.Errorf("%w (schema %d, this one knows %d): it was left as it is", ErrNewer, version, known)
	}
	if err := db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&clean); err != nil {
		return err
	}
	if clean == 1 {
		return nil
	}
	var result string
	if err := db.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&result); err != nil {
		return err
	}
	if result != "ok" {
		return fmt.Errorf("%w (%s)", ErrCorrupt, result)
	}
	return nil
}
