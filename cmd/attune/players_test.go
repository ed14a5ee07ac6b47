package main

import (
	"fmt"
	"strconv"
	"strings"

	"attune/bots/discord/discordtest"
	"attune/bots/telegram/telegramtest"
)

// What a player does at either platform.

func (p *player) say(text string) {
	id := ""
	name, with, _ := strings.Cut(strings.TrimPrefix(text, "/"), " ")
	switch {
	case p.telegram != nil:
		id = strconv.Itoa(p.telegram.Say(text))
	case strings.HasPrefix(text, "/") && with == "" && p.discord.Run(name, nil) != nil:
	case text == "/help now":
		p.discord.Run(name, map[string]any{"with": with})
	default:
		id = p.discord.Say(text)
	}
	p.wrote = append(p.wrote, note{text, id})
}

// tap presses the newest button of that name, or the one on a message that begins so.
func (p *player) tap(label, on string) bool {
	if on != "" {
		id := p.find(on)
		if p.telegram != nil {
			return p.telegram.TapOn(number(id), label)
		}
		return p.discord.PressOn(id, label) != nil
	}
	if p.telegram != nil {
		return p.telegram.Tap(label)
	}
	return p.discord.Press(label) != nil
}

// find returns the newest message that begins so.
func (p *player) find(begins string) string {
	all := p.sees()
	for i := len(all) - 1; i >= 0; i-- {
		if strings.HasPrefix(plain(all[i].text), plain(begins)) {
			return all[i].id
		}
	}
	return ""
}

func (p *player) reply(id, text string) {
	own := ""
	if p.telegram != nil {
		own = strconv.Itoa(p.telegram.Reply(number(id), text))
	} else {
		own = p.discord.Reply(id, text)
	}
	p.wrote = append(p.wrote, note{text, own})
}

// edit changes the newest words that begin so.
func (p *player) edit(begins, to string) error {
	for i := len(p.wrote) - 1; i >= 0; i-- {
		w := &p.wrote[i]
		if !strings.HasPrefix(w.text, begins) {
			continue
		}
		w.text = to
		if p.telegram != nil {
			p.telegram.Edit(number(w.id), to)
		} else {
			p.discord.Edit(w.id, to)
		}
		return nil
	}
	return fmt.Errorf("%s has written nothing that begins with %q", p.Name, begins)
}

// follow accepts the newest invitation, by its link or its code.
func (p *player) follow(codes []string) error {
	if len(codes) == 0 {
		return fmt.Errorf("no link was shown that %s could open", p.Name)
	}
	code := codes[len(codes)-1]
	if p.telegram != nil {
		p.telegram.Say("/start " + code)
	} else {
		p.discord.Run("join", map[string]any{"with": code})
	}
	return nil
}

func (p *player) sticker() {
	if p.telegram != nil {
		p.telegram.Send("", map[string]any{"sticker": map[string]any{"file_id": "s"}})
		return
	}
	p.discord.Attach("", &discordtest.File{Name: "list.pdf", Type: "application/pdf"})
}

func (p *player) block() {
	if p.telegram != nil {
		p.telegram.Block()
		return
	}
	p.discord.CloseDMs()
}

func (p *player) unblock() {
	if p.telegram != nil {
		p.telegram.Unblock()
		return
	}
	p.discord.OpenDMs()
}

// passing returns what was shown beside buttons since the last call.
func (p *player) passing() []string {
	if p.telegram == nil {
		return nil // Discord shows it as messages
	}
	all := p.telegram.Toasts()
	fresh := all[p.toasts:]
	p.toasts = len(all)
	return fresh
}

// sees returns what the bot has said, as it looks by now.
func (p *player) sees() []shown {
	var all []shown
	if p.telegram != nil {
		for _, m := range p.telegram.Sees() {
			if m.From == 0 {
				all = append(all, shown{id: strconv.Itoa(m.ID), text: silently(m.Silent) + m.Text + keyboard(m)})
			}
		}
		return all
	}
	for _, m := range p.discord.Sees() {
		if m.From != p.discord.ID() && len(m.Files) == 0 {
			all = append(all, shown{id: m.ID, told: m.Only != "", text: silently(m.Silent) + m.Text() + rows(m)})
		}
	}
	return all
}

func silently(silent bool) string {
	if silent {
		return "(silently) "
	}
	return ""
}

// keyboard returns the buttons under a message on Telegram.
func keyboard(m telegramtest.Message) string {
	text := ""
	for _, row := range m.Buttons {
		text += "\n"
		for _, b := range row {
			text += "[" + b.Text + "] "
		}
	}
	return text
}

// rows returns the buttons under a message on Discord, without the one that opens the
// form for words: on Telegram people just write.
func rows(m discordtest.Message) string {
	text := ""
	for _, row := range m.Rows {
		text += "\n"
		for _, b := range row {
			if !strings.HasSuffix(b.CustomID, "?") {
				text += "[" + b.Label + "] "
			}
		}
	}
	return text
}

func number(id string) int {
	n, _ := strconv.Atoi(id) // 0 is no message
	return n
}
