package host

import (
	"slices"
	"strings"
	"time"

	"attune/rituals"
	"attune/rituals/phrases"
)

// Some answers open apart from the others, in the first morning of whoever reads
// them. Until then they are their writer's to change.

// noon is the hour at which it is no morning any more.
const noon = 12

// waits reports whether a member's answer to a step is kept for a morning that has
// not come.
func (d *decision) waits(c *rituals.CheckIn, m rituals.MemberID, s *rituals.Step) bool {
	if s == nil || s.Opens != rituals.InTheMorning || c.State != rituals.Kept || !d.s.Couple.Complete() {
		return false
	}
	r := c.Reply(m, s.ID)
	return r != nil && !r.Empty() && c.Holds(m, s) && !c.Read(m, s.ID)
}

// waiting returns the answers of a member that wait for the morning.
func (d *decision) waiting(c *rituals.CheckIn, m rituals.MemberID) []rituals.Reply {
	return slices.DeleteFunc(c.Later(m), func(r rituals.Reply) bool { return !d.waits(c, m, c.Ritual.Step(r.Step)) })
}

// dawnAt returns when a member reads what was kept for the morning: at once, if it is
// morning for them or all has opened in the morning.
func (d *decision) dawnAt(c *rituals.CheckIn, members ...rituals.Member) time.Time {
	if !c.Morning.IsZero() {
		return d.now
	}
	morning := func(m rituals.Member) bool {
		hour := d.wall(&m).Time().Hour()
		return hour >= morningAt && hour < noon
	}
	if !slices.ContainsFunc(members, func(m rituals.Member) bool { return !morning(m) }) {
		return d.now
	}
	return d.nextMorning(members)
}

// setDawn sets when what was kept for the morning is read: by each of the others in
// a morning of their own, or in the couple's place when it is morning for all.
func (d *decision) setDawn(c *rituals.CheckIn) {
	a := rituals.Alarm{Kind: rituals.AlarmDawn, Ritual: c.Ritual.ID, Day: c.Day, CheckIn: c.ID}
	if d.place() != nil {
		if slices.ContainsFunc(d.s.Members, func(m rituals.Member) bool { return len(d.waiting(c, m.ID)) > 0 }) {
			a.Name, a.At = dawnName(c, 0), d.dawnAt(c, d.s.Members...)
			d.set(a)
		}
		return
	}
	for i := range d.s.Members {
		m := &d.s.Members[i]
		if slices.ContainsFunc(d.others(m), func(o *rituals.Member) bool { return len(d.waiting(c, o.ID)) > 0 }) {
			a.Name, a.Member, a.At = dawnName(c, m.ID), m.ID, d.dawnAt(c, *m)
			d.set(a)
		}
	}
}

// atDawn settles that it is morning: what was kept for it is said. If the couple rests
// by then, it is about a day that has passed: its writer is asked about it after the rest.
func (d *decision) atDawn(a rituals.Alarm) {
	c := d.checkInBy(a.CheckIn)
	if c == nil || c.State != rituals.Kept || !d.s.Couple.Complete() {
		return
	}
	if !d.s.Couple.Rest(d.now).IsZero() {
		d.askOwn(c)
		return
	}
	for i := range d.s.Members {
		from := &d.s.Members[i]
		replies := c.Later(from.ID)
		if len(replies) == 0 || a.Member == from.ID {
			continue
		}
		d.sayDawn(c, from, replies, a.Member)
		for _, r := range replies {
			if !c.Read(from.ID, r.Step) {
				d.reply(c, rituals.Reply{Step: rituals.ReadKey(r.Step), Member: from.ID, Choice: "read"})
			}
		}
	}
}

// sayDawn says to one of the others, or to all of them if reader is 0, what a member
// wrote for the morning.
func (d *decision) sayDawn(c *rituals.CheckIn, from *rituals.Member, replies []rituals.Reply, reader rituals.MemberID) {
	say := func(language string, put func(rituals.Message)) {
		v := phrases.In(language)
		m := rituals.Message{Blocks: paragraphs(v.Say("dawn", "name", from.Name)), CheckIn: c.ID, From: from.ID}
		for _, r := range replies {
			label := c.Ritual.Step(r.Step).Label.In(language)
			m.Blocks = append(m.Blocks, rituals.Block{Kind: rituals.Quote, Label: label, Text: wordsOfReply(&r, language)})
		}
		put(m)
		for _, r := range replies {
			for _, sent := range r.Media() {
				put(rituals.Message{Blocks: []rituals.Block{carriedBlock(from.Name, "", sent, language)}, CheckIn: c.ID, From: from.ID})
			}
		}
	}
	if p := d.place(); p != nil {
		var others []rituals.Member
		for _, o := range d.others(from) {
			others = append(others, *o)
		}
		say(p.Language, func(m rituals.Message) {
			m.Readers = p.Readers.Mark
			d.sayHere(p, others, m)
		})
		return
	}
	for _, o := range d.others(from) {
		if reader == 0 || o.ID == reader {
			say(o.Language, func(m rituals.Message) { d.say(o, m) })
		}
	}
}

// dawnChoice is the button under the answers that have opened, by which a member
// changes what of theirs waits for the morning.
func (d *decision) dawnChoice(c *rituals.CheckIn, m *rituals.Member) [][]rituals.Choice {
	var readers []rituals.Member
	for _, o := range d.others(m) {
		readers = append(readers, *o)
	}
	if len(d.waiting(c, m.ID)) == 0 || !d.dawnAt(c, readers...).After(d.now) {
		return nil
	}
	return [][]rituals.Choice{{{Label: d.voice(m).Say("change.morning"), Action: action(doChange, id(c.ID))}}}
}

// stepOf is the step that a reply is about: what comes after a dot says which part of
// it.
func stepOf(key string) string {
	step, _, _ := strings.Cut(key, ".")
	return step
}
