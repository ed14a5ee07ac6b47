package store

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"attune/rituals"
)

// at is an instant of the evening on which the tests play.
func at(clock string) time.Time {
	t, err := time.Parse("2006-01-02 15:04", "2026-11-23 "+clock)
	if err != nil {
		panic(err)
	}
	return t
}

func open(t testing.TB) *Store {
	t.Helper()
	return openAt(t, filepath.Join(t.TempDir(), "attune.db"))
}

func openAt(t testing.TB, path string) *Store {
	t.Helper()
	s, err := Open(context.Background(), path, Options{})
	if err != nil {
		t.Fatalf("Open(%q): %v", path, err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func commit(t testing.TB, s *Store, c rituals.Change) {
	t.Helper()
	if err := s.Commit(context.Background(), c); err != nil {
		t.Fatalf("Commit(%+v): %v", c, err)
	}
}

const (
	alexID = rituals.MemberID(1)
	samID  = rituals.MemberID(2)
	pairID = rituals.CoupleID(3)
)

var (
	alex = rituals.Person{Platform: rituals.Telegram, ID: "1001"}
	sam  = rituals.Person{Platform: rituals.Discord, ID: "2002"}

	alexChat = rituals.Address{Platform: rituals.Telegram, Chat: "1001"}
	samChat  = rituals.Address{Platform: rituals.Discord, Chat: "77"}
)

// evening is a ritual that counts, and words is its definition.
func evening() *rituals.Ritual {
	return &rituals.Ritual{
		ID: "evening", Title: rituals.Text{"en": "Check-in"}, Window: 6 * time.Hour, Streak: true, Reveal: rituals.Together,
		Steps: []rituals.Step{
			{ID: "now", Kind: rituals.Mood, Text: rituals.Text{"en": "How are you now?"}},
			{ID: "heart", Kind: rituals.Ask, Text: rituals.Text{"en": "One thing on your heart?"}},
			{ID: "open", Kind: rituals.Reveal},
		},
	}
}

func definition(t testing.TB, r *rituals.Ritual) rituals.Definition {
	t.Helper()
	json, err := object(r)
	if err != nil {
		t.Fatal(err)
	}
	return rituals.Definition{Hash: "hash of " + r.ID, JSON: []byte(json)}
}

func members() []rituals.Member {
	return []rituals.Member{
		{ID: alexID, Person: alex, Address: alexChat, Name: "Alex", Zone: "Europe/Berlin", Language: "en", Agreed: at("08:00")},
		{ID: samID, Person: sam, Address: samChat, Name: "Sam", Zone: "America/New_York", Language: "en", Agreed: at("08:05")},
	}
}

func pair() rituals.Couple {
	return rituals.Couple{
		ID: pairID, Zone: "Europe/Berlin", Since: at("08:00"),
		Bonds:     []rituals.Bond{{Member: alexID, Joined: at("08:00")}, {Member: samID, Joined: at("08:05")}},
		Settings:  []rituals.Setting{{Ritual: "morning", Off: true}},
		Proposals: []rituals.Proposal{{ID: 9, By: alexID, Setting: rituals.Setting{Ritual: "evening", Schedule: "0 21 * * *"}, Until: at("23:00")}},
		Invite:    "code", Offered: at("09:00"),
	}
}

func checkIn(id rituals.CheckInID, day rituals.Day, opened time.Time) rituals.CheckIn {
	return rituals.CheckIn{
		ID: id, Couple: pairID, Ritual: evening(), Hash: "hash of evening", Day: day, State: rituals.Open,
		Opened: opened, Closes: opened.Add(6 * time.Hour),
		Walks: []rituals.Walk{
			{Member: alexID, Opens: opened, Closes: opened.Add(6 * time.Hour)},
			{Member: samID, Opens: opened, Closes: opened.Add(6 * time.Hour)},
		},
	}
}

// paired returns a store with Alex and Sam in it, a couple.
func paired(t testing.TB) *Store {
	t.Helper()
	s := open(t)
	c := pair()
	commit(t, s, rituals.Change{Now: at("08:05"), Members: members(), Couple: &c})
	return s
}

func load(t testing.TB, s *Store) rituals.State {
	t.Helper()
	st, err := s.Load(context.Background(), alex)
	if err != nil {
		t.Fatalf("Load(%v): %v", alex, err)
	}
	return st
}

func equal(t testing.TB, call string, got, want any) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("%s: got %+v, want %+v (-want +got)\n%s", call, got, want, d)
	}
}

func TestLoadReturnsWhatWasCommitted(t *testing.T) {
	s := paired(t)
	k := checkIn(10, "2026-11-23", at("21:30"))
	k.Walks[0].Done, k.Walks[1].Left, k.Morning = true, true, at("23:59")
	reply := rituals.Reply{CheckIn: 10, Step: "heart", Member: alexID, Choice: "x", At: at("21:40"), Mine: true, Skipped: true,
		Words: []rituals.Words{{Source: "5", Text: "Tired"}, {Text: "but glad"}}}
	commit(t, s, rituals.Change{Definitions: []rituals.Definition{definition(t, evening())}, CheckIns: []rituals.CheckIn{k},
		Replies: []rituals.Reply{reply}})

	want := rituals.State{Person: alex, Members: members(), Couple: pair(), CheckIns: []rituals.CheckIn{k}}
	want.Members[0].Version, want.Members[1].Version, want.Couple.Version = 1, 1, 1
	want.Member = want.Members[0]
	want.CheckIns[0].Replies = []rituals.Reply{reply}
	equal(t, "Load(Alex)", load(t, s), want)

	got, err := s.LoadCouple(context.Background(), pairID)
	if err != nil {
		t.Fatalf("LoadCouple(%d): %v", pairID, err)
	}
	want.Person, want.Member = rituals.Person{}, rituals.Member{}
	equal(t, "LoadCouple", got, want)
}
