package store

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"filippo.io/age"

	"attune/rituals"
)

// newKeys makes n keys.
func newKeys(t testing.TB, n int) (keys []string) {
	t.Helper()
	for range n {
		k, err := NewKey()
		if err != nil {
			t.Fatal(err)
		}
		keys = append(keys, k)
	}
	return keys
}

func parse(t testing.TB, text ...string) Keys {
	t.Helper()
	ks, err := ParseKeys(strings.Join(text, ","))
	if err != nil {
		t.Fatalf("ParseKeys: %v", err)
	}
	return ks
}

// backup makes a backup and returns where it is.
func backup(t testing.TB, path string, keys Keys) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "backup")
	if _, err := Backup(context.Background(), path, file, keys); err != nil {
		t.Fatalf("Backup: %v", err)
	}
	return file
}

// only fails the test if a folder holds anything but these files.
func only(t testing.TB, dir string, want ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
	}
	slices.Sort(want)
	equal(t, "files in the folder", got, want)
}

func TestBackupWhileItIsOwned(t *testing.T) {
	keys := newKeys(t, 2)
	for _, tt := range []struct {
		name  string
		write Keys
		read  Keys
		head  string
	}{
		{"without keys", Keys{}, Keys{}, magic},
		{"without keys, restored with them", Keys{}, parse(t, keys...), magic},
		{"with a key", parse(t, keys[0]), parse(t, keys[0]), sealed},
		{"with a key that is no more the first", parse(t, keys[0]), parse(t, keys[1], keys[0]), sealed},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := paired(t)
			file := filepath.Join(t.TempDir(), "backup")
			got, err := Backup(context.Background(), s.Path(), file, tt.write)
			if err != nil {
				t.Fatalf("Backup: %v", err)
			}
			equal(t, "Backup", got, Copy{Schema: 4})
			only(t, filepath.Dir(file), "backup")
			only(t, filepath.Dir(s.Path()), "attune.db", "attune.db-shm", "attune.db-wal", "attune.db.lock")
			if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("Stat of the backup: got %v, %v, want a file for its owner alone", info.Mode(), err)
			}
			if b := read(t, file); !strings.HasPrefix(string(b), tt.head) {
				t.Errorf("the backup begins with %.20q, want %q", b, tt.head)
			}
			other := filepath.Join(t.TempDir(), "attune.db")
			if _, err := Restore(context.Background(), other, file, Restoring{Keys: tt.read, Now: at("22:00")}); err != nil {
				t.Fatalf("Restore: %v", err)
			}
			equal(t, "Load of what was restored", load(t, openAt(t, other)), load(t, s))
		})
	}
}

// TestBackupIsAgeFile opens a backup as any program that knows age does.
func TestBackupIsAgeFile(t *testing.T) {
	s := paired(t)
	key := newKeys(t, 1)[0]
	f, err := os.Open(backup(t, s.Path(), parse(t, key)))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	ids, err := age.ParseIdentities(strings.NewReader("# made today\n" + key + "\n"))
	if err != nil {
		t.Fatal(err)
	}
	r, err := age.Decrypt(f, ids...)
	if err != nil {
		t.Fatal(err)
	}
	if b, err := io.ReadAll(r); err != nil || !bytes.HasPrefix(b, []byte(magic)) {
		t.Errorf("what age reads begins with %.20q, %v, want a database", b, err)
	}
}

func TestBackupRefuses(t *testing.T) {
	s := paired(t)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	whole := read(t, s.Path())
	for _, tt := range []struct {
		name  string
		spoil func(t *testing.T, path, file string)
		want  error
		says  string
	}{
		{"a file that is there", func(t *testing.T, _, file string) { write(t, file, "mine") }, ErrExists, "it is there already"},
		{"no database", func(t *testing.T, path, _ string) { discard(path) }, ErrNoDatabase, "ATTUNE_DATABASE"},
		{"an empty file for a database", func(t *testing.T, path, _ string) { write(t, path, "") }, ErrNoDatabase, "ATTUNE_DATABASE"},
		{"a database of others", func(t *testing.T, path, _ string) {
			discard(path)
			in(t, path, "CREATE TABLE song (title TEXT)")
		}, ErrNoDatabase, "ATTUNE_DATABASE"},
		{"a damaged database", func(t *testing.T, path, _ string) { damage(t, path) }, ErrCorrupt, "restore a backup"},
		{"a database of a newer version", func(t *testing.T, path, _ string) {
			in(t, path, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, 1)")
		}, ErrNewer, "999"},
		{"a database in which something is missing", func(t *testing.T, path, _ string) {
			in(t, path, "PRAGMA foreign_keys = off", "DELETE FROM member WHERE id = 1")
		}, errDamaged, "2 rows belong to what is not there"},
		{"a folder that is not there", func(t *testing.T, _, file string) {
			if err := os.Remove(filepath.Dir(file)); err != nil {
				t.Fatal(err)
			}
		}, nil, "make it, or name another"},
	} {
		for _, keys := range []Keys{{}, parse(t, newKeys(t, 1)...)} {
			t.Run(tt.name, func(t *testing.T) {
				path, file := filepath.Join(t.TempDir(), "attune.db"), filepath.Join(t.TempDir(), "backups", "b.db")
				write(t, path, string(whole))
				if err := os.Mkdir(filepath.Dir(file), 0o700); err != nil {
					t.Fatal(err)
				}
				tt.spoil(t, path, file)
				before, _ := os.ReadFile(file)
				_, err := Backup(t.Context(), path, file, keys)
				if err == nil || (tt.want != nil && !errors.Is(err, tt.want)) || !strings.Contains(err.Error(), tt.says) {
					t.Errorf("Backup: got %v, want %v with %q", err, tt.want, tt.says)
				}
				if after, _ := os.ReadFile(file); !bytes.Equal(before, after) {
					t.Error("Backup refused and changed the file")
				}
				parts(t, filepath.Dir(path), filepath.Dir(file))
			})
		}
	}
}

