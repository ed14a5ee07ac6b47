package host

import (
	"strings"

	"attune/rituals"
	"attune/rituals/phrases"
)

// A definition that was changed on the server is announced to all before its first
// use, with what differs.

// before returns the couple's check-in of the same ritual before one, or nil; of a
// private ritual, the member's own.
func (d *decision) before(c *rituals.CheckIn, m *rituals.Member) *rituals.CheckIn {
	list := d.recent(c.Ritual.ID, alone(c, m.ID), 3) // this one, the one before, and one that is opened meanwhile
	for i := range list {
		if k := &list[i]; k.ID != c.ID && !k.Opened.After(c.Opened) {
			return k
		}
	}
	return nil
}

// differs returns how the definition of a check-in differs from the one before.
func (d *decision) differs(c *rituals.CheckIn, m *rituals.Member) rituals.Difference {
	if c.Ritual.Pairing {
		return rituals.Difference{}
	}
	old := d.before(c, m)
	if old == nil || old.Hash == c.Hash {
		return rituals.Difference{}
	}
	return rituals.Differ(old.Ritual, c.Ritual)
}

// announce tells a member, before the question, that the ritual was changed; in the
// place all at once, if there is one.
func (d *decision) announce(c *rituals.CheckIn, m *rituals.Member) {
	if d.differs(c, m).Empty() {
		return
	}
	msg := func(v *phrases.Voice, language string) rituals.Message {
		return rituals.Message{
			Blocks:  paragraphs(v.Say("changed", "title", c.Ritual.Title.In(language))),
			Choices: [][]rituals.Choice{{{Label: v.Say("changed.show"), Action: action(doDiffers, id(c.ID))}}},
			CheckIn: c.ID,
		}
	}
	if p := d.place(); p != nil && !c.Ritual.Private {
		said := msg(d.in(p.Language), p.Language)
		said.Key = "changed/" + id(c.ID)
		for _, o := range d.c.Say {
			if o.Key == said.Key {
				return
			}
		}
		d.sayHere(p, d.s.Members, said)
		return
	}
	said := msg(d.voice(m), m.Language)
	said.Key = "changed/" + id(c.ID) + "/" + id(m.ID)
	d.say(m, said)
}

// showDifference shows who acted what was taken away and what there is.
func (d *decision) showDifference(c *rituals.CheckIn) {
	v := d.voice(d.me)
	diff := d.differs(c, d.me)
	if diff.Empty() || (c.Ritual.Private && c.Walk(d.me.ID) == nil) {
		d.toast(v.Say("passed"))
		return
	}
	list := func(head string, steps []rituals.Step) []rituals.Block {
		var items []string
		for i := range steps {
			if text := d.outline(c, &steps[i]); text != "" {
				items = append(items, text)
			}
		}
		if items == nil {
			return nil
		}
		return []rituals.Block{{Kind: rituals.Heading, Text: head}, {Kind: rituals.List, Items: items}}
	}
	blocks := append(list(v.Say("changed.gone"), diff.Gone), list(v.Say("changed.here"), diff.Here)...)
	if diff.Moved {
		blocks = append(blocks, paragraphs(v.Say("changed.moved"))...)
	}
	if blocks == nil {
		blocks = paragraphs(v.Say("changed.small"))
	}
	d.say(d.me, rituals.Message{Blocks: blocks, CheckIn: c.ID})
}

// outline is a step in a line: what it says, and what can be tapped.
func (d *decision) outline(c *rituals.CheckIn, s *rituals.Step) string {
	var parts []string
	for _, t := range []rituals.Text{s.Head, s.Text} {
		if text := d.fill(t, d.me, c); len(t) > 0 && text != "" {
			parts = append(parts, strings.Join(strings.Fields(text), " "))
		}
	}
	var labels []string
	for _, o := range s.Options {
		labels = append(labels, o.Label.In(d.me.Language))
	}
	if labels != nil {
		parts = append(parts, "("+strings.Join(labels, ", ")+")")
	}
	return strings.Join(parts, " ")
}
