package rehearsal

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"pgregory.net/rapid"

	"attune/rituals/host"
)

// doing returns what somebody does: Alex, Sam, one of them, or both at once.
func (w *world) doing(t *rapid.T, who int) []string {
	a, b := w.seats[0], w.seats[1]
	if draw(t, 40) == 39 && !w.down && !a.blocked && !b.blocked && !w.armed() {
		one, two := w.deed(t, a), w.deed(t, b)
		if one == "" || two == "" {
			return nil
		}
		one, two = strings.TrimSuffix(one, " twice"), strings.TrimSuffix(two, " twice")
		return []string{"later   1s", "        together\n            " + one + "\n            " + two, "later   1s"}
	}
	if draw(t, 60) == 59 && w.last.ID != "" {
		return []string{"        again"}
	}
	s := a
	if who == 1 || (who > 1 && draw(t, 2) == 0) {
		s = b
	}
	if row := w.rarely(t, s); row != "" {
		return []string{"        " + row}
	}
	if s.blocked {
		return nil
	}
	if row := w.deed(t, s); row != "" {
		return []string{"        " + row}
	}
	return nil
}

// rarely returns what people do now and then, which never stands in a together block.
func (w *world) rarely(t *rapid.T, s *seat) string {
	switch n := draw(t, 100); {
	case s.blocked && n > 60:
		return s.name + " unblocks the bot"
	case n == 99 && !s.blocked && seldom(t, 2):
		return s.name + " blocks the bot"
	case n == 98 && !s.blocked && seldom(t, 2):
		return s.name + " blocks the bot quietly"
	case n == 97 && !w.down:
		return s.name + " moves to another chat"
	case s.away && n > 50:
		return s.name + " can be reached again"
	case n == 96 && !s.away:
		return s.name + " cannot be reached"
	case n == 95:
		return s.name + " gets the next message unconfirmed"
	}
	return ""
}

// deed returns one thing that somebody does; nothing if there is nothing to do.
func (w *world) deed(t *rapid.T, s *seat) string {
	if s.form != nil && draw(t, 6) < 5 {
		return w.fillsIn(t, s)
	}
	switch n := draw(t, 100); {
	case n < 40 && w.play.company != nil:
		return w.tapsThere(t, s)
	case n < 65:
		return w.goesOn(t, s)
	case n < 77:
		return w.taps(t, s, draw(t, max(1, len(s.shown))))
	case n < 83:
		return s.name + "  says   " + w.word()
	case n < 87:
		if i := len(s.words); i > 0 {
			old := s.words[i-1-draw(t, min(i, 6))].text
			if before, _, ok := strings.Cut(old, " "); ok && before != "" && before[0] == 'W' {
				return fmt.Sprintf("%s  edits  %q to %s", s.name, before+" ", w.word())
			}
		}
	case n < 90:
		if i := len(s.shown); i > 0 {
			m := s.shown[i-1-draw(t, min(i, 12))]
			if first := begin(m.looks[len(m.looks)-1].String()); first != "" {
				return fmt.Sprintf("%s  replies %q %s", s.name, first, w.word())
			}
		}
	case n < 96:
		return s.name + "  says   /" + w.command(t)
	case n < 98:
		return s.name + "  sends  a " + []string{"picture", "voice message", "sticker"}[draw(t, 3)]
	default:
		return s.name + "  says   " + []string{"Did Sam answer?", "Has Alex read it?", "🙂", "Skip", "That's all", "21:15", "Berlin"}[draw(t, 7)]
	}
	return ""
}

// goesOn answers what was asked last, in words if it asks for them, or by a button,
// mostly the first.
func (w *world) goesOn(t *rapid.T, s *seat) string {
	for i := len(s.shown) - 1; i >= 0 && i > len(s.shown)-4; i-- {
		m := s.shown[i].looks[len(s.shown[i].looks)-1]
		if m.Input != nil && draw(t, 4) > 0 {
			return s.name + "  says   " + w.word()
		}
		if len(m.Choices) > 0 {
			return w.taps(t, s, i)
		}
	}
	return ""
}

