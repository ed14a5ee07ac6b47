package host

import (
	"time"

	"attune/rituals"
	"attune/rituals/phrases"
)

const (
	dayEnds   = 20 // o'clock: from then on people say good night
	nightEnds = 4
)

// A talkReader is who reads what is said in a talk: one member, or, where the couple
// has a place, all of them at once.
type talkReader struct {
	d        *decision
	c        *rituals.CheckIn
	m        *rituals.Member // nil in a place
	v        *phrases.Voice
	language string
	seq      string // how often something was said in the talk, this included
}

// readers are those to whom the next message of a talk goes.
func (d *decision) readers(c *rituals.CheckIn) []talkReader {
	seq := id(int64(c.Talk.Said))
	if p := d.place(); p != nil {
		return []talkReader{{d: d, c: c, v: d.in(p.Language), language: p.Language, seq: seq}}
	}
	var all []talkReader
	for i := range d.s.Members {
		m := &d.s.Members[i]
		all = append(all, talkReader{d: d, c: c, m: m, v: d.voice(m), language: m.Language, seq: seq})
	}
	return all
}

// at is what the reader's clock shows at an instant.
func (r talkReader) at(t time.Time) rituals.Wall {
	if r.m == nil {
		return rituals.WallAt(t, r.d.coupleZone())
	}
	return rituals.WallAt(t, r.d.zone(r.m))
}

// whose is the member on whose clock the reader is told the time.
func (r talkReader) whose() *rituals.Member {
	if r.m == nil {
		return &r.d.s.Members[0]
	}
	return r.m
}

// speaker is the name of who speaks.
func (r talkReader) speaker() string {
	if m := r.d.s.MemberBy(r.c.Talk.Speaker()); m != nil {
		return m.Name
	}
	return r.v.Say("somebody")
}

// fill puts in what a text leaves open.
func (r talkReader) fill(t rituals.Text) string {
	text := rituals.Text{"": rituals.Fill(t.In(r.language), "speaker", r.speaker(), "night", r.night())}
	if p := r.d.place(); r.m == nil && p != nil {
		return r.d.fillHere(text, p, r.c)
	}
	return r.d.fill(text, r.m, r.c)
}

// fillFor puts in what a text for one member leaves open, as all read it.
func (r talkReader) fillFor(t rituals.Text, m *rituals.Member) string {
	text := rituals.Fill(t.In(r.language), "speaker", r.speaker(), "me", m.Name, "partner", r.d.partner(m))
	return r.d.fillHere(rituals.Text{"": text}, r.d.place(), r.c)
}

// late reports whether it is the time of day at which people say good night.
func (r talkReader) late() bool {
	hour := r.at(r.d.now).Time().Hour()
	return hour >= dayEnds || hour < nightEnds
}

// night is how a talk is parted from.
func (r talkReader) night() string {
	if r.late() {
		return r.v.Say("talk.night")
	}
	return ""
}

// turn says whose turn it is and how much of it is left.
func (r talkReader) turn(left time.Duration) string {
	s := r.c.TimerAt()
	switch {
	case left <= 0:
		return r.v.Say("talk.part.over")
	case len(s.Listener) == 0 || s.Between:
		return r.v.Say("talk.left", "left", minutes(left))
	}
	return r.v.Say("talk.left.turn", "name", r.speaker(), "left", minutes(left))
}

// act is what a button of the talk carries: what it does, and what the clock was when
// it was shown.
func (r talkReader) act(what, option string) string {
	return action(doTalk, id(r.c.ID), what, r.seq, option, clockOf(r.c.Talk))
}

// clockOf tells a step's time from what it was before it was given more.
func clockOf(t *rituals.Talk) string { return id(t.Ends.Unix()) }

// control is one of the buttons that are always there.
func (r talkReader) control(what string) rituals.Choice {
	return rituals.Choice{Label: r.v.Say("talk.button." + what), Action: r.act(what, "")}
}

// controls are the buttons that are always there, but for those that the step has of
// its own.
func (d *decision) controls(r talkReader) [][]rituals.Choice {
	s := r.c.TimerAt()
	rows := make([][]rituals.Choice, 2)
	for _, b := range []struct {
		row  int
		what string
		act  rituals.Act
	}{{0, "pause", ""}, {0, "skip", rituals.ActNext}, {0, "more", rituals.ActMore}, {1, "break", rituals.ActBreak}, {1, "stop", ""}} {
		if b.act == "" || s.Act(b.act) == nil {
			rows[b.row] = append(rows[b.row], r.control(b.what))
		}
	}
	if len(rows[0])+len(rows[1]) <= 3 {
		return [][]rituals.Choice{append(rows[0], rows[1]...)}
	}
	return rows
}

