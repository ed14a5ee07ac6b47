package store

import (
	"context"
	"database/sql/driver"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"attune/rituals"
)

// Members, couples and check-ins of couple n have ids of their own hundred.
func coupleOf(n int) (rituals.CoupleID, []rituals.Member) {
	id := int64(n)*100 + 1
	ms := members()
	for i := range ms {
		ms[i].ID = rituals.MemberID(id + int64(i))
		ms[i].Person = rituals.Person{Platform: rituals.Telegram, ID: fmt.Sprint(id + int64(i))}
		ms[i].Address = rituals.Address{Platform: rituals.Telegram, Chat: fmt.Sprint(id + int64(i))}
	}
	return rituals.CoupleID(id), ms
}

// settled returns a store with couples that have an evening's check-in open, one
// of the evening before and that morning's, each with three replies of both.
func settled(b *testing.B, couples int) *Store {
	s := open(b)
	for n := range couples {
		id, ms := coupleOf(n)
		c := pair()
		c.ID, c.Proposals, c.Settings = id, nil, nil
		c.Bonds[0].Member, c.Bonds[1].Member = ms[0].ID, ms[1].ID
		ch := rituals.Change{Members: ms, Couple: &c, Definitions: []rituals.Definition{definition(b, evening())}}
		for i, back := range []time.Duration{24, 13, 0} {
			k := opening(id, ms, i, at("21:30").Add(-back*time.Hour))
			if back != 0 {
				k.State = rituals.Kept
			}
			ch.CheckIns = append(ch.CheckIns, k)
			for _, m := range ms {
				for _, step := range []string{"now", "heart", "glad"} {
					ch.Replies = append(ch.Replies, rituals.Reply{CheckIn: k.ID, Member: m.ID, Step: step,
						Words: []rituals.Words{{Source: "12", Text: "Tired, but glad you called at lunch."}}, At: k.Opened})
				}
			}
		}
		commit(b, s, ch)
	}
	return s
}

func opening(id rituals.CoupleID, ms []rituals.Member, n int, opened time.Time) rituals.CheckIn {
	k := checkIn(rituals.CheckInID(int64(id)*100+int64(n)), "2026-11-23", opened)
	k.Couple, k.N = id, n
	k.Walks[0].Member, k.Walks[1].Member = ms[0].ID, ms[1].ID
	return k
}

func BenchmarkLoad(b *testing.B) {
	s := settled(b, 1)
	_, ms := coupleOf(0)
	for b.Loop() {
		if _, err := s.Load(context.Background(), ms[0].Person); err != nil {
			b.Fatal(err)
		}
	}
}

// answer is what a typical event changes: the question its member was asked, the
// couple's version, a reply and a message.
func answer(m *rituals.Member, c *rituals.Couple, n int64) rituals.Change {
	m.Version, m.Asked = n, rituals.Asked{CheckIn: rituals.CheckInID(int64(c.ID) * 100), Step: "heart", At: at("21:31")}
	c.Version = n
	return rituals.Change{
		Now:     at("21:31"),
		Event:   &rituals.Event{ID: fmt.Sprint(m.ID, n), Kind: rituals.Wrote, Person: m.Person, Chat: m.Address},
		Members: []rituals.Member{*m},
		Couple:  c,
		Replies: []rituals.Reply{{CheckIn: rituals.CheckInID(int64(c.ID) * 100), Member: m.ID, Step: "now",
			Words: []rituals.Words{{Source: "12", Text: "Tired, but glad you called at lunch."}}, At: at("21:31")}},
		Say: []rituals.Message{{Key: fmt.Sprint("ask ", m.ID, n), To: m.Address, Couple: c.ID,
			CheckIn: rituals.CheckInID(int64(c.ID) * 100), Member: m.ID,
			Blocks:  []rituals.Block{rituals.Para("One thing on your heart?")},
			Choices: [][]rituals.Choice{{{Label: "Skip", Action: "s:101:heart"}, {Label: "That's all", Action: "d:101"}}},
			Input:   &rituals.Input{Hint: "a few words"}}},
	}
}

// side runs f b.N times, from as many goroutines as are asked for; n is the
// goroutine's and i its turn.
func side(b *testing.B, goroutines int, f func(n int, i int64) error) {
	var wg sync.WaitGroup
	var left atomic.Int64
	left.Store(int64(b.N))
	b.ResetTimer()
	for n := range goroutines {
		wg.Go(func() {
			for i := int64(1); left.Add(-1) >= 0; i++ {
				if err := f(n, i); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
}

var sides = []int{1, 8, 64}

// BenchmarkCommit and BenchmarkCommitRaw write the same rows; the ratio of the two
// is what the store costs over SQLite.
func BenchmarkCommit(b *testing.B) {
	for _, n := range sides {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			s := settled(b, n)
			side(b, n, func(n int, i int64) error {
				id, ms := coupleOf(n)
				c := pair()
				c.ID, c.Proposals, c.Settings = id, nil, nil
				c.Bonds[0].Member, c.Bonds[1].Member = ms[0].ID, ms[1].ID
				return s.Commit(context.Background(), answer(&ms[0], &c, i))
			})
		})
	}
}

func BenchmarkLoadAndCommit(b *testing.B) {
	for _, n := range sides {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			s := settled(b, n)
			side(b, n, func(n int, i int64) error {
				_, ms := coupleOf(n)
				st, err := s.Load(context.Background(), ms[0].Person)
				if err != nil {
					return err
				}
				return s.Commit(context.Background(), answer(&st.Member, &st.Couple, i))
			})
		})
	}
}

