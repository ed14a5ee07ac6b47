package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"text/tabwriter"

	"golang.org/x/text/width"

	"attune/bots"
	"attune/rituals"
)

// column is how wide a seat is, in cells.
const column = 46

// A stage shows two people's chats side by side. It is a [bots.Bot]: what it is
// given to send, it shows.
type stage struct {
	out    io.Writer
	colour bool
	names  []string

	mu      sync.Mutex
	sent    int
	buttons map[string]map[string]string // by name and label: the latest action
	told    map[string][]string          // by name: lines that are not shown yet
	heading string
	at      string
}

// newStage returns a stage that writes to out; in colour, if somebody is looking
// who wants it.
func newStage(out io.Writer, names ...string) *stage {
	s := &stage{
		out: out, names: names, colour: isTerminal(out) && os.Getenv("NO_COLOR") == "",
		buttons: make(map[string]map[string]string), told: make(map[string][]string),
	}
	for _, n := range names {
		s.buttons[n] = make(map[string]string)
	}
	return s
}

// Platform returns [rituals.Console].
func (s *stage) Platform() rituals.Platform { return rituals.Console }

// Run does nothing until ctx ends: what people do here is in the script.
func (s *stage) Run(ctx context.Context, _ bots.Handler) error {
	<-ctx.Done()
	return nil
}

// Send keeps the message to be shown.
func (s *stage) Send(_ context.Context, p bots.Parcel) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sent++
	if p.Edits != "" {
		return p.Edits, nil // what was said stays as it was read
	}
	name := p.Message.To.Chat
	for _, row := range p.Message.Choices {
		for _, c := range row {
			s.buttons[name][c.Label] = c.Action
		}
	}
	s.told[name] = append(s.told[name], wrap(p.Message.String(), column-2)...)
	return strconv.Itoa(s.sent), nil
}

// button returns the action of the button with that label that somebody saw last.
func (s *stage) button(name, label string) (string, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	action, ok := s.buttons[name][label]
	return action, ok
}

// The colours of the stage.
const (
	plain = "\x1b[0m"
	dim   = "\x1b[2m"
	bold  = "\x1b[1m"
	green = "\x1b[32m"
)

func (s *stage) paint(colour, text string) string {
	if !s.colour || text == "" {
		return text
	}
	return colour + text + plain
}

// title begins the day.
func (s *stage) title(day rituals.Day, what string) {
	fmt.Fprintf(s.out, "%s, %s: %s\n\n", day.Weekday(), day, what)
	fmt.Fprintf(s.out, "       %s%s\n", s.paint(bold, pad(s.names[0], column)), s.paint(bold, s.names[1]))
}

// clock sets the time that stands beside what is shown next.
func (s *stage) clock(at string) {
	if at != s.at {
		s.heading = at
	}
	s.at = at
}

// did shows what somebody does.
func (s *stage) did(name, tap, says string) {
	text := "> " + says
	if tap != "" {
		text = "> [" + tap + "]"
	}
	s.mu.Lock()
	for _, line := range wrap(text, column-2) {
		s.told[name] = append(s.told[name], s.paint(green, line))
	}
	s.mu.Unlock()
	s.show()
}

// show writes what was kept, both seats side by side.
func (s *stage) show() {
	s.mu.Lock()
	defer s.mu.Unlock()
	left, right := s.told[s.names[0]], s.told[s.names[1]]
	for i := range max(len(left), len(right)) {
		var l, r string
		if i < len(left) {
			l = left[i]
		}
		if i < len(right) {
			r = right[i]
		}
		line := fmt.Sprintf("%s  %s%s", s.paint(dim, pad(s.heading, 5)), pad(l, column), r)
		fmt.Fprintln(s.out, strings.TrimRight(line, " "))
		s.heading = ""
	}
	clear(s.told)
}

// recorded shows the rows of the couple's check-ins and replies.
func (s *stage) recorded(st rituals.State) {
	fmt.Fprintln(s.out, "\nWhat is recorded:")
	table := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
	for _, c := range st.CheckIns {
		fmt.Fprintf(table, "  check-in\t%s\t%s\t%s\n", c.Day, c.Ritual.ID, c.State)
		replies := slices.Clone(c.Replies)
		place := func(r rituals.Reply) int {
			return slices.IndexFunc(c.Ritual.Steps, func(s rituals.Step) bool { return s.ID == r.Step })
		}
		slices.SortStableFunc(replies, func(a, b rituals.Reply) int {
			return cmp.Or(a.At.Compare(b.At), cmp.Compare(place(a), place(b)))
		})
		for _, r := range replies {
			name := ""
			if m := st.MemberBy(r.Member); m != nil {
				name = m.Name
			}
			fmt.Fprintf(table, "  reply\t%s\t%s\t%s\n", name, r.Step, answer(c.Ritual, r))
		}
	}
	table.Flush()
}

// answer returns a reply as it was given.
func answer(ritual *rituals.Ritual, r rituals.Reply) string {
	if r.Skipped {
		return "passed over"
	}
	id, _, _ := strings.Cut(r.Step, ".") // what is sent after the reveal names its option too
	if step := ritual.Step(id); step != nil {
		if o := step.Option(r.Choice); o != nil {
			return "[" + o.Label.In("en") + "]"
		}
	}
	return r.Text()
}

// wrap breaks a text into lines of at most that many cells. Buttons stay whole.
func wrap(text string, most int) []string {
	var lines []string
	for paragraph := range strings.SplitSeq(text, "\n") {
		line := ""
		for _, word := range strings.Fields(paragraph) {
			if line != "" && cells(line)+1+cells(word) > most {
				lines = append(lines, line)
				line = ""
			}
			if line != "" {
				line += " "
			}
			line += word
		}
		lines = append(lines, line)
	}
	return lines
}

// pad fills a text up with spaces.
func pad(text string, to int) string {
	return text + strings.Repeat(" ", max(to-cells(text), 0))
}

// cells returns how many columns of a terminal a text takes. Colours take none.
func cells(text string) int {
	n, escape := 0, false
	for _, r := range text {
		switch {
		case r == '\x1b':
			escape = true
		case escape:
			escape = r != 'm'
		case width.LookupRune(r).Kind() == width.EastAsianWide:
			n += 2
		default:
			n++
		}
	}
	return n
}
