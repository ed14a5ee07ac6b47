package host

import (
	"time"

	"attune/rituals"
)

// A member may be reached at several addresses, one on each platform, and is the
// same member at each.

// linkFor is how long a code that adds an address can be used.
const linkFor = 15 * time.Minute

// link settles /link: without a code it makes one; with one, who acted becomes
// another address of the member who made it.
func (d *decision) link(code string) {
	v := d.voice(d.me)
	if code != "" {
		d.linkWith(code)
		return
	}
	if d.me == nil || d.s.Couple.ID == 0 {
		d.answerPerson(rituals.Message{Blocks: paragraphs(v.Say("link.nobody"))})
		return
	}
	i := rituals.Invite{Code: d.code(), Couple: d.s.Couple.ID, By: d.me.ID, Link: true, Until: d.now.Add(linkFor)}
	d.c.Invites = append(d.c.Invites, i)
	d.touchCouple()
	d.atHome(func() {
		d.say(d.me, rituals.Message{Blocks: append(paragraphs(v.Say("link")), rituals.Block{Kind: rituals.Quote, Text: "/link " + i.Code})})
	})
}

// linkWith makes who acted an address of the member who made the code, unless they
// are somebody already.
func (d *decision) linkWith(code string) {
	v := d.voice(d.me)
	inv := d.invitation(code)
	switch {
	case inv == nil || !inv.invite.Link || !inv.invite.Usable(d.now):
		d.answerPerson(rituals.Message{Blocks: paragraphs(v.Say("link.invalid"))})
		return
	case d.me != nil && d.me.ID == inv.invite.By:
		d.answerPerson(rituals.Message{Blocks: paragraphs(v.Say("link.same"))})
		return
	case d.me != nil && d.s.Couple.ID != 0:
		d.answerPerson(rituals.Message{Blocks: paragraphs(v.Say("link.taken"))})
		return
	}
	before := inv.state.MemberBy(inv.invite.By)
	if before == nil || home(d.event).Chat == "" {
		d.answerPerson(rituals.Message{Blocks: paragraphs(v.Say("link.invalid"))})
		return
	}
	used := inv.invite
	used.Used = d.now
	d.c.Invites = append(d.c.Invites, used)
	d.become(inv.state, before.ID)
	h := rituals.Home{Member: d.me.ID, Person: d.event.Person, Chat: home(d.event).Chat}
	d.c.Homes = append(d.c.Homes, h)
	d.touchMember(d.me)
	d.touchCouple()
	d.warn(h)
	d.askWhere(h)
}

// become goes on as another member: who acted turns out to be them.
func (d *decision) become(s rituals.State, m rituals.MemberID) {
	d.goTo(s)
	d.me = d.s.MemberBy(m)
	d.s.Member = *d.me
	d.walking = d.walkers()
}

// warn tells a member, at the address they had, that another was added: whoever did
// it may not have been they.
func (d *decision) warn(h rituals.Home) {
	v := d.voice(d.me)
	d.put(rituals.Message{
		To: d.me.Address, Couple: d.s.Couple.ID, Member: d.me.ID,
		Blocks:  paragraphs(v.Say("link.added", "platform", platformName(h.Person.Platform), "name", d.event.Name)),
		Choices: [][]rituals.Choice{{{Label: v.Say("link.drop"), Action: homeAction("drop", h)}}},
	})
}

// askWhere asks who acted, at an address that was added, where questions shall come.
func (d *decision) askWhere(h rituals.Home) {
	v := d.voice(d.me)
	old := rituals.Home{Person: rituals.Person{Platform: d.me.Address.Platform}, Chat: d.me.Address.Chat}
	for _, o := range d.homes() {
		if o.Address() == d.me.Address {
			old = o
		}
	}
	d.say(d.me, rituals.Message{
		Blocks: paragraphs(v.Say("link.done", "me", d.me.Name)),
		Choices: [][]rituals.Choice{
			{{Label: v.Say("home.here", "platform", platformName(h.Person.Platform)), Action: homeAction("to", h)},
				{Label: v.Say("home.here", "platform", platformName(old.Person.Platform)), Action: homeAction("to", old)}},
			{{Label: v.Say("home.only"), Action: homeAction("only", h)}},
		},
	})
}

// homeAction is a button about one of a member's addresses.
func homeAction(what string, h rituals.Home) string {
	return action(doHome, what, string(h.Person.Platform), h.Person.ID)
}

