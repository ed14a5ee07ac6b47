// Package console speaks through a terminal. Several people share it, each with a
// seat and a key: what follows "a:" on a line is what the person at seat a says.
package console

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strconv"
	"sync"
	"time"

	"attune/bots"
	"attune/rituals"
)

// A Seat is one person's place at the terminal.
type Seat struct {
	Key  string // what lines of theirs begin with: a lower-case letter
	Name string
}

// Person returns who sits there, as events say it.
func (s Seat) Person() rituals.Person { return rituals.Person{Platform: rituals.Console, ID: s.Key} }

// Address returns where messages to the seat go.
func (s Seat) Address() rituals.Address {
	return rituals.Address{Platform: rituals.Console, Chat: s.Key}
}

// Seats are those of a couple.
func Seats() []Seat { return []Seat{{Key: "a", Name: "Alex"}, {Key: "b", Name: "Sam"}} }

// Options say how a terminal is set up.
type Options struct {
	Seats    []Seat // nil: Seats()
	Language string // two letters, of whoever sits here; empty: not known
	Color    bool
	Width    int  // in cells; 0: lines are as long as they are
	Echo     bool // what people do is shown too: for input that nobody types here
	Columns  bool // the seats stand side by side, and what they see is shown by Flush

	// Idle returns once nothing waits to be said. If it is there, each line is
	// read only after all that the one before has caused was said, and Run does
	// not end before.
	Idle func(ctx context.Context) error

	Log *slog.Logger // nil: none
}

// A Bot is the adapter to a terminal. It satisfies [bots.Bot].
type Bot struct {
	in    io.Reader
	out   io.Writer
	opts  Options
	log   *slog.Logger
	first string // what the ids of events begin with, different at each start
	lines chan string
	over  chan struct{} // closed when Run has ended
	read  sync.Once

	mu     sync.Mutex
	events int
	chairs map[string]*chair
	page   page
}

// A chair is what the terminal knows about one seat.
type chair struct {
	seat Seat
	n    int    // counted from the left
	last string // the source of their last words
	asks []asks // messages with buttons, oldest first
}

// asks is a message with buttons.
type asks struct {
	id      string
	choices []rituals.Choice
}

// New returns an adapter that reads what people do from in and shows them on out
// what they are told.
func New(in io.Reader, out io.Writer, o Options) *Bot {
	if o.Seats == nil {
		o.Seats = Seats()
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	b := &Bot{
		in: in, out: out, opts: o, log: o.Log,
		first:  strconv.FormatInt(time.Now().UnixNano(), 36),
		lines:  make(chan string),
		over:   make(chan struct{}),
		chairs: make(map[string]*chair),
		page:   newPage(o),
	}
	for i, s := range o.Seats {
		b.chairs[s.Key] = &chair{seat: s, n: i}
	}
	return b
}

// Platform is part of [bots.Bot].
func (b *Bot) Platform() rituals.Platform { return rituals.Console }

// Send shows a message. A terminal cannot change what it has shown, so an edit
// is shown as a message of its own.
func (b *Bot) Send(ctx context.Context, p bots.Parcel) (id string, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	c := b.chairs[p.Message.To.Chat]
	if c == nil {
		return "", &bots.GoneError{Chat: true, Err: errors.New("there is no such seat")}
	}
	id = strconv.FormatInt(p.ID, 10)
	c.answerable(p, id)
	if err := b.show(c, b.page.message(p.Message)); err != nil {
		return "", &bots.RetryError{Err: err}
	}
	return id, nil
}

// answerable remembers the buttons of a message. Those of a message that it
// changes are gone.
func (c *chair) answerable(p bots.Parcel, id string) {
	kept := c.asks[:0]
	for _, a := range c.asks {
		if a.id != p.Edits && a.id != id {
			kept = append(kept, a)
		}
	}
	c.asks = kept
	if buttons := choices(p.Message); len(buttons) > 0 {
		c.asks = append(c.asks, asks{id, buttons})
	}
	if n := len(c.asks) - remembered; n > 0 {
		c.asks = c.asks[n:]
	}
}

// remembered is how many messages with buttons are kept for each seat: the newest
// can be answered, and others come up again as newer ones are changed.
const remembered = 20

// choices returns the buttons of a message, in the order of their numbers.
func choices(m rituals.Message) []rituals.Choice {
	var all []rituals.Choice
	for _, row := range m.Choices {
		all = append(all, row...)
	}
	return all
}

// show shows rows in the place of a seat.
func (b *Bot) show(c *chair, rows []row) error {
	if b.opts.Columns {
		b.page.put(c.n, rows)
		return nil
	}
	_, err := io.WriteString(b.out, b.page.block(c, rows))
	return err
}

// Flush shows what was put into the columns so far, side by side. Margin stands
// to the left of the first row.
func (b *Bot) Flush(margin string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	_, err := io.WriteString(b.out, b.page.flush(margin))
	return err
}

// Answer shows on the spot what only who caused e is told.
func (b *Bot) Answer(e rituals.Event, a rituals.Answer) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	c := b.chairs[e.Person.ID]
	if c == nil || a.Text == "" {
		return nil
	}
	return b.show(c, b.page.aside("(only you) "+a.Text))
}

// Echo shows what somebody did, as they see it in their own chat.
func (b *Bot) Echo(e rituals.Event) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	c := b.chairs[e.Person.ID]
	if c == nil {
		return nil
	}
	done := e.Text
	switch {
	case e.Kind == rituals.Tapped:
		for _, a := range c.asks {
			for _, button := range a.choices {
				if button.Action == e.Action {
					done = "[" + button.Label + "]"
				}
			}
		}
	case e.Kind == rituals.Edited:
		done = fmt.Sprintf("(changed) %s", e.Text)
	case e.Other:
		done = "(a picture)"
	}
	return b.show(c, b.page.own(done))
}
