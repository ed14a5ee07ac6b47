package main

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"attune/rituals"
)

// TestFaultBlocked lets Alex block the bot, of which it is told or which it finds out when
// it asks the evening's question: Sam reads what Sam reads when Alex has asked for a rest,
// before the question or right after it. Once Alex takes it back and writes, both go on.
func TestFaultBlocked(t *testing.T) {
	for _, seats := range [][2]rituals.Platform{
		{rituals.Telegram, rituals.Telegram}, {rituals.Telegram, rituals.Discord},
		{rituals.Discord, rituals.Telegram}, {rituals.Discord, rituals.Discord},
	} {
		early, late := rest(t, seats, asks, nil), rest(t, seats, nil, asks)
		ways := map[string][]string{
			"which the bot finds out": rest(t, seats, func(_ *theatre, p *player) { p.blockUnheard() }, nil),
		}
		if seats[0] == rituals.Telegram { // Discord does not tell
			ways["of which the bot is told"] = rest(t, seats, func(_ *theatre, p *player) { p.block() }, nil)
		}
		for name, blocked := range ways {
			t.Run(fmt.Sprintf("%s beside %s, %s", seats[0], seats[1], name), func(t *testing.T) {
				if !slices.Equal(blocked, early) && !slices.Equal(blocked, late) {
					t.Errorf("Sam reads %q, want %q or %q, as when a rest was asked for", blocked, early, late)
				}
			})
		}
	}
}

// asks lets somebody ask for a rest.
func asks(th *theatre, p *player) {
	p.say("/pause")
	th.settle(settling)
	if !p.tap("Until I say", "") {
		th.Fatalf("no rest can be asked for; %s reads %q", p.Name, p.looks())
	}
}

// blockUnheard lets somebody block the bot so that it finds out by itself.
func (p *player) blockUnheard() {
	if p.telegram != nil {
		p.telegram.BlockUnheard()
		return
	}
	p.discord.CloseDMs()
}

// rest lets Alex do something half an hour before the question, or right after it, and
// come back half an hour later. It returns what Sam reads.
func rest(t *testing.T, seats [2]rituals.Platform, early, late func(*theatre, *player)) (read []string) {
	synctest.Test(t, func(t *testing.T) {
		th := newTheatre(t, places(seats[0], seats[1]))
		defer th.close()
		alex, sam := th.inBerlin("2026-11-23 21:00")
		if early != nil {
			early(th, alex)
		}
		th.settle(31 * time.Minute)
		if late != nil {
			late(th, alex)
		}
		th.settle(29 * time.Minute)
		alex.unblock()
		alex.say("/start")
		alex.say("/resume")
		th.settle(time.Hour)
		read = sam.looks()
	})
	return read
}