func BenchmarkCommitRaw(b *testing.B) {
	for _, n := range sides {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			s := settled(b, n)
			side(b, n, func(n int, i int64) error {
				_, ms := coupleOf(n)
				return s.write(context.Background(), &job{apply: func(w *conn) error { return raw(w, ms[0], i) }})
			})
		})
	}
}

// raw writes the rows of answer with nothing decided, encoded or checked.
func raw(w *conn, m rituals.Member, n int64) error {
	couple, who := int64(m.ID), fmt.Sprint(m.ID)
	for _, q := range []struct {
		sql  string
		args []driver.Value
	}{
		{"INSERT INTO handled VALUES ('telegram', ?, 1795469460000)", []driver.Value{fmt.Sprint(who, n)}},
		{"UPDATE member SET asked_check_in = ?, asked_step = 'heart', asked_at = 1795469460000, version = version + 1 WHERE id = ?",
			[]driver.Value{couple * 100, int64(m.ID)}},
		{"UPDATE couple SET version = version + 1 WHERE id = ?", []driver.Value{couple}},
		{`INSERT INTO reply VALUES (?, ?, 'now', '', '[{"source":"12","text":"Tired, but glad you called at lunch."}]', 0, 0, 1795469460000)
			ON CONFLICT DO UPDATE SET words = excluded.words, at = excluded.at`, []driver.Value{couple * 100, int64(m.ID)}},
		{`INSERT INTO outbox VALUES (NULL, ?, 'telegram', ?, 'pending', 0, ?, 0, NULL, ?, ?, 1795469460000, 0, 0, NULL)`,
			[]driver.Value{fmt.Sprint("ask ", who, n), who, rawBody, couple, couple * 100}},
	} {
		if _, err := w.exec(q.sql, q.args...); err != nil {
			return err
		}
	}
	return nil
}

const rawBody = `{"key":"","to":{"platform":"","chat":""},"blocks":[{"kind":"paragraph","text":"One thing on your heart?"}],` +
	`"choices":[[{"label":"Skip","action":"s:101:heart"},{"label":"That's all","action":"d:101"}]],` +
	`"input":{"hint":"a few words"},"couple":1,"checkin":100,"member":1}`

// BenchmarkDue asks what is due where nothing is.
func BenchmarkDue(b *testing.B) {
	for _, n := range []int{10_000, 1_000_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			s := openAt(b, filepath.Join(b.TempDir(), "attune.db"))
			for couple := 0; couple < n; couple += 10_000 {
				var c rituals.Change
				for i := range 10_000 {
					c.Set = append(c.Set, rituals.Alarm{Couple: rituals.CoupleID(couple + i), Name: "open evening",
						Kind: rituals.AlarmOpen, At: at("21:30").Add(time.Duration(i*7919%10_000) * time.Second), Ritual: "evening", Day: "2026-11-23"})
				}
				commit(b, s, c)
			}
			b.ResetTimer()
			for b.Loop() {
				due, next, err := s.Due(context.Background(), at("21:29"), 64)
				if err != nil || len(due) > 0 || !next.Equal(at("21:30")) {
					b.Fatalf("Due: got %d alarms, next %v, %v, want none, 21:30", len(due), next, err)
				}
			}
		})
	}
}

// BenchmarkOpen loads a couple whose evening is due and commits its opening.
func BenchmarkOpen(b *testing.B) {
	s := open(b)
	const couples = 1000
	var alarms []rituals.Alarm
	for n := range couples {
		id, ms := coupleOf(n)
		c := pair()
		c.ID, c.Bonds[0].Member, c.Bonds[1].Member = id, ms[0].ID, ms[1].ID
		commit(b, s, rituals.Change{Members: ms, Couple: &c})
		alarms = append(alarms, rituals.Alarm{Couple: id, Name: "open evening", Kind: rituals.AlarmOpen, At: at("21:30")})
	}
	for _, n := range []int{1, 64} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			var turn atomic.Int64
			side(b, n, func(int, int64) error {
				i := turn.Add(1)
				return openOne(s, alarms[i%couples], i)
			})
		})
	}
}

var numbers atomic.Int64

func openOne(s *Store, a rituals.Alarm, _ int64) error {
	st, err := s.LoadCouple(context.Background(), a.Couple)
	if err != nil {
		return err
	}
	n := numbers.Add(1)
	k := opening(a.Couple, st.Members, int(n), at("21:30").Add(time.Duration(n/1000)*48*time.Hour))
	k.ID = rituals.CheckInID(n)
	c := rituals.Change{Now: at("21:30"), Couple: &st.Couple, CheckIns: []rituals.CheckIn{k}, Members: st.Members,
		Definitions: []rituals.Definition{{Hash: "hash of evening", JSON: []byte(`{"id":"evening"}`)}}}
	for _, name := range []string{"open evening", "close", "nudge 1", "nudge 2", "offer"} {
		c.Set = append(c.Set, rituals.Alarm{Couple: a.Couple, Name: name, Kind: rituals.AlarmClose, At: at("22:15"), CheckIn: k.ID})
	}
	for _, m := range st.Members {
		say := answer(&m, &st.Couple, m.Version).Say[0]
		say.Key = fmt.Sprint("prompt ", k.ID, m.ID)
		c.Say = append(c.Say, say)
	}
	return s.Commit(context.Background(), c)
}
