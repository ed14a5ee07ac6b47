package rituals

import "time"

// A Ritual is a definition of something couples repeat, read from a file.
//
// Schedule is wall-clock time where the couple or, with [ByMember], each member
// lives: "30 21 * * *" is half past nine in the evening on both sides of a
// daylight-saving change.
type Ritual struct {
	ID       string        `json:"id"`
	Title    Text          `json:"title"`
	About    Text          `json:"about,omitempty"`
	Command  Text          `json:"command,omitempty"`  // what it is started by in a language, where that is not ID
	Schedule string        `json:"schedule,omitempty"` // five cron fields; empty: started by a person
	Clock    Clock         `json:"clock,omitempty"`
	Window   time.Duration `json:"window"`           // answers count until then, in wall-clock time
	Nudge    time.Duration `json:"nudge,omitempty"`  // 0 is never
	Streak   bool          `json:"streak,omitempty"` // keeping it counts
	Reveal   RevealMode    `json:"reveal,omitempty"`
	After    int           `json:"after,omitempty"`   // offered once this many evenings were kept
	Instead  string        `json:"instead,omitempty"` // the ritual that does not come by itself on a day on which this one does
	Ahead    []string      `json:"ahead,omitempty"`   // ids of steps left out of a check-in: they come once more evenings were kept
	Private  bool          `json:"private,omitempty"` // kept by each alone who has switched it on; nobody else is told
	Off      bool          `json:"off,omitempty"`     // comes by itself only to couples that have switched it on
	Pairing  bool          `json:"pairing,omitempty"` // begun by each member on joining a couple

	// Look lets who gives read what they wrote once more, before it goes.
	Look bool `json:"look,omitempty"`

	// Follows is a ritual after which this one comes by itself: on the day that is
	// Wait after it was kept, at the hour At of the couple's clock, if all answered
	// it as When says.
	Follows string        `json:"follows,omitempty"`
	Wait    time.Duration `json:"wait,omitempty"`
	At      string        `json:"at,omitempty"` // "18:00"
	When    []When        `json:"when,omitempty"`

	Steps []Step `json:"steps"`
}

// Startable reports whether a person can start the ritual by its name.
func (r *Ritual) Startable() bool { return !r.Pairing && r.Follows == "" }

// A Clock says whose wall clock a schedule is read on.
type Clock string

const (
	ByCouple Clock = "couple" // one moment for all, in the couple's zone
	ByMember Clock = "member" // each member's own time on that day
)

// A RevealMode says whether answers open.
type RevealMode string

const (
	Together RevealMode = "together" // to all at once, when all have answered
	Given    RevealMode = "given"    // to the others, when who started it by hand has answered
	Never    RevealMode = "never"
)

// A StepKind says what a step does.
type StepKind string

const (
	Say    StepKind = "say"    // says something
	Ask    StepKind = "ask"    // asks for words
	Mood   StepKind = "mood"   // asks for one of the five faces
	Choose StepKind = "choose" // asks for one of the options
	Draw   StepKind = "draw"   // draws a card and asks for words; with NoAnswer it only says it
	Check  StepKind = "check"  // asks for any number of the options
	Reveal StepKind = "reveal" // waits for all, then shows the answers; options are one-tap replies
	Timer  StepKind = "timer"  // a part of a [Talk]: Text to all, or to whoever speaks
	Mirror StepKind = "mirror" // after the reveal: asks who reads an answer to say back what they heard
	Heard  StepKind = "heard"  // after a mirror: asks whose answer it was whether that is it
)

