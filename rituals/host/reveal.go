package host

import (
	"slices"
	"strconv"

	"time"

	"attune/rituals"
)

// morningAt is the time of day at which what waits for the morning is said.
const morningAt = 8

// nextMorning returns the first morning after now of all the members, so that it
// is morning for each.
func (d *decision) nextMorning(members []rituals.Member) time.Time {
	return d.nextHour(morningAt, members)
}

// nextHour is nextMorning for another full hour.
func (d *decision) nextHour(hour int, members []rituals.Member) time.Time {
	var latest time.Time
	for i := range members {
		loc := d.zone(&members[i])
		day := rituals.DayOf(rituals.WallAt(d.now, loc))
		for n := range 3 {
			at, ok := day.Add(n).At(hour, 0).In(loc)
			if !ok || !at.After(d.now) {
				continue
			}
			if at.After(latest) {
				latest = at
			}
			break
		}
	}
	return latest
}

// morning settles when the answers open: in the morning if any member asked for
// that, else as soon as all are in.
func (d *decision) morning(c *rituals.CheckIn) {
	asked := slices.ContainsFunc(d.s.Members, func(m rituals.Member) bool {
		return c.Chose(m.ID, rituals.ActMorning) && len(c.Shown(m.ID)) > 0
	})
	switch {
	case asked && c.Morning.IsZero():
		c.Morning = d.nextMorning(d.s.Members)
		d.touch(c)
	case !asked && !c.Morning.IsZero():
		c.Morning = time.Time{}
		d.touch(c)
		d.setClose(c)
	}
}

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
	m.Choices = d.repliesTo(c, to.Language)
	if d.caused(to.ID) {
		m.Choices = append(m.Choices, d.aloneToday()...)
	}
	return m
}

// repliesTo are the buttons under what opened: one tap that goes back. Where all read
// them, words to pass on are asked for in a form.
func (d *decision) repliesTo(c *rituals.CheckIn, language string) [][]rituals.Choice {
	step := c.Ritual.RevealStep()
	var row []rituals.Choice
	for _, o := range step.Options {
		b := rituals.Choice{Label: o.Label.In(language), Action: action(doBack, id(c.ID), o.ID)}
		if o.Act == rituals.ActWrite && d.place() != nil {
			b.Action, b.Form = action(doForm, id(c.ID), step.ID, o.ID), true
		}
		row = append(row, b)
	}
	return sideBySide(row)
}

// neverMind, in place of an option, is that nothing shall be written after all.
const neverMind = "-"

// back settles a one-tap reply to what opened: the other reads it.
func (d *decision) back(c *rituals.CheckIn, a parsedAction) {
	v := d.voice(d.me)
	step := c.Ritual.RevealStep()
	if c.State != rituals.Kept || step == nil || !d.s.Couple.Complete() {
		d.toast(v.Say("passed"))
		return
	}
	if a.arg(1) == neverMind {
		d.unask(c)
		d.toast(v.Say("cancelled"))
		return
	}
	if a.verb == doForm {
		a.args = slices.Delete(slices.Clone(a.args), 1, 2) // the step, which is this
	}
	o := step.Option(a.arg(1))
	if o == nil {
		d.toast(v.Say("passed"))
		return
	}
	if o.Act == rituals.ActReturn {
		d.askReturn(d.me, c.ID)
		return
	}
	if d.theirs(c) {
		return
	}
	if o.Act == rituals.ActTogether {
		d.listen(c, o)
		return
	}
	if o.Act == rituals.ActWrite {
		if d.justAsked(c, step.ID) {
			return
		}
		d.me.Asked = rituals.Asked{CheckIn: c.ID, Step: step.ID, At: d.now}
		d.touchMember(d.me)
		d.say(d.me, rituals.Message{
			Key:     askKey(c, step.ID, id(d.me.ID)+"/"+d.cause()),
			Blocks:  paragraphs(v.Say("write.back", "partner", d.partner(d.me))),
			Choices: [][]rituals.Choice{{{Label: v.Say("never.mind"), Action: action(doBack, id(c.ID), neverMind)}}},
			Input:   form(v),
			CheckIn: c.ID,
		})
		return
	}
	key := step.ID + "." + o.ID
	if c.Reply(d.me.ID, key) != nil {
		d.toast(v.Say("sent.short"))
		return
	}
	d.reply(c, rituals.Reply{Step: key, Member: d.me.ID, Choice: o.ID})
	d.passOn(c, o.Label.In, nil)
	d.toast(v.Say("sent.short"))
}

// writeBack passes words on that answer what opened.
func (d *decision) writeBack(c *rituals.CheckIn) {
	if !d.s.Couple.Complete() || c.State != rituals.Kept {
		d.stray()
		return
	}
	step := c.Ritual.RevealStep()
	w := d.source()
	r := rituals.Reply{Step: step.ID + ".back", Member: d.me.ID, Words: []rituals.Words{w}}
	if old := c.Reply(d.me.ID, r.Step); old != nil {
		asked := d.me.Asked.At.After(old.At) || d.event.ReplyTo != ""
		if !asked && d.now.Sub(old.At) > burst {
			d.unasked() // that was written and sent; nothing was asked since
			return
		}
		r.Words = append(slices.Clone(old.Words), w)
	}
	d.reply(c, r)
	d.passOn(c, func(string) string { return w.Text }, w.Media)
	d.tell(d.me, d.voice(d.me).Say("sent", "partner", d.partner(d.me)))
}
