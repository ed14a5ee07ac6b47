package rituals

import (
	"strings"
	"time"
)

// A Message is one thing to say at one address. Its plain form, String, is what
// the terminal and plays show.
//
// Text in a message is data: an adapter must not let any of it act as markup.
type Message struct {
	Key     string     `json:"key"`             // the same key is said once
	To      Address    `json:"to"`              // opaque to all but its adapter
	Edits   string     `json:"edits,omitempty"` // key of an earlier message to change in place, where the platform can; without blocks, to take away
	Blocks  []Block    `json:"blocks,omitempty"`
	Choices [][]Choice `json:"choices,omitempty"`
	Input   *Input     `json:"input,omitempty"` // asks for words
	Silent  bool       `json:"silent,omitempty"`
	Until   time.Time  `json:"until,omitzero"` // not sent after this

	// Wait keeps the message back until a change releases its address, because
	// its reader is in the middle of something.
	Wait bool `json:"wait,omitempty"`

	// What the message belongs to, so that it can be dropped and forgotten with
	// it; 0 is nothing.
	Couple  CoupleID  `json:"couple,omitempty"`
	CheckIn CheckInID `json:"checkin,omitempty"`
	Member  MemberID  `json:"member,omitempty"`

	// From is whose words the message passes on; 0 if they are nobody's alone.
	From MemberID `json:"from,omitempty"`

	// Where To is a chat of several people, For says whom the message is for: they
	// are called. Readers is the [Readers.Mark] of those who may read it; if it is
	// another by then, the message is not said. Empty: whoever can.
	For     []Person `json:"for,omitempty"`
	Readers string   `json:"readers,omitempty"`
}

// A BlockKind says how a block of a message is set.
type BlockKind string

const (
	Paragraph BlockKind = "paragraph"
	Heading   BlockKind = "heading"
	Quote     BlockKind = "quote"     // a member's own words, whole and untouched
	List      BlockKind = "list"      // Items, one to a line
	Link      BlockKind = "link"      // Text is an invite's code, shown as the platform's link to this bot
	Scan      BlockKind = "scan"      // the same as a picture to be scanned
	Countdown BlockKind = "countdown" // Text, then how long it is until At, live; Label in its place where nothing is
	Carried   BlockKind = "media"     // Media, carried here; Text in its place if that cannot be
)

// A Block is a part of a message that is set apart from the next.
type Block struct {
	Kind  BlockKind `json:"kind"`
	Text  string    `json:"text,omitempty"`
	By    string    `json:"by,omitempty"`    // quote: whose words
	Face  string    `json:"face,omitempty"`  // quote: their mood
	Label string    `json:"label,omitempty"` // quote: what they answer; countdown: when, as it reads after Text
	At    time.Time `json:"at,omitzero"`
	Items []string  `json:"items,omitempty"`
	Media *Media    `json:"media,omitempty"`
}

// A Choice is a button. Exactly one of Action and Share is set.
type Choice struct {
	Label  string `json:"label"`
	Action string `json:"action,omitempty"` // at most 64 bytes; comes back in [Event.Action]
	Share  *Share `json:"share,omitempty"`

	// Form marks a button that opens a form. Where there are none it leads whoever
	// taps it to their own chat with the bot, and is a tap there; there Action may
	// have no more than 45 bytes.
	Form bool `json:"form,omitempty"`
}

// A Share is a button that lets its reader send an invitation to somebody else,
// in the reader's own name.
type Share struct {
	Code string `json:"code"`
	Text string `json:"text"`
}

// An Input says that a message asks for words.
type Input struct {
	Hint  string `json:"hint,omitempty"`  // a few words inside the empty field
	Label string `json:"label,omitempty"` // of the button that opens the field, where the platform needs one
}

// String returns the message as plain text: its blocks, then a line for each row
// of buttons.
func (m Message) String() string {
	var parts []string
	for _, b := range m.Blocks {
		if s := b.String(); s != "" {
			parts = append(parts, s)
		}
	}
	var rows []string
	for _, row := range m.Choices {
		var labels []string
		for _, c := range row {
			labels = append(labels, "["+c.Label+"]")
		}
		rows = append(rows, strings.Join(labels, " "))
	}
	if len(rows) > 0 {
		parts = append(parts, strings.Join(rows, "\n"))
	}
	return strings.Join(parts, "\n")
}

// String returns the block as plain text.
func (b Block) String() string {
	switch b.Kind {
	case List:
		return "- " + strings.Join(b.Items, "\n- ")
	case Quote:
		return strings.TrimSpace(b.Lead() + " " + b.Text)
	case Link:
		return "(link " + b.Text + ")"
	case Scan:
		return ""
	case Countdown:
		return strings.TrimSpace(b.Text + " " + b.Label)
	case Carried:
		return strings.TrimSpace(b.Lead() + " (" + string(b.Media.Kind) + ")")
	}
	return b.Text
}

// Lead returns what stands before the words of a quote: "Alex 😐", or
// "Alex 😐 Glad of:".
func (b Block) Lead() string {
	var parts []string
	for _, s := range []string{b.By, b.Face, b.Label} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	lead := strings.Join(parts, " ")
	if b.Label != "" || (lead != "" && b.Text != "" && b.Face == "") {
		lead += ":"
	}
	return lead
}

// An Answer is what the platform shows on the spot to whoever acted: beside a
// button that was tapped, or in the chat where something was written. It is tried
// once and its loss harms nothing. An answer without anything is one.
type Answer struct {
	Text string // a line of at most 200 characters

	// To an event that is [Event.Aside], what else is shown to this person alone.
	Blocks  []Block
	Choices [][]Choice
	Input   *Input

	Form *Form // a form to open; then there is nothing else
}

// Message returns what an answer shows as a message.
func (a Answer) Message() Message {
	m := Message{Blocks: a.Blocks, Choices: a.Choices, Input: a.Input}
	if a.Text != "" {
		m.Blocks = append([]Block{Para(a.Text)}, a.Blocks...)
	}
	return m
}

// Para returns a paragraph.
func Para(text string) Block { return Block{Kind: Paragraph, Text: text} }
