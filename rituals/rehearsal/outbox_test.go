package rehearsal

import (
	"fmt"
	"slices"
	"time"

	"attune/rituals"
)

// An outbox is what should be said, by the changes there were. What is said is held
// against it, so that nothing is lost, said twice or said in another order.
type outbox struct {
	rows []*letter          // to be said, in order
	keys map[string]*letter // by key, until forgotten
}

// A letter is a message that is to be said or was.
type letter struct {
	message rituals.Message
	edits   *letter // that it changes in place
	state   string  // "", sent or failed
	at      time.Time
}

// note takes in what a change does, in the order in which stores do it.
func (o *outbox) note(c *rituals.Change, over func(rituals.CheckInID, time.Time) bool) {
	if e := c.Event; e != nil && e.Kind == rituals.Moved {
		for _, l := range o.rows {
			if l.message.To == e.Chat && (e.Message.Couple == 0 || l.message.Couple == e.Message.Couple) {
				l.message.To.Chat = e.Text
			}
		}
	}
	if e := c.Event; e != nil && e.Kind == rituals.Undelivered {
		if l := o.first(e.Chat); l != nil {
			l.state, l.at = "failed", c.Now
			o.rows = slices.DeleteFunc(o.rows, func(w *letter) bool { return w == l || w.edits == l })
		}
	}
	for _, d := range c.Drop {
		o.drop(func(m *rituals.Message) bool {
			to := d.To == rituals.Address{} || d.To == m.To
			return d != rituals.Drop{} && to && (d.Couple == 0 || d.Couple == m.Couple) && (d.CheckIn == 0 || d.CheckIn == m.CheckIn)
		})
	}
	for _, m := range c.Say {
		o.say(m)
	}
	for _, r := range c.Release {
		for _, l := range o.rows {
			l.message.Wait = l.message.Wait && l.message.To != r.To
		}
	}
	for _, who := range c.Erase {
		o.drop(func(m *rituals.Message) bool { return m.From == who })
	}
	if f := c.Forget; f != nil {
		for k, l := range o.keys {
			if l.state != "" && l.at.Before(f.Sent) && over(l.message.CheckIn, f.Sent) {
				delete(o.keys, k)
			}
		}
	}
}

// say puts a message behind the others, or in place of one that it changes.
func (o *outbox) say(m rituals.Message) {
	l := &letter{message: m}
	if m.Edits == "" {
		if m.Key != "" && o.keys[m.Key] != nil {
			return // it was said before
		}
		if m.Key != "" {
			o.keys[m.Key] = l
		}
		o.rows = append(o.rows, l)
		return
	}
	first := o.keys[m.Edits]
	switch {
	case first == nil, first.message.To != m.To, first.state == "failed":
		return
	case first.state == "":
		first.message.Blocks, first.message.Choices = m.Blocks, m.Choices
		return
	}
	for _, w := range o.rows {
		if w.edits == first {
			w.message.Blocks, w.message.Choices = m.Blocks, m.Choices
			return
		}
	}
	l.edits = first
	o.rows = append(o.rows, l)
}

// drop takes out what is not said yet.
func (o *outbox) drop(meant func(*rituals.Message) bool) {
	o.rows = slices.DeleteFunc(o.rows, func(l *letter) bool {
		if !meant(&l.message) {
			return false
		}
		if l.edits == nil {
			delete(o.keys, l.message.Key)
		}
		return true
	})
}

// first returns what is to be said next at an address, or nil.
func (o *outbox) first(to rituals.Address) *letter {
	for _, l := range o.rows {
		if l.message.To == to && !l.message.Wait {
			return l
		}
	}
	return nil
}

// said notes that a message was said, and returns why it should not have been.
func (o *outbox) said(m *rituals.Message, at time.Time) error {
	l := o.first(m.To)
	switch {
	case l == nil:
		return fmt.Errorf("%s reads what nobody said: %s", m.To.Chat, m)
	case l.message.String() != m.String():
		return fmt.Errorf("%s reads, before what was said first (%s): %s", m.To.Chat, l.message, m)
	}
	l.state, l.at = "sent", at
	o.rows = slices.DeleteFunc(o.rows, func(w *letter) bool { return w == l })
	return nil
}

// lost returns what should have been said by now, beside what was put off.
func (o *outbox) lost(off map[rituals.Address]time.Time) error {
	for _, l := range o.rows {
		if m := &l.message; !m.Wait && off[m.To].IsZero() {
			return fmt.Errorf("%s never reads: %s", m.To.Chat, m)
		}
	}
	return nil
}
