package host

import (
	"slices"
	"time"

	"attune/rituals"
)

// Where an answer asked for it, whoever reads it may say back what they heard, and its
// writer says whether that is it: once, and if it was almost, once more. Nothing waits
// for it, and a day after its evening it rests.

// mirrorFor is how long after an evening the answers to it can be said back.
const mirrorFor = 24 * time.Hour

// mirror is one member saying back what another wrote.
type mirror struct {
	step, heard    *rituals.Step // heard is nil if nothing is asked about it
	author, reader *rituals.Member
}

// again ends the keys of the second round.
const again = ".again"

// said is the step of the reader's words, of a round.
func (m *mirror) said(round string) string { return m.step.ID + "." + id(m.author.ID) + round }

// asked is the step of what the author answers to them.
func (m *mirror) asked(round string) string { return m.heard.ID + "." + id(m.reader.ID) + round }

// stepAfter returns the step of that kind which comes after the reveal, or nil.
func stepAfter(c *rituals.CheckIn, kind rituals.StepKind) *rituals.Step {
	i := slices.IndexFunc(c.Ritual.Steps, func(s rituals.Step) bool { return s.Kind == kind })
	if i < 0 {
		return nil
	}
	return &c.Ritual.Steps[i]
}

// mirror returns how a reader may say back what an author wrote; nil if that was not
// asked for, or is over.
func (d *decision) mirror(c *rituals.CheckIn, author, reader rituals.MemberID) *mirror {
	m := &mirror{step: stepAfter(c, rituals.Mirror), heard: stepAfter(c, rituals.Heard),
		author: d.s.MemberBy(author), reader: d.s.MemberBy(reader)}
	switch {
	case m.step == nil || m.author == nil || m.reader == nil || author == reader:
		return nil
	case c.State != rituals.Kept || !d.s.Couple.Complete() || !c.AsksFor(author, m.step):
		return nil
	case !d.now.Before(latest(c.Closes, c.Morning).Add(mirrorFor)):
		return nil
	}
	return m
}

// round returns the round in which the reader may say something: "", or again, and
// whether there is one.
func (d *decision) round(c *rituals.CheckIn, m *mirror) (string, bool) {
	if c.Reply(m.reader.ID, m.said("")) == nil {
		return "", true
	}
	if m.heard == nil || c.Reply(m.reader.ID, m.said(again)) != nil {
		return "", false
	}
	r := c.Reply(m.author.ID, m.asked(""))
	if r == nil {
		return "", false
	}
	o := m.heard.Option(r.Choice)
	return again, o != nil && o.Act == rituals.ActAgain
}

// mirrorChoices are the buttons under what opened by which a reader says back what
// others wrote; where all read it, reader is 0.
func (d *decision) mirrorChoices(c *rituals.CheckIn, reader rituals.MemberID, language string) [][]rituals.Choice {
	step := stepAfter(c, rituals.Mirror)
	if step == nil {
		return nil
	}
	var rows [][]rituals.Choice
	for i := range d.s.Members {
		o := &d.s.Members[i]
		if o.ID == reader || !c.AsksFor(o.ID, step) {
			continue
		}
		b := rituals.Choice{Label: step.Label.In(language), Action: action(doMirror, id(c.ID), id(o.ID))}
		if len(d.s.Members) > 2 || reader == 0 {
			b.Label += ": " + o.Name
		}
		if reader == 0 {
			b.Action, b.Form = action(doForm, id(c.ID), step.ID, id(o.ID)), true
		}
		rows = append(rows, []rituals.Choice{b})
	}
	return rows
}

// mirrorTap settles that who acted would like to say back what they heard.
func (d *decision) mirrorTap(c *rituals.CheckIn, a parsedAction) {
	v := d.voice(d.me)
	if a.arg(2) == neverMind {
		d.unask(c)
		d.toast(v.Say("cancelled"))
		return
	}
	m, round, ok := d.mayMirror(c, parseID[rituals.MemberID](a.arg(1)))
	if !ok || d.justAsked(c, m.said(round)) {
		return
	}
	d.askAfter(c, m.said(round), d.mirrorText(m, round), action(doMirror, id(c.ID), id(m.author.ID), neverMind))
}

