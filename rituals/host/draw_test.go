package host

import (
	"fmt"
	"testing"
	"time"

	"attune/rituals"
	"attune/rituals/library"
)

// A table is where cards are dealt in tests, one check-in a day.
type table struct {
	*decision
	ritual *rituals.Ritual
	drawn  map[string]rituals.Day
}

func newTable(t *testing.T, ritual string) *table {
	t.Helper()
	lib, err := library.Load("")
	if err != nil {
		t.Fatal(err)
	}
	members := []rituals.Member{{ID: 11, Zone: "UTC"}, {ID: 12, Zone: "UTC"}}
	d := &decision{lib: lib, s: rituals.State{Couple: rituals.Couple{ID: 7}, Members: members}}
	return &table{decision: d, ritual: lib.Ritual(ritual), drawn: make(map[string]rituals.Day)}
}

// on returns the cards of a day.
func (b *table) on(day rituals.Day) (first, second rituals.Drawn) {
	b.now = day.At(21, 0).Time()
	recent := make(map[string]rituals.Day)
	for key, last := range b.drawn {
		if !last.At(21, 0).Time().Before(b.now.Add(-notAgain)) {
			recent[key] = last
		}
	}
	b.seen = &lookup{found: map[string]any{"drawn/" + id(b.s.Couple.ID) + "/0": recent}}
	c := &rituals.CheckIn{Couple: b.s.Couple.ID, Ritual: b.ritual, Day: day, Walks: []rituals.Walk{{Member: 11}, {Member: 12}}}
	b.deal(c)
	return c.Walks[0].Cards[0], c.Walks[1].Cards[0]
}

// heard lets a member say that an evening is hard.
func (b *table) heard(day rituals.Day) {
	evening := b.lib.Ritual("evening")
	b.s.CheckIns = []rituals.CheckIn{{Ritual: evening, Day: day, Replies: []rituals.Reply{{Member: 12, Step: "way", Choice: "hard"}}}}
}

// depth returns how deep a card is.
func (b *table) depth(k rituals.Drawn) rituals.Depth {
	for _, c := range b.lib.Deck(k.Deck).Cards {
		if c.ID == k.Card {
			return c.Depth
		}
	}
	return ""
}

func TestNoCardComesAgainSoon(t *testing.T) {
	b := newTable(t, "card")
	last := make(map[string]time.Time)
	for n := range 500 {
		day := rituals.Day("2026-01-01").Add(3 * n)
		first, second := b.on(day)
		if first.Key() != second.Key() {
			t.Fatalf("%s: the cards are %s and %s, want the same for both", day, first.Key(), second.Key())
		}
		if b.depth(first) == rituals.Deep {
			t.Errorf("%s: %s is deep, and nobody wanted that", day, first.Key())
		}
		at := b.now
		if before, ok := last[first.Key()]; ok && at.Sub(before) < notAgain {
			t.Errorf("%s: %s came %v ago", day, first.Key(), at.Sub(before))
		}
		last[first.Key()], b.drawn[first.Key()] = at, day
	}
}

func TestUsedUpDeckTakesTheOneDrawnLongestAgo(t *testing.T) {
	b := newTable(t, "play")
	n := len(b.lib.Deck("play").Cards)
	var order []string
	for i := range 3 * n {
		first, _ := b.on(rituals.Day("2026-01-01").Add(i))
		if i >= n && order[i-n] != first.Key() {
			t.Fatalf("draw %d is %s, want %s, drawn longest ago", i, first.Key(), order[i-n])
		}
		order = append(order, first.Key())
		b.drawn[first.Key()] = rituals.Day("2026-01-01").Add(i)
	}
}

// A hard evening changes the card only where it would have been a heavy one, and then
// into one that could have come on any evening, whatever was drawn before.
func TestHardEveningCannotBeToldFromACard(t *testing.T) {
	for _, ritual := range []string{"card", "memory"} {
		t.Run(ritual, func(t *testing.T) {
			b := newTable(t, ritual)
			b.s.Couple.Set(rituals.Setting{Ritual: rituals.Every, Deep: true})
			b.s.Couple.Cards = []rituals.Card{{ID: "c1", By: 11}, {ID: "c2", By: 12}}
			heavy := func(k rituals.Drawn) bool { return k.By != 0 || b.depth(k) == rituals.Deep }
			count := 0
			for n := range 365 {
				day := rituals.Day("2026-01-01").Add(n)
				b.s.CheckIns = nil
				without, _ := b.on(day)
				for _, hard := range []rituals.Day{day, day.Add(-1)} {
					b.heard(hard)
					with, other := b.on(day)
					switch {
					case heavy(with) || heavy(other):
						t.Fatalf("%s: %s is drawn, and there was a hard evening on %s", day, with.Key(), hard)
					case !heavy(without) && with.Key() != without.Key():
						t.Fatalf("%s: %s in place of %s", day, with.Key(), without.Key())
					}
				}
				b.heard(day.Add(-2))
				if later, _ := b.on(day); later.Key() != without.Key() {
					t.Fatalf("%s: %s in place of %s two days after a hard evening", day, later.Key(), without.Key())
				}
				if heavy(without) {
					count++
				}
				b.drawn[without.Key()] = day
			}
			if count < 5 || count > 365/3 {
				t.Errorf("%d of 365 cards are heavy, want some, and a third at most", count)
			}
		})
	}
}

