package host

import (
	"strconv"

	"attune/rituals"
	"attune/rituals/phrases"
)

// Feeling words are an answer that need not be found: a family, then a word, in a
// message that changes in place.

// option returns what a choice of a step is: one of its options, or a feeling word;
// nil if it is neither.
func option(s *rituals.Step, choice string) *rituals.Option {
	if o := s.Option(choice); o != nil {
		return o
	}
	word, ok := rituals.Feeling(choice)
	if !ok || !s.Feelings {
		return nil
	}
	return &rituals.Option{ID: choice, Label: phrases.Text("feeling." + word)}
}

// feelChoice is the button under a question that leads to the feeling words.
func (d *decision) feelChoice(c *rituals.CheckIn, m *rituals.Member, s *rituals.Step) rituals.Choice {
	return rituals.Choice{Label: d.voice(m).Say("feel"), Action: action(doFeel, id(c.ID), s.ID)}
}

// families says that the families are shown, in place of a family's number.
const families = "all"

// family reads the number of a family, and that of a word in it if there is one.
func family(s string) (f *rituals.Family, word string) {
	n, err := strconv.Atoi(s[:min(1, len(s))])
	if err != nil || n >= len(rituals.Feelings) {
		return nil, ""
	}
	f = &rituals.Feelings[n]
	if i, err := strconv.Atoi(s[1:]); err == nil && i >= 0 && i < len(f.Words) {
		word = f.Words[i]
	}
	return f, word
}

// feel settles a tap on the way to a feeling word: the families, the words of one, or
// the word itself.
func (d *decision) feel(c *rituals.CheckIn, a parsedAction) {
	s := c.Ritual.Step(a.arg(1))
	f, word := family(a.arg(2))
	if s == nil || !s.Feelings || !d.changeable(c, s) {
		old := c.Reply(d.me.ID, a.arg(1))
		d.over(c, old != nil && word != "" && old.Choice == rituals.FeelingChoice(word))
		return
	}
	if word != "" {
		d.felt(c, s, word, a.arg(3))
		return
	}
	v := d.voice(d.me)
	m := rituals.Message{Blocks: paragraphs(v.Say("feel.which")), CheckIn: c.ID}
	first := d.inPlace(&m, "feel", a.arg(3))
	to := func(what string) string { return action(doFeel, id(c.ID), s.ID, what, first) }
	var row []rituals.Choice
	if f != nil {
		for i, w := range f.Words {
			row = append(row, rituals.Choice{Label: v.Say("feeling." + w), Action: to(a.arg(2)[:1] + strconv.Itoa(i))})
		}
		row = append(row, rituals.Choice{Label: v.Say("feel.back"), Action: to(families)})
	} else {
		for i, f := range rituals.Feelings {
			row = append(row, rituals.Choice{Label: v.Say("feelings." + f.ID), Action: to(strconv.Itoa(i))})
		}
	}
	m.Choices = inRows(row, 3)
	d.say(d.me, m)
}

// felt settles that a feeling word is a member's answer. Words they have written stay
// with it.
func (d *decision) felt(c *rituals.CheckIn, s *rituals.Step, word, first string) {
	choice := rituals.FeelingChoice(word)
	old := c.Reply(d.me.ID, s.ID)
	if old != nil && old.Choice == choice && !old.Skipped && !old.Mine {
		d.toast(d.voice(d.me).Say("kept.short"))
		return
	}
	if !d.event.Aside {
		m := rituals.Message{Blocks: paragraphs(d.voice(d.me).Say("feeling." + word)), CheckIn: c.ID}
		d.inPlace(&m, "feel", first)
		d.say(d.me, m)
	}
	r := rituals.Reply{Step: s.ID, Member: d.me.ID, Choice: choice}
	if old != nil {
		r.Words = old.Words
	}
	d.answered(c, s, r)
}
