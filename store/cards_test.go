package store

import (
	"context"
	"testing"

	"attune/rituals"
)

// TestDrawn holds which cards count as drawn, and that a member's own go with their
// words.
func TestDrawn(t *testing.T) {
	ctx, s := context.Background(), paired(t)
	drawn := func(deck, card string, by rituals.MemberID) []rituals.Drawn {
		return []rituals.Drawn{{Step: "card", Deck: deck, Card: card, Text: rituals.Text{"": card}, By: by}}
	}
	first, second := checkIn(10, "2026-11-23", at("21:30")), checkIn(11, "2026-11-24", at("21:30").AddDate(0, 0, 1))
	first.Walks[0].Cards = append(drawn("play", "cat", 0), drawn("play", "hum", 0)...)
	first.Walks[1].Cards = drawn("own", "sea", alexID)
	second.Walks[0].Cards = append(drawn("play", "cat", 0), drawn("play", "hum", 0)...)
	first.Walks[0].Cards[0].Again, second.Walks[0].Cards[0].Again = 1, 1
	first.State = rituals.Kept
	second.Walks[1].Cards = drawn("own", "lake", samID)
	couple := pair()
	couple.Version = 1
	couple.Cards = []rituals.Card{{ID: "sea", Text: rituals.Text{"": "sea"}, By: alexID}, {ID: "lake", Text: rituals.Text{"": "lake"}, By: samID}}
	commit(t, s, rituals.Change{Couple: &couple, Definitions: []rituals.Definition{definition(t, evening())}, CheckIns: []rituals.CheckIn{first}})
	commit(t, s, rituals.Change{CheckIns: []rituals.CheckIn{second}})

	got, err := s.Drawn(ctx, couple.ID, 0, at("21:30"))
	equal(t, "Drawn since the first", []any{got, err}, []any{map[string]rituals.Day{
		"play/hum": "2026-11-24", "play/cat": "2026-11-23", "own/sea": "2026-11-23", "own/lake": "2026-11-24"}, nil})
	got, err = s.Drawn(ctx, couple.ID, 0, at("21:31"))
	equal(t, "Drawn since a minute later", []any{got, err}, []any{map[string]rituals.Day{
		"play/hum": "2026-11-24", "own/lake": "2026-11-24"}, nil})
	got, err = s.Drawn(ctx, couple.ID+1, 0, at("21:30"))
	equal(t, "Drawn of another couple", []any{got, err}, []any{map[string]rituals.Day{}, nil})

	private := evening()
	private.ID, private.Private, private.Reveal = "questions", true, rituals.Never
	def := definition(t, private)
	alone := checkIn(12, "2026-11-24", at("21:30").AddDate(0, 0, 1))
	alone.Ritual, alone.Hash = private, def.Hash
	alone.Walks[0].Cards, alone.Walks[1].Cards = append(drawn("habits", "asking", 0), drawn("honest", "quick", 0)...), drawn("honest", "sure", 0)
	alone.Walks[0].Cards[0].Again = 1
	commit(t, s, rituals.Change{Definitions: []rituals.Definition{def}, CheckIns: []rituals.CheckIn{alone}})
	got, err = s.Drawn(ctx, couple.ID, alone.Walks[0].Member, at("21:30"))
	equal(t, "Drawn by one alone", []any{got, err}, []any{map[string]rituals.Day{
		"habits/asking": "2026-11-24", "honest/quick": "2026-11-24"}, nil})
	got, err = s.Drawn(ctx, couple.ID, 0, at("21:30"))
	equal(t, "how many are drawn by all beside that", []any{len(got), err}, []any{4, nil})

	commit(t, s, rituals.Change{Erase: []rituals.MemberID{alexID}})
	st := load(t, s)
	equal(t, "cards after Alex's words were erased", st.Couple.Cards, couple.Cards[1:])
	equal(t, "Alex's card where it was drawn", st.CheckIns[0].Walks[1].Cards[0].Text, rituals.Text(nil))
	equal(t, "Sam's card where it was drawn", st.CheckIns[1].Walks[1].Cards[0].Text, rituals.Text{"": "lake"})
	got, err = s.Drawn(ctx, couple.ID, 0, at("21:30"))
	equal(t, "how many are drawn after that", []any{len(got), err}, []any{4, nil})
}