func TestEachHasACardOfTheirOwnInTheTone(t *testing.T) {
	for _, test := range []struct {
		name, tone, zone string
		themes           []string
	}{
		{"all but from afar", "", "UTC", []string{"quiet", "playful", "tender"}},
		{"what they chose", "tender", "UTC", []string{"tender"}},
		{"from afar, because they chose it", "far", "UTC", []string{"far"}},
		{"from afar, because they live so", "", "Asia/Tokyo", []string{"far"}},
		{"what they chose, wherever they live", "quiet", "Asia/Tokyo", []string{"quiet"}},
		{"a tone that is gone", "loud", "UTC", []string{"quiet", "playful", "tender"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			b := newTable(t, "touch")
			b.s.Couple.Set(rituals.Setting{Ritual: "touch", Tone: test.tone})
			b.s.Members[1].Zone = test.zone
			got := make(map[string]bool)
			for n := range 60 {
				first, second := b.on(rituals.Day("2026-01-01").Add(n))
				if first.Key() == second.Key() {
					t.Fatalf("both have %s, want one of their own each", first.Key())
				}
				for _, k := range []rituals.Drawn{first, second} {
					for _, c := range b.lib.Deck("touch").Cards {
						if c.ID == k.Card {
							got[c.Theme] = true
						}
					}
				}
			}
			want := make(map[string]bool)
			for _, theme := range test.themes {
				want[theme] = true
			}
			if fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("themes are %v, want %v", got, want)
			}
		})
	}
}

// alone deals a member a card by themselves; others are those who have walked before
// them on that day, and how often.
func (b *table) alone(m rituals.MemberID, day rituals.Day, others int) rituals.Drawn {
	b.now = day.At(17, 0).Time()
	b.seen = &lookup{found: map[string]any{"drawn/" + id(b.s.Couple.ID) + "/" + id(m): b.drawn}}
	c := rituals.CheckIn{Couple: b.s.Couple.ID, Ritual: b.ritual, Day: day}
	for n := range others {
		c.ID, c.N, c.Walks = rituals.CheckInID(n+1), n, []rituals.Walk{{Member: 11}}
		b.dealAlone(&c, b.s.MemberBy(11))
		b.s.CheckIns = append(b.s.CheckIns, c)
	}
	c.Walks = append(c.Walks, rituals.Walk{Member: m})
	b.dealAlone(&c, b.s.MemberBy(m))
	return *c.Card(m, &c.Ritual.Steps[0])
}

func TestWhoDrawsAloneSeesAllCardsBeforeOneComesAgain(t *testing.T) {
	b := newTable(t, "questions")
	n := len(b.lib.Deck("habits").Cards) + len(b.lib.Deck("honest").Cards)
	var order []string
	for i := range 3 * n {
		day := rituals.Day("2026-01-07").Add(7 * i)
		card := b.alone(12, day, 0)
		if i >= n && order[i-n] != card.Key() {
			t.Fatalf("draw %d is %s, want %s, drawn longest ago", i, card.Key(), order[i-n])
		}
		order = append(order, card.Key())
		b.drawn[card.Key()] = day
	}
}

func TestWhatOthersDrawAloneCannotBeToldFromACard(t *testing.T) {
	b := newTable(t, "questions")
	for n := range 100 {
		day := rituals.Day("2026-01-07").Add(n)
		want := b.alone(12, day, 0)
		for others := 1; others <= 3; others++ {
			b.s.CheckIns = nil
			if got := b.alone(12, day, others); got.Key() != want.Key() {
				t.Errorf("%s: the card is %s after others drew %d times, want %s", day, got.Key(), others, want.Key())
			}
		}
		b.s.CheckIns = nil
	}
}

func TestDeepCardsComeAloneUnlessOnesOwnEveningWasHard(t *testing.T) {
	b := newTable(t, "questions")
	for m, want := range map[rituals.MemberID]bool{11: true, 12: false} { // it was hard for 12
		deep := false
		for n := range 100 {
			day := rituals.Day("2026-01-07").Add(n)
			b.heard(day.Add(-1))
			card := b.alone(m, day, 0)
			deep = deep || b.depth(card) == rituals.Deep
		}
		if deep != want {
			t.Errorf("deep cards for member %d: %t, want %t", m, deep, want)
		}
	}
}
