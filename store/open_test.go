package store

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"attune/rituals"
)

func try(t *testing.T, path string) error {
	t.Helper()
	s, err := Open(context.Background(), path, Options{})
	if err == nil {
		s.Close()
	}
	return err
}

// in runs statements on the file at path without a store.
func in(t *testing.T, path string, statements ...string) {
	t.Helper()
	db, err := sql.Open("sqlite", dsn(path))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, q := range statements {
		if _, err := db.Exec(q); err != nil {
			t.Fatalf("Exec(%q): %v", q, err)
		}
	}
}

// damage overwrites the middle of a closed database.
func damage(t *testing.T, path string) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := 4096; i < len(b)-4096; i++ {
		b[i] = 0x5a
	}
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestOpenRefuses(t *testing.T) {
	tests := []struct {
		name  string
		spoil func(t *testing.T, path string)
		want  error
		says  string
	}{
		{"a database of a newer version", func(t *testing.T, path string) {
			in(t, path, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, 1)")
		}, ErrNewer, "999"},
		{"a file that is no database", func(t *testing.T, path string) {
			if err := os.WriteFile(path, bytes.Repeat([]byte("Dear diary, "), 1000), 0o600); err != nil {
				t.Fatal(err)
			}
		}, ErrCorrupt, "restore a backup"},
		{"a database damaged after an unclean stop", func(t *testing.T, path string) {
			in(t, path, "PRAGMA user_version = 0", "PRAGMA wal_checkpoint(truncate)")
			damage(t, path)
		}, ErrCorrupt, "restore a backup"},
		{"a folder in its place", func(t *testing.T, path string) {
			if err := errors.Join(os.Remove(path), os.Mkdir(path, 0o700)); err != nil {
				t.Fatal(err)
			}
		}, nil, "cannot be written"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "attune.db")
			openAt(t, path).Close()
			tt.spoil(t, path)
			before, _ := os.ReadFile(path)
			err := try(t, path)
			if err == nil || (tt.want != nil && !errors.Is(err, tt.want)) || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("Open: got %v, want %v with %q", err, tt.want, tt.says)
			}
			if after, _ := os.ReadFile(path); !bytes.Equal(before, after) {
				t.Error("Open refused the file and changed it")
			}
			if _, err := os.Stat(path + "-wal"); err == nil {
				t.Error("Open refused the file and left a log beside it")
			}
		})
	}
	t.Run("a folder that cannot be made", func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "file")
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		err := try(t, filepath.Join(file, "attune.db"))
		if err == nil || !strings.Contains(err.Error(), "folder cannot be made") {
			t.Errorf("Open under a file: got %v, want the folder cannot be made", err)
		}
	})
}

func TestOpenTakesOddPaths(t *testing.T) {
	for _, name := range []string{"a b.db", "what?.db", "50%25.db", "#1.db", "Älex & Säm.db", "new/folder/attune.db"} {
		path := filepath.Join(t.TempDir(), name)
		if err := try(t, path); err != nil {
			t.Errorf("Open(%q): %v", name, err)
		}
		if _, err := os.Stat(path); err != nil {
			t.Errorf("after Open(%q): %v", name, err)
		}
	}
}

func TestOneProcessOwnsTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "attune.db")
	s := openAt(t, path)
	err := try(t, path)
	if !errors.Is(err, ErrLocked) || !strings.Contains(err.Error(), strconv.Itoa(os.Getpid())) {
		t.Errorf("Open of an open database: got %v, want %v by process %d", err, ErrLocked, os.Getpid())
	}
	if err := s.Close(); err != nil {
		t.Fatalf("Close: %v", err)
	}
	if err := try(t, path); err != nil {
		t.Errorf("Open after Close: %v", err)
	}
	if err := s.Commit(context.Background(), rituals.Change{}); !errors.Is(err, ErrClosed) {
		t.Errorf("Commit after Close: got %v, want %v", err, ErrClosed)
	}
	if _, err := s.Load(context.Background(), alex); !errors.Is(err, ErrClosed) {
		t.Errorf("Load after Close: got %v, want %v", err, ErrClosed)
	}
}

// TestKilled runs itself in a process that is killed after its commit, and looks
// at what it left.
func TestKilled(t *testing.T) {
	const name = "ATTUNE_STORE_KILLED"
	if path := os.Getenv(name); path != "" {
		s := openAt(t, path)
		c := pair()
		commit(t, s, rituals.Change{Members: members(), Couple: &c, Say: []rituals.Message{message("a", "1"), message("b", "2")}})
		sentOne(t, s, rituals.Parcel{ID: 1})
		p, _ := os.FindProcess(os.Getpid())
		if err := p.Kill(); err != nil {
			t.Fatal(err)
		}
		select {}
	}
	path := filepath.Join(t.TempDir(), "attune.db")
	cmd := exec.Command(os.Args[0], "-test.run=^TestKilled$")
	cmd.Env = append(os.Environ(), name+"="+path)
	if out, err := cmd.CombinedOutput(); err == nil || bytes.Contains(out, []byte("FAIL")) {
		t.Fatalf("the process that was to be killed: got %v, want killed\n%s", err, out)
	}
	s := openAt(t, path)
	if got := load(t, s); got.Member.Name != "Alex" || len(got.Couple.Bonds) != 2 {
		t.Errorf("Load after a kill: got %+v, want Alex and the couple", got)
	}
	equal(t, "unsent after a kill", keys(t, s, alexChat), []string{"b"})
}

// schemaOf returns the schema of the file at path, a statement to a line.
func schemaOf(t *testing.T, path string) (statements []string) {
	t.Helper()
	db, err := sql.Open("sqlite", dsn(path))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query(`SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND tbl_name <> 'goose_db_version'
		AND name NOT LIKE 'sqlite_%' ORDER BY type DESC, name`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			t.Fatal(err)
		}
		statements = append(statements, s)
	}
	return statements
}

// TestReleasedSchemas migrates each database that was ever released. The files
// in testdata never change; a schema that is released adds one.
func TestReleasedSchemas(t *testing.T) {
	fresh := filepath.Join(t.TempDir(), "attune.db")
	if err := try(t, fresh); err != nil {
		t.Fatalf("Open of a fresh database: %v", err)
	}
	want := schemaOf(t, fresh)
	files, err := filepath.Glob("testdata/schema*.sql")
	if err != nil || len(files) == 0 {
		t.Fatalf("Glob(testdata/schema*.sql): got %v, %v", files, err)
	}
	for _, file := range files {
		dump, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), "attune.db")
		in(t, path, string(dump))
		s := openAt(t, path)
		if got := load(t, s); got.Member.Name != "Alex" || got.Couple.Zone != "Europe/Berlin" || len(got.CheckIns) != 1 ||
			len(got.CheckIns[0].Walks) != 2 || len(got.CheckIns[0].Replies) != 1 {
			t.Errorf("Load from %s: got %+v, want Alex, the couple, and a check-in with two walks and a reply", file, got)
		}
		homes, err := s.Homes(context.Background(), 1)
		if err != nil || len(homes) == 0 || homes[0] != (rituals.Home{Member: 1, Person: alex, Chat: "1001"}) {
			t.Errorf("Homes of Alex from %s: got %+v, %v, want 1001 on Telegram first", file, homes, err)
		}
		s.Close()
		equal(t, "schema migrated from "+file, schemaOf(t, path), want)
	}
}
