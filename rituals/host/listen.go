package host

import (
	"attune/rituals"
)

// Who has opened something to the others may be listened to: one of them taps that
// they would like to, and the talk begins when its speaker is there.

// listen settles that who acted would like to listen to what was opened, at once.
func (d *decision) listen(c *rituals.CheckIn, r rituals.Reply) {
	v := d.voice(d.me)
	giver := d.giver(c)
	switch {
	case giver == nil || c.Talk != nil:
		d.toast(v.Say("talk.moved"))
		return
	case c.Reply(r.Member, r.Step) != nil:
		d.toast(v.Say("sent.short"))
		return
	}
	d.reply(c, r)
	in := d.in(d.readsIn(giver))
	d.sayOpenly(giver, rituals.Message{
		Key:    "listen/" + id(c.ID) + "/" + id(d.me.ID),
		Blocks: paragraphs(in.Say("talk.listens", "name", d.me.Name)),
		Choices: [][]rituals.Choice{{
			{Label: in.Say("talk.begin"), Action: action(doTalk, id(c.ID), "begin")},
			{Label: in.Say("return.other"), Action: action(doReturn, "other", id(c.ID))},
		}},
		CheckIn: c.ID,
		From:    d.me.ID,
	})
	d.tell(d.me, v.Say("talk.listens.told", "name", giver.Name))
}

// unheard reports whether a check-in is one in which somebody would like to be
// listened to, and has not been.
func (d *decision) unheard(cid rituals.CheckInID) bool {
	c := d.checkInBy(cid)
	return c != nil && c.Given() && c.Talk == nil && c.AtTimer(c.Starter)
}

// beginTap settles that who is listened to is there.
func (d *decision) beginTap(c *rituals.CheckIn) {
	v := d.voice(d.me)
	giver := d.giver(c)
	switch {
	case giver == nil || c.State != rituals.Kept || !d.unheard(c.ID) || !d.s.Couple.Complete():
		d.toast(v.Say("passed"))
	case giver.ID != d.me.ID:
		d.toast(v.Say("talk.begin.theirs", "name", giver.Name))
	default:
		d.beginTalk(c)
	}
}
