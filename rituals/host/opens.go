package host

import "attune/rituals"

// openBlocks are all answers as they open to who reads that language.
func (d *decision) openBlocks(c *rituals.CheckIn, language string) []rituals.Block {
	if c.Ritual.RevealStep().Mutual {
		return d.commonBlocks(c, language)
	}
	var blocks []rituals.Block
	above := ""
	for i := range d.s.Members {
		blocks = append(blocks, d.openedBlocks(c, &d.s.Members[i], language, &above)...)
	}
	return blocks
}

// commonBlocks are what all have ticked, as far as it opens. Whose they are is said by
// nobody's name.
func (d *decision) commonBlocks(c *rituals.CheckIn, language string) []rituals.Block {
	var blocks []rituals.Block
	for i := range c.Ritual.Steps {
		if s := &c.Ritual.Steps[i]; s.Kind == rituals.Check {
			if lines := d.ticksText(c, &d.s.Members[0], s, c.Common(s), language); lines != nil {
				blocks = append(blocks, rituals.Block{Kind: rituals.List, Items: lines})
			}
		}
	}
	return blocks
}
