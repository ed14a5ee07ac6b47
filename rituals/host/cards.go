package host

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"attune/rituals"
)

// What is among the cards a couple draws: deeper ones, those of a tone, and those that
// its members have written.

const (
	mostCards = 12  // that one member can have written
	mostCard  = 200 // characters of one
)

// draws reports whether any ritual draws cards.
func (d *decision) draws() bool {
	return slices.ContainsFunc(d.lib.All(), func(r *rituals.Ritual) bool {
		return !r.Private && slices.ContainsFunc(r.Steps, func(s rituals.Step) bool { return s.Kind == rituals.Draw })
	})
}

// cardsTap settles the buttons about cards.
func (d *decision) cardsTap(a parsedAction) {
	if !d.s.Couple.Complete() {
		d.toast(d.voice(d.me).Say("passed"))
		return
	}
	switch a.arg(0) {
	case "":
		d.cards()
	case "deep":
		s := d.s.Couple.Setting(rituals.Every)
		if s.Deep = a.arg(1) == "on"; s.Deep {
			d.propose(s)
			return
		}
		d.apply(s)
	case "tone":
		d.toneTap(a)
	case "write":
		d.writeCard()
	case "mine":
		d.ownCards()
	case "take":
		d.takeCard(a.arg(1))
	default:
		d.toast(d.voice(d.me).Say("passed"))
	}
}

// cards shows what is among the cards.
func (d *decision) cards() {
	v := d.voice(d.me)
	items := []string{v.Say("cards.shallow")}
	row := []rituals.Choice{{Label: v.Say("deep.suggest"), Action: action(doCards, "deep", "on")}}
	if d.deep() {
		items[0] = v.Say("cards.deep")
		row[0] = rituals.Choice{Label: v.Say("deep.leave"), Action: action(doCards, "deep", "off")}
	}
	rows := [][]rituals.Choice{row}
	for _, r := range d.lib.All() {
		if len(d.tones(r)) == 0 {
			continue
		}
		title := r.Title.In(d.me.Language)
		items = append(items, v.Say("cards.tone", "title", title, "tone", d.toneName(r, d.s.Couple.Setting(r.ID).Tone, d.me)))
		rows = append(rows, []rituals.Choice{{Label: title, Action: action(doCards, "tone", r.ID)}})
	}
	n := len(d.myCards())
	items = append(items, v.Say("cards.mine", "n", strconv.Itoa(n)))
	rows = append(rows, []rituals.Choice{{Label: v.Say("write.card"), Action: action(doCards, "write")}})
	if n > 0 {
		rows = append(rows, []rituals.Choice{{Label: v.Say("cards.mine.button"), Action: action(doCards, "mine")}})
	}
	d.say(d.me, rituals.Message{
		Blocks:  append(paragraphs(v.Say("cards")), rituals.Block{Kind: rituals.List, Items: items}),
		Choices: rows,
	})
}

// tones are what a couple can choose from for a ritual.
func (d *decision) tones(r *rituals.Ritual) []rituals.Tone {
	var all []rituals.Tone
	for _, s := range r.Steps {
		for _, name := range s.Decks {
			if deck := d.lib.Deck(name); deck != nil {
				all = append(all, deck.Tones...)
			}
		}
	}
	return all
}

// toneName is what a tone of a ritual is called.
func (d *decision) toneName(r *rituals.Ritual, tone string, m *rituals.Member) string {
	for _, t := range d.tones(r) {
		if t.ID == tone {
			return t.Label.In(m.Language)
		}
	}
	return d.voice(m).Say("tone.any")
}

// anyTone, in place of a tone, is none in particular.
const anyTone = "-"

// toneTap asks for a tone, and suggests it to the others.
func (d *decision) toneTap(a parsedAction) {
	v := d.voice(d.me)
	r := d.lib.Ritual(a.arg(1))
	if r == nil {
		d.toast(v.Say("passed"))
		return
	}
	tones, tone := d.tones(r), a.arg(2)
	switch {
	case tone == "":
		var row []rituals.Choice
		for _, t := range tones {
			row = append(row, rituals.Choice{Label: t.Label.In(d.me.Language), Action: action(doCards, "tone", r.ID, t.ID)})
		}
		d.tell(d.me, v.Say("tone.ask", "title", r.Title.In(d.me.Language), "partner", d.partner(d.me)), row,
			[]rituals.Choice{{Label: v.Say("tone.any"), Action: action(doCards, "tone", r.ID, anyTone)}})
		return
	case tone == anyTone:
		tone = ""
	case !slices.ContainsFunc(tones, func(t rituals.Tone) bool { return t.ID == tone }):
		d.toast(v.Say("passed"))
		return
	}
	s := d.s.Couple.Setting(r.ID)
	s.Tone = tone
	d.propose(s)
}

// aboutCards reports whether two settings of a ritual differ in what is among the cards.
func aboutCards(before, after rituals.Setting) bool {
	return before.Deep != after.Deep || before.Tone != after.Tone
}

