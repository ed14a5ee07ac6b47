package main

import (
	"testing"

	"attune/rituals"
	"attune/rituals/rehearsal"
)

// TestFaultBlocked lets one of the two block the bot and come back, on either platform:
// what the other reads is the very line of a rest that was asked for, which the plays
// hold word for word.
func TestFaultBlocked(t *testing.T) {
	for _, play := range []string{"blocked", "blocked-mid-words", "blocked-quietly", "blocked-both", "blocked-own-pause"} {
		for name, on := range map[string]func(rehearsal.Role) rituals.Platform{
			"both on Telegram": func(rehearsal.Role) rituals.Platform { return rituals.Telegram },
			"both on Discord":  func(rehearsal.Role) rituals.Platform { return rituals.Discord },
			"Alex on Telegram": func(r rehearsal.Role) rituals.Platform { return one(r, rituals.Telegram, rituals.Discord) },
			"Alex on Discord":  func(r rehearsal.Role) rituals.Platform { return one(r, rituals.Discord, rituals.Telegram) },
		} {
			t.Run(play+", "+name, func(t *testing.T) { perform(t, play, on) })
		}
	}
}

// one returns where somebody sits if Alex and Sam sit apart.
func one(r rehearsal.Role, alex, sam rituals.Platform) rituals.Platform {
	if r.Name == "Alex" {
		return alex
	}
	return sam
}
