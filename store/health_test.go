package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"attune/rituals"
)

func TestBeat(t *testing.T) {
	now := time.Date(2026, 11, 23, 21, 30, 0, 0, time.UTC)
	for _, test := range []struct {
		name   string
		happen func(t *testing.T, path string)
		want   error
	}{
		{"all is well", func(*testing.T, string) {}, nil},
		{"the file was taken away", func(t *testing.T, path string) {
			if err := os.Rename(path, path+".old"); err != nil {
				t.Fatal(err)
			}
		}, ErrMoved},
		{"another was put in its place", func(t *testing.T, path string) {
			if err := errors.Join(os.Rename(path, path+".old"), os.WriteFile(path, nil, 0o600)); err != nil {
				t.Fatal(err)
			}
		}, ErrMoved},
		{"somebody else writes without end", func(t *testing.T, path string) {
			db, err := sql.Open("sqlite", dsn(path))
			if err != nil {
				t.Fatal(err)
			}
			tx, err := db.BeginTx(context.Background(), nil) // immediate, by dsn
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() {
				if err := errors.Join(tx.Rollback(), db.Close()); err != nil {
					t.Error(err)
				}
			})
		}, context.DeadlineExceeded},
	} {
		t.Run(test.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "attune.db")
			s := openAt(t, path)
			test.happen(t, path)
			for range 2 { // who asks while the first still waits is told as soon
				ctx, cancel := context.WithTimeout(context.Background(), 200*time.Millisecond)
				defer cancel()
				began := time.Now()
				if err := s.Beat(ctx, now); !errors.Is(err, test.want) || (err == nil) != (test.want == nil) {
					t.Errorf("Beat: got %v, want %v", err, test.want)
				}
				if took := time.Since(began); took > 2*time.Second {
					t.Errorf("Beat: took %v, want little more than 200 ms", took)
				}
			}
		})
	}
}

func TestCounts(t *testing.T) {
	s := openAt(t, filepath.Join(t.TempDir(), "attune.db"))
	ctx := context.Background()
	e := rituals.Event{ID: "1", Kind: rituals.Wrote, Person: rituals.Person{Platform: rituals.Telegram, ID: "1001"}}
	c := rituals.Change{Now: time.Date(2026, 11, 23, 21, 30, 0, 0, time.UTC), Event: &e}
	before := s.Counts()
	if err := s.Commit(ctx, c); err != nil {
		t.Fatal(err)
	}
	if err := s.Commit(ctx, c); !errors.Is(err, rituals.ErrSettled) {
		t.Fatalf("Commit of an event that was settled: got %v, want %v", err, rituals.ErrSettled)
	}
	want := Counts{Batches: before.Batches + 1, Jobs: before.Jobs + 1}
	if got := s.Counts(); got != want {
		t.Errorf("Counts after one change, and once more the same: got %+v, want %+v", got, want)
	}
	failed := s.write(ctx, &job{apply: func(w *conn) error { _, err := w.exec("DELETE FROM nothing"); return err }})
	want.Failed++
	if got := s.Counts(); failed == nil || got != want {
		t.Errorf("Counts after what the database does not take (%v): got %+v, want %+v", failed, got, want)
	}
}

func TestBacklog(t *testing.T) {
	ctx := context.Background()
	at := time.Date(2026, 11, 23, 21, 30, 0, 0, time.UTC)
	alex := rituals.Address{Platform: rituals.Telegram, Chat: "1001"}
	sam := rituals.Address{Platform: rituals.Discord, Chat: "2002"}
	say := func(t *testing.T, s *Store, minutes int, ms ...rituals.Message) {
		commit(t, s, rituals.Change{Now: at.Add(time.Duration(minutes) * time.Minute), Say: ms})
	}
	first := func(t *testing.T, s *Store) int64 {
		p, err := s.Head(ctx, alex)
		if err != nil {
			t.Fatal(err)
		}
		return p.ID
	}
	for _, test := range []struct {
		name   string
		happen func(t *testing.T, s *Store)
		want   Backlog // on Telegram
	}{
		{"nothing waits", func(*testing.T, *Store) {}, Backlog{}},
		{"the first of two counts", func(t *testing.T, s *Store) {
			say(t, s, 0, rituals.Message{Key: "a", To: alex})
			say(t, s, 5, rituals.Message{Key: "b", To: alex})
		}, Backlog{2, at}},
		{"it was put off, and waits all the same", func(t *testing.T, s *Store) {
			say(t, s, 0, rituals.Message{Key: "a", To: alex})
			if err := s.Retry(ctx, first(t, s), at.Add(time.Hour)); err != nil {
				t.Fatal(err)
			}
		}, Backlog{1, at}},
		{"it was sent", func(t *testing.T, s *Store) {
			say(t, s, 0, rituals.Message{Key: "a", To: alex})
			if err := s.Sent(ctx, first(t, s), "1", at); err != nil {
				t.Fatal(err)
			}
		}, Backlog{}},
		{"it is for the other platform", func(t *testing.T, s *Store) { say(t, s, 0, rituals.Message{Key: "a", To: sam}) }, Backlog{}},
		{"it is kept back", func(t *testing.T, s *Store) { say(t, s, 0, rituals.Message{Key: "a", To: alex, Wait: true}) }, Backlog{}},
		{"what was kept back waits from when it may go", func(t *testing.T, s *Store) {
			say(t, s, 0, rituals.Message{Key: "a", To: alex, Wait: true})
			commit(t, s, rituals.Change{Now: at.Add(10 * time.Minute), Release: []rituals.Release{{To: alex}}})
		}, Backlog{1, at.Add(10 * time.Minute)}},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := openAt(t, filepath.Join(t.TempDir(), "attune.db"))
			test.happen(t, s)
			got, err := s.Backlog(ctx, rituals.Telegram)
			if err != nil || got != test.want {
				t.Errorf("Backlog: got %v, %v, want %v", got, err, test.want)
			}
		})
	}
}

// BenchmarkBacklog reads what waits while so much was said to 10,000 couples in a week:
// nothing, and a message for each of their members.
func BenchmarkBacklog(b *testing.B) {
	const people, days = 20_000, 7
	for _, waiting := range []int{0, people} {
		b.Run(fmt.Sprintf("waiting=%d", waiting), func(b *testing.B) {
			s := openAt(b, filepath.Join(b.TempDir(), "attune.db"))
			ctx, now := context.Background(), time.Now()
			fill := func(state string, n int) error {
				return s.write(ctx, &job{apply: func(w *conn) error {
					_, err := w.exec(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)
						INSERT INTO outbox (platform, chat, state, waits, body, rev, couple, check_in, at, retry_at, tries)
						SELECT 'telegram', i % 20000, ?2, 0, '', 0, i % 10000, 0, ?3, 0, 0 FROM n`, int64(n), state, millis(now))
					return err
				}})
			}
			if err := fill("sent", people*days); err != nil {
				b.Fatal(err)
			}
			if waiting > 0 {
				if err := fill("pending", waiting); err != nil {
					b.Fatal(err)
				}
			}
			b.ResetTimer()
			for range b.N {
				got, err := s.Backlog(ctx, rituals.Telegram)
				if err != nil || got.Messages != int64(waiting) {
					b.Fatalf("Backlog: got %v, %v, want %d messages", got, err, waiting)
				}
			}
		})
	}
}
