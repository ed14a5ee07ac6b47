package host

import (
	"attune/rituals"
	"attune/rituals/phrases"
)

// Who has opened something to the others may be listened to: one of them taps that
// they would like to, and the talk begins when its speaker is there.

// listen settles that who acted would like to listen to what was opened, at once.
func (d *decision) listen(c *rituals.CheckIn, o *rituals.Option) {
	v := d.voice(d.me)
	giver := d.giver(c)
	if giver == nil || c.Talk != nil || c.Reply(d.me.ID, o.ID) != nil {
		d.toast(v.Say("talk.moved"))
		return
	}
	d.reply(c, rituals.Reply{Step: o.ID, Member: d.me.ID, Choice: o.ID})
	begin := rituals.Choice{Action: action(doTalk, id(c.ID), "begin")}
	other := rituals.Choice{Action: action(doReturn, "other", id(c.ID))}
	key := "listen/" + id(c.ID) + "/" + id(d.me.ID)
	if p := d.place(); p != nil {
		in := phrases.In(p.Language)
		begin.Label, other.Label = in.Say("talk.begin"), in.Say("return.other")
		d.sayHere(p, []rituals.Member{*giver}, rituals.Message{
			Key: key, Blocks: paragraphs(in.Say("talk.listens", "name", d.me.Name)),
			Choices: [][]rituals.Choice{{begin, other}}, CheckIn: c.ID, Readers: p.Readers.Mark,
		})
	} else {
		gv := d.voice(giver)
		begin.Label, other.Label = gv.Say("talk.begin"), gv.Say("return.other")
		d.say(giver, rituals.Message{
			Key: key, Blocks: paragraphs(gv.Say("talk.listens", "name", d.me.Name)),
			Choices: [][]rituals.Choice{{begin, other}}, CheckIn: c.ID, From: d.me.ID,
		})
	}
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
