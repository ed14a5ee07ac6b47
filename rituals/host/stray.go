package host

import (
	"context"
	"slices"
	"strings"
	"unicode"

	"attune/rituals"
)

// unasked settles words that belong to no question that was asked last: they
// answer the one at which their writer stands, if there is one.
func (d *decision) unasked() {
	if c, s := d.standing(); s != nil {
		d.join(c, s, rituals.Asked{CheckIn: c.ID, Step: s.ID, At: d.now})
		return
	}
	d.stray()
}

// stray keeps words that no step asked for a quarter of an hour, so that their
// writer can still send them. A question about the other gets the one answer.
func (d *decision) stray() {
	v := d.voice(d.me)
	text := clip(d.event.Text, maxWords)
	switch {
	case !d.s.Couple.Complete():
		d.tell(d.me, d.aloneLine())
	case d.asksAboutOther(text):
		d.hold(d.dontTell())
	default:
		d.hold(v.Say("stray"))
	}
}

// hold says a line about words that went nowhere, and keeps them a quarter of an
// hour, so that their writer can still send them.
func (d *decision) hold(line string) {
	v := d.voice(d.me)
	h := rituals.Held{ID: d.fresh(), Member: d.me.ID, Couple: d.s.Couple.ID, Source: d.event.Source,
		Text: d.source().Text, Media: d.event.Media, Until: d.now.Add(holdFor)}
	d.c.Hold = append(d.c.Hold, h)
	d.set(rituals.Alarm{Name: "letgo/" + id(h.ID), Kind: rituals.AlarmLetGo, At: h.Until, Member: d.me.ID})
	d.tell(d.me, line, []rituals.Choice{
		{Label: v.Say("stray.send", "partner", d.partner(d.me)), Action: action(doHeld, id(h.ID), "send")},
		{Label: v.Say("stray.drop"), Action: action(doHeld, id(h.ID), "drop")},
	})
}

// dontTell is the one sentence for whoever asks about the other.
func (d *decision) dontTell() string {
	return d.voice(d.me).Say("dont.tell", "partner", d.partner(d.me))
}

// asksByName reports whether a short line asks about the other by name, which is
// then no answer to a question that is open: one question and nothing after it.
func (d *decision) asksByName(text string) bool {
	const most = 8 // words; more is something to say
	if !d.s.Couple.Complete() || len(wordsOf(text)) > most {
		return false
	}
	words := wordsOf(text)
	if i := strings.IndexByte(text, '?'); i >= 0 && strings.TrimSpace(text[i+1:]) != "" {
		return false
	}
	if !d.beginsToAsk(words) || !d.asksAboutOther(text) {
		return false
	}
	if !strings.Contains(text, "?") {
		words = words[:min(len(words), 3)] // "did Sam answer", but not "has been good that Sam wrote"
	}
	return d.names(words)
}

// names reports whether the other's name is among words.
func (d *decision) names(words []string) bool {
	for _, o := range d.others(d.me) {
		for _, name := range wordsOf(o.Name) {
			if slices.Contains(words, name) {
				return true
			}
		}
	}
	return false
}

// wordsOf returns the words of a text in lower case.
func wordsOf(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' && r != '’' })
}

// beginsToAsk reports whether the first word is one that questions begin with.
func (d *decision) beginsToAsk(words []string) bool {
	return len(words) > 0 && slices.Contains(strings.Fields(d.voice(d.me).Say("asks.begin")), words[0])
}

// asksAboutOther reports whether words ask what the other has or has not done.
func (d *decision) asksAboutOther(text string) bool {
	words := wordsOf(text)
	if !d.beginsToAsk(words) && !strings.Contains(text, "?") {
		return false
	}
	signs := strings.Fields(d.voice(d.me).Say("asks.about"))
	if d.names(words) {
		signs = append(signs, strings.Fields(d.voice(d.me).Say("asks.about.name"))...)
	}
	return slices.ContainsFunc(words, func(w string) bool { return slices.Contains(signs, w) })
}

// heldWords returns those held words of who acted that are meant, or nil.
func (d *decision) heldWords(meant func(rituals.Held) bool) *rituals.Held {
	me := d.me.ID
	list, _ := find(d, "held", func(ctx context.Context, r Reader, _ Store) ([]rituals.Held, error) {
		return r.Held(ctx, me)
	})
	for i := range list {
		if meant(list[i]) && list[i].Couple == d.s.Couple.ID && d.now.Before(list[i].Until) {
			return &list[i]
		}
	}
	return nil
}

// held settles what becomes of words that were held.
func (d *decision) held(a parsedAction) {
	v := d.voice(d.me)
	hid := parseID[int64](a.arg(0))
	h := d.heldWords(func(h rituals.Held) bool { return h.ID == hid })
	if h == nil {
		d.toast(v.Say("gone"))
		return
	}
	d.c.LetGo = append(d.c.LetGo, h.ID)
	d.cancel("letgo/" + id(h.ID))
	d.touchCouple()
	if a.arg(1) != "send" || !d.s.Couple.Complete() {
		d.tell(d.me, v.Say("let.go"))
		return
	}
	for _, o := range d.others(d.me) {
		for _, m := range d.passed(o.Language, h.Text, h.Media) {
			d.say(o, m)
		}
	}
	d.tell(d.me, v.Say("sent", "partner", d.partner(d.me)))
}
