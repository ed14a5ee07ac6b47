package main

import (
	"time"

	"attune/rituals"
)

// A role is what somebody makes of what they are asked.
type role int

const (
	answers role = iota // goes on until the answers have opened
	begins              // answers the first question and no other
	reads               // does nothing
)

// A night is what a couple lives through in the campaign, and what must have come of
// it. Forty crashes fit into a minute, and the clock of rituals knows no less: so that
// something is due at every moment, alarms stand at instants of our own making, as if
// the hour had been some seconds late, and what ends is begun by hand.
type night struct {
	name   string
	ritual string
	when   when
	roles  [2]role
	late   bool // the question says that it is late
	ends   []rituals.CheckInState
}

// A when says when a night's question falls due.
type when int

const (
	soon    when = iota // at any instant, also while the program is down
	ending              // when one of them begins it, with a window that ends in the campaign
	before              // while the program was down, which it is back from in time
	long                // while the program was down, which it is back from too late
	putOff              // it was due and put off before, until an instant as of soon
	byClock             // at a full minute
	begun               // when they begin it
)

var nights = []night{
	{"both answer", "hour", soon, [2]role{answers, answers}, false, kept},
	{"one of them only reads", "hour", soon, [2]role{answers, reads}, false, open},
	{"one of them only begins", "hour", soon, [2]role{begins, answers}, false, open},
	{"the window ends, and one has not answered", "brief", ending, [2]role{answers, reads}, false, missed},
	{"the window ends while they answer", "brief", ending, [2]role{answers, answers}, false, either},
	{"the program was down and is back in time", "hour", before, [2]role{answers, answers}, true, kept},
	{"the program was down and is back too late", "brief", long, [2]role{reads, reads}, false, excused},
	{"it was put off", "hour", putOff, [2]role{answers, answers}, true, kept},
	{"it comes by the clock", "dusk", byClock, [2]role{answers, answers}, false, kept},
	{"they begin it", "talk", begun, [2]role{answers, answers}, false, kept},
}

var (
	kept    = []rituals.CheckInState{rituals.Kept}
	open    = []rituals.CheckInState{rituals.Open}
	missed  = []rituals.CheckInState{rituals.Missed}
	excused = []rituals.CheckInState{rituals.Excused}
	either  = []rituals.CheckInState{rituals.Kept, rituals.Missed}
)

// byHand reports whether somebody begins it.
func (w when) byHand() bool { return w == begun || w == ending }

// windows are how long answers count, by ritual.
var windows = map[string]time.Duration{"hour": 2 * time.Hour, "brief": time.Minute, "dusk": 2 * time.Hour, "talk": 6 * time.Hour}

// nudged is after how long whoever has not begun is asked once more, of the hour.
const nudged = time.Minute

// questions are what is asked, one after the other, and what is said then.
var questions = map[string][]string{
	"hour":  {"How is this hour for you", "What was in it?", "What is on your heart?", "What are you glad of?"},
	"brief": {"How is this moment for you", "What was in it?", "What is on your heart?", "What are you glad of?"},
	"dusk":  {"How is this dusk for you", "What was in it?", "What is on your heart?", "What are you glad of?"},
	"talk":  {"What was good?", "What was hard?", "What comes next?"},
}

// ticks are the options of what can be ticked, by what stands on their buttons.
var ticks = map[string]string{"A walk": "walk", "A laugh": "laugh", "Quiet": "quiet"}

const (
	ticked = "✓ " // before what is ticked
	done   = "Done"

	saysShort  = "Kept."
	saysKept   = "Kept. It opens when you have both answered."
	saysOpened = "You have both answered."
	saysLate   = "A little late."
	saysNudge  = "The question is open until"
	saysTooOld = "That had opened already"
	saysSeven  = "Seven evenings"
)

// asked is a ritual of the campaign as a file, but for its schedule, window and nudge.
const asked = `title: %[1]s
off: true
streak: true
reveal: together
steps:
  - { id: mood, mood: "How is this %[1]s for you, {me}?" }
  - { id: what, check: "What was in it?", options: [{ id: walk, label: A walk }, { id: laugh, label: A laugh }, { id: quiet, label: Quiet }] }
  - { id: heart, ask: "What is on your heart?" }
  - { id: glad, ask: "What are you glad of?" }
  - { id: open, reveal: "That was all.", head: "You have both answered.", options: [{ id: hug, label: A hug }] }
`
