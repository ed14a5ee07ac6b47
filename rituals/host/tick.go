package host

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"attune/rituals"
)

// Tick lists: each tap ticks or takes a tick away, and the message changes in place.

const (
	allTicked = "-" // in place of an option: done
	ticked    = "✓" // beside what is ticked
	mostLabel = 24  // characters of an option that stands on its button whole
	mostWide  = 8   // options that stand on buttons whole
)

// labelOf is what an option says, as it is for a member, in a language.
func (d *decision) labelOf(c *rituals.CheckIn, m *rituals.Member, o *rituals.Option, language string) string {
	return d.fillIn(o.Label, m, c, language)
}

// numbered reports whether the options of a tick list stand in its text, and their
// numbers on the buttons.
func (d *decision) numbered(c *rituals.CheckIn, m *rituals.Member, s *rituals.Step) bool {
	return len(s.Options) > mostWide || slices.ContainsFunc(s.Options, func(o rituals.Option) bool {
		return utf8.RuneCountInString(d.labelOf(c, m, &o, m.Language)) > mostLabel
	})
}

// tickLines are the options of a tick list that has no room for them on its buttons.
func (d *decision) tickLines(c *rituals.CheckIn, m *rituals.Member, s *rituals.Step) []rituals.Block {
	if !d.numbered(c, m, s) {
		return nil
	}
	ticks := c.Reply(m.ID, s.ID).Ticks(s)
	var lines []string
	for i := range s.Options {
		line := fmt.Sprintf("%d. %s", i+1, d.labelOf(c, m, &s.Options[i], m.Language))
		if slices.Contains(ticks, s.Options[i].ID) {
			line += " " + ticked
		}
		lines = append(lines, line)
	}
	return []rituals.Block{rituals.Para(strings.Join(lines, "\n"))}
}

// tickChoices are the buttons of a tick list, and how many stand in a row.
func (d *decision) tickChoices(c *rituals.CheckIn, m *rituals.Member, s *rituals.Step, mark string) ([]rituals.Choice, int) {
	numbered, per := d.numbered(c, m, s), 2
	if numbered {
		per = 5
	}
	ticks := c.Reply(m.ID, s.ID).Ticks(s)
	var row []rituals.Choice
	for i := range s.Options {
		o := &s.Options[i]
		label := d.labelOf(c, m, o, m.Language)
		if numbered {
			label = fmt.Sprint(i + 1)
		}
		if slices.Contains(ticks, o.ID) {
			label = ticked + " " + label
		}
		row = append(row, rituals.Choice{Label: label, Action: action(doTick, id(c.ID), s.ID, o.ID, mark)})
	}
	return row, per
}

// tick settles a tap in a tick list.
func (d *decision) tick(c *rituals.CheckIn, a parsedAction) {
	s := c.Ritual.Step(a.arg(1))
	option := a.arg(2)
	switch {
	case s == nil || s.Kind != rituals.Check || !d.mayChange(c):
		d.over(c, false)
	case option == allTicked:
		d.tickedAll(c, s)
	case s.Option(option) == nil:
		d.toast(d.voice(d.me).Say("passed"))
	default:
		before := c.At(d.me.ID)
		d.reply(c, c.Toggled(d.me.ID, s, option))
		d.changeSaid(c, s, a.arg(3))
		if before == nil && c.At(d.me.ID) == s && d.me.Asked.Step != s.ID {
			d.ask(c, d.me, s) // what was kept is not, and the list is far above
		}
	}
}

// tickedAll settles [Done]. Nothing ticked is a question passed over.
func (d *decision) tickedAll(c *rituals.CheckIn, s *rituals.Step) {
	old, done := c.Reply(d.me.ID, s.ID), c.Ticked(d.me.ID, s)
	if old != nil && !old.Ticking() && old.Choice == done.Choice {
		d.toast(d.voice(d.me).Say("kept.short"))
		d.arrive(c, true)
		return
	}
	d.answered(c, s, done)
}

// pickedReply is the reply to a tick list that was filled in as a field of a form.
func pickedReply(m rituals.MemberID, s *rituals.Step, value string) rituals.Reply {
	all := rituals.Reply{Choice: value}
	ticks := all.Ticks(s)
	return rituals.Reply{Step: s.ID, Member: m, Choice: strings.Join(ticks, ","), Skipped: len(ticks) == 0}
}

// tappedText is what a reply says that was tapped: the option, or a line for each that
// was ticked.
func (d *decision) tappedText(c *rituals.CheckIn, m *rituals.Member, s *rituals.Step, r *rituals.Reply, language string) string {
	if s.Kind == rituals.Check {
		return strings.Join(d.ticksText(c, m, s, r.Ticks(s), language), "\n")
	}
	if o := option(s, r.Choice); o != nil {
		return o.Label.In(language)
	}
	return ""
}

// ticksText is what options say, in the order of the step.
func (d *decision) ticksText(c *rituals.CheckIn, m *rituals.Member, s *rituals.Step, ticks []string, language string) []string {
	var lines []string
	for i := range s.Options {
		if o := &s.Options[i]; slices.Contains(ticks, o.ID) {
			lines = append(lines, d.labelOf(c, m, o, language))
		}
	}
	return lines
}
