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
	case l.who == both || l.who == all:
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

// shared settles a line that says both, or all, see the same.
func (r *run) shared(l *line) {
	names := r.play.names(l.who)
	same := true
	var found []heard
	var whose []string
	for _, name := range names {
		h, ok := r.named(name).pop(l.verb)
		if same = same && ok; !ok {
			continue
		}
		if len(found) > 0 {
			a := found[0]
			same = same && a.verb == h.verb && (r.same(a.text, h.text) || r.same(l.text, a.text) && r.same(l.text, h.text))
		}
		found, whose = append(found, h), append(whose, name)
	}
	if same {
		r.seen(l, l.who, found[0])
		return
	}
	for i, h := range found {
		r.seen(l, whose[i], h)
	}
}

// circle returns those who are told of in one line where they hear the same, and as
// whom: the couple, else the first two people.
func (r *run) circle() (string, []*seat) {
	if n := r.play.couple; n > 2 {
		return all, r.seats[:n]
	}
	return both, r.seats[:min(2, len(r.play.people))]
}

// rest writes what was heard and is not in the play: what both, or all, heard alike
// as one line.
func (r *run) rest() {
	margin := r.play.margin()
	for _, v := range []verb{isTold, sees} {
		as, circle := r.circle()
		for len(circle) > 1 && !slices.ContainsFunc(circle, func(s *seat) bool { return len(*s.queue(v)) == 0 }) {
			first := (*circle[0].queue(v))[0]
			who, s := as, circle[0]
			for _, o := range circle[1:] {
				switch queue := *o.queue(v); {
				case !slices.Contains(queue, first):
					who, s = circle[0].name, circle[0] // this one alone
				case who == as && queue[0] != first:
					who, s = o.name, o // something comes before it
				}
			}
			h, _ := s.pop(v)
			for _, o := range circle {
				if who == as && o != s {
					o.pop(v)
				}
			}
			r.out = append(r.out, r.write(margin, who, h)...)
		}
		for _, s := range r.seats {
			for h, ok := s.pop(v); ok; h, ok = s.pop(v) {
				r.out = append(r.out, r.write(margin, s.name, h)...)
			}
		}
	}
}

// plural are the verbs of what both, or all, do.
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
	if p, ok := plural[v]; ok && (who == both || who == all) {
		word = p
	}
	row := strings.Repeat(" ", margin) + pad(who, width) + "  "
	if text == "" {
		return row + word
	}
	return row + pad(word, 5) + "  " + text
}
