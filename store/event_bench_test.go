package store

import (
	"context"
	"database/sql/driver"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"attune/rituals"
	"attune/rituals/host"
	"attune/rituals/library"
)

// BenchmarkEvent and BenchmarkRaw write the same rows, with the same group commit,
// to files on the same disk. The ratio of the two is what loading, deciding and
// encoding cost over SQLite.
//
// Each couple keeps a ritual of six questions again and again: both answer each,
// it opens, and the next day one of them starts it anew.
func BenchmarkEvent(b *testing.B) {
	for _, n := range sides {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			s := open(b)
			h := host.New(s, host.Options{Library: library.New(questions())})
			talks := newTalks(b, s, n)
			side(b, n, func(n int, _ int64) error { return talks[n].next(h) })
		})
	}
}

// BenchmarkRaw replays the statements with which the events of BenchmarkEvent
// changed a row, a transaction for each event.
func BenchmarkRaw(b *testing.B) {
	for _, n := range sides {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			lists := record(b, n, b.N/n+2)
			s := open(b)
			newTalks(b, s, n)
			// The first event of all wrote the ritual's definition as well.
			if err := s.write(context.Background(), &job{apply: lists[0][0].run}); err != nil {
				b.Fatal(err)
			}
			lists[0] = lists[0][1:]
			var wg sync.WaitGroup
			var left atomic.Int64
			left.Store(int64(b.N))
			b.ResetTimer()
			for _, list := range lists {
				wg.Go(func() {
					for _, event := range list {
						if left.Add(-1) < 0 {
							return
						}
						if err := s.write(context.Background(), &job{apply: event.run}); err != nil {
							b.Error(err)
						}
					}
				})
			}
			wg.Wait()
		})
	}
}

// A written is what one event has written.
type written []statement

type statement struct {
	query string
	args  []driver.Value
}

func (ws written) run(w *conn) error {
	for _, s := range ws {
		if _, err := w.exec(s.query, s.args...); err != nil {
			return err
		}
	}
	return nil
}

// record returns what a number of events of each of n couples write.
func record(b *testing.B, n, events int) [][]written {
	s := open(b)
	h := host.New(s, host.Options{Library: library.New(questions())})
	talks := newTalks(b, s, n)
	tape := &tape{}
	err := s.write(context.Background(), &job{apply: func(w *conn) error {
		tape.Conn = w.driver
		w.driver = tape
		for query, s := range w.stmts {
			w.stmts[query] = taped{s, tape, query}
		}
		return nil
	}})
	if err != nil {
		b.Fatal(err)
	}
	lists := make([][]written, n)
	for i, t := range talks {
		for range events {
			tape.ws = nil
			if err := t.next(h); err != nil {
				b.Fatal(err)
			}
			lists[i] = append(lists[i], tape.ws)
		}
	}
	return lists
}

// A tape is a connection that keeps the statements that have changed a row.
type tape struct {
	driver.Conn
	ws written
}

func (t *tape) Prepare(query string) (driver.Stmt, error) {
	s, err := t.Conn.Prepare(query)
	if err != nil {
		return nil, err
	}
	return taped{s.(stmt), t, query}, nil
}

type taped struct {
	stmt
	tape  *tape
	query string
}

func (t taped) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	r, err := t.stmt.ExecContext(ctx, args)
	if err != nil {
		return nil, err
	}
	word, _, _ := strings.Cut(t.query, " ")
	if n, _ := r.RowsAffected(); n > 0 && (word == "INSERT" || word == "UPDATE" || word == "DELETE") {
		s := statement{query: t.query}
		for _, a := range args {
			s.args = append(s.args, a.Value)
		}
		t.tape.ws = append(t.tape.ws, s)
	}
	return r, nil
}

func newTalks(b *testing.B, s *Store, n int) []*talk {
	b.Helper()
	talks := make([]*talk, n)
	for i := range talks {
		talks[i] = newTalk(b, s, i)
	}
	return talks
}

// asked is how many questions the ritual of the benchmark has.
const asked = 6

func questions() *rituals.Ritual {
	r := &rituals.Ritual{ID: "talk", Window: 6 * time.Hour, Reveal: rituals.Together}
	for i := range asked {
		r.Steps = append(r.Steps, rituals.Step{ID: "q" + strconv.Itoa(i), Kind: rituals.Ask,
			Text: rituals.Text{"": "One thing on your heart?"}})
	}
	r.Steps = append(r.Steps, rituals.Step{ID: "open", Kind: rituals.Reveal})
	return r
}

// A talk is a couple in the middle of answering.
type talk struct {
	members [2]rituals.Person
	now     time.Time
	turn    int
	events  int
}

func newTalk(b *testing.B, s *Store, i int) *talk {
	b.Helper()
	t := &talk{now: at("12:00")}
	c := rituals.Couple{ID: rituals.CoupleID(i + 1), Zone: "Europe/Berlin", Since: t.now}
	change := rituals.Change{Now: t.now, Couple: &c}
	for n := range t.members {
		p := rituals.Person{Platform: rituals.Telegram, ID: strconv.Itoa(i*2 + n + 1)}
		t.members[n] = p
		change.Members = append(change.Members, rituals.Member{ID: rituals.MemberID(i*2 + n + 1), Person: p, Name: p.ID,
			Address: rituals.Address{Platform: p.Platform, Chat: p.ID}, Zone: c.Zone, Language: "en", Agreed: t.now})
		c.Bonds = append(c.Bonds, rituals.Bond{Member: rituals.MemberID(i*2 + n + 1), Joined: t.now})
	}
	if err := s.Commit(context.Background(), change); err != nil {
		b.Fatal(err)
	}
	return t
}

// next lets one of the two write what comes next.
func (t *talk) next(h *host.Host) error {
	text, who := "Tired, but glad you called at lunch.", t.members[t.turn%2]
	if t.turn == 0 {
		t.now = t.now.AddDate(0, 0, 1)
		text = "/talk"
	}
	t.now = t.now.Add(2 * time.Minute)
	t.events++
	t.turn = (t.turn + 1) % (2*asked + 1)
	_, err := h.Handle(context.Background(), t.now, rituals.Event{
		ID: who.ID + "/" + strconv.Itoa(t.events), Kind: rituals.Wrote, Person: who,
		Chat: rituals.Address{Platform: who.Platform, Chat: who.ID}, Private: true,
		Source: strconv.Itoa(t.events), Text: text,
	})
	return err
}
