package host

import (
	"slices"
	"time"

	"attune/rituals"
)

// leave asks who acted how they would like to go.
func (d *decision) leave() {
	v := d.voice(d.me)
	if d.s.Couple.ID == 0 {
		d.tell(d.me, v.Say("leave.nothing"))
		return
	}
	button := func(what string) rituals.Choice {
		return rituals.Choice{Label: v.Say("leave." + what), Action: action(doLeave, what, id(d.s.Couple.ID), id(d.now.Unix()), d.event.ID)}
	}
	d.say(d.me, rituals.Message{
		Key:     "leave/" + id(d.me.ID) + "/" + d.event.ID,
		Blocks:  paragraphs(v.Say("leave")),
		Choices: [][]rituals.Choice{{button("keep"), button("delete")}, {button("stay")}},
	})
}

// stands is how long a question stands that a slip of the thumb must not answer
// later.
const stands = time.Hour

// lapsed reports whether a question asked at that unix second stands no more.
func (d *decision) lapsed(asked string) bool {
	return d.now.Sub(time.Unix(parseID[int64](asked), 0)) > stands
}

// stay settles that nothing shall change: the question is taken out of the chat, and its buttons with it.
func (d *decision) stay(question, asked string) {
	d.say(d.me, rituals.Message{
		Edits:  question + "/" + id(d.me.ID) + "/" + asked,
		Blocks: paragraphs(d.voice(d.me).Say("leave.stayed")),
	})
}

// leaveTap settles it. Everything of the couple stops at once.
func (d *decision) leaveTap(a parsedAction) {
	v := d.voice(d.me)
	if d.s.Couple.ID == 0 || id(d.s.Couple.ID) != a.arg(1) || d.lapsed(a.arg(2)) {
		d.toast(v.Say("passed"))
		return
	}
	if a.arg(0) == "stay" {
		d.stay("leave", a.arg(3))
		return
	}
	together := d.s.Couple.Complete()
	d.revoke()
	d.excuseOpen()
	for i := range d.s.Members {
		m := &d.s.Members[i]
		m.Asked = rituals.Asked{}
		d.touchMember(m)
	}
	d.s.Couple.Ended = d.now
	d.s.Couple.Proposals, d.s.Couple.Place = nil, nil
	d.c.CancelAll = true
	d.c.Drop = append(d.c.Drop, rituals.Drop{Couple: d.s.Couple.ID})
	if a.arg(0) == "delete" {
		d.takeCards(func(rituals.Card) bool { return true })
		d.c.Erase = append(d.c.Erase, d.me.ID)
	}
	d.say(d.me, rituals.Message{Blocks: paragraphs(v.Say("left"))})
	for _, o := range d.others(d.me) {
		if together && !o.Unreachable {
			d.tell(o, d.voice(o).Say("left.other", "partner", d.me.Name))
		}
	}
}

// forget asks before a member's words are deleted.
func (d *decision) forget() {
	v := d.voice(d.me)
	button := func(what string) rituals.Choice {
		return rituals.Choice{Label: v.Say("forget." + what), Action: action(doForget, what, id(d.now.Unix()), d.event.ID)}
	}
	d.say(d.me, rituals.Message{
		Key:     "forget/" + id(d.me.ID) + "/" + d.event.ID,
		Blocks:  paragraphs(v.Say("forget")),
		Choices: [][]rituals.Choice{{button("yes"), button("no")}},
	})
}

// forgetTap deletes every word who acted has written. What has opened was read;
// it leaves the store, not the other's chat.
func (d *decision) forgetTap(a parsedAction) {
	if d.lapsed(a.arg(1)) {
		d.toast(d.voice(d.me).Say("passed"))
		return
	}
	if a.arg(0) != "yes" {
		d.stay("forget", a.arg(2))
		return
	}
	for i := range d.s.CheckIns {
		c := &d.s.CheckIns[i]
		w := c.Walk(d.me.ID)
		if c.State != rituals.Open || w == nil {
			continue
		}
		c.Replies = slices.DeleteFunc(c.Replies, func(r rituals.Reply) bool { return r.Member == d.me.ID })
		w.Done, w.Left = false, false
		d.touch(c)
		d.unask(c)
		d.morning(c)
	}
	d.takeCards(func(rituals.Card) bool { return true })
	d.c.Erase = append(d.c.Erase, d.me.ID)
	d.tell(d.me, d.voice(d.me).Say("forgotten"))
}
