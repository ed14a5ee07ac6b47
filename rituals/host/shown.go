package host

import (
	"attune/rituals"
)

// What of the answers is shown when they open.

// same returns the answer, as it reads inside a sentence, if all gave the same one
// tap and the ritual has a sentence for that; else nil. That two feel alike is for
// them to say.
func (d *decision) same(c *rituals.CheckIn, step *rituals.Step) rituals.Text {
	if len(step.Same) == 0 {
		return nil
	}
	var common *rituals.Option
	for _, m := range d.s.Members {
		shown := c.Shown(m.ID)
		if len(shown) != 1 || shown[0].Spoken() {
			return nil
		}
		s := c.Ritual.Step(shown[0].Step)
		o := s.Option(shown[0].Choice)
		if o == nil || s.Kind == rituals.Mood || (common != nil && common.ID != o.ID) {
			return nil
		}
		common = o
	}
	if common == nil {
		return nil
	}
	return common.InSentence()
}

// shownBlocks are one member's answers as they open: the name and the face, then
// every answer in words as it was written, and what was tapped as a sentence. An answer
// to a card stands below it; above is the card that stands there already.
func (d *decision) shownBlocks(c *rituals.CheckIn, m *rituals.Member, language string, above *string) []rituals.Block {
	var blocks []rituals.Block
	lead := rituals.Block{Kind: rituals.Quote, By: m.Name}
	for _, r := range c.Opens(m.ID) {
		s := c.Ritual.Step(r.Step)
		o := option(s, r.Choice)
		b := lead
		b.Label = s.Label.In(language)
		b.Text = wordsOfReply(&r, language)
		sentence := shownAs(o, m, language)
		if text := d.cardText(c.Card(m.ID, s), m, c, language); text != "" && text != *above {
			blocks, *above = append(blocks, rituals.Block{Kind: rituals.Heading, Text: text}), text
		}
		switch {
		case s.Kind == rituals.Check:
			b.Text = joinLines(d.tappedText(c, m, s, &r, language), b.Text)
		case o != nil && s.Kind == rituals.Mood:
			b.Face = o.Label.In(language)
			if b.Text == "" && lead.By != "" && len(blocks) == 0 {
				lead = b
				continue
			}
		case sentence != "" && b.Text == "":
			if lead.Face != "" {
				blocks, lead = append(blocks, lead), rituals.Block{Kind: rituals.Quote}
			}
			blocks = append(blocks, rituals.Para(sentence))
			continue
		case sentence != "":
			blocks = append(blocks, b, rituals.Para(sentence))
			lead = rituals.Block{Kind: rituals.Quote}
			continue
		case o != nil:
			b.Text = joinLines(o.Label.In(language), b.Text)
		}
		blocks = append(blocks, b)
		lead = rituals.Block{Kind: rituals.Quote}
	}
	if lead.Face != "" {
		blocks = append(blocks, lead)
	}
	return blocks
}

// shownAs is the sentence by which the others read what a member has tapped; empty if
// the option has none.
func shownAs(o *rituals.Option, m *rituals.Member, language string) string {
	if o == nil || len(o.Shown) == 0 {
		return ""
	}
	return rituals.Fill(o.Shown.In(language), "name", m.Name)
}

// parts are the sentences that open with a member's answer in words to a step.
func parts(c *rituals.CheckIn, m *rituals.Member, step, language string) []rituals.Block {
	var blocks []rituals.Block
	for i := range c.Ritual.Steps {
		s := &c.Ritual.Steps[i]
		if of := c.Ritual.PartOf(s); of == nil || of.ID != step || !c.Shows(m.ID, s.ID) {
			continue
		}
		if text := shownAs(s.Option(c.Reply(m.ID, s.ID).Choice), m, language); text != "" {
			blocks = append(blocks, rituals.Para(text))
		}
	}
	return blocks
}
