package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// A Checkup is what was found out about a database. It holds nothing of what is in it.
type Checkup struct {
	There   bool   // there is a file
	Owner   string // who has it open; empty: nobody
	Size    int64  // bytes, with the log beside it
	Schema  int64  // 0: it was never used
	Known   int64  // the schema that this version writes
	Trouble []string
	Newest  time.Time // the latest instant at which something was done, or the program was there
}

// mostTrouble is how much that is wrong with a database is told.
const mostTrouble = 5

// Check looks through the database at path without changing anything, also while
// another process owns it. The error wraps [ErrCorrupt] if it cannot be read at all.
func Check(ctx context.Context, path string) (c Checkup, err error) {
	if path, err = filepath.Abs(path); err != nil {
		return c, err
	}
	for _, file := range []string{path, path + "-wal"} {
		info, err := os.Stat(file)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return c, err
		}
		c.There, c.Size = c.There || file == path, c.Size+info.Size()
	}
	if !c.There {
		return c, nil
	}
	release, err := c.visit(path)
	if err != nil {
		return c, err
	}
	defer release()
	db, err := sql.Open("sqlite", c.dsn(path))
	if err != nil {
		return c, explain(path, err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	return c, explain(path, c.look(ctx, db))
}

// visit finds out who owns the database, and while nobody does keeps others from
// becoming its owner until it is released.
func (c *Checkup) visit(path string) (release func(), err error) {
	f, err := os.Open(path + ".lock")
	if errors.Is(err, fs.ErrNotExist) {
		return func() {}, nil
	}
	if err != nil {
		return nil, err
	}
	if lock(f) != nil {
		b, _ := os.ReadFile(path + ".lock")
		o := owner{path, f, strings.TrimSpace(string(b))}
		c.Owner = o.other()
		return func() {}, f.Close()
	}
	return func() { f.Close() }, nil
}

// dsn returns how the driver is told to read the file at path and nothing else. Beside
// one that was closed in order it would even so leave files of its own, which might
// belong to somebody else than the database: that one cannot change, and is taken so.
func (c *Checkup) dsn(path string) string {
	q := url.Values{"mode": {"ro"}, "_pragma": {"busy_timeout(5000)", "query_only(on)"}}
	if _, err := os.Stat(path + "-wal"); errors.Is(err, fs.ErrNotExist) && c.Owner == "" {
		q.Set("immutable", "1")
	}
	u := url.URL{Path: filepath.ToSlash(path)}
	return "file:" + u.EscapedPath() + "?" + q.Encode()
}

// look reads through an open database.
func (c *Checkup) look(ctx context.Context, db *sql.DB) error {
	var err error
	if c.Known, err = known(migrations); err != nil {
		return err
	}
	if c.Schema, err = schema(ctx, db); err != nil || c.Schema == 0 {
		return err
	}
	rows := func(query string, say func(*sql.Rows) error) error {
		rows, err := db.QueryContext(ctx, query)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() && len(c.Trouble) < mostTrouble {
			if err := say(rows); err != nil {
				return err
			}
		}
		return rows.Err()
	}
	err = rows(fmt.Sprintf("PRAGMA quick_check(%d)", mostTrouble), func(r *sql.Rows) error {
		var says string
		if err := r.Scan(&says); err != nil || says == "ok" {
			return err
		}
		c.Trouble = append(c.Trouble, strings.Join(strings.Fields(says), " "))
		return nil
	})
	if err != nil || len(c.Trouble) > 0 {
		return err
	}
	err = rows("SELECT \"table\", parent, count(*) FROM pragma_foreign_key_check GROUP BY 1, 2", func(r *sql.Rows) error {
		var table, parent string
		var n int64
		if err := r.Scan(&table, &parent, &n); err != nil {
			return err
		}
		c.Trouble = append(c.Trouble, fmt.Sprintf("%s: %d whose %s is not there", table, n, parent))
		return nil
	})
	if err != nil || c.Schema > c.Known {
		return err
	}
	if c.Newest, err = lastDone(ctx, db); err != nil {
		return err
	}
	var beat string
	err = db.QueryRowContext(ctx, "SELECT coalesce(max(value), '') FROM cursor WHERE platform = '' AND name = ?", beatCursor).Scan(&beat)
	if at, wrong := time.Parse(time.RFC3339, beat); wrong == nil && at.After(c.Newest) {
		c.Newest = at
	}
	return err
}

// lastDone returns when somebody last did something or was last sent something; the zero
// time for never.
func lastDone(ctx context.Context, db *sql.DB) (time.Time, error) {
	var last int64
	const done = "SELECT max(coalesce((SELECT max(at) FROM handled), 0), coalesce((SELECT max(at) FROM outbox), 0))"
	if err := db.QueryRowContext(ctx, done).Scan(&last); err != nil || last == 0 {
		return time.Time{}, err
	}
	return time.UnixMilli(last).UTC(), nil
}
