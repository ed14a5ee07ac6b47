package host

import (
	"slices"
	"strings"
	"time"

	"attune/rituals"
)

// start settles /start, with or without the code of an invitation.
func (d *decision) start(code string) {
	v := d.voice(d.me)
	if code == "" {
		d.startAlone()
		return
	}
	inv := d.invitation(code)
	switch {
	case d.me != nil && inv != nil && inv.invite.Couple == d.s.Couple.ID && d.s.Couple.Complete():
		d.startAlone() // the link that led here
	case !d.mayUse(inv):
		d.toast(v.Say("named.other"))
	case inv != nil && inv.invite.Link:
		d.linkWith(code)
	case d.me != nil && d.s.Couple.Complete():
		d.tellPerson(paragraphs(v.Say("join.already")))
	case inv == nil || !inv.open(d.now):
		d.tellPerson(paragraphs(v.Say("join.invalid")))
	case d.me != nil && inv.invite.Couple == d.s.Couple.ID:
		d.tellPerson(paragraphs(v.Say("join.own")))
	default:
		d.tellPerson(paragraphs(v.Say("join", "me", d.name(), "partner", inv.name(), "time", d.eveningTime())),
			[]rituals.Choice{
				{Label: v.Say("page.open"), Action: action(doPage, code)},
				{Label: v.Say("not.now"), Action: action(doNo, code)},
			})
	}
}

// name returns the name of who made the invitation.
func (i *invitation) name() string {
	if m := i.state.MemberBy(i.invite.By); m != nil {
		return m.Name
	}
	return ""
}

// name returns what who acted is called.
func (d *decision) name() string {
	if d.me != nil {
		return d.me.Name
	}
	return personName(d.event.Name)
}

// eveningTime is the hour of the first ritual that counts, as its file has it.
func (d *decision) eveningTime() string {
	for _, r := range d.lib.All() {
		if s, err := rituals.ParseSchedule(r.Schedule); r.Streak && err == nil {
			h, m := s.TimeOfDay()
			return clock(rituals.Day("2000-01-01").At(h, m))
		}
	}
	return ""
}

// startAlone settles /start without an invitation.
func (d *decision) startAlone() {
	v := d.voice(d.me)
	switch {
	case d.me == nil || d.s.Couple.ID == 0:
		d.tellPerson(paragraphs(v.Say("hello", "me", d.name())),
			[]rituals.Choice{{Label: v.Say("page.open"), Action: action(doPage)}})
	case d.s.Couple.Complete():
		d.tellPerson(paragraphs(v.Say("start.again", "partner", d.partner(d.me))))
	default:
		if d.openInvite() == nil {
			d.invite()
		}
		d.atHome(d.sayInvite)
	}
}

// yes settles [Yes, I'm in]: who acted becomes a member, of the couple that
// invited them or of one that waits for its second.
func (d *decision) yes(code string) {
	if d.me != nil && d.s.Couple.Complete() {
		if inv := d.invitation(code); inv == nil || inv.invite.Couple != d.s.Couple.ID {
			d.start(code)
		}
		return // an impatient second tap is no other than the first
	}
	who, asks := d.named(code)
	if code == "" || asks {
		if d.me != nil && d.s.Couple.ID != 0 {
			d.startAlone()
			return
		}
		d.found(who)
		return
	}
	inv := d.invitation(code)
	if inv == nil || !inv.open(d.now) || !d.mayUse(inv) ||
		(d.me != nil && inv.invite.Couple == d.s.Couple.ID) {
		d.start(code)
		return
	}
	d.joinCouple(inv)
}

// enter makes who acted a member, if they are not, and returns them as a value.
func (d *decision) enter() rituals.Member {
	if d.me != nil {
		m := *d.me
		m.Agreed = d.now
		return m
	}
	return rituals.Member{
		ID: rituals.MemberID(d.fresh()), Person: d.event.Person, Address: home(d.event),
		Name: d.name(), Language: d.voice(nil).Language, Agreed: d.now,
	}
}

// home returns who acted's own chat with the bot; empty if it is not known.
func home(e *rituals.Event) rituals.Address {
	if e.Home.Chat == "" && e.Private {
		return e.Chat
	}
	return e.Home
}

