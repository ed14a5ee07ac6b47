package rehearsal

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"attune/rituals"
)

// A company is a chat of several people in a play: what kind it is, and who can
// read it.
type company struct {
	platform rituals.Platform
	readers  rituals.Readers
}

var groupLine = pattern(`^\((\w+), (channel|thread|group), (?:(everyone)|(\d+) people|roles? (\pL[\pL ]*))\)$`)

// group reads what kind of chat the group is.
func (p *parser) group(_ *line, rest string) error {
	m := groupLine().FindStringSubmatch(rest)
	if m == nil || p.acted {
		return errors.New("write, before the play begins: group (discord, channel, everyone), group (discord, channel, role Family), group (telegram, group, 2 people)")
	}
	c := &company{platform: rituals.Platform(m[1])}
	c.readers = rituals.Readers{Kind: rituals.PlaceKind(m[2]), Name: "evenings", Everyone: m[3] != ""}
	if m[4] != "" {
		n, err := strconv.Atoi(m[4])
		if err != nil {
			return err
		}
		c.readers.People = n
	}
	if m[5] != "" {
		c.readers.Roles = []string{m[5]}
	}
	p.play.company = c
	return nil
}

// room begins the chat of a thread that is made when something is said there.
const room = "room/"

// company gives the group a seat, and the thread that may be made for the couple.
func (r *run) company() {
	c := r.play.company
	if c == nil {
		c = &company{platform: r.seats[0].platform, readers: rituals.Readers{Kind: rituals.Group, Name: "evenings", People: 2}}
	}
	r.seat(person{name: group, platform: c.platform, language: "en"}, false)
	g := r.named(group)
	g.readers = c.readers
	if c.readers.Kind == rituals.Channel {
		g.readers.Room = room + g.chat.Chat
	}
	r.seat(person{name: thread, platform: c.platform, language: "en"}, false)
	r.named(thread).readers = rituals.Readers{Kind: rituals.Thread, Name: "evenings", People: 2}
	for _, s := range []*seat{g, r.named(thread)} {
		s.mark()
	}
}

// mark works out the mark of who can read a chat.
func (s *seat) mark() {
	s.readers.Mark = fmt.Sprint(s.readers.People, s.readers.Everyone, s.readers.Roles)
}

// in makes e something that s does in a chat of several people.
func (r *run) in(e rituals.Event, chat *seat) rituals.Event {
	readers := chat.readers
	e.Chat, e.Private, e.Readers = chat.chat, false, &readers
	e.Aside = chat.platform == rituals.Discord
	return e
}

// crowd lets somebody come into a chat of several people, or go.
func (r *run) crowd(l *line) ([]rituals.Event, error) {
	s := r.named(l.object)
	if s.readers.Kind == rituals.Channel {
		return nil, errors.New("a channel is read by whom the server lets in; nobody joins it")
	}
	s.readers.People++
	if l.verb == leaves {
		s.readers.People -= 2
	}
	s.mark()
	if l.text == "quietly" {
		return nil, nil
	}
	e := r.in(r.event(r.named(l.who), rituals.Changed), s)
	e.Aside = false
	return []rituals.Event{e}, nil
}

// crowded reports who can read the chat of a message if others than it is for.
func (s *seat) crowded(m rituals.Message) *rituals.Readers {
	if m.Readers == "" || s.private || m.Readers == s.readers.Mark {
		return nil
	}
	readers := s.readers
	return &readers
}

// fills returns the event of sending the form that is open before s, its fields
// filled in order.
func (r *run) fills(s *seat, l *line) (rituals.Event, error) {
	e := r.event(s, rituals.Filled)
	f := s.form
	if f == nil {
		return e, fmt.Errorf("%s has no form to fill in", s.name)
	}
	e = r.in(e, s.formIn)
	e.Action, e.Source = f.Action, "s"+e.ID
	parts := strings.Split(l.text, "|")
	if len(parts) != len(f.Fields) {
		return e, fmt.Errorf("the form has %d fields, and %d are filled in; write a | between them", len(f.Fields), len(parts))
	}
	for i, field := range f.Fields {
		value := strings.TrimSpace(parts[i])
		if value == "=" {
			value = field.Value // as it stands there
		} else if len(field.Options) > 0 && value != "" {
			var ids []string
			for label := range strings.SplitSeq(value, " & ") {
				at := slices.IndexFunc(field.Options, func(o rituals.Pick) bool { return o.Label == label })
				if at < 0 {
					return e, fmt.Errorf("the field %q has no option %q", field.Text, label)
				}
				ids = append(ids, field.Options[at].ID)
			}
			if len(ids) > 1 && !field.Many {
				return e, fmt.Errorf("of the field %q one option can be picked", field.Text)
			}
			value = strings.Join(ids, ",")
		}
		e.Entries = append(e.Entries, rituals.Entry{Field: field.ID, Value: value})
	}
	s.form = nil
	return e, nil
}

// formText shows a form as plays do: a row for each field.
func formText(f *rituals.Form) string {
	rows := []string{"(form) " + f.Title}
	for _, field := range f.Fields {
		row := field.Text
		value := field.Value
		var picked []string
		for _, o := range field.Options {
			row += " [" + o.Label + "]"
			if slices.Contains(strings.Split(value, ","), o.ID) {
				picked = append(picked, o.Label)
			}
		}
		if len(field.Options) > 0 {
			value = strings.Join(picked, " & ")
		}
		row += " _"
		if value != "" {
			row += value + "_"
		}
		rows = append(rows, row)
	}
	return strings.Join(rows, "\n")
}

var mediaForm = pattern(`^a (picture|voice message|sticker)(?: of (\d+) MB)?(?:: (.+))?$`)

// sent reads what somebody sends that is not words.
func sent(l *line, rest string) error {
	m := mediaForm().FindStringSubmatch(rest)
	if m == nil {
		return errors.New("write: sends a picture, sends a voice message, sends a picture: with words, sends a picture of 30 MB, sends a sticker")
	}
	l.object, l.text = m[1], m[3]
	if m[2] != "" {
		n, err := strconv.Atoi(m[2])
		l.count = n
		return err
	}
	return nil
}

// media returns the event of sending what is not words.
func (r *run) media(s *seat, l *line) rituals.Event {
	e := r.wrote(s, l.text)
	kind := map[string]rituals.MediaKind{"picture": rituals.Picture, "voice message": rituals.Voice}[l.object]
	if kind == "" {
		e.Other = true
		return e
	}
	e.Media = []rituals.Media{{Kind: kind, Platform: s.platform, File: "file/" + e.ID, Size: int64(max(l.count, 1)) * 1000 * 1000}}
	return e
}

// mentioned takes out of a command whom it names, as platforms tell it apart.
func (r *run) mentioned(e rituals.Event) rituals.Event {
	words := strings.Fields(e.Text)
	for i, w := range words {
		name, ok := strings.CutPrefix(w, "@")
		s := r.named(name)
		if !ok || s == nil || e.Private {
			continue
		}
		e.Mention = &rituals.Mention{Person: s.who, Name: s.name}
		e.Text = strings.Join(append(words[:i:i], words[i+1:]...), " ")
		break
	}
	return e
}
