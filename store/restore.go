package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"
)

// Restoring says how a backup is restored.
type Restoring struct {
	Keys    Keys
	Replace bool // put it in the place of a database that is there
	Now     time.Time
}

// A Restored says what was restored.
type Restored struct {
	Copy
	Kept string // where the database is that was there before; empty for none
}

// Restore makes the backup in file the database at path. It looks at all of the backup
// before it touches what is there, keeps that under another name, and leaves one of the
// two, whole, wherever it is interrupted. The error wraps [ErrLocked], [ErrExists],
// [ErrBackup], [ErrKey] or [ErrNewer] where that is the reason.
func Restore(ctx context.Context, path, file string, r Restoring) (done Restored, err error) {
	path, file, err = absolute(path, file)
	if err != nil {
		return done, err
	}
	if _, err := os.Stat(file); err != nil {
		return done, err
	}
	owner, err := own(path, r.Now)
	if err != nil {
		return done, err
	}
	defer func() { err = errors.Join(err, owner.leave("")) }()
	there := absent(path)
	if there != nil && !(r.Replace && errors.Is(there, ErrExists)) {
		return done, there
	}
	part, err := part(path)
	if err != nil {
		return done, err
	}
	defer discard(part)
	if err := unpack(part, file, r.Keys); err != nil {
		return done, explain(path, err)
	}
	if done.Copy, err = admit(ctx, part, r.Now); err != nil {
		return done, fmt.Errorf("%s: %w", file, err)
	}
	if there != nil {
		done.Kept = spare(path + ".before-" + r.Now.UTC().Format("2006-01-02T15-04-05"))
		if err := setAside(ctx, path, done.Kept); err != nil {
			return done, err
		}
	}
	return done, explain(path, place(part, path))
}

// unpack writes the database that is in a backup to part. A log that lies beside the
// backup belongs to it: whoever copies the files of a database by hand has one.
func unpack(part, file string, keys Keys) error {
	in, err := os.Open(file)
	if err != nil {
		return err
	}
	defer in.Close()
	head := make([]byte, len(sealed))
	if _, err := io.ReadFull(in, head); err != nil || string(head) != sealed {
		if err := copyFile(part, file); err != nil {
			return err
		}
		if err := copyFile(part+"-wal", file+"-wal"); !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	}
	out, err := os.OpenFile(part, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = in.Seek(0, io.SeekStart)
	if err == nil {
		err = keys.open(out, in)
	}
	if err := errors.Join(err, out.Close()); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}

// admit reads a copy through and makes it a database of its own, or says why it cannot
// be one.
func admit(ctx context.Context, part string, now time.Time) (c Copy, err error) {
	if err = begun(part); err == nil {
		err = on(part, func(db *sql.DB) (err error) {
			if c, err = inspect(ctx, db); err != nil {
				return err
			}
			return begin(ctx, db, now)
		})
	}
	if damaged(err) {
		err = fmt.Errorf("%w (%v)", ErrBackup, err)
	}
	return c, err
}

// apart is by how much the numbers of messages go on higher after a restore. Those
// that were said since the backup have left their numbers in chats, on buttons, where
// they must not be taken for later ones.
const apart = 1_000_000_000

// begin makes a copy a database of its own: what is said from it can be told from what
// was said since it was made, and who fetches what people wrote can tell that much of
// it was settled.
func begin(ctx context.Context, db *sql.DB, now time.Time) error {
	if _, err := db.ExecContext(ctx, "PRAGMA journal_mode = delete"); err != nil {
		return err
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	for _, q := range []struct {
		sql string
		arg any
	}{
		{"INSERT INTO sqlite_sequence (name, seq) SELECT 'outbox', ? WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'outbox')", 0},
		{"UPDATE sqlite_sequence SET seq = seq + ? WHERE name = 'outbox'", apart},
		{`INSERT INTO cursor (platform, name, value) SELECT DISTINCT platform, 'restored', ? FROM cursor WHERE true
			ON CONFLICT (platform, name) DO UPDATE SET value = excluded.value`, fmt.Sprint(now.UnixMilli())},
	} {
		if _, err := tx.ExecContext(ctx, q.sql, q.arg); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// spare returns a name that no file has: the one that is wished, or with a number.
func spare(wished string) string {
	name := wished
	for n := 2; errors.Is(absent(name), ErrExists); n++ {
		name = fmt.Sprintf("%s-%d", wished, n)
	}
	return name
}

// setAside gives the database at path another name too, with all that its log holds.
// The file at path stays, without a log, to be replaced at one stroke: a log that
// stayed would be read into whatever is there next.
func setAside(ctx context.Context, path, name string) error {
	// What cannot be read into the file, because that is damaged, is kept beside it.
	folded := begun(path)
	if folded == nil {
		folded = on(path, func(db *sql.DB) error {
			_, err := db.ExecContext(ctx, "PRAGMA wal_checkpoint(truncate)")
			return err
		})
	}
	if _, err := os.Lstat(path + "-wal"); err == nil && folded == nil {
		return fmt.Errorf("%s: another program has it open; stop that first", path)
	}
	for _, end := range []string{"", "-wal", "-journal"} {
		if err := double(path+end, name+end); err != nil && !(end != "" && errors.Is(err, fs.ErrNotExist)) {
			return fmt.Errorf("the database that is there cannot be kept: %w", err)
		}
	}
	if err := syncFolder(path); err != nil {
		return err
	}
	for _, end := range []string{"-wal", "-shm", "-journal"} {
		if err := os.Remove(path + end); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// double gives a file a second name or, where files have only one, makes a copy.
func double(file, name string) error {
	err := os.Link(file, name)
	if err == nil || errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrExist) {
		return err
	}
	if err := copyFile(name, file); err != nil {
		return errors.Join(err, os.Remove(name))
	}
	return nil
}