// whileStopped are the buttons under a talk whose clock is stopped.
func (d *decision) whileStopped(r talkReader) [][]rituals.Choice {
	return [][]rituals.Choice{{r.control("go"), r.control("break"), r.control("stop")}}
}

// sayTalk says something to all who take part in a talk, so that it is heard.
func (d *decision) sayTalk(c *rituals.CheckIn, text func(talkReader) string, buttons func(talkReader) [][]rituals.Choice) {
	d.eachReader(c, func(r talkReader) rituals.Message {
		m := rituals.Message{Blocks: paragraphs(text(r))}
		if buttons != nil {
			m.Choices = buttons(r)
		}
		return m
	})
}

// eachReader says a message to each reader of a talk.
func (d *decision) eachReader(c *rituals.CheckIn, message func(talkReader) rituals.Message) {
	c.Talk.Said++
	d.touch(c)
	d.aloud(func() {
		for _, r := range d.readers(c) {
			m := message(r)
			if len(m.Blocks) == 0 {
				continue // this part has something to say to another alone
			}
			m.Key = talkKey(r)
			d.toReader(r, m)
		}
	})
}

// talkKey is the key of what a reader is said last in a talk.
func talkKey(r talkReader) string {
	if r.m == nil {
		return "talk/" + id(r.c.ID) + "/" + r.seq
	}
	return "talk/" + id(r.c.ID) + "/" + r.seq + "/" + id(r.m.ID)
}

func (d *decision) toReader(r talkReader, m rituals.Message) {
	m.CheckIn = r.c.ID
	if r.m == nil {
		d.sayHere(d.place(), d.s.Members, m)
		return
	}
	before := d.homeward
	d.homeward = true // not where somebody happens to have tapped
	d.say(r.m, m)
	d.homeward = before
}

// sayTimer says what a timed step has to say, to each their part.
func (d *decision) sayTimer(c *rituals.CheckIn, s *rituals.Step, lead func(talkReader) string) {
	d.eachReader(c, func(r talkReader) rituals.Message {
		m := d.timerFor(r, s)
		if lead != nil && len(m.Blocks) > 0 {
			m.Blocks = append(paragraphs(lead(r)), m.Blocks...)
		}
		return m
	})
}

// showClock changes the clock of the step in place.
func (d *decision) showClock(c *rituals.CheckIn, s *rituals.Step) {
	for _, r := range d.readers(c) {
		m := d.timerFor(r, s)
		if len(m.Blocks) == 0 {
			continue
		}
		m.Edits = talkKey(r)
		d.toReader(r, m)
	}
}

// timerFor is a timed step as one reader sees it.
func (d *decision) timerFor(r talkReader, s *rituals.Step) rituals.Message {
	m := rituals.Message{Blocks: r.part(s)}
	if len(m.Blocks) == 0 {
		return m
	}
	m.Blocks = append(m.Blocks, rituals.Block{
		Kind: rituals.Countdown, Text: r.v.Say("talk.ends"), At: r.c.Talk.Ends,
		Label: r.v.Say("talk.ends.at", "time", r.at(r.c.Talk.Ends).Time().Format("15:04:05")),
	})
	if r.m == nil || mayTap(r.c, s, r.m.ID) {
		m.Choices = optionRows(s, r.language, func(o string) string { return r.act("say", o) })
	}
	m.Choices = append(m.Choices, d.controls(r)...)
	return m
}

// part is what a timed step says to a reader: in a place to each by name.
func (r talkReader) part(s *rituals.Step) []rituals.Block {
	switch {
	case len(s.Listener) == 0:
		return paragraphs(r.fill(s.Text))
	case r.m != nil:
		return paragraphs(r.fill(r.c.Talk.TextOf(s, r.m.ID)))
	}
	var blocks []rituals.Block
	for i := range r.d.s.Members {
		m := &r.d.s.Members[i]
		if said := paragraphs(r.fillFor(r.c.Talk.TextOf(s, m.ID), m)); len(said) > 0 {
			blocks = append(append(blocks, rituals.Block{Kind: rituals.Heading, Text: m.Name}), said...)
		}
	}
	return blocks
}

// optionRows are a step's options as buttons.
func optionRows(s *rituals.Step, language string, act func(option string) string) [][]rituals.Choice {
	var row []rituals.Choice
	for _, o := range s.Options {
		row = append(row, rituals.Choice{Label: o.Label.In(language), Action: act(o.ID)})
	}
	if row == nil {
		return nil
	}
	return [][]rituals.Choice{row}
}
