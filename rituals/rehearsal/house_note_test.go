package rehearsal

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"attune/rituals"
)

// note takes a change in, looks that it is of one couple alone, and lets the witness of
// that couple look at the rest.
func (h *house) note(c rituals.Change) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.alarms.note(&c)
	h.outbox.note(&c, h.closed)
	var of *world
	for _, w := range h.worlds {
		part := w.partOf(&c)
		switch {
		case part == "":
		case of != nil:
			h.problems = append(h.problems, fmt.Errorf("a change is of couple %d and of couple %d, by its %s", of.couple, w.couple, part))
		default:
			of = w
		}
	}
	if of != nil {
		of.witness.note(c)
	}
}

// hears takes in that a message was said.
func (h *house) hears(m *rituals.Message) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if err := h.outbox.said(m, h.now); err != nil {
		h.problems = append(h.problems, err)
	}
}

// closed reports whether a check-in was closed before an instant, or is none.
func (h *house) closed(id rituals.CheckInID, before time.Time) bool {
	for _, w := range h.worlds {
		if k := w.witness.checkIns[id]; k != nil {
			return k.State != rituals.Open && k.Closes.Before(before)
		}
	}
	return true
}

// partOf names a part of a change that is of the world's couple; nothing if none is.
func (w *world) partOf(c *rituals.Change) string {
	couple := func(id rituals.CoupleID) bool { return id == w.couple }
	member := func(id rituals.MemberID) bool { _, ok := w.witness.members[id]; return ok }
	at := func(a rituals.Address) bool {
		return slices.ContainsFunc(w.seats, func(s *seat) bool { return s.chat == a || a.Chat == room+s.chat.Chat })
	}
	who := func(p rituals.Person) bool {
		return slices.ContainsFunc(w.seats, func(s *seat) bool { return s.who == p })
	}
	switch {
	case c.Event != nil && (who(c.Event.Person) || at(c.Event.Chat)):
		return "event"
	case c.Alarm != nil && couple(c.Alarm.Couple), slices.ContainsFunc(c.Set, func(a rituals.Alarm) bool { return couple(a.Couple) || member(a.Member) }):
		return "alarms"
	case c.Couple != nil && couple(c.Couple.ID):
		return "couple"
	case slices.ContainsFunc(c.Members, func(m rituals.Member) bool { return member(m.ID) || who(m.Person) }):
		return "members"
	case slices.ContainsFunc(c.CheckIns, func(k rituals.CheckIn) bool { return couple(k.Couple) }):
		return "check-ins"
	case slices.ContainsFunc(c.Replies, func(r rituals.Reply) bool { return member(r.Member) || w.witness.checkIns[r.CheckIn] != nil }):
		return "replies"
	case slices.ContainsFunc(c.Hold, func(x rituals.Held) bool { return couple(x.Couple) || member(x.Member) }):
		return "held words"
	case slices.ContainsFunc(c.Say, func(m rituals.Message) bool { return couple(m.Couple) || member(m.Member) || at(m.To) }):
		return "messages"
	case slices.ContainsFunc(c.Release, func(r rituals.Release) bool { return at(r.To) }):
		return "released messages"
	case slices.ContainsFunc(c.Drop, func(d rituals.Drop) bool { return couple(d.Couple) || at(d.To) }):
		return "dropped messages"
	case slices.ContainsFunc(c.Erase, member):
		return "erased words"
	}
	return ""
}

// err returns what was broken by now, and in which world; nil for one in which nothing
// was although something is broken.
func (h *house) err() (*world, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, w := range h.worlds {
		if err := w.witness.err(); err != nil {
			return w, err
		}
	}
	return nil, errors.Join(h.problems...)
}

// An alarmKey is what an alarm is known by.
type alarmKey struct {
	couple rituals.CoupleID
	name   string
}

// Alarms are those that should be set, by the changes there were.
type alarms map[alarmKey]rituals.Alarm

func (as alarms) note(c *rituals.Change) {
	couple := rituals.CoupleID(0)
	switch {
	case c.Couple != nil:
		couple = c.Couple.ID
	case c.Alarm != nil && c.Alarm.Couple != 0:
		couple = c.Alarm.Couple
	case len(c.CheckIns) > 0:
		couple = c.CheckIns[0].Couple
	}
	if a := c.Alarm; a != nil {
		delete(as, alarmKey{a.Couple, a.Name})
	}
	for _, name := range c.Cancel {
		delete(as, alarmKey{couple, name})
	}
	for k, a := range as {
		if k.couple == couple && (c.CancelAll || c.CancelFor != 0 && a.CheckIn == c.CancelFor) {
			delete(as, k)
		}
	}
	for _, a := range c.Set {
		as[alarmKey{a.Couple, a.Name}] = a
	}
}

// due returns the alarms of a couple, soonest first.
func (h *house) due(couple rituals.CoupleID) (due []rituals.Alarm) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for k, a := range h.alarms {
		if k.couple == couple {
			due = append(due, a)
		}
	}
	slices.SortFunc(due, func(a, b rituals.Alarm) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Name, b.Name)) })
	return due
}

// far is after everything that can be due.
var far = time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC)

// compare holds what should be said against what was, and once a day how evenings went and
// the alarms that should be set against what the database says of them.
func (h *house) compare(ctx context.Context) error {
	if err := h.outbox.lost(h.off); err != nil && !h.down {
		return err
	}
	if h.down || h.now.Sub(h.compared) < 24*time.Hour {
		return nil
	}
	h.compared = h.now
	for _, w := range h.others(nil) {
		if err := w.streaks(ctx); err != nil {
			return err
		}
	}
	set, _, err := h.store.Due(ctx, far, 10_000)
	if err != nil {
		return err
	}
	left := map[alarmKey]bool{}
	for k := range h.alarms {
		left[k] = true
	}
	for _, a := range set {
		k := alarmKey{a.Couple, a.Name}
		if want, ok := h.alarms[k]; !ok || !want.At.Truncate(time.Millisecond).Equal(a.At) || want.Kind != a.Kind {
			return fmt.Errorf("the alarm %s of couple %d is set for %s, and should be for %s", a.Name, a.Couple, a.At, want.At)
		}
		delete(left, k)
	}
	for k := range left {
		return fmt.Errorf("the alarm %s of couple %d is lost", k.name, k.couple)
	}
	return nil
}
