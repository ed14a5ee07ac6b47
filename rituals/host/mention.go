package host

import (
	"context"
	"strings"

	"attune/rituals"
)

// On a server somebody can be asked by name: a line there, with a button that only
// they can use. The page and the yes are for their eyes alone.

// byName begins, in place of a code, whom a page will ask by name.
const byName = "@"

// namedKey begins the key of the line that asks somebody by name.
const namedKey = "named/"

// startWith settles /start with somebody's name.
func (d *decision) startWith(m rituals.Mention) {
	v := d.voice(d.me)
	switch {
	case m.Person == d.event.Person || d.event.Private:
		d.start("")
	case d.me != nil && d.s.Couple.Complete():
		d.tellPerson(paragraphs(v.Say("named.already")))
	case d.me == nil || d.s.Couple.ID == 0:
		d.tellPerson(paragraphs(v.Say("hello.named", "me", d.name(), "partner", personName(m.Name))),
			[]rituals.Choice{{Label: v.Say("page.open"), Action: action(doPage, byName+m.Person.ID)}})
	default:
		d.inviteByName(m.Person)
	}
}

// inviteByName asks somebody, in the chat in which who acted has named them.
func (d *decision) inviteByName(who rituals.Person) {
	v := d.voice(d.me)
	d.invite()
	d.c.Invites[len(d.c.Invites)-1].For = who
	code := d.s.Couple.Invite
	d.put(rituals.Message{
		Key: namedKey + code, To: d.event.Chat, Couple: d.s.Couple.ID, For: []rituals.Person{who},
		Blocks:  paragraphs(v.Say("named", "name", d.me.Name)),
		Choices: [][]rituals.Choice{{{Label: v.Say("page.open"), Action: action(doPage, code)}}},
	})
	d.toast(v.Say("named.done"))
}

// named returns whom a page asks by name, if it does.
func (d *decision) named(code string) (rituals.Person, bool) {
	who, ok := strings.CutPrefix(code, byName)
	return rituals.Person{Platform: d.event.Person.Platform, ID: who}, ok && !d.event.Private
}

// mayUse reports whether an invitation is for who acted.
func (d *decision) mayUse(inv *invitation) bool {
	return inv == nil || inv.invite.For == rituals.Person{} || inv.invite.For == d.event.Person
}

// closed settles that nothing can be said to somebody to whom nothing ever was: where
// the couple was made they are told so, and that there is another way. Who shuts the
// bot out later looks like a rest. It reports whether they were told.
func (d *decision) closed(m *rituals.Member) bool {
	lobby := d.s.Couple.Lobby
	if lobby.Chat == "" || lobby.Platform != m.Address.Platform || m.Unreachable || d.place() != nil {
		return false
	}
	reached, ok := find(d, "ever/"+id(m.ID), func(ctx context.Context, r Reader, _ Store) (bool, error) {
		return r.Reached(ctx, m.Address, "")
	})
	if !ok || reached {
		return false
	}
	v := d.voice(m)
	d.put(rituals.Message{
		Key: "closed/" + id(d.s.Couple.ID) + "/" + id(m.ID), To: lobby, Couple: d.s.Couple.ID, For: []rituals.Person{m.Person},
		Blocks:  paragraphs(v.Say("closed", "name", m.Name, "platform", platformName(lobby.Platform))),
		Choices: [][]rituals.Choice{{{Label: v.Say("here.this"), Action: action(doHere, "here")}}},
	})
	return true
}
