package host

import (
	"attune/rituals"
)

// isThatIt is what an author is asked about words that say back theirs. After the
// second round it rests, whatever the answer.
func (d *decision) isThatIt(c *rituals.CheckIn, m *mirror, round string) (string, [][]rituals.Choice) {
	if m.heard == nil {
		return "", nil
	}
	language := d.readsIn(m.author)
	question := rituals.Fill(m.heard.Text.In(language), "partner", m.reader.Name, "me", m.author.Name)
	if round == again {
		question = d.in(language).Say("mirror.rest")
	}
	var row []rituals.Choice
	for _, o := range m.heard.Options {
		b := rituals.Choice{Label: o.Label.In(language), Action: action(doHeard, id(c.ID), id(m.reader.ID), o.ID)}
		switch {
		case o.Act == rituals.ActAgain && round == again:
			continue
		case o.Act == rituals.ActAgain && d.place() != nil:
			b.Action, b.Form = action(doForm, id(c.ID), m.heard.ID, id(m.reader.ID)), true
		}
		row = append(row, b)
	}
	if row == nil {
		return question, nil
	}
	return question, [][]rituals.Choice{row}
}

// mayHear returns how a reader has said back what who acted wrote, and in which round
// they did last; if there is nothing to answer it says so.
func (d *decision) mayHear(c *rituals.CheckIn, reader rituals.MemberID) (*mirror, string, bool) {
	v := d.voice(d.me)
	if reader == d.me.ID {
		d.toast(v.Say("named.other"))
		return nil, "", false
	}
	m := d.mirror(c, d.me.ID, reader)
	if m == nil || m.heard == nil || c.Reply(reader, m.said("")) == nil {
		d.toast(v.Say("passed"))
		return nil, "", false
	}
	if c.Reply(reader, m.said(again)) != nil {
		return m, again, true
	}
	return m, "", true
}

// heardTap settles whether what was said back is it.
func (d *decision) heardTap(c *rituals.CheckIn, a parsedAction) {
	v := d.voice(d.me)
	if a.arg(2) == neverMind {
		d.unask(c)
		d.toast(v.Say("cancelled"))
		return
	}
	m, round, ok := d.mayHear(c, parseID[rituals.MemberID](a.arg(1)))
	if !ok {
		return
	}
	o := m.heard.Option(a.arg(2))
	if o == nil || (o.Act == rituals.ActAgain && round == again) {
		d.toast(v.Say("passed"))
		return
	}
	d.toast(v.Say("sent.short"))
	if !d.hear(c, m, round, o) || o.Act != rituals.ActAgain {
		return
	}
	d.askAfter(c, m.asked(""), v.Say("heard.piece", "partner", m.reader.Name),
		action(doHeard, id(c.ID), id(m.reader.ID), neverMind))
}

// hear records the author's answer and passes it on. It reports false if it is the one
// they gave before.
func (d *decision) hear(c *rituals.CheckIn, m *mirror, round string, o *rituals.Option) bool {
	old := c.Reply(d.me.ID, m.asked(round))
	if old != nil && old.Choice == o.ID {
		return false
	}
	r := rituals.Reply{Step: m.asked(round), Member: d.me.ID, Choice: o.ID}
	if old != nil {
		r.Words = old.Words
	}
	d.reply(c, r)
	d.passTo(c, m.reader, o.Label.In(d.readsIn(m.reader)), nil, "", d.onceMore(c, m))
	return true
}

// onceMore is the button by which a reader says back the piece that was missing, if
// there is a round for it.
func (d *decision) onceMore(c *rituals.CheckIn, m *mirror) [][]rituals.Choice {
	if round, ok := d.round(c, m); !ok || round != again {
		return nil
	}
	b := rituals.Choice{Label: d.in(d.readsIn(m.reader)).Say("mirror.more"), Action: action(doMirror, id(c.ID), id(m.author.ID))}
	if d.place() != nil {
		b.Action, b.Form = action(doForm, id(c.ID), m.step.ID, id(m.author.ID)), true
	}
	return [][]rituals.Choice{{b}}
}

// piece settles words that say what was missing.
func (d *decision) piece(c *rituals.CheckIn, asked rituals.Asked) {
	var m *mirror
	for _, o := range d.others(d.me) {
		if k := d.mirror(c, d.me.ID, o.ID); k != nil && k.heard != nil && k.asked("") == asked.Step {
			m = k
		}
	}
	if m == nil || c.Reply(d.me.ID, asked.Step) == nil {
		d.stray()
		return
	}
	r, goesOn := d.added(c, asked.Step, asked)
	if !goesOn {
		d.unasked()
		return
	}
	d.reply(c, r)
	d.passTo(c, m.reader, d.event.Text, d.event.Media, "", d.onceMore(c, m))
	d.tell(d.me, d.voice(d.me).Say("sent", "partner", m.reader.Name))
}

// afterForm opens the form for words that go back after the reveal: what was heard, or
// what was missing.
func (d *decision) afterForm(c *rituals.CheckIn, step *rituals.Step, a parsedAction) {
	f := rituals.Form{Action: action(doForm, a.args...)}
	who := parseID[rituals.MemberID](a.arg(2))
	if step.Kind == rituals.Mirror {
		m, round, ok := d.mayMirror(c, who)
		if !ok {
			return
		}
		f.Title = step.Label.In(d.me.Language)
		f.Fields = []rituals.Field{{ID: step.ID, Text: d.mirrorText(m, round)}}
	} else {
		m, round, ok := d.mayHear(c, who)
		o := step.Act(rituals.ActAgain)
		if !ok || o == nil || round == again {
			return
		}
		f.Title = o.Label.In(d.me.Language)
		f.Fields = []rituals.Field{{ID: step.ID, Text: d.voice(d.me).Say("heard.piece", "partner", m.reader.Name)}}
	}
	d.answer.Form = &f
}

// filledAfter settles a form that afterForm opened. What was missing may be left out.
func (d *decision) filledAfter(c *rituals.CheckIn, step *rituals.Step, a parsedAction) {
	text := ""
	for _, e := range d.event.Entries {
		text += e.Value
	}
	d.event.Text = clip(text, maxWords)
	who := parseID[rituals.MemberID](a.arg(2))
	if step.Kind == rituals.Mirror {
		m, round, ok := d.mayMirror(c, who)
		switch {
		case ok && d.event.Text == "":
			d.toast(d.voice(d.me).Say("cancelled"))
		case ok:
			d.mirrored(c, rituals.Asked{CheckIn: c.ID, Step: m.said(round), At: d.now})
		}
		return
	}
	m, round, ok := d.mayHear(c, who)
	o := step.Act(rituals.ActAgain)
	if !ok || o == nil || round == again {
		return
	}
	d.hear(c, m, round, o)
	if d.event.Text == "" {
		d.toast(d.voice(d.me).Say("sent.short"))
	} else {
		d.piece(c, rituals.Asked{CheckIn: c.ID, Step: m.asked(""), At: d.now})
	}
}
