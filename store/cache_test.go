package store

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"attune/rituals"
)

// stored returns the state as the database has it.
func stored(t testing.TB, s *Store, who rituals.Person) rituals.State {
	t.Helper()
	st := rituals.State{Person: who}
	if err := s.read(context.Background(), func(r *conn) error { return s.readState(r, &st) }); err != nil {
		t.Fatal(err)
	}
	return st
}

// step returns a change such as events and alarms make, to a state that was
// loaded; now and then one that nothing of Attune would make.
func step(r *rand.Rand, st rituals.State, now time.Time, n int) rituals.Change {
	c := rituals.Change{Now: now}
	m := st.Members[r.IntN(2)]
	if r.IntN(2) == 0 {
		m.Name, m.Unreachable = fmt.Sprint("Name ", n), r.IntN(2) == 0
		m.Asked = rituals.Asked{CheckIn: 1, Step: "heart", At: now.In(time.FixedZone("", 3600))}
		c.Members = append(c.Members, m)
	}
	if r.IntN(2) == 0 {
		p := st.Couple.Clone()
		p.Offered, p.Settings = now, []rituals.Setting{}
		p.Bonds[r.IntN(2)].RestUntil = now.Add(time.Duration(r.IntN(3)) * time.Microsecond)
		c.Couple = p
	}
	if r.IntN(3) == 0 {
		opened := now
		if r.IntN(5) == 0 {
			opened = now.Add(-40 * time.Hour)
		}
		k := checkIn(rituals.CheckInID(1000+n), rituals.Day(fmt.Sprint("day ", n)), opened)
		c.CheckIns = append(c.CheckIns, k)
	}
	for _, k := range st.CheckIns {
		switch r.IntN(4) {
		case 0:
			k := *k.Clone()
			k.State = []rituals.CheckInState{rituals.Open, rituals.Kept, rituals.Missed}[r.IntN(3)]
			k.Walks[r.IntN(2)].Done = true
			k.Morning = now
			if r.IntN(8) == 0 {
				k.Opened = k.Opened.Add(-time.Hour)
			}
			c.CheckIns = append(c.CheckIns, k)
		case 1:
			c.Replies = append(c.Replies, rituals.Reply{CheckIn: k.ID, Member: m.ID, Step: fmt.Sprint(r.IntN(3)), At: now,
				Words: []rituals.Words{{Text: fmt.Sprint("words ", n)}}, Mine: r.IntN(2) == 0})
		}
	}
	if r.IntN(40) == 0 {
		c.Erase = []rituals.MemberID{m.ID}
	}
	return c
}

func TestCacheHoldsWhatIsStored(t *testing.T) {
	for seed := range uint64(8) {
		s := paired(t)
		commit(t, s, rituals.Change{Definitions: []rituals.Definition{definition(t, evening())}})
		r := rand.New(rand.NewPCG(seed, 1))
		now := at("08:00")
		for n := range 80 {
			now = now.Add(time.Duration(r.IntN(12*60)) * time.Minute)
			who := []rituals.Person{alex, sam}[r.IntN(2)]
			st, err := s.Load(context.Background(), who)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(stored(t, s, who), st); d != "" {
				t.Fatalf("seed %d, step %d: Load(%v) is not what is stored (-stored +loaded)\n%s", seed, n, who, d)
			}
			commit(t, s, step(r, st, now, n))
			// Whoever loaded a state may do with it as they like.
			st.Members[0].Name, st.Couple.Bonds[0].Member = "spoilt", 77
			for i := range st.CheckIns {
				st.CheckIns[i].Walks = append(st.CheckIns[i].Walks[:1], rituals.Walk{})
				for j := range st.CheckIns[i].Replies {
					st.CheckIns[i].Replies[j].Words[0].Text = "spoilt"
				}
			}
		}
	}
}

