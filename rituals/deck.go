package rituals

// A Deck is a set of cards to draw from, read from a file.
type Deck struct {
	ID    string `json:"id"`
	Title Text   `json:"title"`
	Cards []Card `json:"cards"`
}

// A Card is one question, or one thing to do. Its Theme groups it with others of
// its deck.
type Card struct {
	ID    string `json:"id"`
	Theme string `json:"theme,omitempty"`
	Depth Depth  `json:"depth,omitempty"`
	Text  Text   `json:"text"`
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
}

// Drawn returns the card that a step has shown the member, or nil.
func (w *Walk) Drawn(step string) *Drawn {
	for i := range w.Cards {
		if w.Cards[i].Step == step {
			return &w.Cards[i]
		}
	}
	return nil
}
