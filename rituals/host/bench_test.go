package host_test

import (
	"context"
	"fmt"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/robfig/cron/v3"

	"attune/rituals"
	"attune/rituals/host"
	"attune/rituals/library"
	"attune/store"
)

// evening is when everything due in the benchmarks falls due.
var evening = time.Date(2026, 11, 23, 20, 30, 0, 0, time.UTC) // 21:30 in Berlin

func openHost(b *testing.B) (*store.Store, *host.Host) {
	b.Helper()
	s, err := store.Open(b.Context(), filepath.Join(b.TempDir(), "attune.db"), store.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := s.Close(); err != nil {
			b.Error(err)
		}
	})
	lib, err := library.Load("")
	if err != nil {
		b.Fatal(err)
	}
	return s, host.New(s, host.Options{Library: lib})
}

func seat(couple, n int) rituals.Person {
	return rituals.Person{Platform: rituals.Telegram, ID: strconv.Itoa(couple*2 + n)}
}

// settle makes couples 1 … n in Berlin, whose evening is due at evening.
func settle(b *testing.B, s *store.Store, n int) {
	b.Helper()
	ctx := context.Background()
	done := make(chan error, 64)
	sem := make(chan struct{}, 64)
	for i := 1; i <= n; i++ {
		sem <- struct{}{}
		go func() {
			defer func() { <-sem }()
			if err := pair(ctx, s, i); err != nil {
				select {
				case done <- err:
				default:
				}
			}
		}()
	}
	for range cap(sem) {
		sem <- struct{}{}
	}
	select {
	case err := <-done:
		b.Fatal(err)
	default:
	}
}

func pair(ctx context.Context, s *store.Store, i int) error {
	id := rituals.CoupleID(i)
	c := rituals.Couple{ID: id, Zone: "Europe/Berlin", Since: evening.AddDate(0, -1, 0)}
	change := rituals.Change{Now: evening, Couple: &c}
	for n, name := range []string{"Alex", "Sam"} {
		m := rituals.Member{
			ID: rituals.MemberID(i*2 + n), Person: seat(i, n), Name: name, Zone: "Europe/Berlin", Language: "en", Agreed: evening,
		}
		m.Address = rituals.Address{Platform: rituals.Telegram, Chat: m.Person.ID}
		change.Members = append(change.Members, m)
		c.Bonds = append(c.Bonds, rituals.Bond{Member: m.ID, Joined: evening})
	}
	change.Set = []rituals.Alarm{{Couple: id, Name: "open/evening", Kind: rituals.AlarmOpen, At: evening,
		Ritual: "evening", Day: "2026-11-23"}}
	return s.Commit(ctx, change)
}

// fill sets alarms that are due next year, until there are n.
func fill(b *testing.B, s *store.Store, have, n int) {
	b.Helper()
	for have < n {
		change := rituals.Change{Now: evening}
		for range min(10_000, n-have) {
			have++
			change.Set = append(change.Set, rituals.Alarm{Couple: rituals.CoupleID(1_000_000 + have), Name: "open/evening",
				Kind: rituals.AlarmOpen, At: evening.AddDate(1, 0, have%365), Ritual: "evening", Day: "2027-11-23"})
		}
		if err := s.Commit(context.Background(), change); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkTick is a look at the clock when nothing is due.
func BenchmarkTick(b *testing.B) {
	for _, n := range []int{10_000, 1_000_000} {
		b.Run(fmt.Sprintf("alarms=%d", n), func(b *testing.B) {
			s, h := openHost(b)
			fill(b, s, 0, n)
			b.ResetTimer()
			for range b.N {
				if _, err := h.Ring(b.Context(), evening); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// soon is due again and again, so that a runner with it never rests.
type soon struct{}

func (soon) Next(t time.Time) time.Time { return t.Add(time.Nanosecond) }

// far is due in a year.
type far struct{}

func (far) Next(t time.Time) time.Time { return t.AddDate(1, 0, 0) }

// BenchmarkRobfigTick is one round of cron's own runner, which keeps an entry for
// each thing that is due, with one entry due and a million that are not.
func BenchmarkRobfigTick(b *testing.B) {
	for _, n := range []int{10_000, 1_000_000} {
		b.Run(fmt.Sprintf("entries=%d", n), func(b *testing.B) {
			c := cron.New()
			for range n {
				c.Schedule(far{}, cron.FuncJob(func() {}))
			}
			rang := make(chan struct{})
			c.Schedule(soon{}, cron.FuncJob(func() { rang <- struct{}{} }))
			c.Start()
			<-rang
			b.ResetTimer()
			for range b.N {
				<-rang
			}
			b.StopTimer()
			stopped := c.Stop()
			for stopped.Err() == nil {
				select {
				case <-rang:
				case <-stopped.Done():
				}
			}
		})
	}
}

// BenchmarkOpen opens 10,000 check-ins that are due at the same instant among
// 1,000,000 alarms: load, decide, commit, two prompts in the outbox. One
// operation is all of them; us/couple is what one takes.
func BenchmarkOpen(b *testing.B) {
	const due, alarms = 10_000, 1_000_000
	for range b.N {
		b.StopTimer()
		s, h := openHost(b)
		settle(b, s, due)
		fill(b, s, due, alarms)
		b.StartTimer()
		if _, err := h.Ring(b.Context(), evening); err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		ws, err := s.Waiting(b.Context(), rituals.Telegram, 0, 3*due)
		if err != nil || len(ws) != 2*due {
			b.Fatalf("%d chats have something to read, want %d (%v)", len(ws), 2*due, err)
		}
		b.StartTimer()
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*due), "us/couple")
}
