package rehearsal

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"attune/rituals"
)

// atOnce is how many chats are looked up in the outbox at once.
const atOnce = 100

// deliver does the courier's work at once: it says what waits in the outbox, in
// each chat in order, until nothing does.
func (r *run) deliver(ctx context.Context) error {
	for _, p := range r.platforms() {
		for {
			chats, all := r.store.Fresh(p)
			if all || !r.found || len(chats) > 1 { // in the order of being said
				waiting, err := r.store.Waiting(ctx, p, 0, atOnce)
				if err != nil {
					return err
				}
				chats = nil
				for _, w := range waiting {
					chats = append(chats, w.To)
				}
			}
			if len(chats) == 0 {
				break
			}
			for _, to := range chats {
				if err := r.empty(ctx, to); err != nil {
					return err
				}
			}
		}
	}
	r.found = true
	return nil
}

// platforms returns those that somebody in the play is on.
func (r *run) platforms() []rituals.Platform {
	var all []rituals.Platform
	for _, s := range r.seats {
		if !slices.Contains(all, s.platform) {
			all = append(all, s.platform)
		}
	}
	return all
}

// empty says all that waits for one chat.
func (r *run) empty(ctx context.Context, to rituals.Address) error {
	for {
		parcel, err := r.store.Head(ctx, to)
		if errors.Is(err, rituals.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := r.say(ctx, parcel.ID, parcel.Message, parcel.Edits); err != nil {
			return err
		}
	}
}

// say shows the message of an outbox row to its reader, or reports that it cannot
// be. Where it changes a message in place, edits is the platform's id of that.
func (r *run) say(ctx context.Context, row int64, m rituals.Message, edits string) error {
	s := r.at(m.To)
	e := rituals.Event{Person: rituals.Person{Platform: m.To.Platform}, Chat: m.To, Source: strconv.FormatInt(row, 10), Message: m}
	if strings.HasPrefix(m.To.Chat, room) {
		t := r.named(thread)
		e.ID, e.Kind, e.Text, e.Readers = "moved/"+e.Source, rituals.Moved, t.chat.Chat, &t.readers
		_, err := r.host.Handle(ctx, r.now, e)
		return err
	}
	late := !m.Until.IsZero() && r.now.After(m.Until)
	if s == nil || s.blocked || late || s.crowded(m) != nil {
		e.ID, e.Kind, e.Gone = "undelivered/"+e.Source, rituals.Undelivered, s == nil || s.blocked
		if s != nil {
			e.Readers = s.crowded(m)
		}
		_, err := r.host.Handle(ctx, r.now, e)
		return err
	}
	id, verb := edits, seesAgain
	i := slices.IndexFunc(s.shown, func(m *shown) bool { return m.id == edits })
	if edits == "" || i < 0 {
		id, verb = fmt.Sprintf("m%d", row), sees
		s.shown = append(s.shown, &shown{id: id})
		i = len(s.shown) - 1
	}
	s.shown[i].looks = append(s.shown[i].looks, m)
	r.learn(s, m)
	text := r.display(m.String())
	if text == "" {
		text = "(taken away)" // an edit without blocks
	}
	if m.Silent {
		text = "(silently) " + text
	}
	s.heard = append(s.heard, heard{verb, text})
	return r.store.Sent(ctx, row, id, r.now)
}

// learn remembers the invitations that a message shows.
func (r *run) learn(to *seat, m rituals.Message) {
	note := func(c string) {
		i := slices.IndexFunc(r.codes, func(k code) bool { return k.code == c })
		if i < 0 {
			i = len(r.codes)
			r.codes = append(r.codes, code{code: c})
		}
		r.codes[i].to = append(r.codes[i].to, to)
	}
	for _, b := range m.Blocks {
		if b.Kind == rituals.Link {
			note(b.Text)
		}
		if code, ok := strings.CutPrefix(b.Text, "/link "); ok {
			note(code)
		}
	}
	for _, row := range m.Choices {
		for _, c := range row {
			if c.Share != nil {
				note(c.Share.Code)
			}
		}
	}
}

// display writes a text as plays show it. Invitations are numbered in place of
// their codes, because those differ with all that was drawn at random before.
func (r *run) display(text string) string {
	for i, c := range r.codes {
		text = strings.ReplaceAll(text, c.code, strconv.Itoa(i+1))
	}
	return display(text)
}
