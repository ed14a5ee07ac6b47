package store

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"attune/rituals"
)

// TestOpenRefusesHalfWritten opens what is left of databases that were closed in order
// and then copied, cut or overwritten by something else. Each is refused, with what to
// do, and left byte for byte as it was.
func TestOpenRefusesHalfWritten(t *testing.T) {
	s := paired(t)
	path := s.Path()
	for i := range 40 {
		commit(t, s, says(message(fmt.Sprint(i), strings.Repeat("How are you now? ", 100))))
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	whole, noted := read(t, path), read(t, path+".lock")
	n := len(whole)
	zeros := func(from, to int) []byte {
		b := bytes.Clone(whole)
		clear(b[from:to])
		return b
	}
	rows := map[string][]byte{
		"nothing": nil, "zeros alone": make([]byte, n), "a text": bytes.Repeat([]byte("Dear diary, "), n/12),
		"its second half alone": whole[n/2:], "twice the same page": append(bytes.Clone(whole[:4096]), whole[:n-4096]...),
	}
	for _, at := range []int{1, 16, 99, 100, 511, 512, 1000, 4095, 4096, 4097, 8192, n / 4, n / 2, n - 4096, n - 1} {
		rows[fmt.Sprintf("its first %d bytes", at)] = whole[:at]
		if at > 16 {
			rows[fmt.Sprintf("its first %d bytes, and zeros", at)] = zeros(at, n)
		}
	}
	delete(rows, fmt.Sprintf("its first %d bytes, and zeros", n-1)) // the last byte may be a zero
	for name, b := range rows {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "attune.db")
			write(t, path, string(b))
			write(t, path+".lock", string(noted))
			err := try(t, path)
			if !errors.Is(err, ErrCorrupt) || !strings.Contains(err.Error(), "attune restore --replace FILE") {
				t.Errorf("Open: got %v, want %v", err, ErrCorrupt)
			}
			if after, err := os.ReadFile(path); !bytes.Equal(b, after) {
				t.Errorf("Open refused the file and changed it, %v", err)
			}
			only(t, filepath.Dir(path), "attune.db", "attune.db.lock")
		})
	}
	t.Run("its log alone", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "attune.db")
		write(t, path+"-wal", "what was said last")
		if err := try(t, path); !errors.Is(err, ErrCorrupt) {
			t.Errorf("Open: got %v, want %v", err, ErrCorrupt)
		}
		only(t, filepath.Dir(path), "attune.db-wal", "attune.db.lock")
	})
}

// TestFullCheckIsSpared tells the file that was closed in order from any other.
func TestFullCheckIsSpared(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(t *testing.T, path string)
		want   bool
	}{
		{"nothing happened", func(*testing.T, string) {}, true},
		{"another program has written to it", func(t *testing.T, path string) { in(t, path, "UPDATE member SET name = 'Kim'") }, false},
		{"it was copied", func(t *testing.T, path string) {
			if err := errors.Join(os.Rename(path, path+"2"), copyFile(path, path+"2")); err != nil {
				t.Fatal(err)
			}
		}, false},
		{"a log is there", func(t *testing.T, path string) { write(t, path+"-wal", "") }, false},
		{"the lock is gone", func(t *testing.T, path string) {
			if err := os.Remove(path + ".lock"); err != nil {
				t.Fatal(err)
			}
		}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path := another(t)
			if err := os.Chtimes(path, at("20:00"), at("20:00")); err != nil { // a clock may tick only every few milliseconds
				t.Fatal(err)
			}
			left, err := (&owner{path: path}).closed()
			if err != nil {
				t.Fatal(err)
			}
			write(t, path+".lock", left)
			tt.change(t, path)
			o, err := own(path, at("22:00"))
			if err != nil {
				t.Fatal(err)
			}
			defer o.leave("")
			if got := o.clean(); got != tt.want {
				t.Errorf("clean: got %v, want %v; the owner before wrote %q", got, tt.want, o.left)
			}
		})
	}
}

// TestLockNamesItsOwner reads the line that a second process gets.
func TestLockNamesItsOwner(t *testing.T) {
	host, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "attune.db")
	o, err := own(path, at("21:30"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = own(path, at("22:00"))
	want := fmt.Sprintf("%s: the database is in use by process %d on %s since 2026-11-23 21:30:00 UTC", path, os.Getpid(), host)
	if !errors.Is(err, ErrLocked) || err.Error() != want {
		t.Errorf("own of what is owned: got %v, want %s", err, want)
	}
	write(t, path+".lock", "")
	if _, err = own(path, at("22:00")); !errors.Is(err, ErrLocked) || !strings.HasSuffix(err.Error(), "in use by another process") {
		t.Errorf("own of what was just taken: got %v, want that another process uses it", err)
	}
	if err := o.leave(""); err != nil {
		t.Fatal(err)
	}
	if o, err = own(path, at("22:00")); err != nil {
		t.Fatalf("own of what was left: %v", err)
	}
	o.leave("")
}

// TestMigrationIsWholeOrNot lets a migration fail in its middle.
func TestMigrationIsWholeOrNot(t *testing.T) {
	s := paired(t)
	path := s.Path()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	before := schemaOf(t, path)
	files := fstest.MapFS{
		"migrations/00005_broken.sql": {Data: []byte("-- +goose Up\nCREATE TABLE song (title TEXT);\nDELETE FROM person;\nDELETE FROM bond;\nDELETE FROM member;\nSELEKT 1;\n")},
	}
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		b, err := fs.ReadFile(migrations, name)
		if err != nil {
			t.Fatal(err)
		}
		files[name] = &fstest.MapFile{Data: b}
	}
	err = on(path, func(db *sql.DB) error { return migrate(t.Context(), db, files) })
	if err == nil || !strings.Contains(err.Error(), "the database is whole, at schema 4, and a version of attune with that schema can use it") {
		t.Errorf("migrate: got %v, want that it is whole, at schema 4", err)
	}
	equal(t, "schema after a migration that failed", schemaOf(t, path), before)
	if got := load(t, openAt(t, path)); got.Member.Name != "Alex" || got.Person != (rituals.Person{Platform: rituals.Telegram, ID: "1001"}) {
		t.Errorf("Load after a migration that failed: got %+v, want Alex", got)
	}
}
