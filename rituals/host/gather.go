package host

import (
	"attune/rituals"
)

// What members keep together begins once all of them have chosen it. Who has is
// never said: to whoever waits it looks the same whatever the others do.

// gather goes on for who acted from an answer on a way that is kept together. It
// reports false if this is not such a way.
func (d *decision) gather(c *rituals.CheckIn, s *rituals.Step) bool {
	if c.Gathering(d.me.ID) && d.unbidden {
		d.tell(d.me, d.voice(d.me).Say("together.full", "partner", d.partner(d.me)))
		return true
	}
	if c.Gathering(d.me.ID) {
		d.tellOnce("together", c, "", d.voice(d.me).Say("together.wait"))
		return true
	}
	if s.Act(rituals.ActTogether) != nil && c.Chose(d.me.ID, rituals.ActTogether) {
		d.gathered(c)
		return true
	}
	if !c.AtTimer(d.me.ID) {
		return false
	}
	for _, m := range d.s.Members {
		if !c.AtTimer(m.ID) {
			d.toast(d.voice(d.me).Say("together.there"))
			return true
		}
	}
	d.beginTalk(c)
	return true
}

// gathered goes on once all want to keep a check-in together: with the question that
// comes next, if there is one.
func (d *decision) gathered(c *rituals.CheckIn) {
	at := c.At(d.me.ID)
	if at == nil {
		d.beginTalk(c)
		return
	}
	if p := d.place(); p != nil {
		d.sayHere(p, d.s.Members, rituals.Message{
			Key: askKey(c, at.ID, "place/"+d.cause()), Blocks: paragraphs(d.fillHere(at.Text, p, c)),
			Choices: optionRows(at, p.Language, func(o string) string { return action(doAnswer, id(c.ID), at.ID, o) }), CheckIn: c.ID,
		})
		return
	}
	for i := range d.s.Members {
		m := &d.s.Members[i]
		if s := c.At(m.ID); s != nil {
			d.aloud(func() { d.ask(c, m, s) })
		}
	}
}

// aloud lets what f says be heard, at whatever hour: all are there and wait for it.
func (d *decision) aloud(f func()) {
	said := len(d.c.Say)
	f()
	for i := said; i < len(d.c.Say); i++ {
		d.c.Say[i].Silent = false
	}
}

// together settles /together: who acted would like to keep the ritual that can be
// kept so together, at once.
func (d *decision) together() {
	for _, r := range d.lib.All() {
		for i := range r.Steps {
			if r.Steps[i].Act(rituals.ActTogether) != nil {
				d.begins(r, rituals.ActTogether)
				return
			}
		}
	}
	d.help()
}

// chooses answers, for who acted, the question that has an option with that act. It
// reports false if the check-in has none.
func (d *decision) chooses(c *rituals.CheckIn, act rituals.Act) bool {
	for i := range c.Ritual.Steps {
		s := &c.Ritual.Steps[i]
		o := s.Act(act)
		if o == nil || !s.Question() || !c.Holds(d.me.ID, s) {
			continue
		}
		if old := c.Reply(d.me.ID, s.ID); old != nil && old.Choice == o.ID {
			d.gather(c, s)
			return true
		}
		d.answered(c, s, rituals.Reply{Step: s.ID, Member: d.me.ID, Choice: o.ID})
		return true
	}
	return false
}
