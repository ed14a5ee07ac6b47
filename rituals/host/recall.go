package host

import (
	"time"

	"attune/rituals"
)

// What say steps have to say, with what was written before.

// collectFor is how far back what opened of another ritual is collected.
const collectFor = 7 * 24 * time.Hour

// saying is what a say step has to say to a member; nil if it would show something
// and there is nothing.
func (d *decision) saying(c *rituals.CheckIn, m *rituals.Member, s *rituals.Step) []rituals.Block {
	text := paragraphs(d.fill(s.Text, m, c))
	var shown []rituals.Block
	switch {
	case s.Recall != "":
		shown = d.recalled(c, m, s.Recall)
	case s.Collect != "":
		shown = d.collected(s.Collect, m.Language)
	default:
		return text
	}
	if shown == nil {
		return nil
	}
	return append(text, shown...)
}

// recalled are a member's own words, as they answered a step when the ritual was last
// kept; nil if they did not.
func (d *decision) recalled(c *rituals.CheckIn, m *rituals.Member, step string) []rituals.Block {
	for _, k := range d.last(c.Ritual.ID, alone(c, m.ID)) {
		if k.ID == c.ID || k.State != rituals.Kept {
			continue
		}
		r := k.Reply(m.ID, step)
		if r == nil || r.Empty() || !r.Spoken() {
			return nil
		}
		return []rituals.Block{{Kind: rituals.Quote, Text: wordsOfReply(r, m.Language)}}
	}
	return nil
}

// collected is what has opened of a ritual in the last days, oldest first.
func (d *decision) collected(ritual, language string) []rituals.Block {
	var blocks []rituals.Block
	list := d.last(ritual, 0)
	for i := range list {
		k := &list[len(list)-1-i]
		if k.State != rituals.Kept || d.now.Sub(k.Opened) > collectFor {
			continue
		}
		above := ""
		for j := range d.s.Members {
			blocks = append(blocks, d.shownBlocks(k, &d.s.Members[j], language, &above)...)
		}
	}
	return blocks
}

// recallAside tells a member in their own chat what a question in the place would show
// to them alone.
func (d *decision) recallAside(c *rituals.CheckIn, m *rituals.Member) {
	for i := range c.Ritual.Steps {
		s := &c.Ritual.Steps[i]
		if s.Kind != rituals.Say || s.Recall == "" || m.Unreachable {
			continue
		}
		if blocks := d.saying(c, m, s); blocks != nil {
			d.say(m, rituals.Message{Key: "recall/" + id(c.ID) + "/" + id(m.ID) + "/" + s.ID, Blocks: blocks, Silent: true, CheckIn: c.ID})
		}
	}
}
