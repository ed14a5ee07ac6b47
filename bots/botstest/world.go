// Package botstest holds every adapter to the same promises.
//
// An adapter's test describes its platform as a [World], with people who write,
// tap and read, and [Test] plays with them what happens to a bot in a year:
//
//	func TestConformance(t *testing.T) {
//		botstest.Test(t, func(t *testing.T) botstest.World { return newWorld(t) })
//	}
package botstest

import (
	"attune/bots"
	"attune/rituals"
)

// A World is a platform with one bot on it and people who talk to it.
//
// It is made inside a testing/synctest bubble, where time costs nothing, so
// whatever it has to wait for must be a channel or a timer of the same bubble:
// a server in the process, not one behind a socket.
//
// What a platform can do beyond this is declared by more methods, each an
// interface of its own in this package. The suite asks for every one of them.
type World interface {
	// Bot returns the bot, which is not running yet: the suite calls its Run.
	Bot() bots.Bot

	// Join lets somebody open a chat of their own with the bot. Whatever the
	// platform reports about that has been reported before the bot runs, or is
	// an event other than Wrote and Tapped.
	Join(name string) Someone

	// Why says why the platform or this world cannot have an ability, named as
	// its interface: "Blocker". An empty answer is a gap that fails the test.
	Why(ability string) string
}

// A Someone is a person with a chat of their own with the bot.
type Someone interface {
	Person() rituals.Person
	Chat() rituals.Address

	// Write sends words to the bot and returns the platform's id of them.
	Write(text string) (id string)

	// Tap presses the button with that label under a message.
	Tap(id, label string)

	// Sees returns what the bot has said in the chat, in the order shown.
	Sees() []Sight
}

// A Sight is a message of the bot as a person sees it.
type Sight struct {
	ID      string
	Text    string   // what is read, without markup
	Buttons []string // their labels
}

// What a World may be able to do.
type (
	// A Restarter can go on with another bot process after the suite has ended the
	// Run of the one before. Bot returns the next one from then on.
	Restarter interface{ Restart() }

	// A Cutter can break the connection of the next message that the bot says,
	// before the platform has taken it or after.
	Cutter interface {
		CutBefore()
		CutAfter()
	}

	// A Shower has a platform that changes texts on its own, such as one that
	// drops zero bytes. Shown returns what a reader sees of a text.
	Shower interface{ Shown(text string) string }
)

// What a Someone may be able to do.
type (
	// An Editor can change words sent before.
	Editor interface{ Edit(id, text string) }

	// A Replier can answer one of the bot's messages in particular.
	Replier interface {
		Reply(to, text string) (id string)
	}

	// A Reactor can put an emoji under one of the bot's messages.
	Reactor interface{ React(id, emoji string) }

	// A Picturer can send something that is not words.
	Picturer interface{ Picture() }

	// A Blocker can shut the bot out, and let it in again.
	Blocker interface {
		Block()
		Unblock()
	}

	// A Toasted can tell which answers were shown to them on the spot.
	Toasted interface{ Toasts() []string }
)
