package host

import "attune/rituals"

// leave asks who acted how they would like to go.
func (d *decision) leave() {
	v := d.voice(d.me)
	if d.s.Couple.ID == 0 {
		d.tell(d.me, v.Say("leave.nothing"))
		return
	}
	d.tell(d.me, v.Say("leave"), []rituals.Choice{
		{Label: v.Say("leave.keep"), Action: action(doLeave, "keep", id(d.s.Couple.ID))},
		{Label: v.Say("leave.delete"), Action: action(doLeave, "delete", id(d.s.Couple.ID))},
	}, []rituals.Choice{{Label: v.Say("leave.stay"), Action: action(doLeave, "stay", id(d.s.Couple.ID))}})
}

// leaveTap settles it. Everything of the couple stops at once.
func (d *decision) leaveTap(a parsedAction) {
	v := d.voice(d.me)
	if d.s.Couple.ID == 0 || id(d.s.Couple.ID) != a.arg(1) {
		d.toast(v.Say("passed"))
		return
	}
	if a.arg(0) == "stay" {
		d.tell(d.me, v.Say("leave.stayed"))
		return
	}
	together := d.s.Couple.Complete()
	d.revoke()
	d.excuseOpen()
	d.s.Couple.Ended = d.now
	d.s.Couple.Proposals = nil
	d.c.CancelAll = true
	d.c.Drop = append(d.c.Drop, rituals.Drop{Couple: d.s.Couple.ID})
	if a.arg(0) == "delete" {
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
	d.tell(d.me, v.Say("forget"), []rituals.Choice{
		{Label: v.Say("forget.yes"), Action: action(doForget, "yes")},
		{Label: v.Say("forget.no"), Action: action(doForget, "no")},
	})
}

// forgetTap deletes every word who acted has written. What has opened was read;
// it leaves the store, not the other's chat.
func (d *decision) forgetTap(a parsedAction) {
	if a.arg(0) != "yes" {
		d.tell(d.me, d.voice(d.me).Say("leave.stayed"))
		return
	}
	d.c.Erase = append(d.c.Erase, d.me.ID)
	d.tell(d.me, d.voice(d.me).Say("forgotten"))
}
