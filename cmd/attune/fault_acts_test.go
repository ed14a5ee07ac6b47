package main

import (
	"slices"
	"strings"
	"time"

	"attune/bots/discord/discordtest"
)

// An act is what one of the two does, if anything, once a message is there that begins
// so.
type act struct {
	who  string
	sees string
	tap  string // a button
	say  string // words
}

const (
	heart = "Tired. I felt alone with the boxes today."
	glad  = "The coffee on the stairs."
)

// acts are what the two do on an evening. Alex answers first; what Sam answers last lets
// it open.
var acts = slices.Concat(byMessage("Alex"), byMessage("Sam"), []act{
	{who: "Sam", sees: "You have both answered.", tap: "A hug"},
	{who: "Alex", sees: "You have both answered.", tap: "Thank you"},
	{who: "Alex", sees: "Sam: A hug"},
	{who: "Sam", sees: "Alex: Thank you"},
})

// byMessage are the acts by which somebody answers by message.
func byMessage(who string) []act {
	return []act{
		{who: who, sees: "It's 21:30.", tap: "By message"},
		{who: who, sees: "How are you now?", tap: "😕"},
		{who: who, sees: "One thing that's on your heart.", say: who + ": " + heart},
		{who: who, sees: "What would you like from", tap: "Just read it"},
		{who: who, sees: "Is there something on your mind", tap: "Skip"},
		{who: who, sees: "One thing", say: who + ": " + glad},
	}
}

// A moment is when a fault begins.
type moment struct {
	says string
	act  int // just before this one
}

// Moments other than those before an act.
const (
	never = -1
	start = -2 // before the program runs
)

var moments = []moment{
	{"while words are written", 2},
	{"as it opens", len(byMessage(""))*2 - 1},
}

// A pressed is a button of Discord's that was pressed.
type pressed struct {
	i         *discordtest.Interaction
	id, label string
	at        time.Time
	unkept    int // how often its owner had been told before that something was not kept
}

// press lets somebody press a button on Discord, and reports whether there is one.
func (e *evening) press(p *player, id, label string) bool {
	before := p.unkept() // the answer may be there at once
	i := p.discord.PressOn(id, label)
	e.pressed[p.Name] = pressed{i, id, label, time.Now(), before}
	return i != nil
}

// unkept returns how often somebody was told that something was not kept.
func (p *player) unkept() (n int) {
	for _, m := range p.sees() {
		if m.told && strings.HasPrefix(m.text, "I couldn't keep that") {
			n++
		}
	}
	return n
}

// failed reports whether who has pressed it knows that it had no effect, and has waited
// a minute if they were asked to.
func (last pressed) failed(p *player) bool {
	return last.i.Failed() || p.unkept() > last.unkept && time.Since(last.at) > time.Minute
}
