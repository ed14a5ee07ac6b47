package host

import (
	"slices"
	"strings"
	"time"

	"attune/rituals"
)

// Later is how far a member's own prompt moves when they tap [Later].
const later = 45 * time.Minute

// askKey is the key of the message that says a question. Words that reply to the
// message find the question by it.
func askKey(c *rituals.CheckIn, step, cause string) string {
	return "ask/" + id(c.ID) + "/" + step + "/" + cause
}

// parseAskKey reads what askKey wrote.
func parseAskKey(key string) (rituals.Asked, bool) {
	parts := strings.SplitN(key, "/", 4)
	if len(parts) != 4 || parts[0] != "ask" {
		return rituals.Asked{}, false
	}
	return rituals.Asked{CheckIn: parseID[rituals.CheckInID](parts[1]), Step: parts[2]}, true
}

// fill puts in what a ritual's text leaves open for its reader.
func (d *decision) fill(t rituals.Text, m *rituals.Member, c *rituals.CheckIn) string {
	v := d.voice(m)
	return rituals.Fill(t.In(m.Language),
		"me", m.Name,
		"partner", d.partner(m),
		"time", clock(d.wall(m)),
		"day", v.Weekday(int(c.Day.Weekday())))
}

// ask says to a member the question they stand at, with what can be tapped in
// answer. Steps that only say something come with the next question.
func (d *decision) ask(c *rituals.CheckIn, m *rituals.Member, s *rituals.Step, before ...rituals.Block) {
	blocks := append(before, d.sayings(c, m, s)...)
	blocks = append(blocks, paragraphs(d.fill(s.Text, m, c))...)
	msg := rituals.Message{
		Key:     askKey(c, s.ID, id(m.ID)+"/"+d.cause()),
		Blocks:  blocks,
		Choices: d.choices(c, m, s),
		CheckIn: c.ID,
	}
	if s.Kind == rituals.Ask {
		msg.Input = &rituals.Input{}
	}
	if !d.caused(m.ID) {
		msg.Until = c.Closes
	}
	d.say(m, msg)
	m.Asked = rituals.Asked{CheckIn: c.ID, Step: s.ID, At: d.now}
	d.touchMember(m)
}

// sayings returns what say steps between the last question and s have to say; nil
// is the end.
func (d *decision) sayings(c *rituals.CheckIn, m *rituals.Member, s *rituals.Step) []rituals.Block {
	var blocks []rituals.Block
	for i := range c.Ritual.Steps {
		t := &c.Ritual.Steps[i]
		if s != nil && t.ID == s.ID {
			break
		}
		switch {
		case t.Question() && c.Holds(m.ID, t):
			blocks = nil
		case t.Kind == rituals.Say && c.Holds(m.ID, t):
			blocks = append(blocks, paragraphs(d.fill(t.Text, m, c))...)
		}
	}
	return blocks
}

// choices returns the buttons under a question: its options, a way past it, and,
// once something was answered, a way out.
func (d *decision) choices(c *rituals.CheckIn, m *rituals.Member, s *rituals.Step) [][]rituals.Choice {
	var options, out []rituals.Choice
	for _, o := range s.Choices() {
		options = append(options, rituals.Choice{
			Label:  o.Label.In(m.Language),
			Action: action(doAnswer, id(c.ID), s.ID, o.ID),
		})
	}
	if s.Kind == rituals.Ask {
		skip := s.Skip.In(m.Language)
		if skip == "" {
			skip = d.voice(m).Say("skip")
		}
		out = append(out, rituals.Choice{Label: skip, Action: action(doSkip, id(c.ID), s.ID)})
	}
	if d.shared(c, m.ID) && d.more(c, m.ID, s) {
		out = append(out, rituals.Choice{Label: d.voice(m).Say("all"), Action: action(doAll, id(c.ID))})
	}
	var rows [][]rituals.Choice
	per := 3
	if s.Kind == rituals.Mood {
		per = len(options)
	}
	for len(options) > 0 {
		n := min(per, len(options))
		rows = append(rows, options[:n])
		options = options[n:]
	}
	if len(out) > 0 {
		rows = append(rows, out)
	}
	return rows
}

