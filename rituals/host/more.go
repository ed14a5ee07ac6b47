package host

import (
	"strconv"

	"attune/rituals"
)

// What a couple could keep beside what it keeps: rituals that are off until all have
// switched them on.

// morePage is how many of them are shown at once.
const morePage = 5

// hours returns the rituals whose hour stands in /settings: those that come by
// themselves, or did.
func (d *decision) hours() []*rituals.Ritual {
	var list []*rituals.Ritual
	for _, f := range d.scheduled() {
		if _, ok := d.s.Couple.Keeps(f); (ok || !f.Off) && d.grown(f) {
			list = append(list, f)
		}
	}
	return list
}

// spare returns the rituals that the couple could switch on.
func (d *decision) spare() []*rituals.Ritual {
	var list []*rituals.Ritual
	for _, f := range d.scheduled() {
		if _, ok := d.s.Couple.Keeps(f); !ok && f.Off {
			list = append(list, f)
		}
	}
	return list
}

// scheduled returns the rituals that come, or could come, to the couple by themselves.
func (d *decision) scheduled() []*rituals.Ritual {
	if !d.s.Couple.Complete() {
		return nil
	}
	var list []*rituals.Ritual
	for _, f := range d.lib.All() {
		if f.Schedule != "" && !f.Private {
			list = append(list, f)
		}
	}
	return list
}

// moreRituals shows a page of what the couple could switch on. From /settings it is a message
// of its own; from the buttons under it, it changes in place: first is the event that
// asked for the first page.
func (d *decision) moreRituals(page int, first string) {
	v := d.voice(d.me)
	list := d.spare()
	if page < 0 || page*morePage >= len(list) {
		d.toast(v.Say("passed"))
		return
	}
	end := min((page+1)*morePage, len(list))
	m := d.listed("more", list[page*morePage:end], doTime)
	first = d.inPlace(&m, "more", first)
	turn := func(label string, to int) rituals.Choice {
		return rituals.Choice{Label: label, Action: action(doSettings, "more", strconv.Itoa(to), first)}
	}
	var turns []rituals.Choice
	if page > 0 {
		turns = append(turns, turn(v.Say("more.back"), page-1))
	}
	if end < len(list) {
		turns = append(turns, turn(v.Say("more.on"), page+1))
	}
	m.Choices = append(m.Choices, inRows(turns, 2)...)
	d.say(d.me, m)
}

// listed is a message that lists rituals: what each is, and a button that does verb to
// it.
func (d *decision) listed(head string, list []*rituals.Ritual, verb string) rituals.Message {
	m := rituals.Message{Blocks: paragraphs(d.voice(d.me).Say(head))}
	var row []rituals.Choice
	for _, f := range list {
		title := f.Title.In(d.me.Language)
		m.Blocks = append(m.Blocks, rituals.Block{Kind: rituals.Heading, Text: title})
		m.Blocks = append(m.Blocks, paragraphs(f.About.In(d.me.Language))...)
		row = append(row, rituals.Choice{Label: title, Action: action(verb, f.ID)})
	}
	m.Choices = inRows(row, 2)
	return m
}

// showSpare shows one of what the couple could switch on.
func (d *decision) showSpare(f *rituals.Ritual) {
	v := d.voice(d.me)
	text := v.Say("more.one", "title", f.Title.In(d.me.Language), "about", f.About.In(d.me.Language),
		"time", d.allReadings(d.me, d.with(f, d.s.Couple.Setting(f.ID))), "partner", d.partner(d.me))
	d.tell(d.me, text, []rituals.Choice{{
		Label: v.Say("more.suggest", "partner", d.partner(d.me)), Action: action(doTime, f.ID, "on"),
	}})
}
