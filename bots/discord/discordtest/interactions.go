package discordtest

import (
	"fmt"
	"strconv"
	"time"
)

// Kinds of interactions.
const (
	askCommand   = 2
	askComponent = 3
	askModal     = 5
)

const (
	answerWithin = 3 * time.Second
	tokenLife    = 15 * time.Minute
)

// Ways to answer an interaction, as [Interaction.Answered] returns them.
const (
	WithMessage        = 4
	WithDeferred       = 5
	WithDeferredUpdate = 6
	WithUpdate         = 7
	WithModal          = 9
)

// An Interaction is something that a person did with the bot's commands, buttons or
// modals, and that waits for its answer.
type Interaction struct {
	s         *Server
	id, token string
	kind      int
	user      *person
	place     *place
	source    *Message // whose button was pressed
	at        time.Time

	answered int // how; 0 is not at all
	took     time.Duration
	original *Message // the answer
	modal    *Modal
}

// Answered returns how the bot has answered: [WithMessage] and so on, or 0.
func (i *Interaction) Answered() int {
	i.s.mu.Lock()
	defer i.s.mu.Unlock()
	return i.answered
}

// Took returns how long the bot took to answer.
func (i *Interaction) Took() time.Duration {
	i.s.mu.Lock()
	defer i.s.mu.Unlock()
	return i.took
}

// Failed reports whether the person was told that the application did not respond.
func (i *Interaction) Failed() bool {
	i.s.mu.Lock()
	defer i.s.mu.Unlock()
	return i.answered == 0 && time.Since(i.at) > answerWithin
}

// Reply returns the message that is the answer, as it is by now, and whether there is
// one.
func (i *Interaction) Reply() (Message, bool) {
	i.s.mu.Lock()
	defer i.s.mu.Unlock()
	if i.original == nil || i.original.Deleted {
		return Message{}, false
	}
	return i.original.clone(), true
}

// Modal returns the modal that was the answer, or nil.
func (i *Interaction) Modal() *Modal {
	i.s.mu.Lock()
	defer i.s.mu.Unlock()
	return i.modal
}

// ask tells the bot of an interaction; it needs no intent.
func (u *User) ask(kind int, source *Message, data map[string]any) *Interaction {
	p := u.here()
	i := &Interaction{s: u.s, id: u.s.id(), kind: kind, user: u.person, place: p, source: source, at: time.Now()}
	i.token = "token-of-" + i.id
	u.s.asked[i.id], u.s.hooks[i.token] = i, i
	w := map[string]any{
		"id": i.id, "token": i.token, "version": 1, "type": kind, "application_id": u.s.app, "data": data,
		"channel_id": p.id, "channel": u.s.wirePlace(p), "locale": u.locale, "entitlements": []any{}, "attachment_size_limit": 10 * megabyte,
	}
	if p.guild != nil {
		member := p.guild.wireMember(u.person)
		member["permissions"] = strconv.Itoa(p.may(u.id))
		w["member"], w["guild_id"], w["guild_locale"], w["context"] = member, p.guild.id, "en-US", 0
		w["app_permissions"] = strconv.Itoa(p.may(u.s.app))
		w["guild"] = map[string]any{"id": p.guild.id, "locale": "en-US", "features": []any{}}
		w["authorizing_integration_owners"] = map[string]any{"0": p.guild.id}
	} else {
		w["user"], w["context"], w["app_permissions"] = u.person.wire(), 1, strconv.Itoa(AllowAll)
		w["authorizing_integration_owners"] = map[string]any{"0": "0"}
	}
	if source != nil {
		w["message"] = u.s.wireMessage(p, source)
	}
	u.s.tell("INTERACTION_CREATE", 0, func(int) any { return w })
	return i
}

// Press presses the button with that label under the last message that has one, and
// returns nil if there is none.
func (u *User) Press(label string) *Interaction {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	said := u.here().said
	for i := len(said) - 1; i >= 0; i-- {
		if found := u.press(said[i], label); found != nil {
			return found
		}
	}
	return nil
}

// PressOn presses the button with that label under one message, and returns nil if it
// is not there.
func (u *User) PressOn(message, label string) *Interaction {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	if m := u.here().message(message); m != nil {
		return u.press(m, label)
	}
	return nil
}

// reads reports whether a message where the person is can be read by them.
func (u *User) reads(m *Message) bool {
	return (m.Only == "" || m.Only == u.id) && u.here().sees(u.id)
}

func (u *User) press(m *Message, label string) *Interaction {
	if m.Deleted || !u.reads(m) {
		return nil
	}
	for _, row := range m.Rows {
		for _, c := range row {
			if c.Type == kindButton && c.Label == label && c.CustomID != "" && !c.Disabled {
				return u.ask(askComponent, m, map[string]any{"custom_id": c.CustomID, "component_type": kindButton})
			}
		}
	}
	return nil
}

// PressAs sends the press of a button that may not be there: an old one or a forged
// one. The message must be there, and may be anybody's.
func (u *User) PressAs(message, customID string) *Interaction {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	m := u.here().message(message)
	if m == nil {
		panic(fmt.Sprintf("discordtest: %s sees no message %s", u.name, message))
	}
	return u.ask(askComponent, m, map[string]any{"custom_id": customID, "component_type": kindButton})
}

// Choose chooses from the menu with that custom id under a message, and returns nil
// if it is not there.
func (u *User) Choose(message, customID string, values ...string) *Interaction {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	m := u.here().message(message)
	if m == nil || !u.reads(m) {
		return nil
	}
	for _, row := range m.Rows {
		for _, c := range row {
			if c.Type == kindMenu && c.CustomID == customID {
				return u.ask(askComponent, m, map[string]any{"custom_id": customID, "component_type": kindMenu, "values": values})
			}
		}
	}
	return nil
}
