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
	case step != nil && step.Kind == rituals.Mirror && d.event.Private:
		d.mirrorTap(c, parsedAction{doMirror, []string{a.arg(0), a.arg(2)}})
	case step != nil && step.Kind == rituals.Heard && d.event.Private:
		if o := step.Act(rituals.ActAgain); o != nil {
			d.heardTap(c, parsedAction{doHeard, []string{a.arg(0), a.arg(2), o.ID}})
		}
	case step != nil && after(step) && !reveal:
		d.afterForm(c, step, a)
	case reveal && (d.event.Private || c.State != rituals.Kept):
		d.back(c, a)
	case reveal && d.theirs(c):
	case reveal:
		d.answer.Form = &rituals.Form{
			Action: action(doForm, a.args...),
			Title:  step.Option(a.arg(2)).Label.In(d.me.Language),
			Fields: []rituals.Field{{ID: step.ID, Text: d.voice(d.me).Say("write.back", "partner", d.partner(d.me))}},
		}
	case !d.mayChange(c) && len(d.waiting(c, d.me.ID)) > 0:
		d.change(c, parsedAction{doChange, a.args[:1]})
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
	open := slices.DeleteFunc(slices.Clone(all), func(f rituals.Field) bool { return c.Reply(d.me.ID, stepOf(f.ID)) != nil })
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
		if s.Kind == rituals.Ask && len(s.Options) > 0 {
			all = append(all, d.tapField(k, s))
		}
		all = append(all, d.field(k, s))
	}
	return all
}

// tapped ends the id of the field that takes one tap for an answer in words.
const tapped = ".tap"

// tapField is the field for what can be tapped in place of words.
func (d *decision) tapField(c *rituals.CheckIn, s *rituals.Step) rituals.Field {
	f := rituals.Field{ID: s.ID + tapped, Text: d.fill(s.Text, d.me, c)}
	for _, o := range s.Options {
		f.Options = append(f.Options, rituals.Pick{ID: o.ID, Label: o.Label.In(d.me.Language)})
	}
	if r := c.Reply(d.me.ID, s.ID); r != nil && s.Option(r.Choice) != nil {
		f.Value = r.Choice
	}
	return f
}

// field is one question as a field of a form.
func (d *decision) field(c *rituals.CheckIn, s *rituals.Step) rituals.Field {
	f := rituals.Field{ID: s.ID, Text: d.asksFor(c, d.me, s, d.me.Language), Many: s.Kind == rituals.Check}
	switch {
	case s.Kind != rituals.Ask:
		for _, o := range s.Choices() {
			f.Options = append(f.Options, rituals.Pick{ID: o.ID, Label: d.labelOf(c, d.me, &o, d.me.Language)})
		}
	case len(s.Options) > 0:
		f.Text = d.voice(d.me).Say("in.words")
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
	switch {
	case d.mayChange(c):
		m.Choices = [][]rituals.Choice{d.changes(c)}
	case len(d.waiting(c, d.me.ID)) > 0:
		m.Choices = [][]rituals.Choice{{{Label: v.Say("change.morning"), Action: action(doChange, id(c.ID))}}}
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
