package library

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// A Problem is something in a ritual file that cannot work.
type Problem struct {
	File    string
	Line    int    // from 1; 0 if the file as a whole is meant
	Column  int    // from 1, in characters
	Message string // what is wrong, and what to write instead
	Excerpt string // the line and the one before, with a caret below the place; ends without a newline
}

// Error returns the problem as people read it: the place and the message on one
// line, the excerpt below.
func (p Problem) Error() string {
	if p.Line == 0 {
		return fmt.Sprintf("%s: %s", p.File, p.Message)
	}
	return fmt.Sprintf("%s:%d:%d: %s\n%s", p.File, p.Line, p.Column, p.Message, p.Excerpt)
}

// Problems is all that is wrong with some ritual files. It is never empty when
// used as an error.
type Problems []Problem

// Error returns the problems with an empty line between them.
func (ps Problems) Error() string {
	texts := make([]string, len(ps))
	for i, p := range ps {
		texts[i] = p.Error()
	}
	return strings.Join(texts, "\n\n")
}

// Unwrap returns the problems one by one.
func (ps Problems) Unwrap() []error {
	errs := make([]error, len(ps))
	for i, p := range ps {
		errs[i] = p
	}
	return errs
}

// A position is a place in a file: line and column count from 1, columns in
// characters.
type position struct{ line, column int }

// A source is the text of a file and what is wrong with it.
type source struct {
	name     string
	lines    []string
	problems Problems
}

// report notes a problem at a place.
func (s *source) report(at position, format string, args ...any) {
	s.problems = append(s.problems, Problem{
		File:    s.name,
		Line:    at.line,
		Column:  at.column,
		Message: fmt.Sprintf(format, args...),
		Excerpt: s.excerpt(at),
	})
}

// sorted returns the problems in the order of their places.
func (s *source) sorted() Problems {
	slices.SortStableFunc(s.problems, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return s.problems
}

// excerpt shows the line at a place and the one before, and a caret.
func (s *source) excerpt(at position) string {
	if at.line < 1 || at.line > len(s.lines) {
		return ""
	}
	width := len(fmt.Sprint(at.line))
	var b strings.Builder
	if at.line > 1 {
		fmt.Fprintf(&b, "  %*d | %s\n", width, at.line-1, clip(s.lines[at.line-2]))
	}
	line := s.lines[at.line-1]
	fmt.Fprintf(&b, "> %*d | %s\n", width, at.line, clip(line))
	fmt.Fprintf(&b, "  %*s | %s^", width, "", indent(line, at.column-1))
	return b.String()
}

// clip shortens a line that would fill the screen.
func clip(line string) string {
	const most = 120
	if utf8.RuneCountInString(line) <= most {
		return line
	}
	return string([]rune(line)[:most]) + "…"
}

// indent returns what puts a caret below the n-th character of line: a space for
// each one, as wide as it.
func indent(line string, n int) string {
	var b strings.Builder
	for _, r := range line {
		if n <= 0 {
			break
		}
		switch k := width.LookupRune(r).Kind(); {
		case k == width.EastAsianWide || k == width.EastAsianFullwidth:
			r = '\u3000' // a space as wide
		case r != '\t':
			r = ' '
		}
		b.WriteRune(r)
		n--
	}
	return b.String() + strings.Repeat(" ", max(n, 0))
}

// find returns where text stands at or after a place, or that place if it is
// nowhere.
func (s *source) find(from position, text string) position {
	for i := max(from.line, 1) - 1; i < len(s.lines); i++ {
		line, skipped := s.lines[i], 0
		if i == from.line-1 {
			runes := []rune(line)
			skipped = min(max(from.column-1, 0), len(runes))
			line = string(runes[skipped:])
		}
		if at := strings.Index(line, text); at >= 0 {
			return position{i + 1, skipped + utf8.RuneCountInString(line[:at]) + 1}
		}
	}
	return from
}
