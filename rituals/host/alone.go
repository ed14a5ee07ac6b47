package host

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"attune/rituals"
)

// What a member reads about private rituals, and can do with what they wrote.

// keptAlone tells who acted that what they wrote for themselves is kept.
func (d *decision) keptAlone(c *rituals.CheckIn) {
	v := d.voice(d.me)
	if !d.shared(c, d.me.ID) {
		d.tell(d.me, v.Say("alone.nothing"))
		return
	}
	row := []rituals.Choice{{Label: v.Say("change"), Action: action(doChange, id(c.ID))}}
	if len(d.sharable(c)) > 0 {
		row = append(row, rituals.Choice{Label: v.Say("alone.share", "partner", d.partner(d.me)), Action: action(doShare, id(c.ID))})
	}
	d.say(d.me, rituals.Message{
		Blocks:  append(paragraphs(v.Say("alone.kept")), d.trend(c)...),
		Choices: [][]rituals.Choice{row},
		CheckIn: c.ID,
	})
}

// mostTrend is how many earlier answers are shown.
const mostTrend = 6

// trend shows who acted what they have answered the last times, oldest first: of
// those times at which they had chosen the same before.
func (d *decision) trend(c *rituals.CheckIn) []rituals.Block {
	var blocks []rituals.Block
	for i := range c.Ritual.Steps {
		s := &c.Ritual.Steps[i]
		if !s.Trend || !c.Holds(d.me.ID, s) {
			continue
		}
		var answers []string
		for _, k := range d.last(c.Ritual.ID, alone(c, d.me.ID)) {
			r, old := k.Reply(d.me.ID, s.ID), k.Ritual.Step(s.ID)
			if k.ID == c.ID || r == nil || r.Empty() || !d.choseSame(c, &k, s) || old == nil || old.Option(r.Choice) == nil || len(answers) == mostTrend {
				continue
			}
			answers = append(answers, old.Option(r.Choice).InSentence().In(d.me.Language))
		}
		if len(answers) > 0 {
			slices.Reverse(answers)
			blocks = append(blocks, paragraphs(d.voice(d.me).Say("alone.trend", "answers", strings.Join(answers, ", ")))...)
		}
	}
	return blocks
}

// choseSame reports whether who acted has chosen the same in two check-ins at the
// questions before a step.
func (d *decision) choseSame(a, b *rituals.CheckIn, s *rituals.Step) bool {
	for i := range a.Ritual.Steps {
		t := &a.Ritual.Steps[i]
		if t.ID == s.ID {
			break
		}
		one, two := a.Reply(d.me.ID, t.ID), b.Reply(d.me.ID, t.ID)
		if t.Kind == rituals.Choose && (one == nil || two == nil || one.Choice != two.Choice) {
			return false
		}
	}
	return true
}

// lastFew is how many check-ins are looked back at.
const lastFew = 12

// last returns the couple's last check-ins of a ritual, newest first; with a member, only
// those that asked them.
func (d *decision) last(ritual string, m rituals.MemberID) []rituals.CheckIn {
	return d.recent(ritual, m, lastFew)
}

// alone is the member, if they keep a check-in alone: nothing that others do there may
// show in what they read. Else it is 0.
func alone(c *rituals.CheckIn, m rituals.MemberID) rituals.MemberID {
	if c.Ritual.Private {
		return m
	}
	return 0
}

// recent is last for some few of them.
func (d *decision) recent(ritual string, m rituals.MemberID, few int) []rituals.CheckIn {
	couple := d.s.Couple.ID
	key := "recent/" + ritual + "/" + id(m) + "/" + strconv.Itoa(few)
	list, _ := find(d, key, func(ctx context.Context, r Reader, _ Store) ([]rituals.CheckIn, error) {
		return r.Recent(ctx, couple, ritual, m, few)
	})
	return list
}

// sharable returns what who acted wrote in a private check-in.
func (d *decision) sharable(c *rituals.CheckIn) []rituals.Reply {
	return slices.DeleteFunc(c.Shown(d.me.ID), func(r rituals.Reply) bool {
		return !r.Spoken() || c.Reply(d.me.ID, r.Step+shared) != nil
	})
}

// shared marks, behind a step, that its answer was passed on.
const shared = ".share"

