package host

import (
	"strconv"

	"attune/rituals"
)

// What one gives to the others is asked of who starts it alone. The others see
// nothing of it until it opens to them, and what they send back goes to the giver.

// giver returns who gives a check-in to the others; nil if all are asked in it.
func (d *decision) giver(c *rituals.CheckIn) *rituals.Member {
	if !c.Given() {
		return nil
	}
	return d.s.MemberBy(c.Starter)
}

// gives settles that who acted starts a ritual in which they give something. One of
// theirs that is open is gone on with; another's is another's.
func (d *decision) gives(r *rituals.Ritual, day rituals.Day) {
	n := 1
	for i := range d.s.CheckIns {
		c := &d.s.CheckIns[i]
		if c.Ritual.ID != r.ID {
			continue
		}
		if c.State == rituals.Open && c.Starter == d.me.ID {
			d.rejoin(c)
			return
		}
		if c.Day == day {
			n = max(n, c.N+1)
		}
	}
	d.rejoin(d.create(r, day, n, rituals.Alarm{At: d.now, Member: d.me.ID}))
}

// askGiver asks who gives the question they stand at: among others, in a form.
func (d *decision) askGiver(c *rituals.CheckIn, s *rituals.Step) {
	v := d.voice(d.me)
	var before []rituals.Block
	if d.place() != nil && !c.Begun(d.me.ID) {
		before = paragraphs(v.Say("given.here"))
	}
	switch {
	case d.aside():
		blocks := append(before, d.sayings(c, d.me, s)...)
		d.say(d.me, rituals.Message{
			Blocks:  append(blocks, paragraphs(d.fill(s.Text, d.me, c))...),
			Choices: [][]rituals.Choice{{{Label: v.Say("answer.label"), Action: formAction(c, d.me.ID), Form: true}}},
		})
	case !d.justAsked(c, s.ID):
		d.ask(c, d.me, s, before...)
	}
}

// give settles that who gives has arrived: it opens, or they look at it first, as they
// do whenever they had arrived before. If there is nothing, that was all.
func (d *decision) give(c *rituals.CheckIn, before bool) {
	switch {
	case !d.shared(c, d.me.ID):
		c.State = rituals.Excused
		d.touch(c)
		d.c.CancelFor = c.ID
		d.unask(c)
		d.tell(d.me, d.voice(d.me).Say("given.nothing"))
	case c.Ritual.Look || before || d.longAsked(c):
		d.look(c)
	default:
		d.reveal(c)
	}
}

// longAsked reports whether words come so long after the question that they may not be
// meant for it, and would be passed on before their writer knows.
func (d *decision) longAsked(c *rituals.CheckIn) bool {
	asked := d.me.Asked
	return d.event.Kind == rituals.Wrote && d.event.ReplyTo == "" && asked.CheckIn == c.ID && d.now.Sub(asked.At) > againFor
}

// look shows who gives what the others will read.
func (d *decision) look(c *rituals.CheckIn) {
	v := d.voice(d.me)
	d.say(d.me, rituals.Message{
		Blocks: append(paragraphs(v.Say("given.look", "partner", d.partner(d.me))), d.openedBlocks(c, d.me, d.me.Language, new(string))...),
		Choices: [][]rituals.Choice{{
			{Label: v.Say("given.send"), Action: action(doGive, id(c.ID), "send")},
			d.changes(c)[0],
			{Label: v.Say("not.now"), Action: action(doGive, id(c.ID), "not")},
		}},
		CheckIn: c.ID,
	})
}

// giveTap settles the buttons under the last look.
func (d *decision) giveTap(c *rituals.CheckIn, a parsedAction) {
	v := d.voice(d.me)
	switch {
	case c.Starter == d.me.ID && c.State == rituals.Kept && a.arg(1) == "send":
		d.toast(v.Say("sent.short"))
	case !d.mayChange(c):
		d.toast(v.Say("passed"))
	case a.arg(1) != "send":
		d.unask(c)
		d.tellOnce("given", c, "", v.Say("given.kept", "command", localName(c.Ritual, d.me.Language),
			"time", clock(rituals.WallAt(c.Closes, d.zone(d.me)))))
	case c.Giveable():
		d.reveal(c)
	default:
		d.rejoin(c)
	}
}

// localName is what a ritual is started by in a language.
func localName(r *rituals.Ritual, language string) string {
	if name := r.Command.In(language); name != "" {
		return name
	}
	return commandName(r)
}

// giveHere opens what was given in the place.
func (d *decision) giveHere(p *rituals.Place, c *rituals.CheckIn) {
	step, giver := c.Ritual.RevealStep(), d.giver(c)
	var others []rituals.Member
	for _, o := range d.others(giver) {
		others = append(others, *o)
	}
	tell := func(n string, m rituals.Message) {
		m.Key, m.CheckIn, m.Readers = askKey(c, step.ID, "place/"+n), c.ID, p.Readers.Mark
		d.sayHere(p, others, m)
	}
	blocks := append(paragraphs(d.fillHere(step.Head, p, c)), d.openedBlocks(c, giver, p.Language, new(string))...)
	tell(id(giver.ID), rituals.Message{
		Blocks:  append(blocks, paragraphs(d.fillHere(step.Text, p, c))...),
		Choices: d.repliesTo(c, 0, p.Language),
	})
	for n, m := range carried(c, giver, p.Language) {
		tell(id(giver.ID)+"/"+strconv.Itoa(n), m)
	}
}

// tellGiver tells who has given something, if somebody has, that it was passed on.
func (d *decision) tellGiver(c *rituals.CheckIn) {
	giver := d.giver(c)
	if giver == nil {
		return
	}
	line := paragraphs(d.voice(giver).Say("sent", "partner", d.partner(giver)))
	d.say(giver, rituals.Message{Blocks: append(d.sayings(c, giver, c.Ritual.RevealStep()), line...)})
}

// openedBlocks are one member's answers in the message that opens them. What was given
// has the name of who gives it above.
func (d *decision) openedBlocks(c *rituals.CheckIn, m *rituals.Member, language string, above *string) []rituals.Block {
	blocks := d.shownBlocks(c, m, language, above)
	if c.Given() {
		for i := range blocks {
			blocks[i].By = ""
		}
	}
	return blocks
}

// theirs reports whether who acted has given what they tap a button under, and says
// whose buttons these are: in a place all see them.
func (d *decision) theirs(c *rituals.CheckIn) bool {
	if !c.Given() || c.Starter != d.me.ID {
		return false
	}
	d.toast(d.voice(d.me).Say("given.theirs", "partner", d.partner(d.me)))
	return true
}
