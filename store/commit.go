package store

import (
	"context"
	"strconv"

	"attune/rituals"
)

// A change is a rituals.Change with what takes time to encode encoded, so that
// the writer need not.
type change struct {
	rituals.Change
	couples []couple // Couple and Leaves, as far as there
	words   []string // of Replies
	held    []string // media of Hold
	bodies  []string // of Say
	rows    []int64  // of Say, in the outbox, once applied; 0: of its own there is none
	parked  string
}

// Commit writes a change whole or not at all. The change's alarms are those of
// its couple: Couple's, else the one of the alarm it settles, else that of the
// first check-in it writes.
//
// Alarms are cancelled before any is set, and messages are dropped before any is
// said, so one change may replace them.
func (s *Store) Commit(ctx context.Context, c rituals.Change) error {
	e, err := encode(c)
	if err != nil {
		return err
	}
	apply := func(w *conn) error { return s.apply(w, e) }
	return s.write(ctx, &job{apply: apply, wakes: e.wakes(), wrote: e})
}

func encode(c rituals.Change) (*change, error) {
	e := &change{Change: c}
	var err error
	for _, p := range []*rituals.Couple{c.Leaves, c.Couple} {
		if p == nil {
			continue
		}
		p, err := encodeCouple(p)
		if err != nil {
			return nil, err
		}
		e.couples = append(e.couples, p)
	}
	for i := range c.Replies {
		words, err := list(c.Replies[i].Words)
		if err != nil {
			return nil, err
		}
		e.words = append(e.words, words)
	}
	for i := range c.Hold {
		media, err := list(c.Hold[i].Media)
		if err != nil {
			return nil, err
		}
		e.held = append(e.held, media)
	}
	for i := range c.Say {
		body, err := encodeBody(&c.Say[i])
		if err != nil {
			return nil, err
		}
		e.bodies = append(e.bodies, body)
	}
	e.rows = make([]int64, len(c.Say))
	if c.Park != nil {
		if e.parked, err = object(c.Park.Event); err != nil {
			return nil, err
		}
	}
	return e, nil
}

// wakes returns the platforms on which the change lets something be said beside what
// it says itself.
func (c *change) wakes() []rituals.Platform {
	var ps []rituals.Platform
	for _, a := range c.Release {
		ps = append(ps, a.To.Platform)
	}
	if e := c.Event; e != nil && (e.Kind == rituals.Moved || e.Kind == rituals.Undelivered) {
		ps = append(ps, e.Chat.Platform)
	}
	return ps
}

func (c *change) couple() rituals.CoupleID {
	switch {
	case c.Couple != nil:
		return c.Couple.ID
	case c.Alarm != nil && c.Alarm.Couple != 0:
		return c.Alarm.Couple
	case len(c.CheckIns) > 0:
		return c.CheckIns[0].Couple
	}
	return 0
}

// apply runs inside a transaction.
func (s *Store) apply(w *conn, c *change) error {
	for _, step := range []func(*conn, *change) error{
		settle, cancelAlarms, s.writePeople, s.writeCheckIns, writeReplies, writeInvites, writeHeld,
		setAlarms, drop, s.say, release, erase, park, forget,
	} {
		if err := step(w, c); err != nil {
			return err
		}
	}
	return nil
}

// settle makes sure that the change's event and alarm have no effect twice.
func settle(w *conn, c *change) error {
	if e := settles(&c.Change); e != nil {
		if err := settleEvent(w, c, e); err != nil {
			return err
		}
	}
	if a := c.Alarm; a != nil {
		n, err := w.exec("DELETE FROM alarm WHERE couple = ? AND name = ? AND at = ?",
			int64(a.Couple), a.Name, millis(a.At))
		if err != nil {
			return err
		}
		if n == 0 {
			return rituals.ErrSettled
		}
	}
	return nil
}

func settleEvent(w *conn, c *change, e *rituals.Event) error {
	if e.ID != "" {
		n, err := w.exec("INSERT INTO handled (platform, id, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
			string(platform(e)), e.ID, millis(c.Now))
		if err != nil {
			return err
		}
		if n == 0 {
			return rituals.ErrSettled
		}
	}
	switch e.Kind {
	case rituals.Moved:
		return move(w, e)
	case rituals.Undelivered:
		if id, ok := failed(e); ok {
			return fail(w, id, c.Now)
		}
	}
	return nil
}

// settles returns the event that a change settles, or nil.
func settles(c *rituals.Change) *rituals.Event {
	if c.Event == nil && c.Park != nil {
		return &c.Park.Event
	}
	return c.Event
}

// failed returns the row of the outbox that an undelivered event is about.
func failed(e *rituals.Event) (id int64, ok bool) {
	if e == nil || e.Kind != rituals.Undelivered {
		return 0, false
	}
	id, err := strconv.ParseInt(e.Source, 10, 64)
	return id, err == nil
}

func platform(e *rituals.Event) rituals.Platform {
	if e.Person.Platform != "" {
		return e.Person.Platform
	}
	return e.Chat.Platform
}

// park keeps an event that could not be settled.
func park(w *conn, c *change) error {
	if c.Park == nil {
		return nil
	}
	e := &c.Park.Event
	_, err := w.exec("INSERT INTO parked (platform, id, at, reason, event) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
		string(platform(e)), e.ID, millis(c.Now), c.Park.Reason, c.parked)
	return err
}

// forget deletes what has been kept long enough.
func forget(w *conn, c *change) error {
	f := c.Forget
	if f == nil {
		return nil
	}
	if _, err := w.exec("DELETE FROM handled WHERE at < ?", millis(f.Handled)); err != nil {
		return err
	}
	if _, err := w.exec("DELETE FROM invite WHERE until < ?1 OR (used <> 0 AND used < ?1)", millis(f.Invites)); err != nil {
		return err
	}
	if _, err := w.exec("DELETE FROM held WHERE until < ?", millis(c.Now)); err != nil {
		return err
	}
	return forgetSent(w, f.Sent)
}
