package discordtest

import (
	"encoding/json"
	"slices"
	"time"
)

// A Message is one message in a channel.
type Message struct {
	ID      string
	From    string // the person who wrote it; the bot has the application's id
	Content string
	Embeds  []Embed
	Rows    [][]Component // buttons and menus
	Files   []*File
	Reply   string   // the message this one replies to
	Only    string   // the only person who sees it, of an ephemeral message
	Pings   []string // people who are pinged by it, and "everyone"
	Nonce   string
	Loading bool // "attune is thinking…"
	Silent  bool
	Edited  bool
	Deleted bool
	At      time.Time

	raw     json.RawMessage // the components as they were sent
	nonce   json.RawMessage
	asked   *Interaction // what the message answers
	joined  *person      // who has come into the thread with it
	removed *person      // who was sent out of the thread with it
	edited  time.Time
}

// An Embed is a framed part of a message.
type Embed struct {
	Title       string `json:"title,omitempty"`
	Description string `json:"description,omitempty"`
	URL         string `json:"url,omitempty"`
	Color       int    `json:"color,omitempty"`
	Timestamp   string `json:"timestamp,omitempty"`
	Author      *struct {
		Name string `json:"name"`
	} `json:"author,omitempty"`
	Footer *struct {
		Text string `json:"text"`
	} `json:"footer,omitempty"`
	Image *struct {
		URL string `json:"url"`
	} `json:"image,omitempty"`
	Fields []struct {
		Name   string `json:"name"`
		Value  string `json:"value"`
		Inline bool   `json:"inline,omitempty"`
	} `json:"fields,omitempty"`
}

// Kinds of components.
const (
	kindRow    = 1
	kindButton = 2
	kindMenu   = 3
	kindInput  = 4
	kindLabel  = 18
)

// A Component is a button or a menu in a message, or an input in a modal.
type Component struct {
	Type        int             `json:"type"`
	Style       int             `json:"style,omitempty"`
	Label       string          `json:"label,omitempty"`
	Emoji       json.RawMessage `json:"emoji,omitempty"`
	CustomID    string          `json:"custom_id,omitempty"`
	URL         string          `json:"url,omitempty"`
	Disabled    bool            `json:"disabled,omitempty"`
	Placeholder string          `json:"placeholder,omitempty"`
	Value       string          `json:"value,omitempty"`
	Required    *bool           `json:"required,omitempty"` // an input is, unless it says no
	MinLength   *int            `json:"min_length,omitempty"`
	MaxLength   *int            `json:"max_length,omitempty"`
	About       string          `json:"description,omitempty"` // of a label
	MinValues   *int            `json:"min_values,omitempty"`  // of a menu
	MaxValues   *int            `json:"max_values,omitempty"`
	Options     []MenuOption    `json:"options,omitempty"`
	Components  []Component     `json:"components,omitempty"`
	Component   *Component      `json:"component,omitempty"` // of a label

	labelled bool // an input or a menu of a modal that is in a label, not in a row
}

// A MenuOption is what can be picked from a menu.
type MenuOption struct {
	Label   string `json:"label"`
	Value   string `json:"value"`
	About   string `json:"description,omitempty"`
	Default bool   `json:"default,omitempty"`
}

// clone returns a copy that shares nothing that changes with m.
func (m *Message) clone() Message {
	c := *m
	c.Embeds, c.Rows = slices.Clone(m.Embeds), slices.Clone(m.Rows)
	c.Files, c.Pings = slices.Clone(m.Files), slices.Clone(m.Pings)
	return c
}

// Text returns all words of a message: the content, and those of its embeds.
func (m Message) Text() string {
	text := m.Content
	add := func(words string) {
		if words != "" && text != "" {
			text += "\n"
		}
		text += words
	}
	for _, e := range m.Embeds {
		if e.Author != nil {
			add(e.Author.Name)
		}
		add(e.Title)
		add(e.Description)
		for _, f := range e.Fields {
			add(f.Name)
			add(f.Value)
		}
		if e.Footer != nil {
			add(e.Footer.Text)
		}
	}
	return text
}

// Buttons returns the labels of a message's buttons, in order.
func (m Message) Buttons() []string {
	var labels []string
	for _, row := range m.Rows {
		for _, c := range row {
			if c.Type == kindButton {
				labels = append(labels, c.Label)
			}
		}
	}
	return labels
}

