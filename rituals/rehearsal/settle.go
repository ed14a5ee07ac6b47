package rehearsal

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// settle holds what was seen since the last act against what the play says
// about it, and writes down how it was. What the play does not say follows the
// last that it says.
func (r *run) settle(ctx context.Context, scene []*line) error {
	said := len(scene)
	for said > 0 && scene[said-1].kind != sight {
		said--
	}
	for i, l := range scene {
		if i == said {
			r.rest()
		}
		if err := r.compare(ctx, l); err != nil {
			return err
		}
	}
	r.rest()
	return nil
}

// compare settles one line.
func (r *run) compare(ctx context.Context, l *line) error {
	switch {
	case l.kind == remark:
		r.out = append(r.out, l.raw...)
	case l.kind == check:
		look := r.look
		if r.theatre != nil {
			look = r.lookThere
		}
		found, err := look(ctx, l)
		if err != nil {
			return fmt.Errorf("%s:%d: %w", r.play.Name, l.no, err)
		}
		r.keep(l, l.text == found, strings.Repeat(" ", l.indent)+found)
	case l.verb == hearsNone:
		r.silence(l)
	case l.who == both:
		r.shared(l)
	default:
		if h, ok := r.named(l.who).pop(l.verb); ok {
			r.seen(l, l.who, h)
		}
	}
	return nil
}

// keep writes a line as it stands in the play if it is right, else as it should
// be.
func (r *run) keep(l *line, right bool, should ...string) {
	if right {
		r.out = append(r.out, l.raw...)
		return
	}
	r.out = append(r.out, should...)
}

// queue returns what was heard that a sight line with that verb tells of:
// messages, or what was shown on the spot.
func (s *seat) queue(v verb) *[]heard {
	if v == isTold {
		return &s.told
	}
	return &s.heard
}

// pop takes the first out of a queue.
func (s *seat) pop(v verb) (heard, bool) {
	queue := s.queue(v)
	if len(*queue) == 0 {
		return heard{}, false
	}
	h := (*queue)[0]
	*queue = (*queue)[1:]
	return h, true
}

// seen writes what somebody heard in place of l.
func (r *run) seen(l *line, who string, h heard) {
	right := l.who == who && l.verb == h.verb && r.same(l.text, h.text)
	r.keep(l, right, r.write(l.indent, who, h)...)
}

// silence settles a line that says somebody hears nothing.
func (r *run) silence(l *line) {
	names := r.play.names(l.who)
	quiet := func(name string) bool { s := r.named(name); return len(s.heard)+len(s.told) == 0 }
	if !slices.ContainsFunc(names, func(n string) bool { return !quiet(n) }) {
		r.out = append(r.out, l.raw...)
		return
	}
	for _, name := range names {
		if quiet(name) {
			r.out = append(r.out, r.row(l.indent, name, hearsNone, ""))
		}
	}
	r.rest()
}

// shared settles a line that says both see the same.
func (r *run) shared(l *line) {
	names := r.play.names(both)
	a, okA := r.named(names[0]).pop(l.verb)
	b, okB := r.named(names[1]).pop(l.verb)
	if okA && okB && a.verb == b.verb && (r.same(a.text, b.text) || r.same(l.text, a.text) && r.same(l.text, b.text)) {
		r.seen(l, both, a)
		return
	}
	if okA {
		r.seen(l, names[0], a)
	}
	if okB {
		r.seen(l, names[1], b)
	}
}

// rest writes what was heard and is not in the play: what both heard alike as
// one line.
func (r *run) rest() {
	margin := r.play.margin()
	for _, v := range []verb{isTold, sees} {
		if len(r.play.people) > 1 {
			a, b := r.seats[0], r.seats[1]
			for len(*a.queue(v)) > 0 && len(*b.queue(v)) > 0 {
				first := *a.queue(v)
				who, s := a.name, a
				switch {
				case first[0] == (*b.queue(v))[0]:
					who = both
					b.pop(v)
				case slices.Contains(*b.queue(v), first[0]):
					who, s = b.name, b
				}
				h, _ := s.pop(v)
				r.out = append(r.out, r.write(margin, who, h)...)
			}
		}
		for _, s := range r.seats {
			for h, ok := s.pop(v); ok; h, ok = s.pop(v) {
				r.out = append(r.out, r.write(margin, s.name, h)...)
			}
		}
	}
}

// plural are the verbs of what both do.
var plural = map[verb]string{sees: "see", seesAgain: "see again", isTold: "are told", hearsNone: "hear nothing"}

// write writes what somebody heard, each row of it below the first.
func (r *run) write(margin int, who string, h heard) []string {
	first, more, _ := strings.Cut(h.text, "\n")
	rows := []string{r.row(margin, who, h.verb, first)}
	if more == "" {
		return rows
	}
	column := len([]rune(rows[0])) - len([]rune(first))
	for row := range strings.SplitSeq(more, "\n") {
		if row != "" {
			row = strings.Repeat(" ", column) + row
		}
		rows = append(rows, row)
	}
	return rows
}

// row writes a line with its words in columns.
func (r *run) row(margin int, who string, v verb, text string) string {
	width := len(both)
	for _, p := range r.play.people {
		width = max(width, len([]rune(p.name)))
	}
	word := string(v)
	if p, ok := plural[v]; ok && who == both {
		word = p
	}
	row := strings.Repeat(" ", margin) + pad(who, width) + "  "
	if text == "" {
		return row + word
	}
	return row + pad(word, 5) + "  " + text
}
