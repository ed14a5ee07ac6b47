// Package library holds the rituals that Attune ships, and loads a folder of
// one's own.
package library

import "attune/rituals"

// A Library is a set of rituals, by id.
type Library struct {
	rituals []*rituals.Ritual // in the order of ids
}

// Ritual returns the ritual with that id, or nil.
func (l *Library) Ritual(id string) *rituals.Ritual {
	for _, r := range l.rituals {
		if r.ID == id {
			return r
		}
	}
	return nil
}

// All returns the rituals in the order of their ids.
func (l *Library) All() []*rituals.Ritual { return l.rituals }
