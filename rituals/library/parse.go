package library

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"attune/rituals"
)

// maxSize is how many bytes a ritual file may have. The ones we ship have fewer
// than 5,000.
const maxSize = 64 << 10

func errTooLarge(size int64) error {
	return fmt.Errorf("the file has %d bytes; a ritual has at most %d", size, maxSize)
}

// Parse reads one ritual from YAML; it can draw from the decks that Attune ships. Name stands for the file in errors; what is
// wrong is a [Problems].
func Parse(name string, data []byte) (*rituals.Ritual, error) {
	decks, problems := ownDecks()
	if len(problems) > 0 {
		return nil, problems
	}
	r, problems := parse(name, data, decks)
	if len(problems) > 0 {
		return nil, problems
	}
	return r.ritual, nil
}

// A reader turns a file into a ritual or a deck.
type reader struct {
	source
	what   string          // "ritual" or "deck"
	decks  decks           // to draw from
	ritual *rituals.Ritual // apart from the reader, which ends with the reading
	deck   *rituals.Deck
	idAt   position
	head   mapping
	named  []named // other rituals
}

// parse reads one ritual as far as it can be read, and all that is wrong with it.
// The reader is nil if the file could not be read at all.
func parse(name string, data []byte, from decks) (*reader, Problems) {
	r := &reader{what: "ritual", decks: from, ritual: new(rituals.Ritual)}
	body := r.body(name, data)
	if body == nil {
		return nil, r.problems
	}
	r.read(body)
	return r, r.sorted()
}