// found begins a couple with its first member: a link to share, or a line to whom
// they have named, and the first small question while it travels.
func (d *decision) found(who rituals.Person) {
	me := d.enter()
	d.s.Couple = rituals.Couple{
		ID:    rituals.CoupleID(d.fresh()),
		Zone:  me.Zone,
		Bonds: []rituals.Bond{{Member: me.ID, Joined: d.now}},
	}
	d.s.Members = []rituals.Member{me}
	d.s.CheckIns = nil
	d.me = &d.s.Members[0]
	d.touchMember(d.me)
	d.touchCouple()
	d.lobby()
	if who.ID != "" {
		d.inviteByName(who)
	} else {
		d.invite()
		d.atHome(d.sayInvite)
	}
	d.beginPairing()
}

// lobby remembers the chat of several people in which a couple is being made.
func (d *decision) lobby() {
	if d.event.Aside {
		d.s.Couple.Lobby = d.event.Chat
	}
}

// joinCouple binds who acted to the couple that invited them.
func (d *decision) joinCouple(inv *invitation) {
	me := d.enter()
	if lone := d.s.Couple; lone.ID != 0 {
		lone.Ended = d.now
		d.c.Leaves = &lone
	}
	d.goTo(inv.state)
	d.s.Members = append(d.s.Members, me)
	d.me = &d.s.Members[len(d.s.Members)-1]
	d.touchMember(d.me)
	used := inv.invite
	used.Used = d.now
	d.c.Invites = append(d.c.Invites, used)
	d.s.Couple.Bonds = append(d.s.Couple.Bonds, rituals.Bond{Member: me.ID, Joined: d.now})
	d.s.Couple.Invite = ""
	d.s.Couple.Since = d.now
	if d.s.Couple.Zone == "" {
		d.s.Couple.Zone = me.Zone
	}
	for i := range d.s.Couple.Bonds {
		if m := d.s.MemberBy(d.s.Couple.Bonds[i].Member); m.Unreachable {
			d.s.Couple.Bonds[i].RestUntil = rituals.Forever // as if they had blocked the bot since
		}
	}
	d.lobby()
	d.apart()
	d.touchCouple()
	d.scheduleAll(d.now.Add(time.Hour))
	d.beginPairing()
}

// goTo goes on with another couple's state than the one that was loaded.
func (d *decision) goTo(s rituals.State) {
	d.s.Couple = *s.Couple.Clone()
	d.s.Members = slices.Clone(s.Members)
	d.s.CheckIns = nil
	for i := range s.CheckIns {
		d.s.CheckIns = append(d.s.CheckIns, *s.CheckIns[i].Clone())
	}
}

// beginPairing asks who has just come in the first small question.
func (d *decision) beginPairing() {
	for _, r := range d.lib.All() {
		if !r.Pairing {
			continue
		}
		var c *rituals.CheckIn
		for i := range d.s.CheckIns {
			if d.s.CheckIns[i].Ritual.ID == r.ID && d.s.CheckIns[i].State == rituals.Open {
				c = &d.s.CheckIns[i]
			}
		}
		if c == nil {
			loc := d.zone(d.me)
			c = d.create(r, rituals.DayOf(rituals.WallAt(d.now, loc)), 0, rituals.Alarm{At: d.now})
		} else if c.Walk(d.me.ID) == nil {
			c.Walks = append(c.Walks, rituals.Walk{Member: d.me.ID, Opens: d.now})
			d.touch(c)
		}
		if s := c.At(d.me.ID); s != nil {
			d.atHome(func() { d.ask(c, d.me, s) })
		}
	}
}

// atHome lets who acted read what f says in their own chat, wherever they are: what
// goes on from there is between them and the bot.
func (d *decision) atHome(f func()) {
	if d.event.Aside {
		if line := d.voice(d.me).Say("see.home"); !strings.Contains(d.answer.Text, line) {
			d.answer.Text = joinLines(d.answer.Text, line)
		}
	}
	before := d.homeward
	d.homeward = true
	f()
	d.homeward = before
}
