package host

import (
	"strings"

	"attune/rituals"
	"attune/rituals/phrases"
)

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
	now := clock(d.wall(m))
	if c.Ritual.Clock != rituals.ByMember {
		now = d.times(m, d.now)
	}
	partner := d.partner(m)
	if giver := d.giver(c); giver != nil && giver.ID != m.ID {
		partner = giver.Name
	}
	return v.Fill(t.In(m.Language),
		"me", m.Name,
		"partner", partner,
		"time", now,
		"day", v.Weekday(int(c.Day.Weekday())))
}

// fillIn is fill in another language than the reader's: what is said of m is read by
// somebody else.
func (d *decision) fillIn(t rituals.Text, m *rituals.Member, c *rituals.CheckIn, language string) string {
	reads := *m
	reads.Language = language
	return d.fill(t, &reads, c)
}

// ask says to a member the question they stand at, with what can be tapped in
// answer. Steps that only say something come with the next question.
func (d *decision) ask(c *rituals.CheckIn, m *rituals.Member, s *rituals.Step, before ...rituals.Block) {
	msg := d.question(c, m, s, d.mark())
	msg.Key, msg.Blocks = d.saidAs(c, m, s), append(before, msg.Blocks...)
	if !d.caused(m.ID) {
		msg.Until = c.Closes
	}
	d.say(m, msg)
	if s.Optional && c.At(m.ID) == s {
		d.set(rituals.Alarm{Name: settleName(c, m.ID), Kind: rituals.AlarmSettle,
			At: d.now.Add(middle), Ritual: c.Ritual.ID, Day: c.Day, Member: m.ID, CheckIn: c.ID})
	}
	m.Asked = rituals.Asked{CheckIn: c.ID, Step: s.ID, At: d.now}
	d.touchMember(m)
}

// question is the message that asks a member something. Where it changes in place, it
// is found again by that mark.
func (d *decision) question(c *rituals.CheckIn, m *rituals.Member, s *rituals.Step, mark string) rituals.Message {
	msg := rituals.Message{
		Blocks:  append(d.sayings(c, m, s), d.body(c, m, s)...),
		Choices: d.choicesAt(c, m, s, mark),
		CheckIn: c.ID,
	}
	if s.Asks() {
		msg.Input = form(d.voice(m))
	}
	return msg
}

// form asks for words where a platform has a form for them.
func form(v *phrases.Voice) *rituals.Input { return &rituals.Input{Label: v.Say("answer.label")} }

// sayings returns what steps that ask nothing between the last question and s have to say; nil
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
			blocks = append(blocks, d.saying(c, m, t)...)
		case t.Kind == rituals.Draw && c.Holds(m.ID, t):
			blocks = append(blocks, d.body(c, m, t)...)
		}
	}
	return blocks
}

// choices returns the buttons under a question: its options, a way past it, and,
// once something was answered, a way out.
func (d *decision) choices(c *rituals.CheckIn, m *rituals.Member, s *rituals.Step) [][]rituals.Choice {
	return d.choicesAt(c, m, s, d.mark())
}

// choicesAt is choices for a message that can be found again by that mark.
func (d *decision) choicesAt(c *rituals.CheckIn, m *rituals.Member, s *rituals.Step, mark string) [][]rituals.Choice {
	var options, out []rituals.Choice
	per := 3
	switch s.Kind {
	case rituals.Check:
		options, per = d.tickChoices(c, m, s, mark)
		out = append(out, rituals.Choice{Label: d.voice(m).Say("check.done"), Action: action(doTick, id(c.ID), s.ID, allTicked, mark)})
	case rituals.Draw:
		out = d.anotherChoice(c, m, s, mark)
	default:
		for _, o := range s.Choices() {
			options = append(options, rituals.Choice{
				Label:  o.Label.In(m.Language),
				Action: action(doAnswer, id(c.ID), s.ID, o.ID),
			})
		}
	}
	if s.Feelings {
		options = append(options, d.feelChoice(c, m, s))
	}
	if s.Kind == rituals.Mood {
		per = len(options)
	}
	if s.Asks() || len(s.Skip) > 0 {
		skip := s.Skip.In(m.Language)
		if skip == "" {
			skip = d.voice(m).Say("skip")
		}
		out = append(out, rituals.Choice{Label: skip, Action: action(doSkip, id(c.ID), s.ID)})
	}
	if d.shared(c, m.ID) && d.more(c, m.ID, s) {
		out = append(out, rituals.Choice{Label: d.voice(m).Say("all"), Action: action(doAll, id(c.ID))})
	}
	rows := inRows(options, per)
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