// share settles that who acted would like others to read something they wrote for
// themselves: it is passed on as words, and nothing beside them.
func (d *decision) share(c *rituals.CheckIn, a parsedAction) {
	v := d.voice(d.me)
	if !c.Ritual.Private || !d.s.Couple.Complete() {
		d.toast(v.Say("passed"))
		return
	}
	list := d.sharable(c)
	if step := a.arg(1); step != "" {
		list = slices.DeleteFunc(list, func(r rituals.Reply) bool { return r.Step != step })
	}
	switch {
	case len(list) == 0 && slices.ContainsFunc(c.Replies, func(r rituals.Reply) bool { return r.Member == d.me.ID && strings.HasSuffix(r.Step, shared) }):
		d.toast(v.Say("sent.short"))
		return
	case len(list) == 0:
		d.toast(v.Say("passed"))
		return
	case len(list) > 1:
		var rows [][]rituals.Choice
		for _, r := range list {
			label := short(d.fill(c.Ritual.Step(r.Step).Text, d.me, c))
			rows = append(rows, []rituals.Choice{{Label: label, Action: action(doShare, id(c.ID), r.Step)}})
		}
		d.tellOnce("share", c, "", v.Say("alone.which"), rows...)
		return
	}
	r := list[0]
	for _, o := range d.others(d.me) {
		for i, m := range d.passed(o.Language, wordsOfReply(&r, o.Language), r.Media()) {
			if card := d.cardText(c.Walk(d.me.ID).Drawn(r.Step), d.me, c, o.Language); card != "" && i == 0 {
				m.Blocks = append([]rituals.Block{{Kind: rituals.Heading, Text: card}}, m.Blocks...)
			}
			d.say(o, m)
		}
	}
	d.reply(c, rituals.Reply{Step: r.Step + shared, Member: d.me.ID, Choice: shared})
	d.tell(d.me, v.Say("sent", "partner", d.partner(d.me)))
}

// aloneTap settles the buttons about private rituals: what there is, one of them, and
// whether it comes.
func (d *decision) aloneTap(a parsedAction) {
	v := d.voice(d.me)
	if a.arg(0) == "" {
		d.showAlone()
		return
	}
	f := d.lib.Ritual(a.arg(0))
	if f == nil || !f.Private || !d.s.Couple.Complete() {
		d.toast(v.Say("passed"))
		return
	}
	has := d.me.Keeps(f)
	switch a.arg(1) {
	case "on", "off":
		d.haveAlone(f, a.arg(1) == "on")
		return
	}
	button, text := rituals.Choice{Label: v.Say("alone.have"), Action: action(doAlone, f.ID, "on")}, "alone.one"
	if has {
		button, text = rituals.Choice{Label: v.Say("alone.no.more"), Action: action(doAlone, f.ID, "off")}, "alone.one.yours"
	}
	d.tell(d.me, v.Say(text, "title", f.Title.In(d.me.Language), "about", f.About.In(d.me.Language), "time", when(v, f.Schedule)),
		[]rituals.Choice{button})
}

// showAlone shows the private rituals there are.
func (d *decision) showAlone() {
	list := d.alone()
	if len(list) == 0 {
		d.toast(d.voice(d.me).Say("passed"))
		return
	}
	d.say(d.me, d.listed("alone.list", list, doAlone))
}

// haveAlone settles whether a private ritual comes to who acted. It takes nobody else,
// and nobody else is told.
func (d *decision) haveAlone(f *rituals.Ritual, on bool) {
	v := d.voice(d.me)
	if d.me.Keeps(f) == on {
		d.toast(v.Say("propose.same"))
		return
	}
	d.me.Private = slices.DeleteFunc(slices.Clone(d.me.Private), func(id string) bool { return id == f.ID })
	if on {
		d.me.Private = append(d.me.Private, f.ID)
	}
	d.touchMember(d.me)
	d.cancel(openName(f.ID, d.me.ID))
	text := "alone.off"
	if on {
		text = "alone.on"
		d.schedule(f, d.me, d.now)
	}
	d.tell(d.me, v.Say(text, "time", when(v, f.Schedule)))
}

// offerAlone tells a member that there is a private ritual.
func (d *decision) offerAlone(f *rituals.Ritual, m *rituals.Member) {
	if m.Keeps(f) {
		return
	}
	v := d.voice(m)
	d.tell(m, v.Say("offer.alone", "title", f.Title.In(m.Language), "about", f.About.In(m.Language), "time", when(v, f.Schedule)),
		[]rituals.Choice{
			{Label: v.Say("alone.have"), Action: action(doOffer, "0", f.ID, "yes")},
			{Label: v.Say("not.now"), Action: action(doOffer, "0", f.ID, "no")},
		})
}

// offerAloneTap settles what a member says to that.
func (d *decision) offerAloneTap(f *rituals.Ritual, a parsedAction) {
	if a.arg(2) == "yes" {
		d.haveAlone(f, true)
		return
	}
	d.tell(d.me, d.voice(d.me).Say("offer.not"))
}
