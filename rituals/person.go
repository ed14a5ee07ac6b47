package rituals

import (
	"slices"
	"time"
)

// A Platform is a chat service that Attune speaks through.
type Platform string

// The platforms there are adapters for.
const (
	Telegram Platform = "telegram"
	Discord  Platform = "discord"
	Console  Platform = "console"
)

// A Person is somebody on a platform: whoever acted. ID is the platform's own
// and means nothing outside its adapter.
type Person struct {
	Platform Platform `json:"platform"`
	ID       string   `json:"id"`
}

// An Address is a place on a platform where messages go. Chat is the platform's
// own and means nothing outside its adapter.
type Address struct {
	Platform Platform `json:"platform"`
	Chat     string   `json:"chat"`
}

// A MemberID names a member; it is never used again for another.
type MemberID int64

// A Member is a person who has read the one page and said yes.
type Member struct {
	ID       MemberID
	Person   Person  // who they are where they joined
	Address  Address // where their messages go
	Name     string  // how the other reads them; never empty
	Zone     string  // IANA name; empty until they have told
	Language string  // two letters, such as "en"
	Agreed   time.Time

	// Unreachable is set while the platform refuses messages to Address. The
	// couple rests; an event from the member ends it.
	Unreachable bool

	// Asked is the question that was said to the member last: words that reply
	// to no particular message belong to it.
	Asked Asked

	// Private are the ids of the rituals the member keeps for themselves. Nobody
	// else is told.
	Private []string

	// Version counts the changes written to this row; 0 has never been written.
	Version int64
}

// Keeps reports whether the member keeps a private ritual by itself.
func (m *Member) Keeps(r *Ritual) bool { return r.Private && slices.Contains(m.Private, r.ID) }

// A Home is one of a member's addresses: who they are on a platform, and their
// own chat with the bot there.
type Home struct {
	Member MemberID
	Person Person
	Chat   string
}

// Address returns where messages to it go.
func (h Home) Address() Address { return Address{Platform: h.Person.Platform, Chat: h.Chat} }

// Asked names a question. A CheckIn of 0 is one of the host's own, such as
// "city" or "name", and Step says which.
type Asked struct {
	CheckIn CheckInID `json:"checkin,omitempty"`
	Step    string    `json:"step,omitempty"`
	At      time.Time `json:"at,omitzero"` // zero: it was put off, or is named by a message
}

// Held is something a member wrote that no step had asked for. It is kept until
// Until, so that the member can still send it, and then forgotten.
type Held struct {
	ID     int64
	Member MemberID
	Couple CoupleID // in which it may be sent
	Source string   // the message it was written in, so that an edit finds it
	Text   string
	Media  []Media
	Until  time.Time
}
