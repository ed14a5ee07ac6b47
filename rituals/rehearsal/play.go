// Package rehearsal runs plays: text files that say who does what at which time
// and what each person then sees. A play runs against a real host and a real
// store with time of its own, so that a month takes seconds. The format is
// described in rituals/host/testdata/README.md.
package rehearsal

import (
	"slices"
	"strings"
	"time"

	"attune/rituals"
)

// A Play is a parsed text file.
type Play struct {
	Name string // of its file, for messages

	people   []person // in the order they are introduced
	couple   int      // how many of them, from the first on, are a couple already
	operator string
	allow    []string // names of who may use the bot; empty: anyone
	gently   bool     // steps come after as many evenings as the rituals say; else all are there
	company  *company // what chat the group is; nil: one of two people
	starts   time.Time
	lines    []*line
}

// A person is somebody in a play.
type person struct {
	name     string
	platform rituals.Platform
	zone     string // IANA name, of the members of a couple; else empty
	language string
}

// Who can do things beside the people introduced by name.
const (
	both     = "both"       // the first two people, one after the other
	all      = "all"        // the couple, one after the other
	stranger = "a stranger" // somebody who is in no couple and was never introduced
	group    = "the group"  // a chat with several people in it; it only sees
	thread   = "the thread" // another, which Attune may make
)

// A kind says what a line is to a run.
type kind int

const (
	remark kind = iota // a comment, an empty line, or who is in the play
	act                // something happens
	sight              // what somebody is expected to see
	check              // what is expected to be so
)

// A verb is the word a line is known by.
type verb string

const (
	at       verb = "at"
	later    verb = "later"
	back     verb = "back"
	together verb = "together"
	again    verb = "again"
	down     verb = "down"
	up       verb = "up"
	restart  verb = "restart"
	rereads  verb = "rituals"

	jumps     verb = "jumps"
	dies      verb = "dies"
	disk      verb = "disk full"
	overtaken verb = "overtaken"

	sees      verb = "sees"
	seesAgain verb = "sees again"
	isTold    verb = "is told"
	hearsNone verb = "hears nothing"

	says     verb = "says"
	tells    verb = "tells"
	fills    verb = "fills in"
	joins    verb = "joins"
	leaves   verb = "leaves"
	replies  verb = "replies"
	edits    verb = "edits"
	taps     verb = "taps"
	opens    verb = "opens"
	sends    verb = "sends"
	blocks   verb = "blocks the bot"
	unblocks verb = "unblocks the bot"
	moves    verb = "moves to another chat"
	loses    verb = "cannot be reached"
	finds    verb = "can be reached again"
	misses   verb = "gets the next message unconfirmed"

	streak    verb = "streak"
	outcome   verb = "outcome" // "kept 2026-11-23", and likewise missed, excused and open
	stored    verb = "stored"
	nothing   verb = "nothing waits"
	something verb = "something waits"
)

// A line is one line of a play together with those that continue it.
type line struct {
	no     int      // of its first line in the file
	raw    []string // as written
	indent int      // of its first line, in characters
	column int      // where its text begins on the first line, in characters

	kind    kind
	verb    verb
	who     string
	text    string    // what is said, tapped or seen; a check whole
	object  string    // the start of the earlier words or message it is about; the chat told, joined or left
	place   string    // taps: the chat in which; empty: wherever the button is
	earlier int       // taps: how many newer messages with that button are passed by
	count   int       // taps, disk full, overtaken: how often; opens: which link, 0 is the newest
	when    time.Time // at, later, back, jumps: the time it is then
	inner   []*line   // together: the two acts
}

// names returns those a line is about by name.
func (p *Play) names(who string) []string {
	n := 0
	switch who {
	case both:
		n = 2
	case all:
		n = p.couple
	default:
		return []string{who}
	}
	var names []string
	for _, q := range p.people[:n] {
		names = append(names, q.name)
	}
	return names
}

// knows reports whether somebody of that name is in the play.
func (p *Play) knows(name string) bool {
	return slices.ContainsFunc(p.people, func(q person) bool { return q.name == name })
}

// cast lists the names in the play for a message.
func (p *Play) cast() string {
	var names []string
	for _, q := range p.people {
		names = append(names, q.name)
	}
	return strings.Join(names, ", ")
}

// margin returns how far acts are indented, as the first one that is.
func (p *Play) margin() int {
	for _, l := range p.lines {
		if l.kind != remark && l.who != "" && l.indent > 0 {
			return l.indent
		}
	}
	return 8
}
