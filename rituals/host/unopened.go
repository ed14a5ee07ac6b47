package host

import (
	"context"
	"slices"

	"attune/rituals"
)

// unopened returns what a member wrote in a check-in that did not open, as it
// would have been shown; of one that did, what was for a morning that never came. What
// they kept for themselves is not among it.
func unopened(c *rituals.CheckIn, m *rituals.Member) []rituals.Reply {
	if c.Ritual.Reveal == rituals.Never {
		return nil
	}
	all := append(c.Shown(m.ID), c.Later(m.ID)...)
	return slices.DeleteFunc(all, func(r rituals.Reply) bool {
		opened := c.State == rituals.Kept && (c.Shows(m.ID, r.Step) || c.Read(m.ID, r.Step))
		return opened || !r.Spoken()
	})
}

// askOwn sees to it that members are asked in the morning about words that did not
// open: at once, if what did not open had waited for the morning.
func (d *decision) askOwn(c *rituals.CheckIn) {
	for i := range d.s.Members {
		m := &d.s.Members[i]
		switch {
		case len(unopened(c, m)) == 0:
		case !c.Morning.IsZero() && !d.now.Before(c.Morning):
			d.offerOwn(c, m)
		default:
			d.setOwn(c, m)
		}
	}
}

// setOwn sets when a member is next asked about words that did not open. The first
// time that is when it is morning for all, since until then what was to open in the
// morning might: it does not tell who asked for that.
func (d *decision) setOwn(c *rituals.CheckIn, m *rituals.Member) {
	at := d.morningAfter(c.Opened, d.s.Members)
	if !at.After(d.now) {
		at = d.nextMorning([]rituals.Member{*m})
	}
	d.set(rituals.Alarm{Name: ownName(c, m.ID), Kind: rituals.AlarmOwn, Ritual: c.Ritual.ID, Day: c.Day,
		At: at, Member: m.ID, CheckIn: c.ID})
}

// ringOwn settles that it is the morning after.
func (d *decision) ringOwn(a rituals.Alarm) {
	m, c := d.s.MemberBy(a.Member), d.checkInBy(a.CheckIn)
	if m != nil && c != nil {
		d.offerOwn(c, m)
	}
}

// offerOwn asks a member, quietly, about words that did not open. While the couple
// rests it waits for another morning.
func (d *decision) offerOwn(c *rituals.CheckIn, m *rituals.Member) {
	if c.State == rituals.Open || len(unopened(c, m)) == 0 || !d.s.Couple.Complete() {
		return
	}
	if m.Unreachable || !d.s.Couple.Rest(d.now).IsZero() {
		d.setOwn(c, m)
		return
	}
	v := d.voice(m)
	own := func(what string) rituals.Choice {
		return rituals.Choice{Label: v.Say("own."+what, "partner", d.partner(m)), Action: action(doOwn, id(c.ID), what)}
	}
	d.say(m, rituals.Message{
		Blocks:  paragraphs(d.ownFrom(c, m)),
		Choices: [][]rituals.Choice{{own("send"), own("keep"), own("delete")}},
		Silent:  true,
		CheckIn: c.ID,
	})
}

// ownFrom says which words a member is asked about.
func (d *decision) ownFrom(c *rituals.CheckIn, m *rituals.Member) string {
	v := d.voice(m)
	const evening = 16 // o'clock
	if opened := rituals.WallAt(c.Opened, d.zone(m)).Time(); opened.Hour() >= evening &&
		c.Day.Add(1) == rituals.DayOf(d.wall(m)) {
		return v.Say("own")
	}
	if c.Day.Add(6) <= rituals.DayOf(d.wall(m)) {
		return v.Say("own.day", "day", v.Date(c.Day))
	}
	return v.Say("own.day", "day", v.Weekday(int(c.Day.Weekday())))
}

// own settles what becomes of words that did not open.
func (d *decision) own(c *rituals.CheckIn, a parsedAction) {
	v := d.voice(d.me)
	replies := unopened(c, d.me)
	if c.State == rituals.Open || len(replies) == 0 {
		d.toast(v.Say("passed"))
		return
	}
	switch a.arg(1) {
	case "send":
		d.sendOwn(c, replies)
	case "keep":
		for _, r := range replies {
			r.Mine = true
			d.reply(c, r)
		}
		d.tell(d.me, v.Say("own.kept"))
	case "delete":
		for _, r := range replies {
			d.reply(c, rituals.Reply{Step: r.Step, Member: d.me.ID, Skipped: true})
		}
		d.tell(d.me, v.Say("own.deleted"))
	}
}

func (d *decision) sendOwn(c *rituals.CheckIn, replies []rituals.Reply) {
	if !d.s.Couple.Complete() {
		d.toast(d.voice(d.me).Say("passed"))
		return
	}
	for _, o := range d.others(d.me) {
		v := d.voice(o)
		blocks := paragraphs(v.Say("own.from", "name", d.me.Name, "day", v.Weekday(int(c.Day.Weekday()))))
		for _, r := range replies {
			s := c.Ritual.Step(r.Step)
			if text := d.cardText(c.Card(d.me.ID, s), d.me, c, o.Language); text != "" {
				blocks = append(blocks, rituals.Block{Kind: rituals.Heading, Text: text})
			}
			label := s.Label.In(o.Language)
			blocks = append(blocks, rituals.Block{Kind: rituals.Quote, Label: label, Text: wordsOfReply(&r, o.Language)})
			blocks = append(blocks, parts(c, d.me, r.Step, o.Language)...)
		}
		d.say(o, rituals.Message{Blocks: blocks, CheckIn: c.ID, From: d.me.ID})
		for _, r := range replies {
			for _, m := range d.passed(o.Language, "", r.Media()) {
				d.say(o, m)
			}
		}
	}
	for _, r := range replies {
		r.Mine = true // sent once: it is not offered again
		d.reply(c, r)
	}
	d.tell(d.me, d.voice(d.me).Say("sent", "partner", d.partner(d.me)))
}

// checkInBy returns a check-in of this couple, looked up if it is too old to be
// in the state; nil if there is none.
func (d *decision) checkInBy(cid rituals.CheckInID) *rituals.CheckIn {
	if cid == 0 {
		return nil
	}
	if c := d.s.CheckIn(cid); c != nil {
		return c
	}
	c, ok := find(d, "checkin/"+id(cid), func(ctx context.Context, r Reader, _ Store) (rituals.CheckIn, error) {
		return r.CheckIn(ctx, cid)
	})
	if !ok || c.Couple != d.s.Couple.ID || c.Couple == 0 {
		return nil
	}
	d.s.CheckIns = append(d.s.CheckIns, *c.Clone())
	return &d.s.CheckIns[len(d.s.CheckIns)-1]
}
