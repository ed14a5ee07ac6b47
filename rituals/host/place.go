package host

import (
	"context"
	"slices"
	"strconv"

	"attune/rituals"
)

// In a couple's place a question is said once, for all, and looks the same until
// the answers open, whoever has answered.

// place returns where the couple keeps its rituals together; nil if each does alone.
func (d *decision) place() *rituals.Place {
	if p := d.s.Couple.Place; p.Open() {
		return p
	}
	return nil
}

// sayHere says something in a place, for these members.
func (d *decision) sayHere(p *rituals.Place, members []rituals.Member, m rituals.Message) {
	m.To, m.Couple = p.Address, d.s.Couple.ID
	for i := range members {
		if who, ok := p.People[members[i].ID]; ok {
			m.For = append(m.For, who)
		}
		m.Silent = m.Silent || (!d.caused(members[i].ID) && rituals.Quiet(d.wall(&members[i])))
	}
	d.put(m)
}

// readsIn is the language in which a member reads what the others may read, too: that
// of the place, if there is one.
func (d *decision) readsIn(m *rituals.Member) string {
	if p := d.place(); p != nil {
		return p.Language
	}
	return m.Language
}

// sayOpenly says something to a member that the others may read, too: in the place, if
// there is one.
func (d *decision) sayOpenly(to *rituals.Member, m rituals.Message) {
	p := d.place()
	if p == nil {
		d.say(to, m)
		return
	}
	m.Readers = p.Readers.Mark
	d.sayHere(p, []rituals.Member{*to}, m)
}

// promptHere says a check-in's question in the place, once for all whose hour it is.
// It comes to all of them, whether or not they have answered.
func (d *decision) promptHere(p *rituals.Place, c *rituals.CheckIn, m *rituals.Member, before ...rituals.Block) {
	w := c.Walk(m.ID)
	if w == nil || c.State != rituals.Open {
		return
	}
	key := askKey(c, "place", id(w.Opens.UnixMilli()))
	if slices.ContainsFunc(d.c.Say, func(m rituals.Message) bool { return m.Key == key }) {
		return
	}
	whose := d.whoseHour(c, m)
	msg := rituals.Message{Key: key, Blocks: append(before, d.questionHere(p, c, whose)...), Choices: d.choicesHere(p, c), CheckIn: c.ID}
	if d.alarm != nil {
		msg.Until = c.Closes
	}
	var called []rituals.Member
	for _, o := range whose {
		called = append(called, *o)
	}
	d.sayHere(p, called, msg)
}

// whoseHour returns the members for whom a check-in opens when it does for m.
func (d *decision) whoseHour(c *rituals.CheckIn, m *rituals.Member) []*rituals.Member {
	w := c.Walk(m.ID)
	return slices.DeleteFunc(d.everybody(), func(o *rituals.Member) bool {
		ow := c.Walk(o.ID)
		return w == nil || ow == nil || !ow.Opens.Equal(w.Opens)
	})
}

// questionHere is a check-in's first question as all read it, with what is said before
// it to all, at the hour of some.
func (d *decision) questionHere(p *rituals.Place, c *rituals.CheckIn, whose []*rituals.Member) []rituals.Block {
	var blocks []rituals.Block
	for i := range c.Ritual.Steps {
		s := &c.Ritual.Steps[i]
		if s.Kind == rituals.Say && (s.Recall != "" || s.Collect != "") {
			continue
		}
		if s.Kind != rituals.Say && s.Kind != rituals.Draw && !s.Question() {
			continue
		}
		blocks = append(blocks, paragraphs(d.fillAt(s.Text, p, c, whose))...)
		if text := d.cardOfAll(p, c, s); text != "" {
			blocks = append(blocks, rituals.Block{Kind: rituals.Heading, Text: text})
		}
		if s.Question() {
			return blocks
		}
	}
	return blocks
}

// cardOfAll is the card that a draw step has for all, as all read it; empty if each has
// their own.
func (d *decision) cardOfAll(p *rituals.Place, c *rituals.CheckIn, s *rituals.Step) string {
	card := c.Card(0, s)
	switch {
	case card == nil || s.Each:
		return ""
	case card.By != 0:
		return card.Text.In(p.Language)
	}
	return d.fillHere(card.Text, p, c)
}

// fillHere puts in what a ritual's text leaves open when all read it at once.
func (d *decision) fillHere(t rituals.Text, p *rituals.Place, c *rituals.CheckIn) string {
	return d.fillAt(t, p, c, d.everybody())
}

// fillAt is fillHere for what is said at the hour of some.
func (d *decision) fillAt(t rituals.Text, p *rituals.Place, c *rituals.CheckIn, whose []*rituals.Member) string {
	v := d.in(p.Language)
	var names []string
	for i := range d.s.Members {
		names = append(names, d.s.Members[i].Name)
	}
	all, partner := v.List(names), v.Say("somebody")
	if giver := d.giver(c); giver != nil {
		partner = giver.Name
	}
	return v.Fill(t.In(p.Language), "me", all, "partner", partner, "time", d.timesHere(v, d.now, whose),
		"day", v.Weekday(int(c.Day.Weekday())))
}

// mostForm is how long the action of a button may be that opens a form.
const mostForm = 45

