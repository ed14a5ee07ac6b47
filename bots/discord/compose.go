package discord

import (
	"strconv"
	"strings"

	"attune/bots"
	"attune/rituals"
)

// unsaid stands where Discord wants text and there is none that can be seen.
const unsaid = "…"

// A line is one line of a message, before it is written in Discord's markup.
type line struct {
	text  string
	quote bool
	bold  bool
	code  bool  // shown letter by letter, so that it can be copied
	until int64 // the instant, in unix seconds, that Discord says after it how far it is off; 0: none
}

// markup returns the line in Discord's markup. What people wrote cannot act as
// markup, and nobody is mentioned.
func (l line) markup() string {
	s := escape(l.text)
	switch {
	case l.code:
		s = "`" + strings.ReplaceAll(l.text, "`", "'") + "`"
	case l.bold && !bots.Blank(l.text):
		s = "**" + s + "**"
	}
	if l.until != 0 {
		s += " <t:" + strconv.FormatInt(l.until, 10) + ":R>"
	}
	if l.quote {
		s = "> " + s
	}
	return s
}

// A part is what one Discord message says, in Discord's markup.
type part struct {
	text  string
	users []string // who is called by it
	file  *file    // that comes with it
}

// same reports whether two parts say the same.
func (p part) same(o part) bool { return p.text == o.text && (p.file == nil) == (o.file == nil) }

// compose returns what a message says in words, in parts of at most limit UTF-16
// units; there is at least one, and none is empty.
func compose(m rituals.Message, limit int) []part {
	var w writer
	for _, b := range m.Blocks {
		if b.Kind != rituals.Carried && b.Kind != rituals.Scan { // which are parts of their own
			w.block(b)
		}
	}
	for _, row := range m.Choices {
		for _, c := range row {
			if c.Share != nil {
				w.share(*c.Share)
			}
		}
	}
	return split(w.lines, limit)
}

// A writer collects the lines of a message.
type writer struct {
	lines []line
	above rituals.BlockKind // of the block before
	codes []string          // that were shown
}

// block writes a block apart from the one before. Quotes follow each other closely,
// so that two answers read as one thing, and a heading stands on what it heads.
func (w *writer) block(b rituals.Block) {
	tight := w.above == rituals.Heading || (w.above == rituals.Quote && b.Kind == rituals.Quote)
	if len(w.lines) > 0 && !tight {
		w.lines = append(w.lines, line{})
	}
	w.above = b.Kind
	switch b.Kind {
	case rituals.Heading:
		w.text(b.Text, line{bold: true})
	case rituals.Quote:
		if lead := b.Lead(); lead != "" {
			w.text(lead, line{bold: true})
		}
		if b.Text != "" {
			w.text(b.Text, line{quote: true})
		}
	case rituals.List:
		for _, item := range b.Items {
			w.text("• "+item, line{})
		}
	case rituals.Link:
		w.code(b.Text)
	case rituals.Countdown:
		w.text(b.Text, line{until: b.At.Unix()})
	default:
		if b.Text != "" {
			w.text(b.Text, line{})
		}
	}
}

// text writes every line of a text in the same way.
func (w *writer) text(s string, how line) {
	for l := range strings.SplitSeq(bots.Clean(s), "\n") {
		how.text = l
		w.lines = append(w.lines, how)
	}
}

// code writes what somebody sends to the bot who has been given a code: Discord has
// no link that would hand it over.
func (w *writer) code(code string) {
	w.codes = append(w.codes, code)
	w.lines = append(w.lines, line{text: "/join " + bots.Clean(code), code: true})
}

// share writes an invitation as words that the reader can copy and send: on Discord
// no button can send them.
func (w *writer) share(s rituals.Share) {
	w.block(rituals.Block{Kind: rituals.Quote, Text: s.Text})
	for _, c := range w.codes {
		if c == s.Code {
			return
		}
	}
	w.block(rituals.Block{Kind: rituals.Link, Text: s.Code})
}
