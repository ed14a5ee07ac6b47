package host

import (
	"slices"
	"strings"

	"attune/rituals"
)

// In a place the questions of a stage are asked in a form, which is seen by who
// answers alone: what is typed in the chat itself is no answer.

// formAction is what opens a member's form of a check-in: the way through it that
// they have taken, if there are several.
func formAction(c *rituals.CheckIn, m rituals.MemberID) string {
	for i := range c.Ritual.Steps {
		s := &c.Ritual.Steps[i]
		if !turn(s) {
			continue
		}
		if r := c.Reply(m, s.ID); r != nil && r.Choice != "" {
			return action(doForm, id(c.ID), s.ID, r.Choice)
		}
		return action(doForm, id(c.ID), s.ID, wayOf(s))
	}
	return action(doForm, id(c.ID))
}

// turn reports whether a step is where the ways through a ritual part: in a place
// its options stand under the question, and are no field of a form.
func turn(s *rituals.Step) bool {
	return s.Kind == rituals.Choose && s.Aside && len(s.When) == 0
}

// wayOf is the option of a turn that simply goes on.
func wayOf(s *rituals.Step) string {
	for _, o := range s.Options {
		if o.Act == "" {
			return o.ID
		}
	}
	return ""
}

// formTap opens a form. In a chat of one's own there is none: the tap is an answer
// there, or comes back to the question.
func (d *decision) formTap(c *rituals.CheckIn, a parsedAction) {
	step := c.Ritual.Step(a.arg(1))
	reveal := step != nil && step.Kind == rituals.Reveal
	switch {
	case reveal && (d.event.Private || c.State != rituals.Kept):
		d.back(c, a)
	case reveal && d.theirs(c):
	case reveal:
		d.answer.Form = &rituals.Form{
			Action: action(doForm, a.args...),
			Title:  step.Option(a.arg(2)).Label.In(d.me.Language),
			Fields: []rituals.Field{{ID: step.ID, Text: d.voice(d.me).Say("write.back", "partner", d.partner(d.me))}},
		}
	case !d.mayChange(c):
		d.over(c, false)
	case d.event.Private && step != nil && !chose(c, d.me.ID, a):
		d.answerTap(c, a)
	case d.event.Private:
		d.rejoin(c)
	default:
		d.answer.Form = &rituals.Form{
			Action: action(doForm, a.args...),
			Title:  c.Ritual.Title.In(d.me.Language),
			Fields: d.fields(c, a),
		}
	}
}

// chose reports whether a member has answered what a tap on a turn would.
func chose(c *rituals.CheckIn, m rituals.MemberID, a parsedAction) bool {
	r := c.Reply(m, a.arg(1))
	return r != nil && r.Choice == a.arg(2)
}

// fields are the questions of the stage that who acted is in, on the way that the
// tap has taken, with what they have answered so far; as many as a form holds, those
// without an answer first.
func (d *decision) fields(c *rituals.CheckIn, a parsedAction) []rituals.Field {
	all := d.questions(c, a)
	if len(all) <= rituals.MostFields {
		return all
	}
	open := slices.DeleteFunc(slices.Clone(all), func(f rituals.Field) bool { return c.Reply(d.me.ID, f.ID) != nil })
	if len(open) > 0 {
		all = open
	}
	return all[:min(len(all), rituals.MostFields)]
}

// questions are all questions of the stage, on the way that the tap has taken.
func (d *decision) questions(c *rituals.CheckIn, a parsedAction) []rituals.Field {
	k := c.Clone()
	if s := k.Ritual.Step(a.arg(1)); s != nil && s.Option(a.arg(2)) != nil {
		k.Put(rituals.Reply{Step: s.ID, Member: d.me.ID, Choice: a.arg(2)})
	}
	var all []rituals.Field
	in := func(step string) bool {
		return slices.ContainsFunc(all, func(f rituals.Field) bool { return f.ID == step })
	}
	for i := range k.Ritual.Steps {
		s := &k.Ritual.Steps[i]
		if s.Kind == rituals.Reveal {
			break
		}
		// A condition on another field of the form may be met once it is filled in.
		if !s.Question() || turn(s) || slices.ContainsFunc(s.When, func(w rituals.When) bool { return !in(w.Step) && !k.Met(d.me.ID, w) }) {
			continue
		}
		all = append(all, d.field(k, s))
	}
	return all
}

