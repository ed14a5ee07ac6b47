package store

import (
	"testing"
	"time"

	"attune/rituals"
)

// TestTalksAndCards holds that what a check-in keeps beside replies comes back as it
// was committed, from the states kept in memory and from the file.
func TestTalksAndCards(t *testing.T) {
	s := paired(t)
	k := checkIn(10, "2026-11-23", at("21:30"))
	k.Starter = samID
	k.Walks[0].Morning = true
	k.Walks[0].Cards = []rituals.Drawn{{Step: "card", Deck: "play", Card: "hum", Text: rituals.Text{"en": "Hum."}, Again: 1}}
	k.Talk = &rituals.Talk{
		Order: []rituals.MemberID{samID, alexID}, Turn: 1, Step: "speak", Left: 90 * time.Second,
		Extra: map[string]time.Duration{"speak": time.Minute}, Rest: at("22:15"), Said: 4,
	}
	couple := pair()
	couple.Version = 1
	couple.Cards = []rituals.Card{{ID: "own-1", Text: rituals.Text{"": "Where next?"}}}
	couple.Told = []string{"offer/touch"}
	m := load(t, s).Members[0]
	m.Private = []string{"questions"}
	commit(t, s, rituals.Change{
		Members: []rituals.Member{m}, Couple: &couple,
		Definitions: []rituals.Definition{definition(t, evening())}, CheckIns: []rituals.CheckIn{k},
	})
	for _, from := range []string{"memory", "the file"} {
		st := load(t, s)
		got := st.CheckIns[0]
		equal(t, "Starter from "+from, got.Starter, k.Starter)
		equal(t, "Walk from "+from, got.Walks[0], k.Walks[0])
		equal(t, "Talk from "+from, got.Talk, k.Talk)
		equal(t, "Cards from "+from, st.Couple.Cards, couple.Cards)
		equal(t, "Told from "+from, st.Couple.Told, couple.Told)
		equal(t, "Private from "+from, st.Members[0].Private, m.Private)
		s.cache.clear()
	}
	k.Talk = nil
	couple.Version++
	commit(t, s, rituals.Change{Couple: &couple, CheckIns: []rituals.CheckIn{k}})
	if got := load(t, s).CheckIns[0].Talk; got != nil {
		t.Errorf("Talk that was taken away: got %+v, want nil", got)
	}
}