// body returns the one thing that a file holds, or nil.
func (r *reader) body(name string, data []byte) ast.Node {
	r.name = name
	if len(data) > maxSize {
		r.problems = Problems{{File: name, Message: errTooLarge(int64(len(data))).Error()}}
		return nil
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	data = bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n"))
	r.lines = strings.Split(string(data), "\n")
	if !r.legible() {
		return nil
	}
	// The decoder's Strict mode stops at the first thing it does not know. Its
	// syntax tree lets all of them be named at once.
	file, err := parser.ParseBytes(data, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		r.syntax(err)
		return nil
	}
	return r.document(file)
}

// legible reports whether the file is text, and notes where it is not.
func (r *reader) legible() bool {
	for i, line := range r.lines {
		column := 0
		for at, c := range line {
			column++
			bad := unicode.IsControl(c) && c != '\t'
			if c == utf8.RuneError {
				_, size := utf8.DecodeRuneInString(line[at:])
				bad = size <= 1
			}
			if bad {
				r.lines[i] = strings.ToValidUTF8(strings.Map(visible, line), "\uFFFD")
				r.report(position{i + 1, column}, "this is not text; save the file as UTF-8")
				return false
			}
		}
	}
	return true
}

// visible returns what stands for a character in an excerpt.
func visible(c rune) rune {
	if unicode.IsControl(c) && c != '\t' {
		return utf8.RuneError
	}
	return c
}

// syntax notes what the YAML parser found.
func (r *reader) syntax(err error) {
	var y yaml.Error
	if !errors.As(err, &y) || y.GetToken() == nil {
		r.problems = append(r.problems, Problem{File: r.name, Message: err.Error()})
		return
	}
	said := y.GetMessage()
	for _, h := range hints {
		if strings.Contains(said, h.said) {
			said = h.instead
			break
		}
	}
	p := y.GetToken().Position
	if strings.HasPrefix(said, tooManyColons) && r.sinks(p.Line) {
		r.report(position{p.Line + 1, 1}, "this line is indented too far; lines that belong together begin in the same column")
		return
	}
	r.report(position{p.Line, p.Column}, "%s", said)
}

// sinks reports whether the line after the n-th is indented further.
func (r *reader) sinks(n int) bool {
	if n < 1 || n >= len(r.lines) {
		return false
	}
	spaces := func(line string) int { return len(line) - len(strings.TrimLeft(line, " -")) }
	return spaces(r.lines[n]) > spaces(r.lines[n-1])
}

const tooManyColons = "there is a colon too many"

// hints say in plain words what the YAML parser says in its own.
var hints = []struct{ said, instead string }{
	{"found character '\t'", "a tab cannot indent here; use spaces"},
	{"mapping value is not allowed", tooManyColons + "; put a text with a colon in quotes"},
	{"value is not allowed in this context", "this does not fit here; put a text that begins with { or [ in quotes, and indent lines that belong together alike"},
	{"could not find end character of", "the quote that begins here has no end; add one"},
	{"non-map value is specified", "a line is written as `key: value`"},
	{"is a reserved character", "a text cannot begin with this character; put it in quotes"},
	{"unexpected directive", "a text cannot begin with this character; put it in quotes"},
}

// document returns the one thing that the file holds, or nil.
func (r *reader) document(file *ast.File) ast.Node {
	var body ast.Node
	for _, d := range file.Docs {
		if d.Body == nil {
			continue
		}
		if body != nil {
			r.report(place(d.Body), "a second %s begins here; give it a file of its own", r.what)
			return nil
		}
		body = d.Body
	}
	if body == nil {
		r.problems = append(r.problems, Problem{File: r.name, Message: fmt.Sprintf("the file is empty; a %s begins with a line such as `id: evening`", r.what)})
	}
	return body
}

// read reads the ritual.
func (r *reader) read(body ast.Node) {
	m, ok := r.mapping(body, "a ritual", ritualKeys)
	if !ok {
		return
	}
	r.idAt, r.head = m.place("id"), m
	*r.ritual = rituals.Ritual{
		ID:       r.id(m, "evening"),
		Title:    r.text(m, "title"),
		About:    r.text(m, "about"),
		Command:  r.command(m),
		Schedule: r.schedule(m),
		Clock:    rituals.Clock(r.choice(m, "clock")),
		Window:   r.duration(m, "window", "6h30m"),
		Nudge:    r.duration(m, "nudge", "45m"),
		Streak:   r.flag(m, "streak"),
		Reveal:   rituals.RevealMode(r.choice(m, "reveal")),
		After:    r.count(m, "after"),
		Off:      r.flag(m, "off"),
		Instead:  r.str(m, "instead", "the id of a ritual, such as evening"),
		Private:  r.flag(m, "private"),
		Pairing:  r.flag(m, "pairing"),
		Look:     r.flag(m, "look"),
		Follows:  r.str(m, "follows", "the id of another ritual"),
		Wait:     r.duration(m, "wait", "72h"),
		At:       r.str(m, "at", "a time of day in quotes, such as \"18:00\""),
		When:     r.when(m),
	}
	if r.ritual.Clock == "" {
		r.ritual.Clock = rituals.ByCouple
	}
	steps := r.steps(m)
	for _, st := range steps {
		r.ritual.Steps = append(r.ritual.Steps, st.Step)
	}
	r.checkHead(m)
	r.checkReveal(m, steps)
	r.checkGiven(m, steps)
	r.checkFollows(m)
	r.checkAfter(steps)
	r.checkWhen(steps)
	r.checkTimers(steps)
	r.checkOrder(m, steps)
}

// command reads what the ritual is started by in each language.
func (r *reader) command(m mapping) rituals.Text {
	t := r.text(m, "command")
	for _, name := range t {
		switch {
		case !rituals.IsCommand(name):
			r.report(m.place("command"), "a command is one word of at most 32 small letters and digits, such as `abend`")
			return t
		case slices.Contains(reserved, name):
			r.report(m.place("command"), "/%s is a command of its own; choose another word", name)
			return t
		}
	}
	return t
}

// schedule reads when the ritual is kept; empty if a person starts it.
func (r *reader) schedule(m mapping) string {
	if _, ok := m.field("schedule", aSchedule); !ok {
		return ""
	}
	spec := r.str(m, "schedule", "five fields in quotes, such as `\"30 21 * * *\"` for 21:30 every day")
	if spec == "" {
		return ""
	}
	if _, err := rituals.ParseSchedule(spec); err != nil {
		r.report(m.place("schedule"), "%v", err)
	}
	return spec
}

// reserved are the names of commands that a ritual of that id would hide.
var reserved = []string{"start", "join", "together", "here", "link", "help", "streak", "settings", "pause", "resume", "break", "notes", "leave", "cancel", "export", "forget"}

// checkHead notes what is wrong with what stands above the steps.
func (r *reader) checkHead(m mapping) {
	if slices.Contains(reserved, r.ritual.ID) {
		r.report(m.place("id"), "/%s is a command of its own; give the ritual another id", r.ritual.ID)
	}
	if !m.has("title") {
		r.report(m.at, "a ritual needs a title; add a line such as `title: Ten-minute check-in`")
	}
	window, nudge := r.ritual.Window, r.ritual.Nudge
	switch {
	case !m.has("window") && r.ritual.Pairing: // lasts until all have joined
	case !m.has("window"):
		r.report(m.at, "a ritual needs a window, how long answers count; add a line such as `window: 6h30m`")
	case window > 24*time.Hour:
		r.report(m.place("window"), "a window is at most 24h")
	case window == 0 && r.clean(m.place("window")):
		r.report(m.place("window"), "a window of nothing lets nobody answer; write a length of time such as 6h30m")
	case window > 0 && nudge >= window:
		r.report(m.place("nudge"), "the nudge would come when the window has ended; write less than the window, or 0 for none")
	}
	if r.ritual.Streak && !m.has("schedule") {
		r.report(m.place("streak"), "only a ritual with a schedule can count; add a line such as `schedule: \"30 21 * * *\"`, or leave this one out")
	}
}

// clean reports whether nothing was noted at a place.
func (r *reader) clean(at position) bool {
	return !slices.ContainsFunc(r.problems, func(p Problem) bool {
		return p.Line == at.line && p.Column == at.column
	})
}
