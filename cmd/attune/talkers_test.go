package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"attune/bots/discord/discordtest"
	"attune/bots/telegram/telegramtest"
	"attune/config"
	"attune/rituals"
)

// A talker is one of many people on either platform who talk to the program while it is
// killed.
type talker struct {
	home  rituals.Home
	say   func(text string) (id string)
	edit  func(id, text string)
	tap   func(label string) bool                   // on the newest message that has it
	tapOn func(id, label string, times int) outcome // on one message, so often at once
	fill  func(id, text string) outcome             // writes in the form of one message; nil: there are none
	sees  func() []sight                            // what the bot has said, in order
}

// A sight is a message of the bot's as somebody has it before them.
type sight struct {
	id, text, nonce string
	labels          []string // of its buttons
	at              time.Time
}

// An outcome says what somebody knows of what they did.
type outcome int

const (
	sent    outcome = iota // it will have its effect
	unsure                 // nobody has answered: it may have had it or not
	unspent                // it could not be done
)

// heard returns the texts that the bot has said, in order.
func (u *talker) heard() (texts []string) {
	for _, m := range u.sees() {
		texts = append(texts, m.text)
	}
	return texts
}

// has reports whether a person has read a message that begins so.
func (u *talker) has(text string) bool {
	for _, m := range u.sees() {
		if strings.HasPrefix(m.text, text) {
			return true
		}
	}
	return false
}

func onTheTelegram(s *telegramtest.Server, n int) *talker {
	u := s.User(int64(1000+n), []string{"Alex", "Sam"}[n%2], "en").Open()
	return &talker{
		home: onTelegram(n),
		say:  func(text string) string { return fmt.Sprint(u.Say(text)) },
		edit: func(id, text string) { u.Edit(number(id), text) },
		tap:  u.Tap,
		tapOn: func(id, label string, times int) outcome {
			for n := range times {
				if tapped := u.TapOn(number(id), label); !tapped && n == 0 {
					return unspent
				} else if !tapped {
					return unsure
				}
			}
			return sent
		},
		sees: func() (all []sight) {
			for _, m := range u.Sees() {
				if m.From != 0 {
					continue
				}
				one := sight{id: strconv.Itoa(m.ID), text: m.Text, at: m.At}
				for _, row := range m.Buttons {
					for _, b := range row {
						one.labels = append(one.labels, b.Text)
					}
				}
				all = append(all, one)
			}
			return all
		},
	}
}

func onTheDiscord(s *discordtest.Server, n int) *talker {
	u := s.User(fmt.Sprint(3000+n), []string{"Alex", "Sam"}[n%2], "en-US").Install()
	return &talker{
		home:  rituals.Home{Person: rituals.Person{Platform: rituals.Discord, ID: u.ID()}, Chat: u.Channel()},
		say:   u.Say,
		edit:  u.Edit,
		tap:   func(label string) bool { return u.Press(label) != nil },
		tapOn: func(id, label string, times int) outcome { return pressOn(u, id, label, times) },
		fill:  func(id, text string) outcome { return fillOn(u, id, text) },
		sees: func() (all []sight) {
			for _, m := range u.Sees() {
				if m.From != u.ID() {
					all = append(all, sight{id: m.ID, text: m.Text(), nonce: m.Nonce, labels: m.Buttons(), at: m.At})
				}
			}
			return all
		},
	}
}

// fillOn opens the form under a message on Discord and sends it with words in it. Who is
// asked to wait knows no more than who is not answered until the wait is over.
func fillOn(u *discordtest.User, message, text string) outcome {
	opened := u.PressOn(message, "Answer")
	if opened == nil || !within(3*time.Second, func() bool { return opened.Modal() != nil }) {
		return unspent
	}
	sending := opened.Modal().Submit(map[string]string{"words": text})
	if sending == nil {
		return unspent
	}
	return answered(sending)
}

// pressOn presses a button on Discord so often at once.
func pressOn(u *discordtest.User, message, label string, times int) outcome {
	var all []*discordtest.Interaction
	for range times {
		i := u.PressOn(message, label)
		if i == nil && len(all) == 0 {
			return unspent
		}
		if i == nil {
			return unsure
		}
		all = append(all, i)
	}
	return answered(all...)
}

// answered waits until the bot has answered all that somebody did. Who is asked to wait
// knows no more than who is not answered.
func answered(all ...*discordtest.Interaction) outcome {
	const putOff = 1400 * time.Millisecond // what is answered later may only have been put off
	for _, i := range all {
		taken := func() bool {
			_, waits := i.Reply()
			return i.Answered() != 0 && (i.Answered() != discordtest.WithDeferred || !waits)
		}
		if !within(3*time.Second, taken) || i.Answered() == discordtest.WithDeferredUpdate && i.Took() > putOff {
			return unsure
		}
	}
	return sent
}

// within waits until something has come true, and reports whether it did in time.
func within(d time.Duration, done func() bool) bool {
	for end := time.Now().Add(d); !done(); <-time.After(10 * time.Millisecond) {
		if time.Now().After(end) {
			return false
		}
	}
	return true
}

// testDiscord is the token of the bot on Discord.
const testDiscord = "secret.Of-the.bot"

// nightly returns the settings of a program on both platforms.
func nightly(cfg config.Config, telegram, discord string) []string {
	return append(environment(cfg, telegram), "ATTUNE_DISCORD_TOKEN="+testDiscord, "ATTUNE_DISCORD_API="+discord)
}

// hush waits until nothing was said for a while.
func hush(ctx context.Context, changed ...func() <-chan struct{}) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-changed[0]():
		case <-changed[1]():
		case <-time.After(4 * time.Second):
			return
		}
	}
}
