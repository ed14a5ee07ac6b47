package console

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"

	"attune/rituals"
)

// A row is one line of what is shown at a seat, without colours.
type row struct {
	text string
	tone tone
}

// A tone says how a row is set.
type tone int

const (
	plain  tone = iota
	strong      // a heading
	quote       // somebody's own words
	button
	faint
	mine // what who sits there did
)

// How tones and seats look, as escape sequences.
var (
	looks = map[tone]string{strong: "1", quote: "3", button: "36", faint: "2", mine: "32"}
	names = []string{"1;35", "1;34", "1;33", "1;32"}
)

// A page lays out rows, for one seat after the other or in columns.
type page struct {
	color   bool
	width   int // of a line; 0: no end
	label   int // the longest name
	columns [][]row
}

const gap = 3 // between columns

func newPage(o Options) page {
	p := page{color: o.Color, width: o.Width, columns: make([][]row, len(o.Seats))}
	for _, s := range o.Seats {
		p.label = max(p.label, utf8.RuneCountInString(clean(s.Name)))
	}
	return p
}

// message returns the rows of a message, its buttons numbered.
func (p *page) message(m rituals.Message) []row {
	var rows []row
	for _, b := range m.Blocks {
		rows = append(rows, block(b)...)
	}
	n := 0
	for _, choices := range m.Choices {
		var labels []string
		for _, c := range choices {
			n++
			labels = append(labels, fmt.Sprintf("%d [%s]", n, c.Label))
		}
		rows = append(rows, lines(strings.Join(labels, "  "), button)...)
	}
	return rows
}

func block(b rituals.Block) []row {
	switch b.Kind {
	case rituals.Heading:
		return lines(b.Text, strong)
	case rituals.Quote:
		return lines(b.String(), quote)
	case rituals.Link:
		return lines(link(b.Text), faint)
	}
	return lines(b.String(), plain)
}

// link writes an invitation as something that can be typed here.
func link(code string) string { return "/start " + code }

// aside returns the rows of something that only its reader is told.
func (p *page) aside(text string) []row { return lines(text, faint) }

// own returns the rows of what somebody did.
func (p *page) own(text string) []row { return lines("› "+text, mine) }

func lines(text string, t tone) []row {
	var rows []row
	for l := range strings.SplitSeq(clean(text), "\n") {
		rows = append(rows, row{l, t})
	}
	return rows
}

// clean takes out of a text what a terminal would obey or that would turn the
// line around: all control characters but the end of a line and the tab.
func clean(text string) string {
	return strings.Map(func(r rune) rune {
		turns := (r >= '\u202a' && r <= '\u202e') || (r >= '\u2066' && r <= '\u2069')
		if r != '\n' && r != '\t' && (unicode.IsControl(r) || turns || r == utf8.RuneError) {
			return '\ufffd'
		}
		return r
	}, text)
}

// block writes rows below the name of a seat.
func (p *page) block(c *chair, rows []row) string {
	name := pad(clean(c.seat.Name), p.label)
	var s strings.Builder
	for i, r := range p.wrap(rows, p.width-p.label-3) {
		if i > 0 {
			name = strings.Repeat(" ", p.label)
		}
		s.WriteString(p.paint(names[c.n%len(names)], name) + " │ " + p.paint(looks[r.tone], r.text) + "\n")
	}
	return s.String()
}

// put adds rows to a column.
func (p *page) put(column int, rows []row) {
	p.columns[column] = append(p.columns[column], p.wrap(rows, p.columnWidth())...)
}

func (p *page) columnWidth() int {
	if p.width == 0 {
		return 0
	}
	return (p.width - gap*(len(p.columns)-1)) / len(p.columns)
}

// flush returns the columns side by side, and empties them. The first row begins
// with margin, the others as far in.
func (p *page) flush(margin string) string {
	width := p.columnWidth()
	var s strings.Builder
	for i := 0; ; i++ {
		var cells []string
		more := false
		for _, column := range p.columns {
			r := row{}
			if i < len(column) {
				r, more = column[i], true
			}
			cells = append(cells, p.paint(looks[r.tone], pad(r.text, width)))
		}
		if !more {
			break
		}
		s.WriteString(p.paint(looks[faint], margin) + strings.TrimRight(strings.Join(cells, " │ "), " ") + "\n")
		margin = pad("", utf8.RuneCountInString(margin))
	}
	clear(p.columns)
	return s.String()
}

// paint sets a text in a colour.
func (p *page) paint(look, text string) string {
	if !p.color || look == "" || strings.TrimSpace(text) == "" {
		return text
	}
	return "\x1b[" + look + "m" + text + "\x1b[0m"
}

// wrap breaks rows so that they fit a width: at spaces, and between buttons.
func (p *page) wrap(rows []row, width int) []row {
	if p.width == 0 || width < 10 {
		return rows
	}
	var broken []row
	for _, r := range rows {
		between := " "
		if r.tone == button {
			between = "  "
		}
		for cells(r.text) > width {
			head, rest := split(r.text, between, width)
			broken = append(broken, row{head, r.tone})
			r.text = rest
		}
		broken = append(broken, r)
	}
	return broken
}

// split takes off the beginning of a text that fits a width: up to what stands
// between two words, if it does before the end.
func split(text, between string, most int) (head, rest string) {
	fits, word := 0, 0
	for i, r := range text {
		if i > 0 && strings.HasPrefix(text[i:], between) {
			word = i
		}
		end := i + utf8.RuneLen(r)
		if cells(text[:end]) > most {
			break
		}
		fits = end
	}
	if word > 0 {
		return text[:word], strings.TrimLeft(text[word:], " ")
	}
	return text[:fits], text[fits:]
}

// pad fills a text up to a width in cells.
func pad(s string, to int) string {
	return s + strings.Repeat(" ", max(0, to-cells(s)))
}

// cells returns how many cells of a terminal a text takes.
func cells(s string) int {
	n := 0
	for _, r := range s {
		switch {
		case unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Cf, r):
		case width.LookupRune(r).Kind() == width.EastAsianWide:
			n += 2
		default:
			n++
		}
	}
	return n
}
