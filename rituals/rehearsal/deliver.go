package rehearsal

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"attune/rituals"
)

// atOnce is how many chats are looked up in the outbox at once.
const atOnce = 100

// deliver does the courier's work at once: it says what waits in the outbox, in
// each chat in order, until nothing does that can be said.
func (p *program) deliver(ctx context.Context) error {
	chats := p.rested()
	for { // what cannot be said on one platform has words follow on another
		for _, on := range p.platforms() {
			some, err := p.waiting(ctx, on)
			if err != nil {
				return err
			}
			for _, to := range some {
				if !slices.Contains(chats, to) {
					chats = append(chats, to)
				}
			}
		}
		p.found = true
		if len(chats) == 0 {
			return nil
		}
		if err := p.empty(ctx, chats); err != nil {
			return err
		}
		chats = nil
	}
}

// rested returns the chats in which something can be said again, in the same order
// each time.
func (p *program) rested() (chats []rituals.Address) {
	for to, at := range p.off {
		if !at.After(p.now) {
			delete(p.off, to)
			chats = append(chats, to)
		}
	}
	sortChats(chats)
	return chats
}

func sortChats(chats []rituals.Address) {
	slices.SortFunc(chats, func(a, b rituals.Address) int {
		return cmp.Or(cmp.Compare(a.Platform, b.Platform), strings.Compare(a.Chat, b.Chat))
	})
}

// waiting returns the chats of a platform in which something was said since it was last
// called, or after a start waits, in the same order each time.
func (p *program) waiting(ctx context.Context, on rituals.Platform) ([]rituals.Address, error) {
	chats, all := p.store.Fresh(on)
	if p.found && !all {
		sortChats(chats)
		return chats, nil
	}
	waiting, err := p.store.Waiting(ctx, on, 0, atOnce)
	chats = nil
	for _, w := range waiting {
		if w.RetryAt.After(p.now) {
			p.off[w.To] = w.RetryAt
		} else {
			chats = append(chats, w.To)
		}
	}
	return chats, err
}

// platforms returns those that somebody in the plays is on.
func (p *program) platforms() []rituals.Platform {
	var all []rituals.Platform
	for _, r := range p.runs {
		for _, s := range r.seats {
			if !slices.Contains(all, s.platform) {
				all = append(all, s.platform)
			}
		}
	}
	return all
}

// empty says all that waits for chats, the first of each before the second, until
// something cannot be said for now.
func (p *program) empty(ctx context.Context, chats []rituals.Address) error {
	for len(chats) > 0 {
		var left []rituals.Address
		var said []delivery
		for _, to := range chats {
			if !p.off[to].IsZero() {
				continue
			}
			parcel, err := p.store.Head(ctx, to)
			if errors.Is(err, rituals.ErrNotFound) {
				continue
			}
			var id string
			if err == nil {
				id, err = p.say(ctx, &parcel)
			}
			if err != nil {
				return errors.Join(p.record(ctx, said), err)
			}
			if id != "" {
				said = append(said, delivery{parcel.ID, id})
			}
			left = append(left, to)
		}
		if err := p.record(ctx, said); err != nil {
			return err
		}
		chats = left
	}
	return nil
}

// A delivery is a message that was said: its row, and the platform's id of it.
type delivery struct {
	row int64
	id  string
}

// record records what was said, at the same time, as couriers do in chats that go side
// by side. What was dropped while it was said needs no record.
func (p *program) record(ctx context.Context, said []delivery) error {
	var all errgroup.Group
	for _, s := range said {
		all.Go(func() error {
			if err := p.store.Sent(ctx, s.row, s.id, p.now); !errors.Is(err, rituals.ErrNotFound) {
				return err
			}
			return nil
		})
	}
	return all.Wait()
}

// say shows a message to its reader, or reports that it cannot be. It returns the
// platform's id of it, to be recorded; empty if there is nothing to record.
func (p *program) say(ctx context.Context, parcel *rituals.Parcel) (id string, err error) {
	m := &parcel.Message
	e := rituals.Event{Person: rituals.Person{Platform: m.To.Platform}, Chat: m.To, Source: strconv.FormatInt(parcel.ID, 10), Message: *m}
	r, s := p.at(m.To)
	if chat, ok := strings.CutPrefix(m.To.Chat, room); ok {
		r, _ = p.at(rituals.Address{Platform: m.To.Platform, Chat: chat})
		t := r.named(thread)
		e.ID, e.Kind, e.Text, e.Readers = "moved/"+e.Source, rituals.Moved, t.chat.Chat, &t.readers
		_, err := p.take(ctx, e)
		return "", err
	}
	late := !m.Until.IsZero() && p.now.After(m.Until)
	switch {
	case s == nil || s.blocked || late || s.crowded(*m) != nil:
		e.ID, e.Kind, e.Gone = "undelivered/"+e.Source, rituals.Undelivered, s == nil || s.blocked
		if s != nil {
			e.Readers = s.crowded(*m)
		}
		_, err := p.take(ctx, e)
		return "", err
	case s.away:
		return "", p.putOff(ctx, parcel)
	}
	id = r.show(s, parcel)
	if s.unsure {
		s.unsure = false
		s.lost(parcel.ID)
		return "", p.putOff(ctx, parcel)
	}
	if p.strike(func(f *fault) bool { return f.of == r && f.when == onceSaid }) != nil {
		s.lost(parcel.ID)
		p.dying, p.by = true, r
		return "", errDies
	}
	if p.said != nil {
		p.said(m)
	}
	return id, nil
}

// lost notes that a message came, and nobody knows.
func (s *seat) lost(row int64) {
	if s.came == nil {
		s.came = map[int64]bool{}
	}
	s.came[row] = true
}

const (
	soon = 2 * time.Second // until what could not be said is tried again, at first
	long = 5 * time.Minute // and at most
)

// putOff lets a message wait, and those behind it with it.
func (p *program) putOff(ctx context.Context, parcel *rituals.Parcel) error {
	at := p.now.Add(min(soon<<min(parcel.Tries, 10), long))
	if until := parcel.Message.Until.Add(time.Second); !parcel.Message.Until.IsZero() && until.Before(at) {
		at = until
	}
	p.off[parcel.Message.To] = at
	return p.store.Retry(ctx, parcel.ID, at)
}

// show shows a message to s and returns the platform's id of it. One that came before,
// and nobody knew, comes twice on platforms that cannot tell.
func (r *run) show(s *seat, parcel *rituals.Parcel) string {
	m, edits := parcel.Message, parcel.Edits
	id, verb := edits, seesAgain
	twice := s.came[parcel.ID]
	if twice && edits == "" && s.platform == rituals.Discord {
		edits = fmt.Sprintf("m%d", parcel.ID)
		id = edits
	}
	i := slices.IndexFunc(s.shown, func(m *shown) bool { return m.id == edits })
	if edits == "" || i < 0 {
		id, verb = fmt.Sprintf("m%d", parcel.ID), sees
		if twice {
			id += "+"
		}
		s.shown = append(s.shown, &shown{id: id})
		i = len(s.shown) - 1
	}
	looks := s.shown[i].looks
	if twice && verb == seesAgain && looks[len(looks)-1].String() == m.String() {
		return id
	}
	s.shown[i].looks = append(looks, m)
	r.learn(s, m)
	text := r.display(m.String())
	if text == "" {
		text = "(taken away)" // an edit without blocks
	}
	if m.Silent {
		text = "(silently) " + text
	}
	s.heard = append(s.heard, heard{verb, text})
	return id
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
