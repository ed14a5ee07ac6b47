package host

import (
	"attune/rituals"
)

// What of the answers is shown when they open.

// same returns the answer, as it reads inside a sentence, if all gave the same one
// tap and the ritual has a sentence for that; else nil.
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
		o := c.Ritual.Step(shown[0].Step).Option(shown[0].Choice)
		if o == nil || (common != nil && common.ID != o.ID) {
			return nil
		}
		common = o
	}
	switch {
	case common == nil:
		return nil
	case len(common.Said) > 0:
		return common.Said
	}
	return common.Label
}

// shownBlocks are one member's answers as they open: the name and the face, then
// every answer in words as it was written. An answer to a card stands below it; above
// is the card that stands there already.
func (d *decision) shownBlocks(c *rituals.CheckIn, m *rituals.Member, language string, above *string) []rituals.Block {
	var blocks []rituals.Block
	lead := rituals.Block{Kind: rituals.Quote, By: m.Name}
	for _, r := range c.Opens(m.ID) {
		s := c.Ritual.Step(r.Step)
		b := lead
		b.Label = s.Label.In(language)
		b.Text = wordsOfReply(&r, language)
		o := s.Option(r.Choice)
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
