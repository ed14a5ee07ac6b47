package rituals

// A Form asks for several answers at once, where a platform can show one.
type Form struct {
	Action string // at most 64 bytes; comes back in [Event.Action] of what was filled in
	Title  string
	Fields []Field // one to five, none of them required
}

// MostFields is how many fields a form can have.
const MostFields = 5

// A Field is one question of a form. It takes words, unless it has options.
type Field struct {
	ID      string
	Text    string // the question
	Options []Pick // one can be picked
	Many    bool   // any number of them can
	Value   string // what stands in it already: words, or the id of an option; of several, joined by commas
}

// A Pick is one option of a field.
type Pick struct{ ID, Label string }

// An Entry is what a field was filled with; empty if nothing was.
type Entry struct {
	Field string `json:"field"`
	Value string `json:"value,omitempty"`
}
