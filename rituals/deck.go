package rituals

import "slices"

// A Deck is a set of cards to draw from, read from a file.
type Deck struct {
	ID    string `json:"id"`
	Title Text   `json:"title"`
	Tones []Tone `json:"tones,omitempty"`
	Cards []Card `json:"cards"`
}

// OwnDeck is the id that stands for the cards of a couple's own: [Couple.Cards].
const OwnDeck = "own"

// A Tone is a theme of a deck that a couple can choose: then it is the only one
// that is drawn from.
type Tone struct {
	ID    string `json:"id"` // of the theme
	Label Text   `json:"label"`
	Only  bool   `json:"only,omitempty"` // not drawn from unless it is chosen
}

// Tone returns the tone of the deck with that id, or nil.
func (d *Deck) Tone(id string) *Tone {
	for i := range d.Tones {
		if d.Tones[i].ID == id {
			return &d.Tones[i]
		}
	}
	return nil
}

// A Card is one question, or one thing to do. Its Theme groups it with others of
// its deck.
type Card struct {
	ID    string   `json:"id"`
	Theme string   `json:"theme,omitempty"`
	Depth Depth    `json:"depth,omitempty"`
	Text  Text     `json:"text"`
	By    MemberID `json:"by,omitempty"` // who wrote it, if it is a couple's own
}

// Depth says how near a card goes.
type Depth string

// The depths of cards.
const (
	Light  Depth = "light"
	Medium Depth = "medium"
	Deep   Depth = "deep" // only where all members have switched it on
)

// A Drawn is the card that a draw step has shown a member. It keeps the card's
// text, so that an answer keeps its question whatever becomes of the deck.
type Drawn struct {
	Step  string `json:"step"`
	Deck  string `json:"deck"`
	Card  string `json:"card"`
	Text  Text   `json:"text"`
	Again int    `json:"again,omitempty"` // how often another one was asked for

	By MemberID `json:"by,omitempty"` // who wrote it, if it is a couple's own
}

// Key returns the card's [CardKey].
func (d *Drawn) Key() string { return CardKey(d.Deck, d.Card) }

// CardKey names a card among those of all decks.
func CardKey(deck, card string) string { return deck + "/" + card }

// Drawn returns the card that a step has shown the member, the last if there were
// several, or nil.
func (w *Walk) Drawn(step string) *Drawn {
	for i := range w.Cards {
		if w.Cards[i].Step == step {
			return &w.Cards[i]
		}
	}
	return nil
}

// Deal gives the member a card, in place of the one that the step has shown them.
func (w *Walk) Deal(card Drawn) {
	if old := w.Drawn(card.Step); old != nil {
		card.Again = old.Again + 1
	}
	w.Cards = append([]Drawn{card}, w.Cards...)
}

// Card returns the card that a draw step has for a member, or nil. Who has none has
// the one that all were dealt; in a private ritual there is none such.
func (c *CheckIn) Card(m MemberID, s *Step) *Drawn {
	if s.Kind != Draw {
		return nil
	}
	if w := c.Walk(m); w != nil {
		if card := w.Drawn(s.ID); card != nil {
			return card
		}
	}
	for i := range c.Walks {
		for j := range c.Walks[i].Cards {
			if card := &c.Walks[i].Cards[j]; card.Step == s.ID && card.Again == 0 && !s.Each && !c.Ritual.Private {
				return card
			}
		}
	}
	return nil
}

// Heavy reports whether a member has said by an answer that the evening is hard.
func (c *CheckIn) Heavy() bool {
	return slices.ContainsFunc(c.Replies, func(r Reply) bool { return c.HeavyFor(r.Member) })
}

// HeavyFor reports whether one member has said so.
func (c *CheckIn) HeavyFor(m MemberID) bool {
	for i := range c.Replies {
		r := &c.Replies[i]
		if s := c.Ritual.Step(r.Step); r.Member == m && s != nil && !r.Skipped {
			if o := s.Option(r.Choice); o != nil && o.Hard {
				return true
			}
		}
	}
	return false
}
