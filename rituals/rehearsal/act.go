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

// act does what a line says and delivers what comes of it.
func (r *run) act(ctx context.Context, l *line) error {
	if r.theatre != nil {
		return r.actThere(ctx, l)
	}
	switch l.verb {
	case together:
		return r.together(ctx, l)
	case again:
		if r.last.ID == "" {
			return errors.New("nobody has done anything yet that could come again")
		}
		return r.cause(ctx, r.last)
	}
	if l.who == "" {
		return r.turn(ctx, l)
	}
	for _, name := range r.play.names(l.who) {
		events, err := r.doings(r.named(name), l)
		if err != nil {
			return err
		}
		if err := r.cause(ctx, events...); err != nil {
			return err
		}
	}
	return nil
}

// cause brings events in and rings what is due because of them.
func (r *run) cause(ctx context.Context, events ...rituals.Event) error {
	for _, e := range events {
		r.last = e
		if err := r.handle(ctx, e); err != nil {
			return err
		}
	}
	return r.advance(ctx, r.now)
}

// answered shows an answer to s, who acted.
func (r *run) answered(s *seat, e rituals.Event, a rituals.Answer, text string) {
	_, in := r.at(e.Chat)
	if a.Form != nil {
		s.form, s.formIn = a.Form, in
	}
	m := a.Message()
	r.learn(s, m)
	s.told = append(s.told, heard{isTold, r.display(text)})
	if len(m.Choices) > 0 {
		s.shown = append(s.shown, &shown{id: "a" + e.ID, looks: []rituals.Message{m}, in: in})
	}
}

// event returns what s does as the platform would report it.
func (r *run) event(s *seat, kind rituals.EventKind) rituals.Event {
	r.events++
	return rituals.Event{
		ID:       fmt.Sprintf("e%d%s", r.events, r.tag),
		Kind:     kind,
		Person:   s.who,
		Chat:     s.chat,
		Home:     s.chat,
		Private:  s.private,
		Name:     s.name,
		Language: s.language,
	}
}

// doings returns the events that an act of s consists of.
func (r *run) doings(s *seat, l *line) ([]rituals.Event, error) {
	switch l.verb {
	case says:
		return one(r.wrote(s, l.text), nil)
	case tells:
		e := r.in(r.wrote(s, l.text), r.named(l.object))
		if e.Aside && !strings.HasPrefix(e.Text, "/") {
			return nil, nil // the bot does not see what is typed there
		}
		return one(r.mentioned(e), nil)
	case fills:
		return one(r.fills(s, l))
	case joins, leaves:
		return r.crowd(l)
	case replies:
		m, err := r.find(s, l.object)
		e := r.wrote(s, l.text)
		if err == nil {
			e.ReplyTo = m.id
		}
		return one(e, err)
	case edits:
		return one(r.edited(s, l))
	case taps:
		return r.tapped(s, l)
	case opens:
		code, err := r.link(l)
		return one(r.wrote(s, "/start "+code), err)
	case sends:
		return one(r.media(s, l), nil)
	case blocks:
		s.blocked = true
		if l.text == "quietly" {
			return nil, nil
		}
		return one(r.event(s, rituals.Left), nil)
	case unblocks:
		s.blocked = false
		return one(r.event(s, rituals.Joined), nil)
	case moves:
		e := r.event(s, rituals.Moved)
		s.chat.Chat += "+"
		e.Text = s.chat.Chat
		return one(e, nil)
	case loses, finds:
		s.away = l.verb == loses
		return nil, nil
	case misses:
		s.unsure = true
		return nil, nil
	}
	return nil, fmt.Errorf("%s is not an act", l.verb)
}

func one(e rituals.Event, err error) ([]rituals.Event, error) { return []rituals.Event{e}, err }

func (r *run) wrote(s *seat, text string) rituals.Event {
	e := r.event(s, rituals.Wrote)
	for i, c := range r.codes {
		text = strings.ReplaceAll(text, "{"+strconv.Itoa(i+1)+"}", c.code)
	}
	e.Text, e.Source = text, "s"+e.ID
	s.words = append(s.words, words{e.Source, text})
	return e
}

