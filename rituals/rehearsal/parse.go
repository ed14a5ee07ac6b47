package rehearsal

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Parse reads a play. Its error holds a line for each problem, as file:line and
// what to write instead.
func Parse(name string, data []byte) (*Play, error) {
	p := &parser{play: &Play{Name: name}}
	p.rows = strings.Split(strings.ReplaceAll(string(data), "\r\n", "\n"), "\n")
	if i := slices.IndexFunc(p.rows, func(row string) bool { return !utf8.ValidString(row) }); i >= 0 {
		p.problem(i+1, "save the play as UTF-8")
		return nil, errors.Join(p.problems...)
	}
	if n := len(p.rows); p.rows[n-1] == "" {
		p.rows = p.rows[:n-1]
	}
	p.play.lines = p.lines(0)
	if p.play.starts.IsZero() && len(p.problems) == 0 {
		p.problem(max(1, len(p.rows)), "a play needs a time at which it begins; write: at 2026-11-23 21:30 Europe/Berlin")
	}
	if err := errors.Join(p.problems...); err != nil {
		return nil, err
	}
	return p.play, nil
}

// A parser reads rows from the top and remembers what later rows refer to.
type parser struct {
	play     *Play
	rows     []string
	next     int // index into rows
	now      time.Time
	zone     *time.Location
	acted    bool // the play has gone past its first act
	problems []error
}

func (p *parser) problem(no int, format string, args ...any) {
	p.problems = append(p.problems, fmt.Errorf("%s:%d: %s", p.play.Name, no, fmt.Sprintf(format, args...)))
}

// lines reads lines that are indented by at least margin.
func (p *parser) lines(margin int) []*line {
	var lines []*line
	for p.next < len(p.rows) {
		row := p.rows[p.next]
		if margin > 0 && !blank(row) && indent(row) < margin {
			break
		}
		lines = append(lines, p.line())
	}
	return lines
}

func (p *parser) line() *line {
	row := p.rows[p.next]
	l := &line{no: p.next + 1, raw: []string{row}, indent: indent(row)}
	p.next++
	words := strings.TrimRight(row[l.indent:], " ")
	switch {
	case words == "" || words[0] == '#':
	case strings.Contains(row[:len(row)-len(strings.TrimLeft(row, " \t"))], "\t"):
		p.problem(l.no, "indent with spaces, not with tabs")
	default:
		if err := p.statement(l, words); err != nil {
			p.problem(l.no, "%v", err)
		}
	}
	return l
}

// statement reads what a line says, from its first word on.
func (p *parser) statement(l *line, words string) error {
	first, rest := cut(words)
	for _, s := range statements() {
		if first == string(s.word) {
			l.kind, l.verb = s.kind, s.verb
			if l.kind == act {
				p.acted = true
			}
			return s.parse(p, l, rest)
		}
	}
	who, rest, ok := p.subject(words)
	if !ok {
		return fmt.Errorf("%q is neither a word that a line can begin with nor somebody in this play (%s); "+
			"see rituals/host/testdata/README.md", first, p.play.cast())
	}
	l.who = who
	if (who == both && len(p.play.people) < 2) || (who == all && p.play.couple == 0) {
		return errors.New("there are no two people in this play yet; begin with a couple line")
	}
	for _, v := range verbs {
		if after, ok := v.match(rest); ok {
			l.kind, l.verb = v.kind, v.verb
			if l.kind == act {
				if p.acted = true; p.now.IsZero() {
					return errors.New("say first when the play begins, such as: at 2026-11-23 21:30 Europe/Berlin")
				}
			}
			l.column = utf8.RuneCountInString(l.raw[0][:len(strings.TrimRight(l.raw[0], " "))-len(after)])
			if v.long {
				after = p.continued(l, after)
			}
			return v.parse(l, after)
		}
	}
	return fmt.Errorf("%s does nothing here that a play knows; write one of: %s", who, verbList())
}

// subject cuts off who a line is about.
func (p *parser) subject(words string) (who, rest string, ok bool) {
	for _, s := range []string{both, all, stranger, group, thread} {
		if rest, ok := strings.CutPrefix(words, s+" "); ok {
			return s, strings.TrimLeft(rest, " "), true
		}
	}
	who, rest = cut(words)
	return who, rest, p.play.knows(who)
}

// continued reads the rows that continue a line: those indented deeper than it,
// and the empty rows among them. If they reach the column where the text of the
// first row begins, what is beyond that column is text; else what is beyond the
// indentation they share.
func (p *parser) continued(l *line, first string) string {
	end := p.next
	for i := p.next; i < len(p.rows); i++ {
		if blank(p.rows[i]) {
			continue
		}
		if indent(p.rows[i]) <= l.indent {
			break
		}
		end = i + 1
	}
	rows := p.rows[p.next:end]
	p.next = end
	l.raw = append(l.raw, rows...)

	column := l.column
	if first == "" && len(rows) > 0 {
		column = indent(rows[0])
	}
	for _, row := range rows {
		if !blank(row) {
			column = min(column, indent(row))
		}
	}
	text := []string{}
	if first != "" {
		text = append(text, first)
	}
	for _, row := range rows {
		text = append(text, strings.TrimRight(row[min(column, len(row)):], " "))
	}
	return strings.Join(text, "\n")
}

// cut splits off the first word.
func cut(s string) (word, rest string) {
	word, rest, _ = strings.Cut(s, " ")
	return word, strings.TrimLeft(rest, " ")
}

func blank(row string) bool { return strings.TrimSpace(row) == "" }

// indent returns how many spaces a row begins with.
func indent(row string) int { return len(row) - len(strings.TrimLeft(row, " ")) }
