package main

import "attune/rituals/library"

type schemaCommand struct {
	Of string `arg:"" optional:"" enum:"ritual,deck" default:"ritual" help:"What kind of file it is for: ritual or deck."`
}

// Run prints the schema.
func (c schemaCommand) Run(t terminal) error {
	schema := library.RitualSchema
	if c.Of == "deck" {
		schema = library.DeckSchema
	}
	_, err := t.out.Write(schema)
	return err
}
