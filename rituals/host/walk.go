package host

import (
	"slices"
	"time"

	"attune/rituals"
)

// later is how far a member's own prompt moves when they tap [Later].
const later = 45 * time.Minute

// answerTap settles a tap on one of a question's options.
func (d *decision) answerTap(c *rituals.CheckIn, a parsedAction) {
	v := d.voice(d.me)
	s := c.Ritual.Step(a.arg(1))
	if s != nil && s.Kind == rituals.Say {
		d.pass(c, s, a.arg(2))
		return
	}
	if s == nil || !s.Question() || !d.changeable(c, s) {
		old := c.Reply(d.me.ID, a.arg(1))
		d.over(c, old != nil && old.Choice == a.arg(2))
		return
	}
	o := s.Option(a.arg(2))
	if o == nil {
		d.toast(v.Say("passed"))
		return
	}
	switch old := c.Reply(d.me.ID, s.ID); {
	case o.Act == rituals.ActLater && c.Arrived(d.me.ID):
		d.toast(v.Say("kept.short"))
		return
	case o.Act == rituals.ActLater:
		d.putOff(c, s)
		return
	case o.Act == rituals.ActLeave && old != nil && old.Choice == o.ID:
		d.toast(v.Say("rest.well"))
		return
	case old != nil && old.Choice == o.ID && !old.Skipped && !old.Mine && !c.Walk(d.me.ID).Left:
		d.toast(v.Say("kept.short"))
		return
	}
	r := rituals.Reply{Step: s.ID, Member: d.me.ID, Choice: o.ID}
	if old := c.Reply(d.me.ID, s.ID); old != nil {
		r.Words = old.Words
	}
	d.answered(c, s, r)
}

// over answers a tap that comes too late. The second half of a double tap, after
// the first has opened everything, is no other than the first.
func (d *decision) over(c *rituals.CheckIn, same bool) {
	just := slices.ContainsFunc(c.Replies, func(r rituals.Reply) bool {
		return r.Member == d.me.ID && d.now.Sub(r.At) < time.Minute
	})
	if c.State == rituals.Kept && same && just {
		d.toast(d.voice(d.me).Say("kept.short"))
		return
	}
	d.toast(d.voice(d.me).Say("passed"))
}

// putOff moves a member's own prompt and cancels their nudge.
func (d *decision) putOff(c *rituals.CheckIn, s *rituals.Step) {
	w := c.Walk(d.me.ID)
	d.cancel(nudgeName(c, d.me.ID))
	if w.Left {
		w.Left = false
		d.touch(c)
		d.reply(c, rituals.Reply{Step: s.ID, Member: d.me.ID})
	}
	d.touchCouple()
	if a := &d.me.Asked; a.CheckIn == c.ID && a.Step == s.ID {
		a.At = time.Time{} // who wants it after all is asked at once
		d.touchMember(d.me)
	}
	at := d.now.Add(later)
	if !at.Before(w.Closes) {
		d.tellOnce("later", c, s.ID, d.voice(d.me).Say("later.open"))
		return
	}
	d.set(rituals.Alarm{Name: laterName(c, d.me.ID), Kind: rituals.AlarmLater, At: at,
		Ritual: c.Ritual.ID, Day: c.Day, Member: d.me.ID, CheckIn: c.ID})
	when := clock(rituals.WallAt(at, d.zone(d.me)))
	d.say(d.me, rituals.Message{
		Key:     laterName(c, d.me.ID) + "/" + when, // tapped twice, said once
		Blocks:  paragraphs(d.voice(d.me).Say("later", "time", when)),
		CheckIn: c.ID,
	})
}

// answered records a reply of who acted and goes on from there: to the next
// question, to the reveal, or to a quiet word that it is kept.
func (d *decision) answered(c *rituals.CheckIn, s *rituals.Step, r rituals.Reply) {
	before, arrived := c.At(d.me.ID), c.Arrived(d.me.ID)
	if !c.Begun(d.me.ID) {
		d.cancel(nudgeName(c, d.me.ID))
	}
	d.cancel(laterName(c, d.me.ID)) // they have come back by themselves
	d.reply(c, r)
	w := c.Walk(d.me.ID)
	if w.Done && s.Aside {
		w.Done = false // another way through: its questions come
		d.touch(c)
	}
	if o := s.Option(r.Choice); o != nil && o.Act == rituals.ActLeave && !r.Skipped {
		w.Left = true
		d.touch(c)
		d.unask(c)
		d.morning(c)
		d.tell(d.me, d.voice(d.me).Say("rest.well"))
		return
	}
	if w.Left {
		w.Left = false
		d.touch(c)
	}
	if d.gather(c, s) {
		return
	}
	if o := s.Option(r.Choice); o != nil && o.Act == rituals.ActBegin && !r.Skipped {
		defer d.ritualTap(parseAction(action(doBegin, o.Ritual)))
	}
	at := c.At(d.me.ID)
	switch {
	case at != nil && (at != before || before == s || c.Ritual.Before(at, s)):
		d.ask(c, d.me, at)
	case at != nil:
		d.toast(d.voice(d.me).Say("kept.short"))
	case arrived:
		if !c.Given() { // they are shown it as it stands
			d.toast(d.voice(d.me).Say("kept.short"))
		}
		d.arrive(c, true)
	default:
		d.arrive(c, false)
	}
}

