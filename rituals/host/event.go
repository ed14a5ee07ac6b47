package host

import (
	"attune/rituals"
)

// handle settles an event.
func (d *decision) handle() {
	e := d.event
	switch e.Kind {
	case rituals.Undelivered:
		d.undelivered()
		return
	case rituals.Moved:
		d.moved()
		return
	case rituals.Left:
		if d.me != nil && e.Private {
			d.unreachable(d.me)
		}
		return
	}
	if d.me != nil && d.me.Unreachable && e.Private {
		d.reachable()
	}
	switch e.Kind {
	case rituals.Wrote:
		d.wrote()
	case rituals.Edited:
		if d.me != nil && e.Private {
			d.edited()
		}
	case rituals.Tapped:
		d.tapped(parseAction(e.Action))
	}
}

// undelivered settles that a message could not be said. Who is gone rests.
func (d *decision) undelivered() {
	if !d.event.Gone {
		return
	}
	for i := range d.s.Members {
		if m := &d.s.Members[i]; m.Address == d.event.Chat {
			d.unreachable(m)
			return
		}
	}
	d.c.Drop = append(d.c.Drop, rituals.Drop{To: d.event.Chat})
}

// moved settles that a member's chat has another id.
func (d *decision) moved() {
	for i := range d.s.Members {
		if m := &d.s.Members[i]; m.Address == d.event.Chat {
			m.Address.Chat = d.event.Text
			d.touchMember(m)
		}
	}
}

// wrote settles words: a command, or an answer.
func (d *decision) wrote() {
	if !d.event.Private {
		return // what is said in a group is between those in it
	}
	name, args, ok := parseCommand(d.event.Text)
	if ok {
		d.command(name, args)
		return
	}
	if d.me == nil {
		d.tellPerson(paragraphs(d.voice(nil).Say("hello.words")))
		return
	}
	if d.s.Couple.ID == 0 && d.me.Asked.Step == "" {
		d.tell(d.me, d.voice(d.me).Say("alone.ended"))
		return
	}
	d.words()
}

// tapped settles a button. What it is about is looked up anew: the button itself
// holds no authority.
func (d *decision) tapped(a parsedAction) {
	switch a.verb {
	case doPage:
		d.page(a.arg(0))
		return
	case doYes:
		d.yes(a.arg(0))
		return
	case doNo:
		d.no(a.arg(0))
		return
	case doClear:
		d.clear(a)
		return
	}
	v := d.voice(d.me)
	if d.me == nil {
		d.toast(v.Say("passed"))
		return
	}
	if cid := a.checkIn(); cid != 0 {
		d.checkInTap(a, cid)
		return
	}
	taps := map[string]func(parsedAction){
		doHeld: d.held, doInvite: d.invitesTap, doZone: d.zoneTap, doSettings: d.settingsTap,
		doTime: d.timeTap, doPropose: d.proposeTap, doLanguage: d.languageTap, doRest: d.restTap,
		doLess: d.less, doLeave: d.leaveTap, doForget: d.forgetTap, doNotes: d.notesTap,
	}
	if tap, ok := taps[a.verb]; ok {
		tap(a)
		return
	}
	d.toast(v.Say("passed"))
}

// checkInTap settles a button about a check-in, if who tapped takes part in it.
func (d *decision) checkInTap(a parsedAction, cid rituals.CheckInID) {
	c := d.checkInBy(cid)
	if c == nil {
		d.toast(d.voice(d.me).Say("passed"))
		return
	}
	switch a.verb {
	case doAnswer:
		d.answerTap(c, a)
	case doSkip:
		d.skip(c, a)
	case doAll:
		d.all(c)
	case doBack:
		d.back(c, a)
	case doChange:
		d.change(c, a)
	case doMine:
		d.mine(c, a)
	case doTake:
		d.take(c, a)
	case doOwn:
		d.own(c, a)
	}
}
