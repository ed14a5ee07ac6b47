package telegramtest

import (
	"slices"
	"strconv"
	"time"
)

// A chat is what was said between the bot and one person or group.
type chat struct {
	id      int64
	open    bool  // the bot may write
	blocked bool  // the person has blocked the bot
	moved   int64 // the group's new id
	said    []*Message
	toasts  []string
	people  []int64 // in a group

	sent   []time.Time // by the bot, in the last minute
	tokens float64     // messages the bot may send at once
	filled time.Time
}

// A Message is one message in a chat.
type Message struct {
	ID       int
	From     int64  // the person who wrote it; 0 is the bot
	Text     string // of a file, its caption
	Entities []Entity
	File     *File
	Buttons  [][]Button
	Silent   bool
	Edited   bool
	Deleted  bool
	At       time.Time
}

// An Entity sets a part of a text apart. Offset and Length count UTF-16 units.
type Entity struct {
	Type   string `json:"type"`
	Offset int    `json:"offset"`
	Length int    `json:"length"`

	// Of a date_time: what is shown, and how.
	UnixTime int64  `json:"unix_time,omitempty"`
	Format   string `json:"date_time_format,omitempty"`
}

// A Button is what can be tapped under a message. It has Data or a URL.
type Button struct {
	Text string `json:"text"`
	Data string `json:"callback_data,omitempty"`
	URL  string `json:"url,omitempty"`
}

// clone returns a copy that shares nothing with m.
func (m *Message) clone() Message {
	c := *m
	c.Entities, c.Buttons = slices.Clone(m.Entities), cloneRows(m.Buttons)
	return c
}

func cloneRows(rows [][]Button) [][]Button {
	var c [][]Button
	for _, r := range rows {
		c = append(c, slices.Clone(r))
	}
	return c
}

// Transcript returns what was said in a chat, in order, by the bot and by people.
func (s *Server) Transcript(id int64) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []Message
	if c := s.chats[id]; c != nil {
		for _, m := range c.said {
			if !m.Deleted {
				all = append(all, m.clone())
			}
		}
	}
	return all
}

// message returns the message with that id, or nil.
func (c *chat) message(id int) *Message {
	i := slices.IndexFunc(c.said, func(m *Message) bool { return m.ID == id && !m.Deleted })
	if i < 0 {
		return nil
	}
	return c.said[i]
}

// wire returns a chat as Telegram tells of it.
func (c *chat) wire() map[string]any {
	if c.id < 0 {
		return map[string]any{"id": c.id, "type": "supergroup", "title": "Group " + strconv.FormatInt(-c.id, 10)}
	}
	return map[string]any{"id": c.id, "type": "private"}
}

// wire returns a message of the bot as Telegram tells of it.
func (s *Server) wire(c *chat, m *Message) map[string]any {
	w := map[string]any{"message_id": m.ID, "date": m.At.Unix(), "chat": c.wire(), "from": s.me, "text": m.Text}
	if len(m.Entities) > 0 {
		w["entities"] = m.Entities
	}
	if m.File != nil {
		delete(w, "text")
		delete(w, "entities")
		m.File.into(w)
		w["caption"] = m.Text
	}
	if len(m.Buttons) > 0 {
		w["reply_markup"] = map[string]any{"inline_keyboard": m.Buttons}
	}
	if m.Edited {
		w["edit_date"] = m.At.Unix()
	}
	return w
}
