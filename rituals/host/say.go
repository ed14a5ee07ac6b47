package host

import (
	"fmt"
	"strings"

	"attune/rituals"
	"attune/rituals/phrases"
)

// say puts a message for a member in the outbox. Its key is made up unless it has
// one; between 22:30 and 07:30 of the reader it is silent unless the reader caused
// it.
//
// What who acted reads because of it comes where they are: to their own chat, or, in
// a chat of several people, to their eyes only, if the platform can do that.
func (d *decision) say(to *rituals.Member, m rituals.Message) {
	if d.caused(to.ID) && d.aside() {
		d.show(m)
		return
	}
	m.To, m.Member = to.Address, to.ID
	if d.caused(to.ID) && d.event.Home.Chat != "" {
		m.To = d.event.Home
	}
	if p := d.place(); p != nil && to.Unreachable && !d.caused(to.ID) && m.From == 0 && len(m.Choices) == 0 {
		d.sayHere(p, []rituals.Member{*to}, m) // what both read reaches them there
		return
	}
	if d.s.MemberBy(to.ID) != nil && m.Couple == 0 {
		m.Couple = d.s.Couple.ID
	}
	if !d.caused(to.ID) {
		m.Silent = m.Silent || rituals.Quiet(d.wall(to))
		m.Wait = to.Unreachable
	}
	d.put(m)
}

// inPlace gives a message the key by which its buttons change it in place: first is the
// event that asked for it, empty if that is this one. It returns that event, for the
// buttons to carry.
func (d *decision) inPlace(m *rituals.Message, what, first string) string {
	key := what + "/" + string(d.event.Chat.Platform) + "/"
	m.Key = key + d.event.ID
	switch {
	case first == "":
		return d.event.ID
	case !d.event.Aside:
		m.Edits = key + first
	}
	return first
}

// tell says plain paragraphs to a member.
func (d *decision) tell(to *rituals.Member, text string, choices ...[]rituals.Choice) {
	d.say(to, rituals.Message{Blocks: paragraphs(text), Choices: choices})
}

// tellPerson answers somebody in the chat they acted in, known or not.
func (d *decision) tellPerson(blocks []rituals.Block, choices ...[]rituals.Choice) {
	d.answerPerson(rituals.Message{Blocks: blocks, Choices: choices})
}

// answerPerson says a message to who acted, known or not.
func (d *decision) answerPerson(m rituals.Message) {
	switch {
	case d.me != nil:
		d.say(d.me, m)
	case d.aside():
		d.show(m)
	case d.event.Private:
		m.To = d.event.Chat
		d.put(m)
	}
}

// aside reports whether who acted did so among others and is answered alone.
func (d *decision) aside() bool { return d.event != nil && d.event.Aside && !d.homeward }

// show shows a message on the spot to who acted.
func (d *decision) show(m rituals.Message) {
	d.answer.Blocks = append(d.answer.Blocks, m.Blocks...)
	d.answer.Choices = append(d.answer.Choices, m.Choices...)
	if m.Input != nil {
		d.answer.Input = m.Input
	}
}

func (d *decision) put(m rituals.Message) {
	if m.Key == "" {
		m.Key = d.cause() + "/" + fmt.Sprint(d.said)
		d.said++
	}
	d.c.Say = append(d.c.Say, m)
}

// cause names what is being settled; no other event or alarm has the same.
func (d *decision) cause() string {
	if d.event != nil {
		return string(d.event.Chat.Platform) + "/" + d.event.ID
	}
	return id(d.alarm.Couple) + "/" + d.alarm.Name + "/" + id(d.alarm.At.UnixMilli())
}

// toast shows a line on the spot to whoever acted.
func (d *decision) toast(text string) { d.answer.Text = text }

// paragraphs splits a text at empty lines. A paragraph that begins with **words**
// has them as its heading.
func paragraphs(text string) []rituals.Block {
	var blocks []rituals.Block
	for p := range strings.SplitSeq(text, "\n\n") {
		if p = strings.TrimSpace(p); p == "" {
			continue
		}
		if rest, ok := strings.CutPrefix(p, "**"); ok {
			if head, body, ok := strings.Cut(rest, "**"); ok {
				blocks = append(blocks, rituals.Block{Kind: rituals.Heading, Text: head})
				if p = strings.TrimSpace(body); p == "" {
					continue
				}
			}
		}
		blocks = append(blocks, rituals.Para(p))
	}
	return blocks
}

// sideBySide puts buttons in rows: one, if they are few enough to be read there.
func sideBySide(row []rituals.Choice) [][]rituals.Choice {
	const most = 4
	var rows [][]rituals.Choice
	for len(row) > most {
		rows, row = append(rows, row[:most-1]), row[most-1:]
	}
	if len(row) > 0 {
		rows = append(rows, row)
	}
	return rows
}

// inRows sets buttons in rows of at most n.
func inRows(buttons []rituals.Choice, n int) [][]rituals.Choice {
	var rows [][]rituals.Choice
	for len(buttons) > 0 {
		k := min(n, len(buttons))
		rows = append(rows, buttons[:k])
		buttons = buttons[k:]
	}
	return rows
}

// voice returns how a member is spoken to.
func (d *decision) voice(m *rituals.Member) *phrases.Voice {
	if m == nil {
		return voiceOf(d.event, d.language)
	}
	return d.in(m.Language)
}

// in returns how all members are spoken to in a language.
func (d *decision) in(language string) *phrases.Voice {
	return phrases.In(language).Of(len(d.s.Members))
}

// voiceOf returns how somebody is spoken to who may be nobody's member: in the language
// of the event, which may be nil, or else another.
func voiceOf(e *rituals.Event, otherwise string) *phrases.Voice {
	if e != nil && phrases.Speaks(e.Language) {
		return phrases.In(e.Language)
	}
	return phrases.In(otherwise)
}