// Transcript returns what everybody sees who can read a channel, in order; nothing
// ephemeral is there.
func (s *Server) Transcript(channel string) []Message { return s.transcript(channel, "") }

// transcript returns what a person sees of a channel.
func (s *Server) transcript(channel, person string) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.places[channel]
	if p == nil || p.over() || person != "" && !p.sees(person) {
		return nil
	}
	var all []Message
	for _, m := range p.said {
		if !m.Deleted && (m.Only == "" || m.Only == person) {
			all = append(all, m.clone())
		}
	}
	return all
}

// message returns the message with that id that has not been deleted, or nil.
func (p *place) message(id string) *Message {
	for i := len(p.said) - 1; i >= 0; i-- {
		if m := p.said[i]; m.ID == id && !m.Deleted {
			return m
		}
	}
	return nil
}

// say adds a message to a place and tells of it.
func (s *Server) say(p *place, m *Message) {
	m.ID, m.At = s.id(), time.Now()
	p.said = append(p.said, m)
	s.tellOf("MESSAGE_CREATE", p, m)
	s.change()
}

// tellOf tells of a message, as far as the bot has asked to hear of such.
func (s *Server) tellOf(kind string, p *place, m *Message) {
	if m.Only != "" {
		return
	}
	need := intentGuildMessages
	if p.kind == directMessage {
		need = intentDirectMessages
	}
	s.tell(kind, need, func(intents int) any {
		w := s.wireMessage(p, m)
		hears := p.kind == directMessage || m.From == s.app || slices.Contains(m.Pings, s.app)
		if !hears && intents&intentContent == 0 {
			w["content"], w["embeds"], w["components"], w["attachments"] = "", []any{}, []any{}, []any{}
		}
		if p.guild != nil {
			w["guild_id"] = p.guild.id
		}
		if p.guild != nil && m.From != s.app {
			w["member"] = p.guild.wireMember(s.people[m.From])
		}
		return w
	})
}

// wireMessage returns a message as Discord tells of it.
func (s *Server) wireMessage(p *place, m *Message) map[string]any {
	w := map[string]any{
		"id": m.ID, "channel_id": p.id, "type": 0, "content": m.Content, "timestamp": stamp(m.At), "edited_timestamp": nil,
		"tts": false, "mention_everyone": slices.Contains(m.Pings, "everyone"), "mention_roles": []any{}, "pinned": false,
		"embeds": append([]Embed{}, m.Embeds...), "components": json.RawMessage("[]"), "flags": m.flags(),
	}
	if m.raw != nil {
		w["components"] = m.raw
	}
	if m.Edited {
		w["edited_timestamp"] = stamp(m.edited)
	}
	if m.nonce != nil {
		w["nonce"] = m.nonce
	}
	w["author"] = s.bot()
	if who := s.people[m.From]; who != nil {
		w["author"] = who.wire()
	}
	mentions := []any{}
	for _, id := range m.Pings {
		if who := s.people[id]; who != nil {
			mentions = append(mentions, who.wire())
		}
	}
	if m.joined != nil { // somebody has come into the thread
		w["type"] = 1
		mentions = append(mentions, m.joined.wire())
	}
	if m.removed != nil {
		w["type"] = 2
		mentions = append(mentions, m.removed.wire())
	}
	w["mentions"] = mentions
	files := []any{}
	for _, f := range m.Files {
		files = append(files, s.wireFile(f))
	}
	w["attachments"] = files
	if m.Reply != "" {
		w["type"], w["message_reference"] = 19, map[string]any{"message_id": m.Reply, "channel_id": p.id}
	}
	if m.asked != nil {
		w["webhook_id"] = s.app
		w["interaction_metadata"] = map[string]any{"id": m.asked.id, "type": m.asked.kind, "user": m.asked.user.wire()}
	}
	return w
}

// flags returns the bits by which Discord marks a message.
func (m *Message) flags() int {
	bits := 0
	if m.Only != "" {
		bits |= flagEphemeral
	}
	if m.Loading {
		bits |= flagLoading
	}
	if m.Silent {
		bits |= flagSilent
	}
	if len(m.Files) == 1 && m.Files[0].Voice {
		bits |= flagVoice
	}
	return bits
}

// stamp writes an instant as Discord does.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000-07:00") }
