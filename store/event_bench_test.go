package store

import (
	"context"
	"fmt"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"attune/rituals"
	"attune/rituals/host"
	"attune/rituals/library"
)

// BenchmarkEvent and BenchmarkRaw write the same rows for nearly every event: what
// was handled, the question its member was asked, the couple's version, a reply
// and a message. The ratio of the two is what deciding costs over SQLite.
//
// Each couple keeps a ritual of six questions again and again: both answer each,
// it opens, and the next day one of them starts it anew.
func BenchmarkEvent(b *testing.B) {
	for _, n := range sides {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			s, err := Open(context.Background(), filepath.Join(b.TempDir(), "attune.db"), Options{})
			if err != nil {
				b.Fatal(err)
			}
			defer func() {
				if err := s.Close(); err != nil {
					b.Error(err)
				}
			}()
			h := host.New(s, host.Options{Library: library.New(questions())})
			talks := make([]*talk, n)
			for i := range talks {
				talks[i] = newTalk(b, s, i)
			}
			side(b, n, func(n int, _ int64) error { return talks[n].next(h) })
		})
	}
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
