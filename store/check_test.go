package store

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"attune/rituals"
)

// filesIn returns the names in a folder.
func filesIn(t *testing.T, dir string) (names []string) {
	t.Helper()
	all, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range all {
		names = append(names, f.Name())
	}
	return names
}

func TestCheck(t *testing.T) {
	ctx := context.Background()
	now := time.Date(2026, 11, 23, 21, 30, 0, 0, time.UTC)
	said := rituals.Change{Now: now, Say: []rituals.Message{{Key: "k", To: rituals.Address{Platform: rituals.Telegram, Chat: "1001"}}}}
	used := func(t *testing.T, path string) {
		s := openAt(t, path)
		if err := errors.Join(s.Commit(ctx, said), s.Close()); err != nil {
			t.Fatal(err)
		}
	}
	change := func(t *testing.T, path, query string) {
		used(t, path)
		db, err := sql.Open("sqlite", "file:"+path)
		if err != nil {
			t.Fatal(err)
		}
		_, err = db.Exec(query)
		if err := errors.Join(err, db.Close()); err != nil {
			t.Fatal(err)
		}
	}
	fresh := Checkup{There: true, Schema: 4, Known: 4, Newest: now}
	for _, test := range []struct {
		name   string
		happen func(t *testing.T, path string)
		want   Checkup
		err    error
	}{
		{"there is none", func(*testing.T, string) {}, Checkup{}, nil},
		{"closed in order", used, fresh, nil},
		{"in use", func(t *testing.T, path string) {
			if err := openAt(t, path).Commit(ctx, said); err != nil {
				t.Fatal(err)
			}
		}, Checkup{There: true, Owner: "process", Schema: 4, Known: 4, Newest: now}, nil},
		{"not closed in order", func(t *testing.T, path string) {
			old := filepath.Join(t.TempDir(), "attune.db")
			if err := openAt(t, old).Commit(ctx, said); err != nil {
				t.Fatal(err)
			}
			for _, end := range []string{"", "-wal", "-shm"} {
				data, err := os.ReadFile(old + end)
				if err := errors.Join(err, os.WriteFile(path+end, data, 0o600)); err != nil {
					t.Fatal(err)
				}
			}
		}, fresh, nil},
		{"never used", func(t *testing.T, path string) {
			if err := os.WriteFile(path, nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}, Checkup{There: true, Known: 4}, nil},
		{"written by a newer version", func(t *testing.T, path string) {
			change(t, path, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (99, 1)")
		}, Checkup{There: true, Schema: 99, Known: 4}, nil},
		{"rows that belong to nobody", func(t *testing.T, path string) {
			change(t, path, "INSERT INTO person (platform, id, member) VALUES ('telegram', '1001', 7)")
		}, Checkup{There: true, Schema: 4, Known: 4, Newest: now, Trouble: []string{"person: 1 whose member is not there"}}, nil},
		{"a damaged page", func(t *testing.T, path string) {
			used(t, path)
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			copy(data[20*4096:], bytes.Repeat([]byte{0xff}, 4096))
			if err := os.WriteFile(path, data, 0o600); err != nil {
				t.Fatal(err)
			}
		}, Checkup{There: true, Schema: 4, Known: 4, Trouble: []string{"*** in database main *** Tree 21 page 21: btreeInitPage() returns error code 11"}}, nil},
		{"no database", func(t *testing.T, path string) {
			if err := os.WriteFile(path, bytes.Repeat([]byte("no database "), 1000), 0o600); err != nil {
				t.Fatal(err)
			}
		}, Checkup{There: true, Known: 4}, ErrCorrupt},
	} {
		t.Run(test.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "attune.db")
			test.happen(t, path)
			before := filesIn(t, filepath.Dir(path))
			got, err := Check(ctx, path)
			if !errors.Is(err, test.err) {
				t.Fatalf("Check: got %v, want %v", err, test.err)
			}
			if after := filesIn(t, filepath.Dir(path)); !slices.Equal(before, after) {
				t.Errorf("Check leaves the files %q, want %q as before", after, before)
			}
			got.Owner, _, _ = strings.Cut(got.Owner, " ") // the number differs
			got.Trouble = got.Trouble[:min(1, len(got.Trouble))]
			if diff := cmp.Diff(test.want, got, cmpopts.EquateEmpty(), cmpopts.IgnoreFields(Checkup{}, "Size")); diff != "" {
				t.Errorf("Check (-want +got):\n%s", diff)
			}
			if info, err := os.Stat(path); err == nil && got.Size < info.Size() {
				t.Errorf("Check: got %d bytes, want at least the %d of the file", got.Size, info.Size())
			}
		})
	}
}

// TestCheckKnowsTheBeat looks at a database that was in use later than anybody did
// anything.
func TestCheckKnowsTheBeat(t *testing.T) {
	s := paired(t)
	later := time.Now().Add(48 * time.Hour).UTC().Truncate(time.Second)
	if err := s.Beat(t.Context(), later); err != nil {
		t.Fatal(err)
	}
	if c, err := Check(t.Context(), s.Path()); err != nil || !c.Newest.Equal(later) {
		t.Errorf("Check: got the newest instant %v, %v, want %v", c.Newest, err, later)
	}
}
