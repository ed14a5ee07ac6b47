package rituals

import (
	"slices"
	"time"
)

// A CoupleID names a couple; it is never used again for another.
type CoupleID int64

// A Couple owns settings, check-ins and a streak. From the first member's
// consent to the second's it has one member and keeps no ritual.
type Couple struct {
	ID    CoupleID
	Zone  string // IANA name: where clock: couple rituals are read; empty until known
	Bonds []Bond // in the order of joining
	Since time.Time
	Ended time.Time // zero while it lasts

	Settings  []Setting  // what differs from the ritual files
	Proposals []Proposal // changes one has suggested and the other not answered
	Invite    string     // the code of the invitation made last and not withdrawn; empty if none is

	// Place is where the couple keeps its rituals together; nil: each alone.
	Place *Place
	// Lobby is the chat of several people in which the couple was made, to say what
	// cannot be said to its members alone; empty if it was made in private.
	Lobby Address

	Cards []Card   // of the couple's own, drawn like those of a deck
	Told  []string // what is told once only, and was; "what@2006-01-02" if on that day

	// Offered is when both were last asked whether to be asked less.
	Offered time.Time

	// Version counts the changes written to the couple and all it owns; 0 has
	// never been written.
	Version int64
}

// A Bond is one member's part in a couple.
type Bond struct {
	Member MemberID
	Joined time.Time
	// RestUntil is the instant this member's rest ends; zero is none. The couple
	// rests while any of its members does.
	RestUntil time.Time
}

// Forever is when a rest ends that ends only when its member says so.
var Forever = time.Unix(1<<33, 0).UTC()

// Rest returns the instant until which the couple rests: the latest end of its
// members' rests. It is zero if the couple does not rest at now.
func (c *Couple) Rest(now time.Time) time.Time {
	var until time.Time
	for _, b := range c.Bonds {
		if b.RestUntil.After(now) && b.RestUntil.After(until) {
			until = b.RestUntil
		}
	}
	return until
}

// Complete reports whether the couple has the members it needs to keep rituals.
func (c *Couple) Complete() bool { return len(c.Bonds) >= 2 && c.Ended.IsZero() }

// Bond returns the bond of a member, or nil.
func (c *Couple) Bond(m MemberID) *Bond {
	for i := range c.Bonds {
		if c.Bonds[i].Member == m {
			return &c.Bonds[i]
		}
	}
	return nil
}

// Clone returns a copy that shares nothing with c.
func (c *Couple) Clone() *Couple {
	d := *c
	d.Bonds = slices.Clone(c.Bonds)
	d.Settings = slices.Clone(c.Settings)
	d.Proposals = slices.Clone(c.Proposals)
	d.Cards = slices.Clone(c.Cards)
	d.Told = slices.Clone(c.Told)
	if c.Place != nil {
		p := *c.Place
		d.Place = &p
	}
	return &d
}

// A Setting is a couple's own way of keeping one ritual.
type Setting struct {
	Ritual   string `json:"ritual"`
	Schedule string `json:"schedule,omitempty"` // in place of the file's
	Clock    Clock  `json:"clock,omitempty"`    // in place of the file's
	Off      bool   `json:"off,omitempty"`
	On       bool   `json:"on,omitempty"`   // of a ritual that is off: the couple has switched it on
	Tone     string `json:"tone,omitempty"` // the one theme to draw from, of decks that have it for a [Tone]
	Deep     bool   `json:"deep,omitempty"` // of [Every]: cards may be deep

	// Together is the day of the week, "0" for Sunday to "6", on which the couple
	// would like to keep the ritual together; empty: none.
	Together string `json:"together,omitempty"`
}

// Keeps reports whether a couple with this setting keeps the ritual r by itself.
func (s Setting) Keeps(r *Ritual) bool { return !s.Off && (s.On || !r.Off) }

// Switched returns the setting with the ritual r switched on or off.
func (s Setting) Switched(r *Ritual, on bool) Setting {
	s.On, s.Off = on && r.Off, !on && !r.Off
	return s
}

// Every, in place of a ritual's id, is a couple's setting for all rituals.
const Every = "*"

// Setting returns the couple's setting for a ritual; the zero Setting with that
// ritual's id if it has none.
func (c *Couple) Setting(ritual string) Setting {
	for _, s := range c.Settings {
		if s.Ritual == ritual {
			return s
		}
	}
	return Setting{Ritual: ritual}
}

// Set puts s in place of the couple's setting for that ritual.
func (c *Couple) Set(s Setting) {
	for i := range c.Settings {
		if c.Settings[i].Ritual == s.Ritual {
			c.Settings[i] = s
			return
		}
	}
	c.Settings = append(c.Settings, s)
}

// Keeps returns the ritual as this couple keeps it: the file with the couple's
// setting over it. It reports false if the couple has switched it off, or not on
// where it is [Ritual.Off], and of one that is private: no couple keeps that.
func (c *Couple) Keeps(r *Ritual) (*Ritual, bool) {
	s := c.Setting(r.ID)
	if r.Private || !s.Keeps(r) {
		return nil, false
	}
	if s.Schedule == "" && s.Clock == "" {
		return r, true
	}
	own := *r
	if s.Schedule != "" {
		own.Schedule = s.Schedule
	}
	if s.Clock != "" {
		own.Clock = s.Clock
	}
	return &own, true
}

// A Proposal is a change that takes all members: to a setting, or to where rituals
// are kept. One member suggests it, and the others may agree to it.
type Proposal struct {
	ID      int64      `json:"id"`
	By      MemberID   `json:"by,omitempty"` // 0: nobody; all are asked
	Setting Setting    `json:"setting"`      // what would hold
	Place   *Place     `json:"place,omitempty"`
	Agreed  []MemberID `json:"agreed,omitempty"` // of the others
	Until   time.Time  `json:"until"`            // not agreed to by then, it is dropped
}

// An Invite lets one person join a couple, or a member add an address, once.
type Invite struct {
	Code    string // 128 random bits, base64url
	Link    bool   // it leads not into the couple but to By: who uses it is the same member
	For     Person // who alone can use it; zero: whoever has it
	Couple  CoupleID
	By      MemberID
	Until   time.Time
	Used    time.Time // zero until somebody joined with it
	Revoked bool
}

// Usable reports whether the invite can still be used at now.
func (i *Invite) Usable(now time.Time) bool {
	return i.Used.IsZero() && !i.Revoked && now.Before(i.Until)
}