// taps returns the tapping of a button under a message somebody was shown.
func (w *world) taps(t *rapid.T, s *seat, i int) string {
	if i >= len(s.shown) {
		return ""
	}
	on := s.shown[i]
	look := on.looks[len(on.looks)-1]
	var labels []string
	for _, row := range look.Choices {
		for _, c := range row {
			if c.Action != "" && !strings.HasPrefix(c.Action, "leave:") {
				labels = append(labels, c.Label)
			}
		}
	}
	if len(labels) == 0 {
		return ""
	}
	label := labels[0]
	if draw(t, 5) > 1 {
		label = labels[draw(t, len(labels))]
	}
	row := tapRow(s, i, label)
	if row != "" && draw(t, 30) == 29 {
		row += " twice"
	}
	return row
}

// tapsThere returns the tapping of a button in the group.
func (w *world) tapsThere(t *rapid.T, s *seat) string {
	g := w.named(group)
	i := len(g.shown) - 1 - draw(t, 3)
	if draw(t, 6) == 5 {
		i = len(g.shown) - 1 - draw(t, max(1, len(g.shown)))
	}
	if i < 0 || len(g.shown[i].looks[0].Choices) == 0 {
		return ""
	}
	choices := g.shown[i].looks[0].Choices
	row := choices[draw(t, len(choices))]
	if len(row) == 0 {
		return ""
	}
	label := row[0].Label
	if draw(t, 2) == 1 {
		label = row[draw(t, len(row))].Label
	}
	if tap := tapRow(g, i, label); tap != "" {
		return s.name + strings.TrimPrefix(tap, group) + " in the group"
	}
	return ""
}

// fillsIn returns the sending of the form that is open before somebody.
func (w *world) fillsIn(t *rapid.T, s *seat) string {
	var values []string
	for _, f := range s.form.Fields {
		value := ""
		switch n := draw(t, 6); {
		case n == 5 && f.Value != "":
			value = "="
		case n > 3:
		case len(f.Options) > 0:
			value = f.Options[draw(t, len(f.Options))].Label
		default:
			value = w.word()
		}
		values = append(values, value)
	}
	text := strings.Join(values, " | ")
	if strings.TrimSpace(text) == "" {
		return ""
	}
	return s.name + "  fills in " + text
}

// tapRow returns the row of a play in which somebody taps a button of the i-th message
// they were shown.
func tapRow(s *seat, i int, label string) string {
	on := s.shown[i]
	l := &line{who: s.name, text: label}
	if _, found, err := button([]*seat{s}, l); err == nil && found == on {
		return fmt.Sprintf("%s  taps   %s", s.name, label)
	}
	for l.object = begin(on.looks[len(on.looks)-1].String()); ; l.earlier++ {
		_, found, err := button([]*seat{s}, l)
		if err != nil {
			return ""
		}
		if found == on {
			break
		}
	}
	row := fmt.Sprintf("%s  taps   %s on %q", s.name, label, l.object)
	if l.earlier > 0 {
		row += fmt.Sprintf(", %d earlier", l.earlier)
	}
	return row
}

// begin returns how a message begins, as much as it takes to tell it.
func begin(text string) string {
	first, _, _ := strings.Cut(text, "\n")
	if runes := []rune(first); len(runes) > 40 {
		first = strings.TrimSpace(string(runes[:40]))
	}
	return first
}

// word returns words that nobody has said before.
func (w *world) word() string {
	w.said++
	return "Word" + strconv.Itoa(w.said) + " and so on."
}

// command returns one that people can give: any but those that begin or end a couple.
func (w *world) command(t *rapid.T) string {
	var names []string
	for _, c := range host.Commands(w.opts.Library) {
		if !slices.Contains([]string{"start", "join", "link", "leave", "here"}, c.Name) {
			names = append(names, c.Name)
		}
	}
	return names[draw(t, len(names))]
}

func base36(n int64) string { return strconv.FormatInt(n, 36) }
