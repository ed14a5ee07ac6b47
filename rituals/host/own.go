package host

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"attune/rituals"
)

// A member's own answers before they open: change, take back, keep for oneself;
// and afterwards what becomes of words that did not.

// change settles [Change]: which answer, then its question again.
func (d *decision) change(c *rituals.CheckIn, a parsedAction) {
	v := d.voice(d.me)
	if !d.sealed(c) {
		return
	}
	if a.arg(1) == "" {
		rows := d.ownSteps(c, doChange)
		if rows == nil {
			d.toast(v.Say("passed"))
			return
		}
		d.tellOnce("change", c, "", v.Say("change.which"), rows...)
		return
	}
	s := c.Ritual.Step(a.arg(1))
	if s == nil || !s.Question() {
		d.toast(v.Say("passed"))
		return
	}
	if r := c.Reply(d.me.ID, s.ID); r != nil && d.me.Asked.At.After(r.At) && d.justAsked(c, s.ID) {
		return
	}
	d.ask(c, d.me, s)
	last := &d.c.Say[len(d.c.Say)-1]
	last.Choices = append(last.Choices, []rituals.Choice{
		{Label: v.Say("take"), Action: action(doTake, id(c.ID), s.ID)},
	})
}

// tellOnce tells who acted something about a check-in, once a minute: a button
// tapped twice says it once.
func (d *decision) tellOnce(what string, c *rituals.CheckIn, step, text string, choices ...[]rituals.Choice) {
	d.say(d.me, rituals.Message{
		Key:     what + "/" + id(c.ID) + "/" + step + "/" + id(d.me.ID) + "/" + id(d.now.Unix()/60),
		Blocks:  paragraphs(text),
		Choices: choices,
		CheckIn: c.ID,
	})
}

// sealed reports whether a check-in is this member's and can still be changed,
// and says so if not.
func (d *decision) sealed(c *rituals.CheckIn) bool {
	if d.mayChange(c) {
		return true
	}
	d.toast(d.voice(d.me).Say("passed"))
	return false
}

// mayChange reports whether who acted can change what they answered. Past the end
// of their window only who asked for the morning can, until then: for all others
// it is over, whether or not something is about to open.
func (d *decision) mayChange(c *rituals.CheckIn) bool {
	w := c.Walk(d.me.ID)
	if c.State != rituals.Open || w == nil {
		return false
	}
	over := !c.Morning.IsZero() && !w.Closes.IsZero() && !d.now.Before(w.Closes)
	return !over || c.Chose(d.me.ID, rituals.ActMorning)
}

// ownSteps returns a button for each step the member has answered, under the
// question's own first line.
func (d *decision) ownSteps(c *rituals.CheckIn, verb string) [][]rituals.Choice {
	var rows [][]rituals.Choice
	for i := range c.Ritual.Steps {
		s := &c.Ritual.Steps[i]
		r := c.Reply(d.me.ID, s.ID)
		if s.Aside || !s.Question() || !c.Holds(d.me.ID, s) || r == nil || (verb == doMine && (r.Empty() || r.Mine)) {
			continue
		}
		label := short(d.fill(s.Text, d.me, c))
		rows = append(rows, []rituals.Choice{{Label: label, Action: action(verb, id(c.ID), s.ID)}})
	}
	return rows
}

// short returns a question short enough for a button: its first sentence, or as
// many words of it as there is room for.
func short(s string) string {
	const room = 40
	s, _, _ = strings.Cut(s, "\n")
	if first, _, ok := strings.Cut(s, ". "); ok {
		s = first + "."
	}
	if utf8.RuneCountInString(s) <= room {
		return s
	}
	cut := string([]rune(s)[:room])
	if i := strings.LastIndexByte(cut, ' '); i > 0 {
		cut = cut[:i]
	}
	return cut + " …"
}

// mine settles [Just for me]: the answer stays the writer's own.
func (d *decision) mine(c *rituals.CheckIn, a parsedAction) {
	v := d.voice(d.me)
	if !d.sealed(c) {
		return
	}
	step := a.arg(1)
	if step == "" {
		rows := d.ownSteps(c, doMine)
		switch len(rows) {
		case 0:
			d.toast(v.Say("mine.done"))
			return
		case 1:
			step = parseAction(rows[0][0].Action).arg(1)
		default:
			d.tellOnce("mine", c, "", v.Say("mine.which"), rows...)
			return
		}
	}
	r := c.Reply(d.me.ID, step)
	if r == nil || r.Empty() {
		d.toast(v.Say("passed"))
		return
	}
	if r.Mine {
		d.toast(v.Say("mine.done"))
		return
	}
	own := *r
	own.Mine = true
	d.reply(c, own)
	d.tell(d.me, v.Say("mine.done"))
}

// take settles [Take it back]: the answer is gone.
func (d *decision) take(c *rituals.CheckIn, a parsedAction) {
	if !d.sealed(c) {
		return
	}
	s := c.Ritual.Step(a.arg(1))
	if s == nil || c.Reply(d.me.ID, s.ID) == nil {
		d.toast(d.voice(d.me).Say("passed"))
		return
	}
	if c.Reply(d.me.ID, s.ID).Skipped {
		d.toast(d.voice(d.me).Say("taken"))
		return
	}
	d.reply(c, rituals.Reply{Step: s.ID, Member: d.me.ID, Skipped: true})
	d.unask(c)
	d.morning(c)
	d.tell(d.me, d.voice(d.me).Say("taken"))
}

// unopened returns what a member wrote in a check-in that did not open, as it
// would have been shown. What they kept for themselves is not among it.
func unopened(c *rituals.CheckIn, m *rituals.Member) []rituals.Reply {
	return slices.DeleteFunc(c.Shown(m.ID), func(r rituals.Reply) bool { return r.Text() == "" })
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

// setOwn sets when a member is next asked about words that did not open.
func (d *decision) setOwn(c *rituals.CheckIn, m *rituals.Member) {
	d.set(rituals.Alarm{Name: ownName(c, m.ID), Kind: rituals.AlarmOwn, Ritual: c.Ritual.ID, Day: c.Day,
		At: d.nextMorning([]rituals.Member{*m}), Member: m.ID, CheckIn: c.ID})
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
	if c.State == rituals.Kept || c.State == rituals.Open || len(unopened(c, m)) == 0 || !d.s.Couple.Complete() {
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
	return v.Say("own.day", "day", v.Weekday(int(c.Day.Weekday())))
}

// own settles what becomes of words that did not open.
func (d *decision) own(c *rituals.CheckIn, a parsedAction) {
	v := d.voice(d.me)
	replies := unopened(c, d.me)
	if c.State == rituals.Open || c.State == rituals.Kept || len(replies) == 0 {
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
			label := c.Ritual.Step(r.Step).Label.In(o.Language)
			blocks = append(blocks, rituals.Block{Kind: rituals.Quote, Label: label, Text: r.Text()})
		}
		d.say(o, rituals.Message{Blocks: blocks, CheckIn: c.ID})
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