// TestCacheSideBySide has both members of several couples read and write at the
// same time.
func TestCacheSideBySide(t *testing.T) {
	s := open(t)
	var wg sync.WaitGroup
	for n := range 4 {
		id, ms := coupleOf(n)
		c := pair()
		c.ID, c.Bonds[0].Member, c.Bonds[1].Member = id, ms[0].ID, ms[1].ID
		commit(t, s, rituals.Change{Members: ms, Couple: &c})
		for _, m := range ms {
			wg.Go(func() {
				for i := 0; i < 25; {
					st, err := s.Load(context.Background(), m.Person)
					if err == nil {
						st.Couple.Zone = fmt.Sprint(m.ID, i)
						err = s.Commit(context.Background(), rituals.Change{Couple: &st.Couple})
					}
					if err == nil {
						i++
					} else if !errors.Is(err, rituals.ErrConflict) {
						t.Error(err)
						return
					}
				}
			})
		}
	}
	wg.Wait()
	for n := range 4 {
		_, ms := coupleOf(n)
		got, err := s.Load(context.Background(), ms[0].Person)
		if err != nil || got.Couple.Version != 51 {
			t.Errorf("couple %d after 50 commits: got version %d, %v, want 51", n, got.Couple.Version, err)
		}
		equal(t, "Load", got, stored(t, s, ms[0].Person))
	}
}

func TestCacheIsBounded(t *testing.T) {
	s := open(t)
	for n := range busy + 10 {
		id, ms := coupleOf(n)
		c := pair()
		c.ID, c.Bonds[0].Member, c.Bonds[1].Member = id, ms[0].ID, ms[1].ID
		commit(t, s, rituals.Change{Members: ms, Couple: &c})
	}
	for n := range busy + 10 {
		_, ms := coupleOf(n)
		if _, err := s.Load(context.Background(), ms[0].Person); err != nil {
			t.Fatal(err)
		}
	}
	if c := s.cache; len(c.couples) != busy || len(c.members) != 2*busy || len(c.seats) != busy {
		t.Errorf("cache after %d couples: got %d couples, %d members, %d seats, want %d, %d, %d", busy+10,
			len(c.couples), len(c.members), len(c.seats), busy, 2*busy, busy)
	}
}

func TestCacheKeepsNothingStale(t *testing.T) {
	s := paired(t)
	_, turn := s.cache.person(alex)
	stale := stored(t, s, alex)
	m := stale.Member
	m.Name = "Alexis"
	commit(t, s, rituals.Change{Members: []rituals.Member{m}})
	s.cache.keep(&stale, turn) // read before the commit, done after it
	if got := load(t, s).Member.Name; got != "Alexis" {
		t.Errorf("Load after a commit that a read had overlapped: got name %q, want Alexis", got)
	}
	// A read that begins while a commit of the same couple is under way is not
	// kept either; one of another couple is.
	c := pair()
	c.Version = 1
	s.cache.begin([]*change{{Change: rituals.Change{Couple: &c}}})
	_, turn = s.cache.couple(pairID)
	s.cache.keep(&rituals.State{Couple: rituals.Couple{ID: pairID, Zone: "stale"}}, turn)
	s.cache.keep(&rituals.State{Couple: rituals.Couple{ID: 99}}, turn)
	s.cache.end(nil)
	s.cache.keep(&rituals.State{Couple: rituals.Couple{ID: pairID, Zone: "stale"}}, turn)
	if got, _ := s.cache.couple(pairID); got != nil && got.Couple.Zone == "stale" {
		t.Error("couple kept from a read during its own commit")
	}
	if got, _ := s.cache.couple(99); got == nil {
		t.Error("couple not kept from a read during another's commit")
	}
	// Who joins whom concerns everyone: nothing read across it is kept.
	_, turn = s.cache.couple(98)
	s.cache.begin([]*change{{Change: rituals.Change{Couple: &rituals.Couple{ID: 7}}}})
	s.cache.end(nil)
	s.cache.keep(&rituals.State{Couple: rituals.Couple{ID: 98}}, turn)
	if got, _ := s.cache.couple(98); got != nil {
		t.Error("couple kept from a read that a new couple's commit had overlapped")
	}
}
