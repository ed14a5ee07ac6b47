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
	case rituals.Changed:
		d.changed()
		return
	case rituals.Left:
		if d.me != nil && e.Private && e.Chat == d.me.Address {
			d.unreachable(d.me, true)
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
	case rituals.Filled:
		d.filled(parseAction(e.Action))
	}
}

// undelivered settles that a message could not be said. Who is gone rests; what
// was meant for the couple's place goes to each alone.
func (d *decision) undelivered() {
	switch {
	case d.event.Readers != nil:
		d.crowded()
		return
	case !d.event.Gone:
		return
	}
	for i := range d.s.Members {
		if m := &d.s.Members[i]; m.Address == d.event.Chat {
			d.unreachable(m, !d.closed(m))
			return
		}
	}
	d.lost()
}

// moved settles that a chat has another id: a member's, or the couple's place, which
// may have been made only now.
func (d *decision) moved() {
	from, to := d.event.Chat, d.event.Chat
	to.Chat = d.event.Text
	for i := range d.s.Members {
		if m := &d.s.Members[i]; m.Address == from {
			m.Address = to
			d.touchMember(m)
		}
	}
	move := func(p *rituals.Place) *rituals.Place {
		if p == nil || p.Address != from {
			return p
		}
		moved := *p
		moved.Address = to
		if d.event.Readers != nil {
			moved.Readers = *d.event.Readers
		}
		d.touchCouple()
		return &moved
	}
	d.s.Couple.Place = move(d.s.Couple.Place)
	for i := range d.s.Couple.Proposals {
		p := &d.s.Couple.Proposals[i]
		p.Place = move(p.Place)
	}
}

// wrote settles words: a command, or an answer. What is said in a chat of several
// people is between those in it.
func (d *decision) wrote() {
	name, args, ok := parseCommand(d.event.Text)
	if !d.event.Private && !d.event.Aside {
		if ok && canonical(name) == "here" && d.me != nil {
			d.here()
		}
		return
	}
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
	if d.me == nil {
		d.toast(d.voice(nil).Say("passed"))
		return
	}
	taps := map[string]func(parsedAction){
		doHeld: d.held, doInvite: d.invitesTap, doZone: d.zoneTap, doSettings: d.settingsTap,
		doTime: d.timeTap, doPropose: d.proposeTap, doLanguage: d.languageTap, doRest: d.restTap,
		doHere: d.hereTap, doHome: d.homeTap, doLess: d.less, doOffer: d.offerTap, doAlone: d.aloneTap, doBegin: d.ritualTap,
		doLeave: d.leaveTap, doForget: d.forgetTap, doNotes: d.notesTap,
		doReturn: d.returnTap, doCards: d.cardsTap,
	}
	if tap, ok := taps[a.verb]; ok {
		tap(a)
		return
	}
	d.checkInTap(a)
}

// checkInTap settles a button about a check-in, if who tapped takes part in it.
func (d *decision) checkInTap(a parsedAction) {
	c := d.checkInBy(parseID[rituals.CheckInID](a.arg(0)))
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
	case doForm:
		d.formTap(c, a)
	case doTalk:
		d.talkTap(c, a)
	case doSee:
		d.see(c)
	case doGive:
		d.giveTap(c, a)
	case doCard:
		d.another(c, a)
	case doTick:
		d.tick(c, a)
	case doDiffers:
		d.showDifference(c)
	case doShare:
		d.share(c, a)
	case doMorning:
		d.morningTap(c, a)
	case doFeel:
		d.feel(c, a)
	case doMirror:
		d.mirrorTap(c, a)
	case doHeard:
		d.heardTap(c, a)
	default:
		d.toast(d.voice(d.me).Say("passed"))
	}
}
