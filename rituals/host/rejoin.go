package host

import (
	"time"

	"attune/rituals"
)

// rejoin comes back to the question a member stands at in an open check-in.
func (d *decision) rejoin(c *rituals.CheckIn) {
	w := c.Walk(d.me.ID)
	if w.Left {
		w.Left = false
		d.touch(c)
		for _, r := range c.Replies {
			if o := c.Ritual.Step(r.Step); r.Member == d.me.ID && o != nil {
				if opt := o.Option(r.Choice); opt != nil && opt.Act == rituals.ActLeave {
					d.reply(c, rituals.Reply{Step: r.Step, Member: d.me.ID})
				}
			}
		}
	}
	s := c.At(d.me.ID)
	p := d.place()
	switch {
	case c.Ritual.OnlySays():
		d.speak(c, d.me, 0)
	case !c.Ritual.Asks():
		d.tellCard(c, d.me)
	case s == nil:
		d.kept(c)
	case c.Given():
		d.askGiver(c, s)
	case p != nil && d.event.Aside:
		d.say(d.me, rituals.Message{Blocks: d.questionHere(p, c, d.whoseHour(c, d.me)), Choices: d.choicesHere(p, c)})
	case !d.justAsked(c, s.ID):
		d.ask(c, d.me, s)
	}
}

// justAsked reports whether a question was said to who acted less than a minute
// ago: it need not be said again.
func (d *decision) justAsked(c *rituals.CheckIn, step string) bool {
	a := d.me.Asked
	return a.CheckIn == c.ID && a.Step == step && d.now.Sub(a.At) < time.Minute
}
