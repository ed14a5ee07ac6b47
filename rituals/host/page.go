package host

import (
	"strings"

	"attune/rituals"
)

// page shows the one page: who can read what.
func (d *decision) page(code string) {
	v := d.voice(d.me)
	partner := ""
	_, asks := d.named(code)
	if code != "" && !asks {
		inv := d.invitation(code)
		if inv == nil || !inv.open(d.now) || !d.mayUse(inv) {
			d.start(code)
			return
		}
		partner = inv.name()
	}
	if d.me != nil && d.s.Couple.ID != 0 && (code == "" || asks) {
		d.startAlone()
		return
	}
	d.tellPerson(d.onePage(partner),
		[]rituals.Choice{
			{Label: v.Say("page.yes"), Action: action(doYes, trim(code)...)},
			{Label: v.Say("not.now"), Action: action(doNo, trim(code)...)},
		})
}

func trim(code string) []string {
	if code == "" {
		return nil
	}
	return []string{code}
}

// onePage is the text of consent. partner is who invited; empty for who invites.
func (d *decision) onePage(partner string) []rituals.Block {
	v := d.voice(d.me)
	who := "page.who"
	switch op := d.operator; {
	case op == "":
		who = "page.who.unnamed"
	case partner != "" && strings.EqualFold(op, partner):
		who = "page.who.partner"
	case strings.EqualFold(op, d.name()):
		who = "page.who.self"
	}
	if partner == "" {
		partner = v.Say("somebody")
	}
	var blocks []rituals.Block
	for _, key := range []string{who, "page.chat", "page.sees", "page.keeps", "page.can", "page.not"} {
		blocks = append(blocks, paragraphs(v.Say(key, "operator", d.operator, "partner", partner))...)
	}
	return blocks
}

// no settles [Not now]: nobody is told and nothing is kept.
func (d *decision) no(code string) {
	if d.me != nil && d.s.Couple.ID != 0 {
		d.toast(d.voice(d.me).Say("passed"))
		return
	}
	key := "no.alone"
	partner := ""
	if inv := d.invitation(code); inv != nil && inv.open(d.now) {
		key, partner = "no", inv.name()
	}
	d.tellPerson(paragraphs(d.voice(d.me).Say(key, "partner", partner)))
}
