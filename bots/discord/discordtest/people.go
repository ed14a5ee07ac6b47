package discordtest

import (
	"fmt"
	"slices"
	"time"
)

// A person is somebody with Discord.
type person struct {
	id, name, locale string
	dm               *place
	closed           bool // takes no direct messages from members of shared guilds
	installed        bool // has the app for themselves
	modal            *Modal
}

// A User is a person in one place. Everything a user does reaches the bot as an
// event, if the bot has asked for such.
type User struct {
	s *Server
	*person
	place *place // nil: direct messages with the bot
}

// User returns a person, who writes to the bot directly. Locale is as in "en-US".
func (s *Server) User(id, name, locale string) *User {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.people[id]
	if p == nil {
		p = &person{id: id, name: name, locale: locale}
		s.people[id] = p
	}
	return &User{s: s, person: p}
}

// In returns the same person in a channel.
func (u *User) In(channel string) *User {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	p := u.s.places[channel]
	if p == nil {
		panic("discordtest: there is no channel " + channel)
	}
	return &User{s: u.s, person: u.person, place: p}
}

// ID returns the person's number.
func (u *User) ID() string { return u.id }

// Name returns what the person is called.
func (u *User) Name() string { return u.name }

// Channel returns the id of the channel that the person is in. That of direct
// messages is made if there is none.
func (u *User) Channel() string {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	return u.here().id
}

// here returns where the person is.
func (u *User) here() *place {
	if u.place != nil {
		return u.place
	}
	return u.s.dm(u.person)
}

// mutual reports whether the bot may reach a person at all.
func (s *Server) mutual(p *person) bool {
	if p.installed {
		return true
	}
	for _, g := range s.guilds {
		if !g.kicked && slices.Contains(g.members, p.id) {
			return true
		}
	}
	return false
}

// Install lets the person have the app for themselves, without any guild.
func (u *User) Install() *User {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	u.installed = true
	return u
}

// CloseDMs lets no direct messages of the bot reach the person any more.
func (u *User) CloseDMs() { u.setClosed(true) }

// OpenDMs takes CloseDMs back.
func (u *User) OpenDMs() { u.setClosed(false) }

func (u *User) setClosed(closed bool) {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	u.closed = closed
}

// Say sends words and returns the id of the message.
func (u *User) Say(text string) string { return u.Attach(text) }

// Attach sends words, which may be none, with files.
func (u *User) Attach(text string, files ...*File) string {
	return u.send(&Message{Content: text, Files: files})
}

// Reply sends words in reply to a message.
func (u *User) Reply(to, text string) string { return u.send(&Message{Content: text, Reply: to}) }

// Speak sends a voice message and returns its id.
func (u *User) Speak(sound []byte, d time.Duration) string {
	return u.Attach("", &File{Name: "voice-message.ogg", Type: "audio/ogg", Data: sound, Voice: true, Duration: d.Seconds()})
}

func (u *User) send(m *Message) string {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	p := u.here()
	if !p.sees(u.id) {
		panic(fmt.Sprintf("discordtest: %s cannot see the channel %s", u.name, p.id))
	}
	m.From = u.id
	for _, found := range mention.FindAllStringSubmatch(m.Content, -1) {
		m.Pings = append(m.Pings, found[1])
	}
	for _, f := range m.Files {
		u.s.keep(f)
	}
	u.s.say(p, m)
	return m.ID
}

// Edit changes the words of a message that the person sent before.
func (u *User) Edit(id, text string) {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	m := u.own(id)
	m.Content, m.Edited, m.edited = text, true, time.Now()
	u.s.tellOf("MESSAGE_UPDATE", u.here(), m)
	u.s.change()
}

// Delete takes back a message that the person sent before.
func (u *User) Delete(id string) {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	u.s.remove(u.here(), u.own(id))
}

func (u *User) own(id string) *Message {
	m := u.here().message(id)
	if m == nil || m.From != u.id {
		panic(fmt.Sprintf("discordtest: %s has no message %s", u.name, id))
	}
	return m
}

// Sees returns what the person sees in the channel they are in, in order: nothing
// that is for somebody else only.
func (u *User) Sees() []Message { return u.s.transcript(u.Channel(), u.id) }

// Heard returns the words that the bot has said there, in order: see [Message.Text].
func (u *User) Heard() []string {
	var texts []string
	for _, m := range u.Sees() {
		if m.From == u.s.app {
			texts = append(texts, m.Text())
		}
	}
	return texts
}