// suggestsCards says to another member what who acted suggests about the cards, and what
// stands on the button that leaves them as they are; nothing, if it is about something
// else.
func (d *decision) suggestsCards(o *rituals.Member, before, after rituals.Setting) (text, keep string) {
	v := d.voice(o)
	switch r := d.lib.Ritual(after.Ritual); {
	case before.Deep != after.Deep:
		return v.Say("propose.deep", "name", d.me.Name), v.Say("propose.asis")
	case before.Tone != after.Tone:
		return v.Say("propose.tone", "name", d.me.Name, "title", r.Title.In(o.Language),
			"tone", d.toneName(r, after.Tone, o)), v.Say("propose.asis")
	}
	return "", ""
}

// applyCards makes a setting about cards hold and says the same line to all.
func (d *decision) applyCards(s rituals.Setting) {
	d.s.Couple.Set(s)
	d.dropProposals(s.Ritual)
	for i := range d.s.Members {
		m := &d.s.Members[i]
		v := d.voice(m)
		text := v.Say("deep.off")
		switch r := d.lib.Ritual(s.Ritual); {
		case r != nil:
			text = v.Say("tone.done", "title", r.Title.In(m.Language), "tone", d.toneName(r, s.Tone, m))
		case s.Deep:
			text = v.Say("deep.on")
		}
		d.tell(m, text)
	}
}

// myCards are the cards that who acted has written.
func (d *decision) myCards() []rituals.Card {
	return slices.DeleteFunc(slices.Clone(d.s.Couple.Cards), func(c rituals.Card) bool { return c.By != d.me.ID })
}

// writeRow is the way to a card of one's own, under the answer to one that was drawn.
func (d *decision) writeRow(c *rituals.CheckIn) [][]rituals.Choice {
	for i := range c.Ritual.Steps {
		if s := &c.Ritual.Steps[i]; slices.Contains(s.Decks, rituals.OwnDeck) && c.Reply(d.me.ID, s.ID) != nil {
			return [][]rituals.Choice{{{Label: d.voice(d.me).Say("write.card"), Action: action(doCards, "write")}}}
		}
	}
	return nil
}

// writeCard asks who acted for a card of their own.
func (d *decision) writeCard() {
	v := d.voice(d.me)
	if len(d.myCards()) >= mostCards {
		d.tell(d.me, v.Say("write.card.full", "n", strconv.Itoa(mostCards)))
		return
	}
	d.me.Asked = rituals.Asked{Step: "card", At: d.now}
	d.touchMember(d.me)
	d.say(d.me, rituals.Message{Blocks: paragraphs(v.Say("write.card.ask")), Input: form(v)})
}

// writtenCard puts what who acted wrote among the cards.
func (d *decision) writtenCard(text string) {
	v := d.voice(d.me)
	text = clip(text, maxWords)
	switch {
	case !d.s.Couple.Complete():
		d.stray()
		return
	case text == "" || utf8.RuneCountInString(text) > mostCard:
		d.tell(d.me, v.Say("write.card.long", "n", strconv.Itoa(mostCard)))
		return
	case len(d.myCards()) >= mostCards:
		d.tell(d.me, v.Say("write.card.full", "n", strconv.Itoa(mostCards)))
		return
	}
	card := rituals.Card{ID: "c" + id(d.fresh()), Text: rituals.Text{"": text}, By: d.me.ID}
	d.s.Couple.Cards = append(d.s.Couple.Cards, card)
	d.touchCouple()
	d.askedDone()
	d.tell(d.me, v.Say("write.card.done"), []rituals.Choice{{Label: v.Say("write.card.take"), Action: action(doCards, "take", card.ID)}})
}

// ownCards shows who acted the cards they have written, and nobody else's: those are
// read when they are drawn.
func (d *decision) ownCards() {
	v := d.voice(d.me)
	var items []string
	var rows [][]rituals.Choice
	for _, c := range d.myCards() {
		text := c.Text.In(d.me.Language)
		items = append(items, strings.ReplaceAll(text, "\n", " "))
		rows = append(rows, []rituals.Choice{{Label: short(text), Action: action(doCards, "take", c.ID)}})
	}
	if rows == nil {
		d.cards()
		return
	}
	d.say(d.me, rituals.Message{
		Blocks:  append(paragraphs(v.Say("write.card.list")), rituals.Block{Kind: rituals.List, Items: items}),
		Choices: rows,
	})
}

// takeCard takes a card away that who acted has written.
func (d *decision) takeCard(card string) {
	v := d.voice(d.me)
	if !d.takeCards(func(c rituals.Card) bool { return c.ID == card }) {
		d.toast(v.Say("passed"))
		return
	}
	d.tell(d.me, v.Say("write.card.gone"))
}

// takeCards takes those cards away that who acted has written, and reports whether there
// were any.
func (d *decision) takeCards(which func(rituals.Card) bool) bool {
	kept := slices.DeleteFunc(slices.Clone(d.s.Couple.Cards), func(c rituals.Card) bool {
		return c.By == d.me.ID && which(c)
	})
	if len(kept) == len(d.s.Couple.Cards) {
		return false
	}
	d.s.Couple.Cards = kept
	d.touchCouple()
	return true
}
