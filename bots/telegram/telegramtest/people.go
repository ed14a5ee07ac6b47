package telegramtest

import (
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// A User is a person with Telegram. Everything a user does reaches the bot as an
// update.
type User struct {
	s        *Server
	id       int64
	name     string
	language string
	chat     *chat // where the user writes
}

// User returns a person who has not talked to the bot before.
func (s *Server) User(id int64, name, language string) *User {
	s.mu.Lock()
	defer s.mu.Unlock()
	return &User{s: s, id: id, name: name, language: language, chat: s.chat(id)}
}

// chat returns the chat with that id, made if there is none.
func (s *Server) chat(id int64) *chat {
	c := s.chats[id]
	if c == nil {
		c = &chat{id: id, tokens: 1e9} // as many as the burst allows
		s.chats[id] = c
	}
	return c
}

// Open lets the bot write to the user, who has pressed Start long ago.
func (u *User) Open() *User {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	u.chat.open = true
	return u
}

// Name returns what the person is called.
func (u *User) Name() string { return u.name }

// ID returns the user's number, which is that of their private chat as well.
func (u *User) ID() int64 { return u.id }

// Say sends words and returns the id of the message. The first opens the chat.
func (u *User) Say(text string) int { return u.Send(text, nil) }

// Reply sends words in reply to a message.
func (u *User) Reply(to int, text string) int {
	return u.Send(text, map[string]any{"reply_to_message": map[string]any{"message_id": to, "date": 1, "chat": u.chat.wire()}})
}

// Send sends a message with further fields, such as a "photo" with its "caption".
func (u *User) Send(text string, fields map[string]any) int {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	return u.send(text, fields)
}

// send sends a message.
func (u *User) send(text string, fields map[string]any) int {
	if u.chat.id > 0 {
		u.unblock()
		u.chat.open = true
	}
	m := &Message{ID: u.s.nextMsg, From: u.id, Text: text, At: time.Now()}
	u.s.nextMsg++
	u.chat.said = append(u.chat.said, m)
	if u.chat.id > 0 || u.reaches(text, fields) {
		u.s.push("message", u.wire(m, fields))
	}
	return m.ID
}

// Edit changes the words of a message that the user sent before.
func (u *User) Edit(id int, text string) {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	m := u.chat.message(id)
	if m == nil || m.From != u.id {
		panic(fmt.Sprintf("telegramtest: %s has no message %d", u.name, id))
	}
	m.Text, m.Edited = text, true
	u.s.push("edited_message", u.wire(m, map[string]any{"edit_date": time.Now().Unix()}))
}

// Tap taps the button with that label under the last message that has one, and
// reports whether there is any.
func (u *User) Tap(label string) bool {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	for i := len(u.chat.said) - 1; i >= 0; i-- {
		if u.press(u.chat.said[i], label) {
			return true
		}
	}
	return false
}

// TapOn taps the button with that label under one message, and reports whether it
// is there.
func (u *User) TapOn(message int, label string) bool {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	m := u.chat.message(message)
	return m != nil && u.press(m, label)
}

func (u *User) press(m *Message, label string) bool {
	if m.Deleted {
		return false
	}
	for _, row := range m.Buttons {
		for _, b := range row {
			if b.Text == label && b.Data != "" {
				u.tap(m.ID, b.Data)
				return true
			}
			if b.Text == label && u.follow(b.URL) {
				return true
			}
		}
	}
	return false
}

// follow follows a link to the bot's own chat, where it hands over what it carries, and
// reports whether it is one.
func (u *User) follow(link string) bool {
	at, err := url.Parse(link)
	if err != nil || at.Host != "t.me" || at.Path != "/"+u.s.me["username"].(string) {
		return false
	}
	code := at.Query().Get("start")
	if !startForm.MatchString(code) {
		panic("telegramtest: a link to a bot cannot carry " + code)
	}
	own := *u
	own.chat = u.s.chat(u.id)
	own.send("/start "+code, nil)
	return true
}

var startForm = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// TapAs sends the tap of a button that may not be there: an old one or a forged
// one. A message of 0 is one that Telegram no longer has.
func (u *User) TapAs(message int, data string) {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	u.tap(message, data)
}

func (u *User) tap(message int, data string) {
	u.s.nextTap++
	id := "tap" + strconv.Itoa(u.s.nextTap)
	u.s.taps[id] = &tap{chat: u.chat.id, at: time.Now()}
	query := map[string]any{"id": id, "from": u.who(), "chat_instance": "1", "data": data}
	if m := u.chat.message(message); m != nil {
		query["message"] = u.s.wire(u.chat, m)
	} else if message != 0 {
		query["message"] = map[string]any{"message_id": message, "date": 0, "chat": u.chat.wire()}
	}
	u.s.push("callback_query", query)
}

// React puts an emoji under a message.
func (u *User) React(message int, emoji string) {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	u.s.push("message_reaction", map[string]any{
		"chat": u.chat.wire(), "message_id": message, "user": u.who(), "date": time.Now().Unix(),
		"old_reaction": []any{}, "new_reaction": []any{map[string]any{"type": "emoji", "emoji": emoji}},
	})
}

// Block blocks the bot; in a group it throws the bot out.
func (u *User) Block() {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	u.chat.blocked = true
	u.member("member", "kicked")
}

// BlockUnheard blocks the bot without an update about it: the bot learns of it when it
// says something.
func (u *User) BlockUnheard() {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	u.chat.blocked = true
}

// Unblock takes Block back.
func (u *User) Unblock() {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	u.unblock()
}

func (u *User) unblock() {
	if u.chat.blocked {
		u.chat.blocked = false
		u.member("kicked", "member")
	}
}

// member tells the bot what it was and is in the chat.
func (u *User) member(was, is string) {
	status := func(s string) map[string]any { return map[string]any{"status": s, "user": u.s.me} }
	u.s.push("my_chat_member", map[string]any{
		"from": u.who(), "chat": u.chat.wire(), "date": time.Now().Unix(),
		"old_chat_member": status(was), "new_chat_member": status(is),
	})
}

// Sees returns the chat as the user sees it: see [Server.Transcript].
func (u *User) Sees() []Message { return u.s.Transcript(u.chat.id) }

// Toasts returns what was shown to the user beside buttons.
func (u *User) Toasts() []string {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	return append([]string(nil), u.chat.toasts...)
}

// Heard returns the texts that the bot has said, in order.
func (u *User) Heard() []string {
	var texts []string
	for _, m := range u.Sees() {
		if m.From == 0 {
			texts = append(texts, m.Text)
		}
	}
	return texts
}

// who returns the user as Telegram tells of them.
func (u *User) who() map[string]any {
	return map[string]any{"id": u.id, "is_bot": false, "first_name": u.name, "language_code": u.language}
}

// wire returns a message of the user as Telegram tells of it.
func (u *User) wire(m *Message, fields map[string]any) map[string]any {
	w := map[string]any{"message_id": m.ID, "from": u.who(), "chat": u.chat.wire(), "date": m.At.Unix()}
	if m.Text != "" {
		w["text"] = m.Text
	}
	if strings.HasPrefix(m.Text, "/") {
		word, _, _ := strings.Cut(m.Text, " ")
		w["entities"] = []Entity{{Type: "bot_command", Length: length(word)}}
	}
	for k, v := range fields {
		w[k] = v
	}
	return w
}
