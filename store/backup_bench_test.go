package store

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"attune/rituals"
)

// large returns a store of about that many megabytes.
func large(b *testing.B, megabytes int) *Store {
	b.Helper()
	s := settled(b, 1)
	_, ms := coupleOf(0)
	words := strings.Repeat("Tired, but glad you called at lunch. ", 10)
	next := int64(1000)
	for {
		if info, err := os.Stat(s.Path()); err != nil || info.Size() > int64(megabytes)*1e6 {
			return s
		}
		var c rituals.Change
		for range 2000 {
			k := opening(1, ms, int(next), at("21:30").Add(-time.Duration(next)*time.Hour))
			k.ID, k.State = rituals.CheckInID(next), rituals.Kept
			next++
			c.CheckIns = append(c.CheckIns, k)
			for _, m := range ms {
				c.Replies = append(c.Replies, rituals.Reply{CheckIn: k.ID, Member: m.ID, Step: "heart",
					Words: []rituals.Words{{Source: "12", Text: words}}, At: k.Opened})
			}
		}
		commit(b, s, c)
	}
}

// BenchmarkBackup makes a backup of 100 MB while one commit follows the other, and
// tells how long these take meanwhile, beside how long they take when there is none.
func BenchmarkBackup(b *testing.B) {
	for _, tt := range []struct {
		name string
		keys Keys
	}{{"plain", Keys{}}, {"encrypted", parse(b, newKeys(b, 1)...)}} {
		b.Run(tt.name, func(b *testing.B) {
			s := large(b, 100)
			var alone, meanwhile []time.Duration
			for b.Loop() {
				over := make(chan struct{})
				time.AfterFunc(2*time.Second, func() { close(over) })
				alone = append(alone, commits(b, s, over)...)
				over = make(chan struct{})
				go func() {
					defer close(over)
					began := time.Now()
					if _, err := Backup(context.Background(), s.Path(), filepath.Join(b.TempDir(), "b"), tt.keys); err != nil {
						b.Error(err)
					}
					b.ReportMetric(time.Since(began).Seconds(), "s/backup")
				}()
				meanwhile = append(meanwhile, commits(b, s, over)...)
			}
			slices.Sort(alone)
			slices.Sort(meanwhile)
			for _, p := range []int{50, 99} {
				of := func(all []time.Duration) float64 { return float64(all[(len(all)-1)*p/100].Microseconds()) }
				b.ReportMetric(of(alone), fmt.Sprintf("µs/p%d-alone", p))
				b.ReportMetric(of(meanwhile), fmt.Sprintf("µs/p%d-meanwhile", p))
			}
			b.ReportMetric(float64(meanwhile[len(meanwhile)-1].Milliseconds()), "ms/max-meanwhile")
		})
	}
}

// commits makes one commit after the other until over is closed, and returns how long
// each took.
func commits(b *testing.B, s *Store, over <-chan struct{}) (took []time.Duration) {
	_, ms := coupleOf(0)
	for {
		select {
		case <-over:
			return took
		default:
		}
		st, err := s.Load(context.Background(), ms[0].Person)
		if err != nil {
			b.Fatal(err)
		}
		c := answer(&st.Member, &st.Couple, st.Couple.Version)
		began := time.Now()
		if err := s.Commit(context.Background(), c); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(began))
	}
}

// BenchmarkOpenLarge opens a database of 100 MB that was closed in order, and one that
// was not.
func BenchmarkOpenLarge(b *testing.B) {
	s := large(b, 100)
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
	for _, killed := range []bool{false, true} {
		b.Run(fmt.Sprintf("killed=%v", killed), func(b *testing.B) {
			for b.Loop() {
				if killed {
					write(b, s.Path()+".lock", "")
				}
				s, err := Open(context.Background(), s.Path(), Options{})
				if err != nil {
					b.Fatal(err)
				}
				if err := s.Close(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
