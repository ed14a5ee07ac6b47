package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"modernc.org/sqlite"

	"attune/bots"
	"attune/rituals"
)

// limit lets the database have no more pages than it has and some, as on a disk with
// so much room; 0 is as many as it wants.
func limit(t *testing.T, s *Store, more int64) {
	t.Helper()
	again := func(w *conn) error {
		pages := int64(1 << 30)
		if more > 0 {
			if err := w.query(func(r *row) error { pages = r.int() + more; return nil }, "PRAGMA page_count"); err != nil {
				return err
			}
		}
		_, err := w.exec(fmt.Sprintf("PRAGMA max_page_count = %d", pages))
		return err
	}
	err := rituals.ErrUnwritable
	for errors.Is(err, rituals.ErrUnwritable) { // it may share the lot of others
		err = s.write(context.Background(), &job{apply: again})
	}
	if err != nil {
		t.Fatal(err)
	}
}

// TestFullDatabase has both members of several couples write at the same time while
// there is room now and then: what was refused is nowhere, what was not is stored once,
// and what is held in memory is what is stored.
func TestFullDatabase(t *testing.T) {
	var log strings.Builder
	s, err := Open(context.Background(), filepath.Join(t.TempDir(), "attune.db"), Options{Trouble: bots.NewTrouble(slog.New(slog.NewTextHandler(&log, nil)))})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	const couples, each = 4, 25
	var people []rituals.Member
	for n := range couples {
		id, ms := coupleOf(n)
		c := pair()
		c.ID, c.Bonds[0].Member, c.Bonds[1].Member = id, ms[0].ID, ms[1].ID
		commit(t, s, rituals.Change{Members: ms, Couple: &c})
		people = append(people, ms...)
	}
	var refused atomic.Int64
	full := make(chan struct{}, 1) // receives when something was refused
	long := strings.Repeat("words ", 2000)
	write := func(m rituals.Member) {
		for i := 0; i < each; {
			st, err := s.Load(context.Background(), m.Person)
			if err == nil {
				st.Couple.Zone = fmt.Sprint(m.ID, i)
				say := message(fmt.Sprintf("%d/%d", m.ID, i), long)
				say.To = m.Address
				err = s.Commit(context.Background(), rituals.Change{Couple: &st.Couple, Say: []rituals.Message{say}})
			}
			switch {
			case err == nil:
				i++
			case errors.Is(err, rituals.ErrUnwritable):
				refused.Add(1)
				select {
				case full <- struct{}{}:
				default:
				}
			case !errors.Is(err, rituals.ErrConflict):
				t.Error(err)
				return
			}
		}
	}
	var wg sync.WaitGroup
	limit(t, s, 20)
	for _, m := range people {
		wg.Go(func() { write(m) })
	}
	done := make(chan struct{})
	go func() { wg.Wait(); close(done) }()
	for under := true; under; {
		select {
		case <-full:
			for _, m := range people {
				if _, err := s.Head(context.Background(), m.Address); err != nil && !errors.Is(err, rituals.ErrNotFound) {
					t.Error(err)
				}
			}
			limit(t, s, 40)
		case <-done:
			under = false
		}
	}
	if refused.Load() == 0 {
		t.Error("nothing was refused, want that the database is full now and then")
	}
	for _, m := range people {
		got, err := s.Load(context.Background(), m.Person)
		if err != nil || got.Couple.Version != 2*each+1 {
			t.Errorf("after %d commits: got version %d, %v, want %d", 2*each, got.Couple.Version, err, 2*each+1)
		}
		equal(t, "Load", got, stored(t, s, m.Person))
		var want []string
		for i := range each {
			want = append(want, fmt.Sprintf("%d/%d", m.ID, i))
		}
		if diff := cmp.Diff(want, keys(t, s, m.Address)); diff != "" {
			t.Errorf("what waits for %v (-want +got):\n%s", m.Address, diff)
		}
	}
	if n := strings.Count(log.String(), "the disk is full"); n != 1 || strings.Contains(log.String(), "words") {
		t.Errorf("the log tells %d times that the disk is full, want once, and no words:\n%s", n, log.String())
	}
	t.Logf("%d commits were refused", refused.Load())
}

// TestHeldDatabase commits while another connection holds the database.
func TestHeldDatabase(t *testing.T) {
	for _, tt := range []struct {
		name    string
		hold    time.Duration
		refused bool
	}{
		{"for three seconds, which is waited for", 3 * time.Second, false},
		{"for seven, which is told of", 7 * time.Second, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := paired(t)
			other, err := newConn(&sqlite.Driver{}, dsn(s.Path()))
			if err != nil {
				t.Fatal(err)
			}
			defer other.close()
			if _, err := other.exec("BEGIN EXCLUSIVE"); err != nil {
				t.Fatal(err)
			}
			freed := make(chan error, 1)
			time.AfterFunc(tt.hold, func() {
				_, err := other.exec("ROLLBACK")
				freed <- err
			})
			if _, err := s.Load(context.Background(), alex); err != nil {
				t.Errorf("Load meanwhile: got %v, want no error", err)
			}
			c := says(message("ask", "How are you now?"))
			c.Say[0].To = alexChat
			err = s.Commit(context.Background(), c)
			if errors.Is(err, rituals.ErrUnwritable) != tt.refused || !tt.refused && err != nil {
				t.Errorf("Commit: got %v, want that it is refused: %v", err, tt.refused)
			}
			if tt.refused {
				commit(t, s, c)
			}
			if err := <-freed; err != nil {
				t.Fatal(err)
			}
			if got := keys(t, s, alexChat); len(got) != 1 {
				t.Errorf("what waits: got %q, want one message", got)
			}
		})
	}
}