// parts fails the test if anything half written is left.
func parts(t *testing.T, dirs ...string) {
	t.Helper()
	for _, dir := range dirs {
		if left, _ := filepath.Glob(filepath.Join(dir, "*"+partMark+"*")); len(left) > 0 {
			t.Errorf("half written files are left: %v", left)
		}
	}
}

func write(t testing.TB, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestBackupStops ends a backup in the middle: nothing of it is left, and what a
// process that was killed has left goes with the next.
func TestBackupStops(t *testing.T) {
	s := paired(t)
	commit(t, s, rituals.Change{Say: []rituals.Message{message("a", strings.Repeat("long ", 1e6))}})
	dir := t.TempDir()
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := Backup(ctx, s.Path(), filepath.Join(dir, "b"), Keys{}); !errors.Is(err, context.Canceled) {
		t.Errorf("Backup that is told to stop: got %v, want %v", err, context.Canceled)
	}
	only(t, dir)

	old, young := filepath.Join(dir, "b"+partMark+"1"), filepath.Join(dir, "b"+partMark+"2")
	write(t, old, "half")
	write(t, young, "half")
	if err := os.Chtimes(old, at("00:00"), at("00:00").AddDate(-1, 0, 0)); err != nil {
		t.Fatal(err)
	}
	if _, err := Backup(t.Context(), s.Path(), filepath.Join(dir, "b"), Keys{}); err != nil {
		t.Fatalf("Backup: %v", err)
	}
	only(t, dir, "b", filepath.Base(young))
}

func TestParseKeys(t *testing.T) {
	keys := newKeys(t, 2)
	public := parse(t, keys[0]).Public()
	for _, tt := range []struct {
		name, text string
		want       int
		err        string
	}{
		{"none", "", 0, ""},
		{"one", keys[0], 1, ""},
		{"two, with a comma", keys[0] + ", " + keys[1], 2, ""},
		{"two, on lines of their own", keys[0] + "\r\n" + keys[1] + "\n", 2, ""},
		{"a file that age-keygen has made", "# created: today\n# public key: " + public + "\n" + keys[0] + "\n", 1, ""},
		{"a public one", public, 0, "key 1 is a public one"},
		{"one that is cut off", keys[0] + "," + keys[1][:40], 0, "key 2 is none, or is not whole"},
		{"a word", "hunter2", 0, "attune keys new makes one"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := ParseKeys(tt.text)
			if len(got.all) != tt.want || (err == nil) != (tt.err == "") || (err != nil && !strings.Contains(err.Error(), tt.err)) {
				t.Errorf("ParseKeys: got %d keys, %v, want %d, %q", len(got.all), err, tt.want, tt.err)
			}
			if err != nil && (strings.Contains(err.Error(), keys[1][:40]) || strings.Contains(err.Error(), "hunter2")) {
				t.Errorf("ParseKeys shows a key: %v", err)
			}
		})
	}
}

// TestBackupOfOlder makes backups of every schema that was ever released, and restores
// them. They are brought up to date when they are opened.
func TestBackupOfOlder(t *testing.T) {
	files, err := filepath.Glob("testdata/schema*.sql")
	if err != nil || len(files) == 0 {
		t.Fatalf("Glob(testdata/schema*.sql): got %v, %v", files, err)
	}
	for n, file := range files {
		dump, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		path, restored := filepath.Join(t.TempDir(), "attune.db"), filepath.Join(t.TempDir(), "attune.db")
		in(t, path, string(dump))
		got, err := Restore(t.Context(), restored, backup(t, path, Keys{}), Restoring{Now: at("22:00")})
		if err != nil || got.Schema != int64(n+1) {
			t.Fatalf("Restore of %s: got schema %d, %v, want %d", file, got.Schema, err, n+1)
		}
		equal(t, "who is in what was made of "+file, name(t, restored), "Alex")
	}
}

// TestBackupOfWhatAKillLeft makes a backup of a file whose last words are in its log.
func TestBackupOfWhatAKillLeft(t *testing.T) {
	path := filepath.Join(t.TempDir(), "attune.db")
	if _, err := Restore(t.Context(), path, backup(t, logged(t), Keys{}), Restoring{Now: at("22:00")}); err != nil {
		t.Fatal(err)
	}
	equal(t, "who is in it", name(t, path), "Kim")
}
