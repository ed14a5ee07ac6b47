package console

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"attune/rituals"
)

// fence begins and ends words of several lines.
const fence = `"""`

// help is what people can write.
const help = `a: How nice.       Alex says it; b: is Sam
a: 2               Alex presses button 2 of the newest question
a edit: Better.    Alex changes the last words
a picture          Alex sends something that is not words
a """              Alex says all lines up to the next """
help               this
quit               the end; so is the end of the input
`

// A HintError is a line that is not understood. It says what to write instead.
type HintError string

func (e HintError) Error() string { return string(e) }

// Hear returns what a line means: an event, or a [HintError]. Words over several
// lines are one line here, after their key and a fence.
func (b *Bot) Hear(line string) (rituals.Event, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	key, rest := cutKey(line)
	c := b.chairs[key]
	if c == nil {
		return rituals.Event{}, HintError(fmt.Sprintf("Begin with %s. \"help\" shows more.", b.keys()))
	}
	e := rituals.Event{
		Kind:     rituals.Wrote,
		Person:   c.seat.Person(),
		Chat:     c.seat.Address(),
		Private:  true,
		Name:     c.seat.Name,
		Language: b.opts.Language,
	}
	if err := c.fill(&e, rest); err != nil {
		return rituals.Event{}, err
	}
	b.events++
	e.ID = b.first + "-" + strconv.Itoa(b.events)
	if e.Kind == rituals.Wrote {
		e.Source, c.last = e.ID, e.ID
	}
	return e, nil
}

// cutKey splits off the seat's key: the word before the first space or colon.
func cutKey(line string) (key, rest string) {
	i := strings.IndexAny(line, " :")
	if i < 0 {
		return line, ""
	}
	return line[:i], line[i:]
}

// fill puts into e what the rest of a line, from its space or colon on, means.
func (c *chair) fill(e *rituals.Event, rest string) error {
	if n, err := strconv.Atoi(strings.TrimLeft(rest, ": ")); err == nil && len(c.asks) > 0 {
		newest := c.asks[len(c.asks)-1].choices
		if 1 <= n && n <= len(newest) {
			return press(e, newest[n-1])
		}
	}
	bare := strings.TrimSpace(rest)
	switch words, said := strings.CutPrefix(rest, ":"); {
	case said:
		e.Text = strings.TrimPrefix(words, " ")
	case strings.HasPrefix(bare, fence+"\n"):
		e.Text = strings.TrimSuffix(strings.TrimPrefix(strings.TrimLeft(rest, " "), fence+"\n"), "\n"+fence)
	case bare == "picture":
		e.Other = true
		return nil
	case strings.HasPrefix(bare, "edit:"):
		if c.last == "" {
			return HintError(c.seat.Name + " has said nothing yet that could be changed.")
		}
		e.Kind, e.Source = rituals.Edited, c.last
		e.Text = strings.TrimPrefix(strings.TrimLeft(rest, " ")[len("edit:"):], " ")
	default:
		return HintError(fmt.Sprintf("Write %s: and then the words, or the number of a button.", c.seat.Key))
	}
	if strings.TrimSpace(e.Text) == "" {
		return HintError(fmt.Sprintf("Write words after %s:", c.seat.Key))
	}
	return nil
}

// press makes e the tap on a button. An invitation to hand on is nothing that a
// terminal could do.
func press(e *rituals.Event, button rituals.Choice) error {
	if button.Share != nil {
		return HintError("Write this to whom you like: " + button.Share.Text + " " + link(button.Share.Code))
	}
	e.Kind, e.Action = rituals.Tapped, button.Action
	return nil
}

// Press returns the event of pressing the newest button with that label.
func (b *Bot) Press(seat, label string) (rituals.Event, error) {
	n, err := b.number(seat, label)
	if err != nil {
		return rituals.Event{}, err
	}
	return b.Hear(seat + ": " + strconv.Itoa(n))
}

// number returns the number of a button of the newest question at a seat.
func (b *Bot) number(seat, label string) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if c := b.chairs[seat]; c != nil && len(c.asks) > 0 {
		for i, button := range c.asks[len(c.asks)-1].choices {
			if button.Label == label {
				return i + 1, nil
			}
		}
	}
	return 0, errors.New("no button " + label + " at seat " + seat)
}

// keys lists how a line may begin.
func (b *Bot) keys() string {
	var all []string
	for _, s := range b.opts.Seats {
		all = append(all, s.Key+": for "+s.Name)
	}
	return strings.Join(all, " or ")
}