// choicesHere are the buttons under the question: one that opens the form, and, where
// ways part at the beginning, the other ways.
func (d *decision) choicesHere(p *rituals.Place, c *rituals.CheckIn) [][]rituals.Choice {
	v := d.in(p.Language)
	answer := rituals.Choice{Label: v.Say("answer.label"), Action: action(doForm, id(c.ID)), Form: true}
	var first *rituals.Step
	for i := range c.Ritual.Steps {
		if c.Ritual.Steps[i].Question() {
			first = &c.Ritual.Steps[i]
			break
		}
	}
	switch {
	case first == nil:
		return nil
	case first.Kind == rituals.Draw:
		return [][]rituals.Choice{{answer, {Label: v.Say("card.another"), Action: action(doCard, id(c.ID), first.ID)}}}
	case !turn(first):
		return [][]rituals.Choice{{answer}}
	}
	form := func(option string) string {
		if a := action(doForm, id(c.ID), first.ID, option); len(a) <= mostForm {
			return a
		}
		return answer.Action // the question itself comes first
	}
	row := []rituals.Choice{answer}
	for _, o := range first.Options {
		switch {
		case o.ID == wayOf(first):
			row[0].Action = form(o.ID)
		case o.Act == "":
			row = append(row, rituals.Choice{Label: o.Label.In(p.Language), Action: form(o.ID), Form: true})
		default:
			row = append(row, rituals.Choice{Label: o.Label.In(p.Language), Action: action(doAnswer, id(c.ID), first.ID, o.ID)})
		}
	}
	return [][]rituals.Choice{row}
}

// revealHere opens the answers in the place: a message for each member's.
func (d *decision) revealHere(p *rituals.Place, c *rituals.CheckIn) {
	step := c.Ritual.RevealStep()
	after := paragraphs(d.fillHere(step.Text, p, c))
	tell := func(n string, m rituals.Message) {
		m.Key, m.CheckIn, m.Readers = askKey(c, step.ID, "place/"+n), c.ID, p.Readers.Mark
		d.sayHere(p, d.s.Members, m)
	}
	if same := d.same(c, step); same != nil {
		text := rituals.Fill(d.fillHere(step.Same, p, c), "answer", same.In(p.Language))
		tell("0", rituals.Message{Blocks: append(paragraphs(text), after...), Choices: d.repliesTo(c, 0, p.Language)})
		return
	}
	blocks := paragraphs(d.fillHere(step.Head, p, c))
	if step.Mutual {
		blocks = append(append(blocks, d.commonBlocks(c, p.Language)...), after...)
		tell("0", rituals.Message{Blocks: blocks, Choices: d.repliesTo(c, 0, p.Language)})
		return
	}
	for i := range d.s.Members {
		m, above := &d.s.Members[i], ""
		msg := rituals.Message{Blocks: append(blocks, d.shownBlocks(c, m, p.Language, &above)...)}
		if blocks = nil; i == len(d.s.Members)-1 {
			msg.Blocks = append(msg.Blocks, after...)
			msg.Choices = d.repliesTo(c, 0, p.Language)
		}
		tell(id(m.ID), msg)
	}
	for i := range d.s.Members {
		for n, msg := range carried(c, &d.s.Members[i], p.Language) {
			tell(id(d.s.Members[i].ID)+"/"+strconv.Itoa(n), msg)
		}
	}
}

// passOn says to the others what who acted wants them to read, in their language: in
// the place, if there is one, else to each alone.
func (d *decision) passOn(c *rituals.CheckIn, text func(language string) string, media []rituals.Media) {
	p := d.place()
	if p == nil {
		for _, o := range d.others(d.me) {
			for _, m := range d.passed(o.Language, text(o.Language), media) {
				m.CheckIn = c.ID
				d.say(o, m)
			}
		}
		return
	}
	var others []rituals.Member
	for _, o := range d.others(d.me) {
		others = append(others, *o)
	}
	for _, m := range d.passed(p.Language, text(p.Language), media) {
		m.CheckIn, m.Readers = c.ID, p.Readers.Mark
		d.sayHere(p, others, m)
	}
}

// homes returns the members' addresses, as far as they are known.
func (d *decision) homes() []rituals.Home {
	var members []rituals.MemberID
	for i := range d.s.Members {
		members = append(members, d.s.Members[i].ID)
	}
	list, _ := find(d, "homes/"+id(d.s.Couple.ID), func(ctx context.Context, r Reader, _ Store) ([]rituals.Home, error) {
		return r.Homes(ctx, members...)
	})
	return list
}

// peopleOn returns who the members are on a platform, and reports whether all of them
// are somebody there.
func (d *decision) peopleOn(p rituals.Platform) (map[rituals.MemberID]rituals.Person, bool) {
	people := map[rituals.MemberID]rituals.Person{}
	for _, h := range d.homes() {
		if h.Person.Platform == p {
			people[h.Member] = h.Person
		}
	}
	return people, len(people) == len(d.s.Members)
}

// unplace ends that the rituals are kept in a place. Whoever could be reached only
// there rests from then on.
func (d *decision) unplace() {
	d.s.Couple.Place = nil
	d.touchCouple()
	for i := range d.s.Members {
		if m := &d.s.Members[i]; m.Unreachable {
			d.unreachable(m, true)
		}
	}
}
