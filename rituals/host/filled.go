package host

import (
	"strings"

	"attune/rituals"
)

// filled settles a form that was sent: an answer for each field that has one, and
// what has none is passed over.
func (d *decision) filled(a parsedAction) {
	c := d.checkInBy(parseID[rituals.CheckInID](a.arg(0)))
	if d.me == nil || c == nil {
		d.toast(d.voice(d.me).Say("passed"))
		return
	}
	step := c.Ritual.Step(a.arg(1))
	switch {
	case step == nil || !after(step):
	case step.Kind == rituals.Reveal:
		d.filledBack(c)
		return
	default:
		d.filledAfter(c, step, a)
		return
	}
	if !d.mayChange(c) {
		d.filledLate(c)
		return
	}
	if !c.Begun(d.me.ID) {
		d.cancel(nudgeName(c, d.me.ID), laterName(c, d.me.ID))
	}
	w := c.Walk(d.me.ID)
	w.Left, w.Done = false, false
	d.touch(c)
	if step != nil && step.Option(a.arg(2)) != nil {
		d.reply(c, rituals.Reply{Step: step.ID, Member: d.me.ID, Choice: a.arg(2)})
	}
	for _, e := range d.event.Entries {
		d.entry(c, e)
	}
	if c.At(d.me.ID) != nil {
		d.goOnWith(c)
		return
	}
	d.arrive(c, false)
}

// entry settles one field.
func (d *decision) entry(c *rituals.CheckIn, e rituals.Entry) {
	s := c.Ritual.Step(stepOf(e.Field))
	if s == nil || !s.Question() || turn(s) {
		return
	}
	old := c.Reply(d.me.ID, s.ID)
	text := clip(e.Value, maxWords)
	switch {
	case e.Field == s.ID+tapped:
		d.tapEntry(c, s, text)
	case text == "" && old == nil && !c.Holds(d.me.ID, s):
	case text == "" && old != nil && len(old.Media()) > 0 && old.Text() == "": // a picture, which no form shows
	case text == "" && old != nil && s.Kind == rituals.Ask && option(s, old.Choice) != nil:
		d.reply(c, rituals.Reply{Step: s.ID, Member: d.me.ID, Choice: old.Choice})
	case text == "":
		d.reply(c, rituals.Reply{Step: s.ID, Member: d.me.ID, Skipped: true})
	case s.Kind == rituals.Check:
		d.reply(c, pickedReply(d.me.ID, s, text))
	case s.Kind != rituals.Ask && len(s.Choices()) > 0:
		if s.Option(text) != nil && (old == nil || old.Choice != text) {
			d.reply(c, rituals.Reply{Step: s.ID, Member: d.me.ID, Choice: text})
		}
	case old != nil && old.Text() == text:
	default:
		r := rituals.Reply{Step: s.ID, Member: d.me.ID, Words: []rituals.Words{{Source: d.event.Source, Text: text}}}
		if old != nil {
			r.Words[0].Media, r.Choice = old.Media(), old.Choice
		}
		d.reply(c, r)
	}
}

// tapEntry settles the field for what can be tapped in place of words. Words stay as
// they are.
func (d *decision) tapEntry(c *rituals.CheckIn, s *rituals.Step, choice string) {
	r := rituals.Reply{Step: s.ID, Member: d.me.ID}
	if old := c.Reply(d.me.ID, s.ID); old != nil {
		r = *old
	}
	switch {
	case choice == r.Choice:
	case choice == "" && s.Option(r.Choice) != nil, s.Option(choice) != nil:
		r.Choice, r.Skipped = choice, false
		d.reply(c, r)
	}
}

// goOnWith offers the rest of the questions, which one form had no room for.
func (d *decision) goOnWith(c *rituals.CheckIn) {
	v := d.voice(d.me)
	d.tell(d.me, v.Say("kept.more"), []rituals.Choice{{Label: v.Say("go.on"), Action: formAction(c, d.me.ID), Form: true}})
}

// filledLate settles a form that comes when its evening has passed: the words in it
// are held, as all are that no question asks for.
func (d *decision) filledLate(c *rituals.CheckIn) {
	v := d.voice(d.me)
	var words []string
	for _, e := range d.event.Entries {
		if s := c.Ritual.Step(e.Field); s != nil && s.Asks() && e.Value != "" {
			words = append(words, e.Value)
		}
	}
	if words == nil || !d.s.Couple.Complete() {
		d.toast(v.Say("passed"))
		return
	}
	d.event.Text = strings.Join(words, "\n")
	d.hold(v.Say("passed") + "\n\n" + v.Say("stray"))
}

// filledBack passes words on that answer what opened.
func (d *decision) filledBack(c *rituals.CheckIn) {
	text := ""
	for _, e := range d.event.Entries {
		text += e.Value
	}
	if d.event.Text = clip(text, maxWords); d.event.Text == "" {
		d.toast(d.voice(d.me).Say("cancelled"))
		return
	}
	d.me.Asked = rituals.Asked{CheckIn: c.ID, Step: c.Ritual.RevealStep().ID, At: d.now}
	d.writeBack(c)
	d.unask(c)
}
