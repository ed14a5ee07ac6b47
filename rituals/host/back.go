package host

import (
	"slices"

	"attune/rituals"
)

// What goes back to the other once the answers have opened: one tap, or words.

// repliesTo are the buttons under what opened: one tap that goes back, and saying back
// what was heard. Where all read them, reader is 0, and words to pass on are asked for in
// a form.
func (d *decision) repliesTo(c *rituals.CheckIn, reader rituals.MemberID, language string) [][]rituals.Choice {
	step := c.Ritual.RevealStep()
	var row []rituals.Choice
	for _, o := range step.Options {
		b := rituals.Choice{Label: o.Label.In(language), Action: action(doBack, id(c.ID), o.ID)}
		if o.Act == rituals.ActWrite && d.place() != nil {
			b.Action, b.Form = action(doForm, id(c.ID), step.ID, o.ID), true
		}
		row = append(row, b)
	}
	return append(sideBySide(row), d.mirrorChoices(c, reader, language)...)
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
	r := rituals.Reply{Step: step.ID + "." + o.ID, Member: d.me.ID, Choice: o.ID}
	if o.Act == rituals.ActTogether {
		d.listen(c, r)
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
	if c.Reply(d.me.ID, r.Step) != nil {
		d.toast(v.Say("sent.short"))
		return
	}
	d.reply(c, r)
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
