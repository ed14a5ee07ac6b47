package host

import (
	"strings"
	"unicode/utf8"

	"attune/rituals"
)

// A member's own answers before they open: change, take back, keep for oneself;
// and afterwards what becomes of words that did not.

// change settles [Change]: which answer, then its question again.
func (d *decision) change(c *rituals.CheckIn, a parsedAction) {
	v := d.voice(d.me)
	if a.arg(1) == "" {
		rows := d.ownSteps(c, doChange)
		switch {
		case rows == nil:
			d.toast(v.Say("passed"))
			return
		case len(rows) == 1 && c.State == rituals.Kept:
			d.change(c, parseAction(rows[0][0].Action))
			return
		}
		d.tellOnce("change", c, "", v.Say("change.which"), rows...)
		return
	}
	s := c.Ritual.Step(a.arg(1))
	if s == nil || !s.Question() || !d.changeable(c, s) {
		d.toast(v.Say("passed"))
		return
	}
	if r := c.Reply(d.me.ID, s.ID); r != nil && d.me.Asked.At.After(r.At) && d.justAsked(c, s.ID) {
		return
	}
	d.ask(c, d.me, s)
	under := &d.answer.Choices
	if !d.aside() {
		under = &d.c.Say[len(d.c.Say)-1].Choices
	}
	*under = append(*under, []rituals.Choice{{Label: v.Say("take"), Action: action(doTake, id(c.ID), s.ID)}})
}

// tellOnce tells who acted something about a check-in, once a minute unless they
// have answered since: a button tapped twice says it once.
func (d *decision) tellOnce(what string, c *rituals.CheckIn, step, text string, choices ...[]rituals.Choice) {
	d.say(d.me, rituals.Message{
		Key: what + "/" + id(c.ID) + "/" + step + "/" + id(d.me.ID) + "/" + id(d.now.Unix()/60) + "/" +
			id(d.paused(c, d.me).UnixMilli()),
		Blocks:  paragraphs(text),
		Choices: choices,
		CheckIn: c.ID,
	})
}

// changeable reports whether who acted can change their answer to a step: while the
// check-in is sealed, or while that answer waits for the morning.
func (d *decision) changeable(c *rituals.CheckIn, s *rituals.Step) bool {
	return d.mayChange(c) || d.waits(c, d.me.ID, s)
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
	return !over || d.wantsMorning(c, d.me.ID)
}

// ownSteps returns a button for each step the member has answered, under the
// question's own first line.
func (d *decision) ownSteps(c *rituals.CheckIn, verb string) [][]rituals.Choice {
	var rows [][]rituals.Choice
	for i := range c.Ritual.Steps {
		s := &c.Ritual.Steps[i]
		r := c.Reply(d.me.ID, s.ID)
		if s.Aside || !s.Question() || !c.Holds(d.me.ID, s) || r == nil || !d.changeable(c, s) {
			continue
		}
		if verb == doMine && (r.Empty() || r.Mine || c.Ritual.PartOf(s) != nil) {
			continue
		}
		label := short(d.asksFor(c, d.me, s, d.me.Language))
		rows = append(rows, []rituals.Choice{{Label: label, Action: action(verb, id(c.ID), s.ID)}})
	}
	return rows
}

// short returns a question short enough for a button: its first sentence that asks,
// or else its first, or as many words of it as there is room for.
func short(s string) string {
	const room = 40
	s, _, _ = strings.Cut(s, "\n")
	var first string
	for rest := s; rest != ""; {
		end := strings.IndexAny(rest, ".?")
		if end < 0 {
			end = len(rest) - 1
		}
		sentence := strings.TrimSpace(rest[:end+1])
		rest = rest[end+1:]
		if first == "" || strings.HasSuffix(sentence, "?") {
			first = sentence
		}
		if strings.HasSuffix(sentence, "?") {
			break
		}
	}
	if utf8.RuneCountInString(first) <= room {
		return first
	}
	cut := string([]rune(first)[:room])
	if i := strings.LastIndexByte(cut, ' '); i > 0 {
		cut = cut[:i]
	}
	return cut + " …"
}

// mine settles [Just for me]: the answer stays the writer's own.
func (d *decision) mine(c *rituals.CheckIn, a parsedAction) {
	v := d.voice(d.me)
	step := a.arg(1)
	if step == "" {
		rows := d.ownSteps(c, doMine)
		switch len(rows) {
		case 0:
			if d.mayChange(c) {
				d.toast(v.Say("mine.done"))
			} else {
				d.toast(v.Say("passed"))
			}
			return
		case 1:
			step = parseAction(rows[0][0].Action).arg(1)
		default:
			d.tellOnce("mine", c, "", v.Say("mine.which"), rows...)
			return
		}
	}
	r, s := c.Reply(d.me.ID, step), c.Ritual.Step(step)
	if r == nil || r.Empty() || s == nil || !d.changeable(c, s) {
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
	d.morning(c)
	d.tell(d.me, v.Say("mine.done"))
}

// take settles [Take it back]: the answer is gone.
func (d *decision) take(c *rituals.CheckIn, a parsedAction) {
	s := c.Ritual.Step(a.arg(1))
	if s == nil || c.Reply(d.me.ID, s.ID) == nil || !d.changeable(c, s) {
		d.toast(d.voice(d.me).Say("passed"))
		return
	}
	if c.Reply(d.me.ID, s.ID).Skipped {
		d.toast(d.voice(d.me).Say("taken"))
		return
	}
	d.reply(c, rituals.Reply{Step: s.ID, Member: d.me.ID, Skipped: true})
	d.forgetParts(c, s)
	d.unask(c)
	d.morning(c)
	d.tell(d.me, d.voice(d.me).Say("taken"))
	if c.Given() {
		d.arrive(c, true)
	}
}

// forgetParts takes back what was tapped about an answer that is gone: another answer
// is asked about anew.
func (d *decision) forgetParts(c *rituals.CheckIn, s *rituals.Step) {
	for i := range c.Ritual.Steps {
		t := &c.Ritual.Steps[i]
		of, r := c.Ritual.PartOf(t), c.Reply(d.me.ID, t.ID)
		if of != nil && of.ID == s.ID && r != nil {
			d.reply(c, rituals.Reply{Step: t.ID, Member: d.me.ID})
		}
	}
}
