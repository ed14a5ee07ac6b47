package host

import (
	"strings"

	"attune/rituals"
)

// Who can read a place may change. What the couple has agreed to is who could when
// they did: with others there nothing of theirs is said until they agree again.

// changed settles that others can read a place than before: nothing of the couple's
// is said there until all have agreed again.
func (d *decision) changed() {
	p := d.s.Couple.Place
	switch r := d.event.Readers; {
	case p == nil || p.Address != d.event.Chat || !d.s.Couple.Ended.IsZero():
	case r == nil:
		d.lost()
	case r.Mark == p.Readers.Mark && !p.Stopped:
	case r.Mark == d.askedAbout():
	case fewer(*r, p.Readers) && !p.Stopped:
		d.readBy(*r)
	default:
		d.askAgain(*r)
	}
}

// fewer reports whether some have gone and nobody has come.
func fewer(now, agreed rituals.Readers) bool {
	return now.Kind == agreed.Kind && now.People > 0 && now.People < agreed.People
}

// readBy notes who can read the place, where nobody new is among them.
func (d *decision) readBy(r rituals.Readers) {
	place := *d.s.Couple.Place
	place.Readers = r
	d.s.Couple.Place = &place
	d.touchCouple()
}

// askedAbout is the mark of those about whom all were asked.
func (d *decision) askedAbout() string {
	for _, p := range d.s.Couple.Proposals {
		if p.Place != nil && p.By == 0 && d.now.Before(p.Until) {
			return p.Place.Readers.Mark
		}
	}
	return ""
}

// askAgain stops what is said in the place, or was suggested for it, and asks all
// whether it shall go on with those who can read there.
func (d *decision) askAgain(r rituals.Readers) {
	place := d.s.Couple.Place
	if place != nil {
		stopped := *place
		stopped.Stopped = true
		d.s.Couple.Place = &stopped
	}
	for _, p := range d.s.Couple.Proposals {
		if p.Place != nil && place == nil {
			place = p.Place
		}
	}
	if place == nil {
		return
	}
	asked := *place
	asked.Readers = r
	p := rituals.Proposal{ID: d.fresh(), Until: rituals.Forever, Place: &asked}
	d.proposePlace(p)
	v := d.in(asked.Language)
	d.askThere(p, v.Say("here.crowd"),
		rituals.Choice{Label: v.Say("here.crowd.good"), Action: action(doPropose, id(p.ID), "good")},
		rituals.Choice{Label: v.Say("here.off.button"), Action: action(doHere, "off")})
}

// crowded settles that a message was not said because others could read it: what it
// says goes to each alone.
func (d *decision) crowded() {
	m := d.event.Message
	p := d.s.Couple.Place
	if p != nil && p.Address == d.event.Chat && fewer(*d.event.Readers, p.Readers) {
		d.readBy(*d.event.Readers)
		m.Key, m.Readers = m.Key+"/"+d.event.ID, d.event.Readers.Mark
		d.put(m)
		return
	}
	if p != nil && p.Address == d.event.Chat && !p.Stopped {
		d.c.Drop = append(d.c.Drop, rituals.Drop{To: p.Address, CheckIn: m.CheckIn, Couple: d.s.Couple.ID})
		d.askAgain(*d.event.Readers)
	}
	d.sayAlone(m)
}

// lost settles that nothing can be said in the place any more.
func (d *decision) lost() {
	d.c.Drop = append(d.c.Drop, rituals.Drop{To: d.event.Chat, Couple: d.s.Couple.ID})
	d.notAsked()
	if p := d.s.Couple.Place; p != nil && p.Address == d.event.Chat {
		d.dropPlaceProposals()
		d.unplace()
		d.tellBoth("here.lost")
	}
	if d.event.Kind == rituals.Undelivered {
		d.sayAlone(d.event.Message)
	}
}

// sayAlone says what could not be said in the place to each of those it was for: the
// answers that have opened, words that were passed on, a question.
func (d *decision) sayAlone(m rituals.Message) {
	c := d.checkInBy(m.CheckIn)
	for i := range d.s.Members {
		o := &d.s.Members[i]
		switch {
		case m.From != 0 && m.From != o.ID:
			d.say(o, rituals.Message{Blocks: m.Blocks, From: m.From, CheckIn: m.CheckIn})
		case m.From != 0 || c == nil:
		case c.State == rituals.Kept && d.giver(c) == o:
		case c.State == rituals.Kept:
			d.openTo(c, o)
		case c.State == rituals.Open:
			d.prompt(c, o, false)
		}
	}
}

// notAsked tells who has suggested a place, or named somebody, that nobody could be
// asked there.
func (d *decision) notAsked() {
	for _, p := range d.s.Couple.Proposals {
		if m := d.s.MemberBy(p.By); p.Place != nil && m != nil && p.Place.Address == d.event.Chat {
			d.dropPlaceProposals()
			d.tell(m, d.voice(m).Say("here.blind"))
		}
	}
	if !strings.HasPrefix(d.event.Message.Key, namedKey) || len(d.s.Members) == 0 {
		return
	}
	m := &d.s.Members[0]
	d.tell(m, d.voice(m).Say("named.lost"))
}
