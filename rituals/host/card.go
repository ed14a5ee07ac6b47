package host

import (
	"crypto/sha256"
	"encoding/binary"
	"strconv"
	"strings"

	"attune/rituals"
)

// cardText is what a card says as it was dealt to a member, in a language; what a
// member has written is said as it is.
func (d *decision) cardText(card *rituals.Drawn, dealt *rituals.Member, c *rituals.CheckIn, language string) string {
	if card == nil {
		return ""
	}
	if card.By != 0 {
		return card.Text.In(language)
	}
	return d.fillIn(card.Text, dealt, c, language)
}

// asksFor is the question that a member answers in a step, in a language: of a draw
// step, the card.
func (d *decision) asksFor(c *rituals.CheckIn, m *rituals.Member, s *rituals.Step, language string) string {
	if text := d.cardText(c.Card(m.ID, s), m, c, language); text != "" {
		return text
	}
	return d.fillIn(s.Text, m, c, language)
}

// body is what a question says: its text and, below it, the card or what can be ticked.
func (d *decision) body(c *rituals.CheckIn, m *rituals.Member, s *rituals.Step) []rituals.Block {
	blocks := paragraphs(d.fill(s.Text, m, c))
	switch s.Kind {
	case rituals.Draw:
		if text := d.cardText(c.Card(m.ID, s), m, c, m.Language); text != "" {
			blocks = append(blocks, rituals.Block{Kind: rituals.Heading, Text: text})
		}
	case rituals.Check:
		blocks = append(blocks, d.tickLines(c, m, s)...)
	}
	return blocks
}

// changing reports whether the message that says a step changes in place.
func changing(s *rituals.Step) bool { return s.Kind == rituals.Draw || s.Kind == rituals.Check }

// saidAs is the key of a message that asks a member something. What changes in place
// is found again by its mark, which its buttons carry.
func (d *decision) saidAs(c *rituals.CheckIn, m *rituals.Member, s *rituals.Step) string {
	if changing(s) {
		return askKey(c, s.ID, id(m.ID)+"/"+d.mark())
	}
	return askKey(c, s.ID, id(m.ID)+"/"+d.cause())
}

// mark names what is being settled as cause does, short enough for a button.
func (d *decision) mark() string {
	sum := sha256.Sum256([]byte(d.cause()))
	return id(int64(binary.BigEndian.Uint64(sum[:8]) >> 16))
}

// changeSaid changes a question that who acted was asked, in place if the button that
// was tapped stands under it; else it is asked again.
func (d *decision) changeSaid(c *rituals.CheckIn, s *rituals.Step, mark string) {
	if mark == "" || d.event.Kind != rituals.Tapped || d.aside() {
		d.ask(c, d.me, s)
		return
	}
	m := d.question(c, d.me, s, mark)
	m.Edits = askKey(c, s.ID, id(d.me.ID)+"/"+mark)
	d.say(d.me, m)
}

// anotherChoice is the button that asks for another card; none if there is to be no
// other.
func (d *decision) anotherChoice(c *rituals.CheckIn, m *rituals.Member, s *rituals.Step, mark string) []rituals.Choice {
	card := c.Card(m.ID, s)
	if card == nil || card.Again >= mostAgain || c.Reply(m.ID, s.ID) != nil {
		return nil
	}
	return []rituals.Choice{{Label: d.voice(m).Say("card.another"),
		Action: action(doCard, id(c.ID), s.ID, strconv.Itoa(card.Again), mark)}}
}

// another settles [Another one]: the card of who acted changes, and nobody else's.
func (d *decision) another(c *rituals.CheckIn, a parsedAction) {
	v := d.voice(d.me)
	s := c.Ritual.Step(a.arg(1))
	if s == nil || s.Kind != rituals.Draw || !d.mayChange(c) {
		d.toast(v.Say("passed"))
		return
	}
	card := c.Card(d.me.ID, s)
	switch n := a.arg(2); {
	case c.Reply(d.me.ID, s.ID) != nil:
		d.toast(v.Say("kept.short"))
		return
	case card == nil || card.Again >= mostAgain:
		d.toast(v.Say("card.none"))
		return
	case n != "" && n != strconv.Itoa(card.Again):
		return // tapped twice
	}
	seed := strings.Join([]string{d.seed(c, d.me.ID, s), id(d.me.ID), strconv.Itoa(card.Again)}, "/")
	other, ok := d.draw(c, d.me.ID, s, seed, c.Ritual.Private && !d.weary(d.me), true)
	if !ok {
		d.toast(v.Say("card.none"))
		return
	}
	w := c.Walk(d.me.ID)
	if w.Drawn(s.ID) == nil {
		w.Deal(*card) // the one that all have
	}
	w.Deal(other)
	d.touch(c)
	switch {
	case !s.Question():
		d.changeCard(c, a.arg(3))
	case d.place() != nil && d.event.Aside:
		d.cardHere(c, s)
	default:
		d.changeSaid(c, s, a.arg(3))
	}
}

// cardHere shows who acted in the couple's place the card they have, with the button
// that opens the form.
func (d *decision) cardHere(c *rituals.CheckIn, s *rituals.Step) {
	row := []rituals.Choice{{Label: d.voice(d.me).Say("answer.label"), Action: formAction(c, d.me.ID), Form: true}}
	row = append(row, d.anotherChoice(c, d.me, s, "")...)
	d.say(d.me, rituals.Message{Blocks: d.body(c, d.me, s), Choices: [][]rituals.Choice{row}, CheckIn: c.ID})
}

// tellCard says to a member all that a ritual has to say which asks nothing.
func (d *decision) tellCard(c *rituals.CheckIn, m *rituals.Member, before ...rituals.Block) {
	mark := d.mark()
	msg := d.cardSaid(c, m, mark)
	msg.Key, msg.Blocks = cardKey(c, m, mark), append(before, msg.Blocks...)
	if !d.caused(m.ID) {
		msg.Until = c.Closes
	}
	d.say(m, msg)
}

func cardKey(c *rituals.CheckIn, m *rituals.Member, mark string) string {
	return "card/" + id(c.ID) + "/" + id(m.ID) + "/" + mark
}

// cardSaid is the message that says it: with a way to another card, if it has one.
func (d *decision) cardSaid(c *rituals.CheckIn, m *rituals.Member, mark string) rituals.Message {
	msg := rituals.Message{Blocks: d.sayings(c, m, nil), CheckIn: c.ID}
	for i := range c.Ritual.Steps {
		if row := d.anotherChoice(c, m, &c.Ritual.Steps[i], mark); row != nil {
			msg.Choices = [][]rituals.Choice{row}
		}
	}
	return msg
}

// changeCard says to who acted what a ritual has to say with the card they have got in
// place of another.
func (d *decision) changeCard(c *rituals.CheckIn, mark string) {
	if mark == "" || d.event.Kind != rituals.Tapped || d.aside() {
		d.tellCard(c, d.me)
		return
	}
	m := d.cardSaid(c, d.me, mark)
	m.Edits = cardKey(c, d.me, mark)
	d.say(d.me, m)
}
