package store

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"attune/rituals"
)

const aside = "attune.db.before-2026-11-23T22-00-00"

// another is a database with one member, who is called Robin.
func another(t *testing.T) (path string) {
	t.Helper()
	s := open(t)
	commit(t, s, rituals.Change{Members: members()[:1]})
	in(t, s.Path(), "UPDATE member SET name = 'Robin'")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return s.Path()
}

func read(t testing.TB, file string) []byte {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// logged is what a process that was killed has left: only its log knows that the member
// is called Kim.
func logged(t *testing.T) (path string) {
	t.Helper()
	live := another(t)
	s := openAt(t, live)
	in(t, live, "UPDATE member SET name = 'Kim'")
	path = filepath.Join(t.TempDir(), "attune.db")
	for _, end := range []string{"", "-wal"} {
		if err := copyFile(path+end, live+end); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// name returns who the first member of a database is.
func name(t testing.TB, path string) string {
	t.Helper()
	return load(t, openAt(t, path)).Member.Name
}

func TestRestore(t *testing.T) {
	for _, tt := range []struct {
		name  string
		there func(t *testing.T) string // the database that is there before
		kept  []string
		was   string // who is in what was kept; empty: it cannot be read
	}{
		{"where nothing is", func(t *testing.T) string { return filepath.Join(t.TempDir(), "new", "attune.db") }, nil, ""},
		{"over one that was closed in order", another, []string{aside}, "Robin"},
		{"over one whose process was killed, with its log", logged, []string{aside}, "Kim"},
		{"over one that is damaged", func(t *testing.T) string {
			path := another(t)
			damage(t, path)
			return path
		}, []string{aside}, ""},
		{"over one that was cut off, with its log", func(t *testing.T) string {
			path := filepath.Join(t.TempDir(), "attune.db")
			write(t, path, "")
			write(t, path+"-wal", "what was said last")
			return path
		}, []string{aside, aside + "-wal"}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := paired(t)
			file := backup(t, s.Path(), Keys{})
			path := tt.there(t)
			dir := filepath.Dir(path)
			got, err := Restore(t.Context(), path, file, Restoring{Replace: true, Now: at("22:00")})
			if err != nil {
				t.Fatalf("Restore: %v", err)
			}
			want := ""
			if tt.kept != nil {
				want = filepath.Join(dir, aside)
			}
			if got.Kept != want {
				t.Errorf("Restore keeps %q, want %q", got.Kept, want)
			}
			only(t, dir, append([]string{"attune.db", "attune.db.lock"}, tt.kept...)...)
			equal(t, "Load of what was restored", load(t, openAt(t, path)), load(t, s))
			if tt.was != "" {
				equal(t, "who is in what was kept", name(t, got.Kept), tt.was)
			}
		})
	}
}

// TestRestoreOfCopiedFiles restores what somebody has copied by hand while it was in
// use: the file and its log.
func TestRestoreOfCopiedFiles(t *testing.T) {
	s := paired(t)
	file := filepath.Join(t.TempDir(), "copied.db")
	for _, end := range []string{"", "-wal"} {
		if err := copyFile(file+end, s.Path()+end); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(t.TempDir(), "attune.db")
	if _, err := Restore(t.Context(), path, file, Restoring{Now: at("22:00")}); err != nil {
		t.Fatalf("Restore: %v", err)
	}
	equal(t, "Load of what was restored", load(t, openAt(t, path)), load(t, s))
}

func TestRestoreRefuses(t *testing.T) {
	keys := newKeys(t, 2)
	mine := parse(t, keys[0])
	s := paired(t)
	plain, encrypted, before := read(t, backup(t, s.Path(), Keys{})), read(t, backup(t, s.Path(), mine)), read(t, another(t))
	middle := func(b []byte, with byte) []byte {
		for i := len(b) / 3; i < len(b)/2; i++ {
			b[i] = with
		}
		return b
	}
	for _, tt := range []struct {
		name  string
		keys  Keys                // it was written with
		spoil func([]byte) []byte // what was written
		with  Restoring
		want  error
		says  string
	}{
		{"a database that is there", Keys{}, nil, Restoring{}, ErrExists, "attune.db: it is there already"},
		{"a text", Keys{}, func([]byte) []byte { return []byte("Dear diary") }, Restoring{}, ErrBackup, `"Dear diary"`},
		{"an empty file", Keys{}, func([]byte) []byte { return nil }, Restoring{}, ErrBackup, "take another"},
		{"one that is cut off in the first page", Keys{}, func(b []byte) []byte { return b[:600] }, Restoring{}, ErrBackup, "take another"},
		{"one that is cut off", Keys{}, func(b []byte) []byte { return b[:len(b)/2] }, Restoring{}, ErrBackup, "take another"},
		{"one whose last page is not whole", Keys{}, func(b []byte) []byte { return b[:len(b)-100] }, Restoring{}, ErrBackup, "take another"},
		{"one with zeros in it", Keys{}, func(b []byte) []byte { return middle(b, 0) }, Restoring{}, ErrBackup, "take another"},
		{"one with other bytes in it", Keys{}, func(b []byte) []byte { return middle(b, 'Z') }, Restoring{}, ErrBackup, "take another"},
		{"an encrypted one without a key", mine, nil, Restoring{}, ErrKey, "set ATTUNE_KEYS"},
		{"an encrypted one with another key", mine, nil, Restoring{Keys: parse(t, keys[1])}, ErrKey, "add the one it was written with to ATTUNE_KEYS"},
		{"an encrypted one that is cut off", mine, func(b []byte) []byte { return b[:len(b)-1] }, Restoring{Keys: mine}, ErrBackup, "take another"},
		{"an encrypted one that is cut off at its head", mine, func(b []byte) []byte { return b[:40] }, Restoring{Keys: mine}, ErrBackup, "take another"},
		{"an encrypted one with a byte changed", mine, func(b []byte) []byte { b[len(b)/2] ^= 1; return b }, Restoring{Keys: mine}, ErrBackup, "take another"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := plain
			if !tt.keys.Empty() {
				b = encrypted
			}
			if tt.spoil != nil {
				b = tt.spoil(bytes.Clone(b))
			}
			file, path := filepath.Join(t.TempDir(), "backup"), filepath.Join(t.TempDir(), "attune.db")
			write(t, file, string(b))
			write(t, path, string(before))
			tt.with.Replace, tt.with.Now = tt.want != ErrExists, at("22:00")
			_, err := Restore(t.Context(), path, file, tt.with)
			if !errors.Is(err, tt.want) || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("Restore: got %v, want %v with %q", err, tt.want, tt.says)
			}
			if after, err := os.ReadFile(path); !bytes.Equal(before, after) {
				t.Errorf("Restore refused and changed the database, %v", err)
			}
			only(t, filepath.Dir(path), "attune.db", "attune.db.lock")
		})
	}
}

func TestRestoreRefusesOtherwise(t *testing.T) {
	t.Run("a backup of a newer version", func(t *testing.T) {
		file := backup(t, paired(t).Path(), Keys{})
		in(t, file, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, 1)")
		_, err := Restore(t.Context(), filepath.Join(t.TempDir(), "attune.db"), file, Restoring{Now: at("22:00")})
		if !errors.Is(err, ErrNewer) || !strings.Contains(err.Error(), "999") {
			t.Errorf("Restore: got %v, want %v", err, ErrNewer)
		}
	})
	t.Run("a database that is in use", func(t *testing.T) {
		s := paired(t)
		_, err := Restore(t.Context(), s.Path(), backup(t, s.Path(), Keys{}), Restoring{Replace: true, Now: at("22:00")})
		if !errors.Is(err, ErrLocked) {
			t.Errorf("Restore: got %v, want %v", err, ErrLocked)
		}
	})
	t.Run("a database that another program has open", func(t *testing.T) {
		s := paired(t)
		file := backup(t, s.Path(), Keys{})
		if err := s.owner.file.Close(); err != nil { // as if it knew nothing of locks
			t.Fatal(err)
		}
		_, err := Restore(t.Context(), s.Path(), file, Restoring{Replace: true, Now: at("22:00")})
		if err == nil || !strings.Contains(err.Error(), "another program has it open") {
			t.Errorf("Restore: got %v, want that another program has it open", err)
		}
		equal(t, "who is there", load(t, s).Member.Name, "Alex")
	})
	t.Run("a backup that is not there", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "new", "attune.db")
		_, err := Restore(t.Context(), path, filepath.Join(t.TempDir(), "none"), Restoring{Now: at("22:00")})
		if !errors.Is(err, os.ErrNotExist) {
			t.Errorf("Restore: got %v, want %v", err, os.ErrNotExist)
		}
		if _, err := os.Stat(filepath.Dir(path)); err == nil {
			t.Error("Restore without a backup makes a folder")
		}
	})
}

