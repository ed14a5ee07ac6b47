package library

import _ "embed"

// RitualSchema and DeckSchema are the JSON Schemas of a ritual file and of a deck
// file, for editors. They are made of the tables that the loader reads by; what only
// the loader can tell, such as a step that refers to nothing, they let pass.
var (
	//go:embed ritual.schema.json
	RitualSchema []byte
	//go:embed deck.schema.json
	DeckSchema []byte
)
