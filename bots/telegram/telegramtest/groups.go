package telegramtest

import (
	"slices"
	"strings"
	"time"
)

// In returns the same person in a group, which is made if there is none. The bot
// may write there.
func (u *User) In(group int64) *User {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	there := *u
	there.chat = u.s.chat(group)
	there.chat.open = true
	if !slices.Contains(there.chat.people, u.id) {
		there.chat.people = append(there.chat.people, u.id)
	}
	return &there
}

// Join lets the person come into a group, as its members are told.
func (u *User) Join(group int64) *User {
	there := u.In(group)
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	there.service("new_chat_members", []any{u.who()})
	return there
}

// Leave lets the person leave the group they are in, as its members are told.
func (u *User) Leave() {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	u.chat.people = slices.DeleteFunc(u.chat.people, func(id int64) bool { return id == u.id })
	u.service("left_chat_member", u.who())
}

// service lets Telegram itself say something in the chat.
func (u *User) service(field string, what any) {
	m := &Message{ID: u.s.nextMsg, From: u.id, At: time.Now()}
	u.s.nextMsg++
	if !u.chat.blocked {
		u.s.push("message", u.wire(m, map[string]any{field: what}))
	}
}

// Invite brings the bot into the group the person is in.
func (u *User) Invite() {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	u.chat.open, u.chat.blocked = true, false
	u.member("left", "member")
	u.service("new_chat_members", []any{u.s.me})
}

// Move gives the group the user is in another id.
func (u *User) Move(id int64) {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	m := &Message{ID: u.s.nextMsg, From: u.id, At: time.Now()}
	u.s.nextMsg++
	u.s.push("message", u.wire(m, map[string]any{"migrate_to_chat_id": id}))
	u.move(id)
}

// MoveUnheard gives the group another id without an update about it: the bot learns of
// it when it says something there.
func (u *User) MoveUnheard(id int64) {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	u.move(id)
}

func (u *User) move(id int64) {
	u.chat.moved = id
	there := u.s.chat(id)
	there.open, there.people = true, slices.Clone(u.chat.people)
	u.chat = there
}

// reaches reports whether the bot sees what is said in a group, which it does not
// unless it is a command that may be its own, or a reply to it.
func (u *User) reaches(text string, fields map[string]any) bool {
	if u.chat.blocked {
		return false
	}
	if r, ok := fields["reply_to_message"].(map[string]any); ok {
		id, _ := r["message_id"].(int)
		if m := u.chat.message(id); m != nil && m.From == 0 {
			return true
		}
	}
	word, _, _ := strings.Cut(text, " ")
	_, name, named := strings.Cut(word, "@")
	return strings.HasPrefix(word, "/") && (!named || strings.EqualFold(name, u.s.me["username"].(string)))
}