// arrive looks whether the answers can open, and says that they are kept if they
// cannot yet. Quietly, if who acted had arrived before.
func (d *decision) arrive(c *rituals.CheckIn, quietly bool) {
	switch {
	case !c.Arrived(d.me.ID) || c.State != rituals.Open:
		return
	case c.Given():
		d.give(c, quietly)
		return
	}
	d.morning(c)
	if c.Morning.IsZero() && c.Ready(d.s.Members) && d.s.Couple.Complete() {
		d.reveal(c)
		d.askZones(c)
		return
	}
	if !quietly {
		d.kept(c)
	}
	d.askZones(c)
}

// kept tells who acted that their answers are kept, and what they can do with
// them until they open.
func (d *decision) kept(c *rituals.CheckIn) {
	v := d.voice(d.me)
	if c.Ritual.Private {
		d.keptAlone(c)
		return
	}
	if c.Gathering(d.me.ID) {
		d.tellOnce("together", c, "", v.Say("together.wait"))
		return
	}
	if c.Given() {
		d.give(c, true)
		return
	}
	if !d.shared(c, d.me.ID) {
		d.tell(d.me, v.Say("kept.nothing"))
		return
	}
	if c.Ritual.Pairing {
		d.tell(d.me, v.Say("kept.first"))
		return
	}
	text := v.Say("kept")
	if step := c.Ritual.RevealStep(); step != nil && step.Mutual {
		text = v.Say("kept.mutual")
	}
	if d.wantsMorning(c, d.me.ID) {
		text = v.Say("kept.morning")
	}
	d.say(d.me, rituals.Message{
		Blocks:  append(d.sayings(c, d.me, c.Ritual.RevealStep()), paragraphs(text)...),
		Choices: slices.Concat([][]rituals.Choice{d.keptChoices(c)}, d.morningChoice(c), d.writeRow(c), d.aloneToday()),
		CheckIn: c.ID,
	})
}

// keptChoices are the buttons under what is kept. Where the answers are not in the
// chat above, they can be seen first.
func (d *decision) keptChoices(c *rituals.CheckIn) []rituals.Choice {
	if !d.event.Aside {
		return d.changes(c)
	}
	return []rituals.Choice{
		{Label: d.voice(d.me).Say("see.mine"), Action: action(doSee, id(c.ID))},
		d.changes(c)[0],
	}
}

// skip settles a tap that passes a question over.
func (d *decision) skip(c *rituals.CheckIn, a parsedAction) {
	s := c.Ritual.Step(a.arg(1))
	if s == nil || !s.Question() || !d.changeable(c, s) {
		old := c.Reply(d.me.ID, a.arg(1))
		d.over(c, old != nil && old.Skipped)
		return
	}
	if r := c.Reply(d.me.ID, s.ID); r != nil && !r.Ticking() {
		if d.me.Asked.Step == s.ID {
			d.unask(c) // [Change], and then rather not
		}
		d.toast(d.voice(d.me).Say("kept.short"))
		return
	}
	d.answered(c, s, rituals.Reply{Step: s.ID, Member: d.me.ID, Skipped: true})
}

// all settles [That's all]: the member has arrived with what they answered.
func (d *decision) all(c *rituals.CheckIn) {
	w := c.Walk(d.me.ID)
	if !d.mayChange(c) {
		d.over(c, w != nil && w.Done)
		return
	}
	if c.Arrived(d.me.ID) {
		d.toast(d.voice(d.me).Say("kept.short"))
		return
	}
	w.Done = true
	d.touch(c)
	d.unask(c)
	d.arrive(c, false)
}

// unask forgets that a question of the check-in was asked last: words that come
// after are not an answer to it.
func (d *decision) unask(c *rituals.CheckIn) {
	if d.me.Asked.CheckIn == c.ID {
		d.me.Asked = rituals.Asked{}
		d.touchMember(d.me)
	}
}