func (r *run) edited(s *seat, l *line) (rituals.Event, error) {
	e := r.event(s, rituals.Edited)
	for i := len(s.words) - 1; i >= 0; i-- {
		if w := &s.words[i]; strings.HasPrefix(w.text, l.object) {
			w.text = l.text
			e.Source, e.Text = w.source, l.text
			return e, nil
		}
	}
	return e, fmt.Errorf("%s has written nothing that begins with %q", s.name, l.object)
}

// tapped returns the events of tapping a button: one for each tap. A stranger
// taps what somebody else was shown.
func (r *run) tapped(s *seat, l *line) ([]rituals.Event, error) {
	from := []*seat{s}
	if s.name == stranger && len(s.shown) == 0 {
		from = r.seats
	}
	if l.place != "" {
		from = []*seat{r.named(l.place)}
	}
	c, on, err := button(from, l)
	if err != nil {
		return nil, err
	}
	in := on.in
	if l.place != "" {
		in = r.named(l.place)
	}
	var events []rituals.Event
	for range l.count {
		e := r.event(s, rituals.Tapped)
		e.Action = c.Action
		switch {
		case in == nil || (c.Form && in.platform != rituals.Discord): // it leads to their own chat
		case c.Form:
			e = r.in(e, in)
			e.Kind = opensForm
		default:
			e = r.in(e, in)
		}
		events = append(events, e)
	}
	return events, nil
}

// opensForm is what a run knows a tap by that opens a form: it is not settled.
const opensForm rituals.EventKind = "opens a form"

// button returns the newest button with the label of l, and if l names a message,
// on one that looks or has looked like it; and where it is.
func button(seats []*seat, l *line) (rituals.Choice, *shown, error) {
	var labels []string
	earlier := l.earlier
	for _, s := range seats {
	messages:
		for i := len(s.shown) - 1; i >= 0; i-- {
			looks := s.shown[i].looks
			if l.object == "" {
				looks = looks[len(looks)-1:]
			}
			for _, look := range looks {
				if l.object != "" && !strings.HasPrefix(look.String(), l.object) {
					continue
				}
				for _, row := range look.Choices {
					for _, c := range row {
						if c.Label == l.text && c.Action != "" {
							if earlier--; earlier >= 0 {
								continue messages
							}
							return c, s.shown[i], nil
						}
						labels = append(labels, "["+c.Label+"]")
					}
				}
			}
		}
	}
	if len(labels) == 0 {
		return rituals.Choice{}, nil, fmt.Errorf("%s has seen no button, so there is no [%s] to tap", l.who, l.text)
	}
	return rituals.Choice{}, nil, fmt.Errorf("%s has seen no button [%s]; the newest are %s",
		l.who, l.text, strings.Join(labels[:min(8, len(labels))], " "))
}

// find returns the newest message shown to s that begins with words.
func (r *run) find(s *seat, begins string) (*shown, error) {
	for i := len(s.shown) - 1; i >= 0; i-- {
		for _, look := range s.shown[i].looks {
			if strings.HasPrefix(look.String(), begins) {
				return s.shown[i], nil
			}
		}
	}
	return nil, fmt.Errorf("%s has seen no message that begins with %q", s.name, begins)
}

// link returns the code of the invitation that l opens.
func (r *run) link(l *line) (string, error) {
	if l.count > 0 {
		if l.count > len(r.codes) {
			return "", fmt.Errorf("there is no link %d; %d were shown", l.count, len(r.codes))
		}
		return r.codes[l.count-1].code, nil
	}
	for i := len(r.codes) - 1; i >= 0; i-- {
		if c := r.codes[i]; l.object == "" || slices.Contains(c.to, r.named(l.object)) {
			return c.code, nil
		}
	}
	return "", errors.New("no link was shown that could be opened")
}