// A Step is one thing a check-in says or asks.
type Step struct {
	ID      string   `json:"id"`
	Kind    StepKind `json:"kind"`
	Text    Text     `json:"text"`
	Options []Option `json:"options,omitempty"`
	When    []When   `json:"when,omitempty"`  // all must hold, else the step is left out
	Skip    Text     `json:"skip,omitempty"`  // the words on the skip button; empty: the host's own
	Label   Text     `json:"label,omitempty"` // what stands before the answer when it opens
	Head    Text     `json:"head,omitempty"`  // reveal: what stands above the answers
	Same    Text     `json:"same,omitempty"`  // reveal: said in place of the answers if all chose {answer}

	// Of a timer. With Listener the step is kept once for each member, who speaks, and
	// this is what the others read meanwhile; Between marks one that is only kept
	// between two of those turns, and then Listener is for whoever speaks next.
	Lasts    time.Duration `json:"lasts,omitempty"`
	Listener Text          `json:"listener,omitempty"`
	Between  bool          `json:"between,omitempty"`
	Decks    []string      `json:"decks,omitempty"`  // draw: the ids of the decks to draw from
	Each     bool          `json:"each,omitempty"`   // draw: a card of their own for each member
	Answer   AnswerMode    `json:"answer,omitempty"` // draw: what is asked for
	Mutual   bool          `json:"mutual,omitempty"` // reveal: of what was ticked only that opens which all have ticked

	// After leaves the step out until that many evenings were kept, and those that
	// hang on it.
	After int `json:"after,omitempty"`

	// What a say step shows below its text: the member's own last answer to a step, or
	// what opened of another ritual in the last seven days. Where there is nothing to
	// show, nothing is said.
	Recall  string `json:"recall,omitempty"`
	Collect string `json:"collect,omitempty"`

	// Wait is how long after the step before this one is said.
	Wait time.Duration `json:"wait,omitempty"`

	// Trend marks a question of a private ritual to which its member sees their own
	// earlier answers, once they have answered it.
	Trend bool `json:"trend,omitempty"`

	// Aside marks a step that is about how the member takes part. Its answer
	// does not open and does not count as sharing something.
	Aside bool `json:"aside,omitempty"`

	// Optional marks a question in words that leaving alone is an answer to: after
	// a while its member goes on as if they had passed it over.
	Optional bool `json:"optional,omitempty"`

	Feelings bool  `json:"feelings,omitempty"` // ask: one of [Feelings] is an answer too
	Opens    Opens `json:"opens,omitempty"`    // ask: when the answer opens; empty: with the others
	Morning  bool  `json:"morning,omitempty"`  // reveal: a member may have it open in the morning
}

// An AnswerMode says what a card asks for.
type AnswerMode string

// NoAnswer is that a card is said and nothing asked; empty is that it asks for words.
const NoAnswer AnswerMode = "none"

// An Opens says when an answer opens, apart from the others.
type Opens string

// InTheMorning is the first morning of whoever reads it, after the other answers
// have opened. Such an answer alone does not count as sharing something.
const InTheMorning Opens = "morning"

// Said, in place of an option's id, is met by any answer in words.
const Said = "said"

// A When holds if the answer to an earlier step is one of Options.
type When struct {
	Step    string   `json:"step"`
	Options []string `json:"options"`
}

// An Option is one tap.
type Option struct {
	ID    string `json:"id"`
	Label Text   `json:"label"`
	Said  Text   `json:"said,omitempty"`  // the label as it reads inside a sentence; empty: as it is
	Shown Text   `json:"shown,omitempty"` // what the others read of it, a sentence with {name}; empty: the label
	Act   Act    `json:"act,omitempty"`
	Hard  bool   `json:"hard,omitempty"`  // whoever chooses it has a heavy evening
	Depth Depth  `json:"depth,omitempty"` // of the card that it is

	Ritual string `json:"ritual,omitempty"` // of [ActBegin]: which
}

// InSentence returns the option as it reads inside a sentence.
func (o *Option) InSentence() Text {
	if len(o.Said) > 0 {
		return o.Said
	}
	return o.Label
}

// An Act is what choosing an option does beside being the answer.
type Act string

const (
	ActLater   Act = "later"   // ask again in a while
	ActLeave   Act = "leave"   // this member takes no part this time
	ActMorning Act = "morning" // what is shared opens in the morning, for all
	ActMine    Act = "mine"    // what this member answered does not open
	ActWrite   Act = "write"   // on a reveal: ask for words, and pass them on
	ActReturn  Act = "return"  // on a reveal: agree on when to come back to it
	ActBegin   Act = "begin"   // begins another ritual
	ActAgain   Act = "again"   // on heard: ask for what was not heard, and for one more mirror

	ActTogether Act = "together" // the timed steps begin as soon as all have chosen this
	ActFirst    Act = "first"    // this member would like to speak first
	ActLast     Act = "last"     // this member would like another to speak first

	// Under a timed step.
	ActNext  Act = "next"  // go on
	ActMore  Act = "more"  // more time
	ActBreak Act = "break" // a break, with a time to come back

	ActPass Act = "pass" // after a talk: the others read Shown; nothing is kept
)

// Faces are the answers to a [Mood] step, from the brightest to the heaviest.
var Faces = []Option{
	{ID: "5", Label: Text{"": "😊"}},
	{ID: "4", Label: Text{"": "🙂"}},
	{ID: "3", Label: Text{"": "😐"}},
	{ID: "2", Label: Text{"": "😕"}},
	{ID: "1", Label: Text{"": "😞"}},
}

// Choices returns what can be tapped in answer to s.
func (s *Step) Choices() []Option {
	if s.Kind == Mood {
		return Faces
	}
	return s.Options
}

// Option returns the choice of s with that id, or nil.
func (s *Step) Option(id string) *Option {
	choices := s.Choices()
	for i := range choices {
		if choices[i].ID == id {
			return &choices[i]
		}
	}
	return nil
}