// homeTap settles the buttons about where a member is reached.
func (d *decision) homeTap(a parsedAction) {
	v := d.voice(d.me)
	who := rituals.Person{Platform: rituals.Platform(a.arg(1)), ID: a.arg(2)}
	var h rituals.Home
	for _, o := range d.homes() {
		if o.Member == d.me.ID && o.Person == who {
			h = o
		}
	}
	if h.Member == 0 || h.Chat == "" {
		d.toast(v.Say("passed"))
		return
	}
	switch a.arg(0) {
	case "to":
		d.moveTo(h)
		d.tell(d.me, v.Say("home.done", "platform", platformName(who.Platform)))
	case "only":
		d.askMove(h)
	case "move":
		d.move(h)
	case "drop":
		d.dropHome(h)
	default:
		d.toast(v.Say("passed"))
	}
}

// askMove asks, at a member's other addresses, whether all shall move to this one for
// good: whoever holds only the new one cannot shut the member out.
func (d *decision) askMove(h rituals.Home) {
	v := d.voice(d.me)
	for _, o := range d.homes() {
		if o.Member != d.me.ID || o.Person == h.Person {
			continue
		}
		d.put(rituals.Message{
			To: o.Address(), Couple: d.s.Couple.ID, Member: d.me.ID,
			Blocks:  paragraphs(v.Say("home.move", "platform", platformName(h.Person.Platform))),
			Choices: [][]rituals.Choice{{{Label: v.Say("home.move.yes"), Action: homeAction("move", h)}}},
		})
		d.tell(d.me, v.Say("home.move.asked", "platform", platformName(o.Person.Platform)))
	}
}

// move lets only one of a member's addresses be theirs. It is settled at another.
func (d *decision) move(h rituals.Home) {
	v := d.voice(d.me)
	if home(d.event) == h.Address() {
		d.toast(v.Say("passed"))
		return
	}
	d.moveTo(h)
	for _, o := range d.homes() {
		if o.Member == d.me.ID && o.Person != h.Person {
			d.unlink(o)
		}
	}
	moved := v.Say("home.moved", "platform", platformName(h.Person.Platform))
	d.tell(d.me, moved)
	d.put(rituals.Message{To: h.Address(), Couple: d.s.Couple.ID, Member: d.me.ID, Blocks: paragraphs(moved)})
}

// dropHome takes one of a member's addresses away, unless it is the only one.
func (d *decision) dropHome(h rituals.Home) {
	v := d.voice(d.me)
	var left []rituals.Home
	for _, o := range d.homes() {
		if o.Member == d.me.ID && o.Person != h.Person {
			left = append(left, o)
		}
	}
	if len(left) == 0 {
		d.toast(v.Say("passed"))
		return
	}
	if d.me.Address == h.Address() {
		d.moveTo(left[0])
	}
	d.unlink(h)
	d.tell(d.me, v.Say("link.dropped", "platform", platformName(h.Person.Platform)))
}

// moveTo lets what comes by itself come to one of a member's addresses. What waits at
// the other goes along.
func (d *decision) moveTo(h rituals.Home) {
	d.me.Address = h.Address()
	d.me.Unreachable = false
	d.touchMember(d.me)
	d.touchCouple()
	if b := d.s.Couple.Bond(d.me.ID); b != nil && b.RestUntil.Equal(rituals.Forever) && d.s.Member.Unreachable {
		d.wake(d.me)
	}
}

// unlink takes an address away. The place that was agreed to with it goes too.
func (d *decision) unlink(h rituals.Home) {
	d.c.Unlink = append(d.c.Unlink, h.Person)
	d.c.Drop = append(d.c.Drop, rituals.Drop{To: h.Address()})
	if p := d.s.Couple.Place; p != nil && p.People[d.me.ID] == h.Person {
		d.unplace()
		d.tellBoth("here.lost")
	}
	d.touchCouple()
}

// homeRow is the row of /settings by which a member who has several addresses says
// where questions come; nil if they have one.
func (d *decision) homeRow() []rituals.Choice {
	var row []rituals.Choice
	for _, h := range d.homes() {
		if h.Member == d.me.ID {
			label := d.voice(d.me).Say("home.here", "platform", platformName(h.Person.Platform))
			row = append(row, rituals.Choice{Label: label, Action: homeAction("to", h)})
		}
	}
	if len(row) < 2 {
		return nil
	}
	return row
}