// TestRestoredGoesOn says something from a restored database: what waited in it is said
// again, and no number is given to a message that another may have had since.
func TestRestoredGoesOn(t *testing.T) {
	s := paired(t)
	commit(t, s, says(message("a", "1"), message("b", "2")))
	sentOne(t, s, rituals.Parcel{ID: 1})
	if err := s.SetCursor(t.Context(), rituals.Discord, "seen", "5"); err != nil {
		t.Fatal(err)
	}
	file := backup(t, s.Path(), Keys{})
	path := filepath.Join(t.TempDir(), "attune.db")
	got, err := Restore(t.Context(), path, file, Restoring{Now: at("22:00")})
	if err != nil {
		t.Fatalf("Restore: %v", err)
	}
	if got.Waiting != 1 || !got.Last.Equal(at("21:31")) {
		t.Errorf("Restore: got %d waiting, last %v, want 1, %v", got.Waiting, got.Last, at("21:31"))
	}
	r := openAt(t, path)
	commit(t, r, says(message("c", "3")))
	ps := deliver(t, r, alexChat)
	if len(ps) != 2 || ps[0].Message.Key != "b" || ps[0].ID != 2 || ps[1].ID <= apart {
		t.Errorf("what is sent: got %+v, want b, with the number it had, and c, with one over %d", ps, apart)
	}
	when, err := r.Cursor(t.Context(), rituals.Discord, "restored")
	if err != nil || when != fmt.Sprint(at("22:00").UnixMilli()) {
		t.Errorf("Cursor(restored): got %s, %v, want when that was", when, err)
	}
}
