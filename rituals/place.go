package rituals

import "slices"

// A PlaceKind says what sort of chat a place is.
type PlaceKind string

// The kinds of places.
const (
	Channel PlaceKind = "channel" // of a server: read by all whom the server lets in
	Thread  PlaceKind = "thread"  // a private one: read by those who were added
	Group   PlaceKind = "group"   // read by its members
)

// A Place is a chat of several people in which a couple keeps its rituals: the
// question comes there, and what opens opens there. What is typed there is never
// taken for an answer.
type Place struct {
	Address  Address `json:"address"`
	Readers  Readers `json:"readers"`  // who can read it, as all members have agreed to
	Language string  `json:"language"` // two letters: what is said there is said to all at once

	// People are who the members are on the place's platform. It is never changed in
	// place.
	People map[MemberID]Person `json:"people"`

	// Stopped is set while others can read it than were agreed to: nothing of the
	// couple's is said there until all have agreed again.
	Stopped bool `json:"stopped,omitempty"`
}

// Readers say who can read a chat of several people, as far as its platform tells
// a bot.
type Readers struct {
	Kind     PlaceKind `json:"kind"`
	Name     string    `json:"name,omitempty"`     // of the chat, as people call it
	People   int       `json:"people,omitempty"`   // how many, bots aside; 0: the platform does not say
	Everyone bool      `json:"everyone,omitempty"` // of a channel: whoever is on the server, and whoever comes
	Roles    []string  `json:"roles,omitempty"`    // of a channel: the names of the roles that may read it

	// Mark is the same for as long as who can read it stays the same. It is opaque
	// to all but its adapter.
	Mark string `json:"mark"`

	// Room is the chat of a private thread that could be made here for the couple
	// alone; empty if none can. A message to it makes the thread, brings in those
	// the message is for, and moves the address to where the thread is.
	Room string `json:"room,omitempty"`
}

// Equal reports whether two readers are told in the same way.
func (r Readers) Equal(o Readers) bool {
	return r.Kind == o.Kind && r.Name == o.Name && r.People == o.People && r.Everyone == o.Everyone &&
		r.Mark == o.Mark && r.Room == o.Room && slices.Equal(r.Roles, o.Roles)
}

// Open reports whether the couple's rituals are kept there just now.
func (p *Place) Open() bool { return p != nil && !p.Stopped }