// shared reports whether a member has answered something that would open.
func (d *decision) shared(c *rituals.CheckIn, m rituals.MemberID) bool { return len(c.Shown(m)) > 0 }

// more reports whether a question would follow s if it were passed over.
func (d *decision) more(c *rituals.CheckIn, m rituals.MemberID, s *rituals.Step) bool {
	after := c.Clone()
	after.Put(rituals.Reply{Step: s.ID, Member: m, Skipped: true})
	return after.At(m) != nil
}

// answerTap settles a tap on one of a question's options.
func (d *decision) answerTap(c *rituals.CheckIn, a parsedAction) {
	v := d.voice(d.me)
	s := c.Ritual.Step(a.arg(1))
	if s == nil || !s.Question() || !d.mayChange(c) {
		d.over(c)
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
func (d *decision) over(c *rituals.CheckIn) {
	just := slices.ContainsFunc(c.Replies, func(r rituals.Reply) bool {
		return r.Member == d.me.ID && d.now.Sub(r.At) < time.Minute
	})
	if c.State == rituals.Kept && just {
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
	at := d.now.Add(later)
	if !at.Before(w.Closes) {
		d.tell(d.me, d.voice(d.me).Say("later.open"))
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
		d.cancel(nudgeName(c, d.me.ID), laterName(c, d.me.ID))
	}
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
		d.tell(d.me, d.voice(d.me).Say("rest.well"))
		return
	}
	if w.Left {
		w.Left = false
		d.touch(c)
	}
	at := c.At(d.me.ID)
	switch {
	case at != nil && (at != before || before == s):
		d.ask(c, d.me, at)
	case at != nil:
		d.toast(d.voice(d.me).Say("kept.short"))
	case arrived:
		d.toast(d.voice(d.me).Say("kept.short"))
		d.arrive(c, true)
	default:
		d.arrive(c, false)
	}
}

// arrive looks whether the answers can open, and says that they are kept if they
// cannot yet. Quietly, if who acted had arrived before.
func (d *decision) arrive(c *rituals.CheckIn, quietly bool) {
	if !c.Arrived(d.me.ID) {
		return
	}
	d.morning(c)
	if c.Ready(d.s.Members) && d.s.Couple.Complete() {
		if c.Morning.IsZero() {
			d.reveal(c)
			d.askZones(c)
			return
		}
		d.set(rituals.Alarm{Name: revealName(c), Kind: rituals.AlarmReveal, At: c.Morning,
			Ritual: c.Ritual.ID, Day: c.Day, CheckIn: c.ID})
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
	if !d.shared(c, d.me.ID) {
		d.tell(d.me, v.Say("kept.nothing"))
		return
	}
	if c.Ritual.Pairing {
		d.tell(d.me, v.Say("kept.first"))
		return
	}
	d.say(d.me, rituals.Message{
		Blocks: append(d.sayings(c, d.me, c.Ritual.RevealStep()), paragraphs(v.Say("kept"))...),
		Choices: [][]rituals.Choice{{
			{Label: v.Say("change"), Action: action(doChange, id(c.ID))},
			{Label: v.Say("mine"), Action: action(doMine, id(c.ID))},
		}},
		CheckIn: c.ID,
	})
}

// skip settles a tap that passes a question over.
func (d *decision) skip(c *rituals.CheckIn, a parsedAction) {
	s := c.Ritual.Step(a.arg(1))
	if s == nil || !s.Question() || !d.mayChange(c) {
		d.over(c)
		return
	}
	if r := c.Reply(d.me.ID, s.ID); r != nil {
		d.toast(d.voice(d.me).Say("kept.short"))
		return
	}
	d.answered(c, s, rituals.Reply{Step: s.ID, Member: d.me.ID, Skipped: true})
}

// all settles [That's all]: the member has arrived with what they answered.
func (d *decision) all(c *rituals.CheckIn) {
	w := c.Walk(d.me.ID)
	if !d.mayChange(c) {
		d.over(c)
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
