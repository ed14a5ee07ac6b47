package host

import (
	"slices"
	"strconv"

	"attune/rituals"
)

// reveal opens the answers: the moment all are shown to all, or those of who gives
// to the others.
func (d *decision) reveal(c *rituals.CheckIn) {
	d.keep(c)
	p := d.place()
	switch {
	case p != nil && c.Given():
		d.giveHere(p, c)
	case p != nil:
		d.revealHere(p, c)
	}
	for i := range d.s.Members {
		if m := &d.s.Members[i]; p == nil && d.giver(c) != m {
			d.openTo(c, m)
		}
	}
	d.tellGiver(c)
	if c.Ritual.Streak {
		d.milestone(c)
		d.setOffer(c)
	}
}

// keep settles that a check-in is kept: nothing more of it is due or asked.
func (d *decision) keep(c *rituals.CheckIn) {
	c.State = rituals.Kept
	d.touch(c)
	d.c.CancelFor = c.ID
	d.c.Set = slices.DeleteFunc(d.c.Set, func(a rituals.Alarm) bool { return a.CheckIn == c.ID })
	d.c.Drop = append(d.c.Drop, rituals.Drop{Couple: c.Couple, CheckIn: c.ID})
	for i := range d.s.Members {
		if m := &d.s.Members[i]; m.Asked.CheckIn == c.ID {
			m.Asked = rituals.Asked{}
			d.touchMember(m)
		}
	}
	d.setFollowing(c)
	d.setDawn(c)
	if c.Ritual.Streak {
		d.cancel("offer", "weekly")
	}
}

// pass says to the others what an option says about who tapped it. It is kept
// nowhere.
func (d *decision) pass(c *rituals.CheckIn, s *rituals.Step, option string) {
	v := d.voice(d.me)
	o := s.Option(option)
	if o == nil || o.Act != rituals.ActPass || c.State != rituals.Kept || !d.s.Couple.Complete() {
		d.toast(v.Say("passed"))
		return
	}
	if giver := d.giver(c); giver != nil && giver.ID != d.me.ID {
		d.toast(v.Say("given.theirs", "partner", giver.Name))
		return
	}
	key := "pass/" + id(c.ID) + "/" + o.ID + "/" + id(d.me.ID)
	text := func(language string) []rituals.Block {
		return paragraphs(d.in(language).Fill(o.Shown.In(language), "name", d.me.Name))
	}
	if p := d.place(); p != nil {
		d.sayHere(p, d.s.Members, rituals.Message{Key: key, Blocks: text(p.Language), CheckIn: c.ID, Readers: p.Readers.Mark})
	} else {
		for _, m := range d.others(d.me) {
			d.say(m, rituals.Message{Key: key + "/" + id(m.ID), Blocks: text(m.Language), CheckIn: c.ID, From: d.me.ID})
		}
	}
	d.toast(v.Say("sent.short"))
}

// openTo shows the answers to one member, and after the words what was sent with
// them.
func (d *decision) openTo(c *rituals.CheckIn, to *rituals.Member) {
	d.say(to, d.opened(c, to))
	for _, o := range d.others(to) {
		for n, m := range carried(c, o, to.Language) {
			m.Key = askKey(c, c.Ritual.RevealStep().ID, id(to.ID)+"/"+id(o.ID)+"/"+strconv.Itoa(n))
			m.CheckIn = c.ID
			d.say(to, m)
		}
	}
}

// opened is the message that shows the answers to one member.
func (d *decision) opened(c *rituals.CheckIn, to *rituals.Member) rituals.Message {
	step := c.Ritual.RevealStep()
	// A reply to the message is words to pass on, as if they had been asked for.
	m := rituals.Message{Key: askKey(c, step.ID, id(to.ID)), CheckIn: c.ID}
	if same := d.same(c, step); same != nil {
		text := rituals.Fill(d.fill(step.Same, to, c), "answer", same.In(to.Language))
		m.Blocks = append(m.Blocks, rituals.Para(text))
	} else {
		m.Blocks = append(paragraphs(d.fill(step.Head, to, c)), d.openBlocks(c, to.Language)...)
	}
	m.Blocks = append(m.Blocks, paragraphs(d.fill(step.Text, to, c))...)
	m.Choices = append(d.repliesTo(c, to.ID, to.Language), d.dawnChoice(c, to)...)
	if d.caused(to.ID) {
		m.Choices = append(m.Choices, d.aloneToday()...)
	}
	return m
}