// mayMirror returns how who acted says back what an author wrote, and in which round;
// if they cannot it says so.
func (d *decision) mayMirror(c *rituals.CheckIn, author rituals.MemberID) (*mirror, string, bool) {
	v := d.voice(d.me)
	m := d.mirror(c, author, d.me.ID)
	switch {
	case m == nil && author == d.me.ID:
		d.toast(v.Say("named.other"))
		return nil, "", false
	case m == nil:
		d.toast(v.Say("passed"))
		return nil, "", false
	}
	round, ok := d.round(c, m)
	switch {
	case ok:
	case m.heard != nil && c.Reply(author, m.asked("")) != nil && c.Reply(d.me.ID, m.said(again)) == nil:
		d.toast(v.Say("passed")) // that was it already
	default:
		d.toast(v.Say("sent.short"))
	}
	return m, round, ok
}

// mirrorText is what a reader is asked.
func (d *decision) mirrorText(m *mirror, round string) string {
	if round == again {
		return d.voice(m.reader).Say("mirror.again", "partner", m.author.Name)
	}
	return rituals.Fill(m.step.Text.In(m.reader.Language), "partner", m.author.Name, "me", m.reader.Name)
}

// askAfter asks who acted for words that go to another, with a way out.
func (d *decision) askAfter(c *rituals.CheckIn, key, text, out string) {
	v := d.voice(d.me)
	d.me.Asked = rituals.Asked{CheckIn: c.ID, Step: key, At: d.now}
	d.touchMember(d.me)
	d.say(d.me, rituals.Message{
		Key:     askKey(c, key, id(d.me.ID)+"/"+d.cause()),
		Blocks:  paragraphs(text),
		Choices: [][]rituals.Choice{{{Label: v.Say("never.mind"), Action: out}}},
		Input:   form(v),
		CheckIn: c.ID,
	})
}

// added returns the reply to a step with the event's words added, if they belong to it:
// it was asked for, or they follow those before within a minute.
func (d *decision) added(c *rituals.CheckIn, key string, asked rituals.Asked) (rituals.Reply, bool) {
	r := rituals.Reply{Step: key, Member: d.me.ID}
	if old := c.Reply(d.me.ID, key); old != nil {
		if len(old.Words) > 0 && !asked.At.After(old.At) && d.now.Sub(old.At) > burst {
			return r, false
		}
		r = *old
	}
	r.Words = append(slices.Clone(r.Words), d.source())
	return r, true
}

// mirrored settles words that say back what was heard: they go to whose answer it was,
// who is asked whether that is it.
func (d *decision) mirrored(c *rituals.CheckIn, asked rituals.Asked) {
	m, round := d.mirrorOf(c, asked.Step)
	if m == nil {
		d.stray()
		return
	}
	open, ok := d.round(c, m)
	fresh := ok && open == round
	r, goesOn := d.added(c, asked.Step, asked)
	if !goesOn || (!fresh && len(r.Words) == 1) || (!fresh && d.event.ReplyTo != "") {
		d.unasked()
		return
	}
	d.reply(c, r)
	v := d.voice(d.me)
	if !fresh {
		d.passTo(c, m.author, d.event.Text, d.event.Media, "", nil)
		d.tell(d.me, v.Say("sent", "partner", m.author.Name))
		return
	}
	question, choices := d.isThatIt(c, m, round)
	d.passTo(c, m.author, d.event.Text, d.event.Media, question, choices)
	sent := v.Say("sent", "partner", m.author.Name)
	if round == again {
		sent = v.Say("mirror.rest.reader", "partner", m.author.Name)
	}
	d.tell(d.me, sent)
}

// mirrorOf reads the key of a reader's words: whose answer who acted says back, and in
// which round; nil if they cannot.
func (d *decision) mirrorOf(c *rituals.CheckIn, key string) (*mirror, string) {
	for _, o := range d.others(d.me) {
		m := d.mirror(c, o.ID, d.me.ID)
		for _, round := range []string{"", again} {
			if m != nil && m.said(round) == key {
				return m, round
			}
		}
	}
	return nil, ""
}

// passTo says to one of the others what who acted wrote, with a question and buttons
// under it: in the place, if there is one.
func (d *decision) passTo(c *rituals.CheckIn, to *rituals.Member, text string, media []rituals.Media, question string, choices [][]rituals.Choice) {
	all := d.passed(d.readsIn(to), text, media)
	if question != "" || choices != nil {
		if text == "" {
			all = append(all, rituals.Message{From: d.me.ID})
		}
		under := &all[0]
		if text == "" {
			under = &all[len(all)-1]
		}
		under.Blocks = append(under.Blocks, paragraphs(question)...)
		under.Choices = choices
	}
	for _, m := range all {
		m.CheckIn = c.ID
		d.sayOpenly(to, m)
	}
}