// field is one question as a field of a form.
func (d *decision) field(c *rituals.CheckIn, s *rituals.Step) rituals.Field {
	f := rituals.Field{ID: s.ID, Text: d.asksFor(c, d.me, s, d.me.Language), Many: s.Kind == rituals.Check}
	for _, o := range s.Choices() {
		f.Options = append(f.Options, rituals.Pick{ID: o.ID, Label: d.labelOf(c, d.me, &o, d.me.Language)})
	}
	if r := c.Reply(d.me.ID, s.ID); r != nil {
		f.Value = r.Text()
		if s.Kind == rituals.Check {
			f.Value = strings.Join(r.Ticks(s), ",")
		} else if f.Options != nil {
			f.Value = r.Choice
		}
	}
	return f
}

// filled settles a form that was sent: an answer for each field that has one, and
// what has none is passed over.
func (d *decision) filled(a parsedAction) {
	c := d.checkInBy(a.checkIn())
	if d.me == nil || c == nil {
		d.toast(d.voice(d.me).Say("passed"))
		return
	}
	step := c.Ritual.Step(a.arg(1))
	if step != nil && step.Kind == rituals.Reveal {
		d.filledBack(c)
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
	s := c.Ritual.Step(e.Field)
	if s == nil || !s.Question() || turn(s) {
		return
	}
	old := c.Reply(d.me.ID, s.ID)
	text := clip(e.Value, maxWords)
	switch {
	case text == "" && old == nil && !c.Holds(d.me.ID, s):
	case text == "" && old != nil && len(old.Media()) > 0 && old.Text() == "": // a picture, which no form shows
	case text == "":
		d.reply(c, rituals.Reply{Step: s.ID, Member: d.me.ID, Skipped: true})
	case s.Kind == rituals.Check:
		d.reply(c, pickedReply(d.me.ID, s, text))
	case len(s.Choices()) > 0:
		if s.Option(text) != nil && (old == nil || old.Choice != text) {
			d.reply(c, rituals.Reply{Step: s.ID, Member: d.me.ID, Choice: text})
		}
	case old != nil && old.Text() == text:
	default:
		r := rituals.Reply{Step: s.ID, Member: d.me.ID, Words: []rituals.Words{{Source: d.event.Source, Text: text}}}
		if old != nil {
			r.Words[0].Media = old.Media()
		}
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

// see shows who acted their own answers.
func (d *decision) see(c *rituals.CheckIn) {
	v := d.voice(d.me)
	var blocks []rituals.Block
	for i := range c.Ritual.Steps {
		s := &c.Ritual.Steps[i]
		r := c.Reply(d.me.ID, s.ID)
		if s.Aside || !s.Question() || r == nil || r.Empty() || !c.Holds(d.me.ID, s) {
			continue
		}
		b := rituals.Block{Kind: rituals.Quote, Text: joinLines(d.tappedText(c, d.me, s, r, d.me.Language), wordsOfReply(r, d.me.Language))}
		blocks = append(blocks, rituals.Block{Kind: rituals.Heading, Text: d.asksFor(c, d.me, s, d.me.Language)}, b)
		if r.Mine {
			blocks = append(blocks, rituals.Para(v.Say("notes.mine")))
		}
	}
	m := rituals.Message{Blocks: blocks}
	if blocks == nil {
		m.Blocks = paragraphs(v.Say("kept.nothing"))
	}
	if d.mayChange(c) {
		m.Choices = [][]rituals.Choice{d.changes(c)}
	}
	d.say(d.me, m)
}

// changes are the buttons by which who acted can change what they answered.
func (d *decision) changes(c *rituals.CheckIn) []rituals.Choice {
	v := d.voice(d.me)
	change := rituals.Choice{Label: v.Say("change"), Action: action(doChange, id(c.ID))}
	if a := parseAction(formAction(c, d.me.ID)); d.event.Aside && len(d.questions(c, a)) <= rituals.MostFields {
		change.Action, change.Form = formAction(c, d.me.ID), true
	}
	row := []rituals.Choice{change}
	if d.shared(c, d.me.ID) {
		row = append(row, rituals.Choice{Label: v.Say("mine"), Action: action(doMine, id(c.ID))})
	}
	return row
}
