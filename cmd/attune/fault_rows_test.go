package main

import (
	"fmt"
	"net/http"
	"time"

	"attune/bots/discord/discordtest"
	"attune/bots/telegram/telegramtest"
	"attune/rituals"
)

const (
	awayT = "WARN telegram not reached, trying on: what people write waits there"
	backT = "INFO telegram reached again"
	awayD = "WARN discord not reached, trying on: what people write there is read later"
	backD = "INFO discord reached again"
	late  = "WARN messages wait, trying on: each is sent when it can be"
	goOn  = "INFO messages are sent again"
)

// outage is how long something lasts that lasts.
const outage = 10 * time.Minute

// lineFaults are what can become of single calls.
func lineFaults() (all []fault) {
	page := func(status int) string { return fmt.Sprintf("answers are pages of a web server, status %d", status) }
	for _, k := range []struct {
		says  string
		t     telegramtest.Fault
		d     discordtest.Fault
		known bool // that it had no effect
	}{
		{"connections break before the effect", telegramtest.CutBefore, discordtest.CutBefore, true},
		{"connections break after the effect", telegramtest.CutAfter, discordtest.CutAfter, false},
		{"connections break in the middle of the answer", telegramtest.CutWithin, discordtest.CutWithin, false},
		{"answers are half of one", telegramtest.Garbled, discordtest.Garbled, false},
		{"answers are empty", telegramtest.Empty, discordtest.Empty, false},
		{"the servers fail", telegramtest.ServerError, discordtest.ServerError, true},
		{page(500), telegramtest.Page(500), discordtest.Page(500), true},
		{page(502), telegramtest.Page(502), discordtest.Page(502), true},
		{page(504), telegramtest.Page(504), discordtest.Page(504), true},
		{page(200), telegramtest.Page(http.StatusOK), discordtest.Page(http.StatusOK), true},
	} {
		onTelegram := fault{says: k.says, on: rituals.Telegram, log: []string{awayT, backT}, breaks: func(e *evening) {
			e.telegram.Fail("getUpdates", k.t, k.t)
			e.telegram.Fail("sendMessage", k.t)
			e.telegram.Fail("answerCallbackQuery", k.t)
		}}
		if !k.known {
			onTelegram.twice = 1 // Telegram has no way to tell
		}
		onDiscord := fault{says: k.says, on: rituals.Discord, log: []string{late, goOn}, breaks: func(e *evening) {
			e.discord.Fail(discordtest.SendMessage, k.d, k.d)
			e.discord.Fail(discordtest.Answer, k.d)
			e.discord.Fail(discordtest.ListMessages, k.d)
		}}
		all = append(all, onTelegram, onDiscord)
	}
	return all
}

// limitFaults are refusals of what is one too many.
var limitFaults = []fault{
	{says: "a chat has had too many messages", on: rituals.Telegram, log: []string{late, goOn}, breaks: func(e *evening) {
		e.telegram.Fail("sendMessage", telegramtest.TooMany(40))
	}},
	{says: "all have had too many messages", on: rituals.Telegram, both: true, log: []string{late, goOn}, breaks: func(e *evening) {
		e.telegram.FailAll(telegramtest.TooMany(40))
		time.Sleep(30 * time.Second)
		e.telegram.FailAll(telegramtest.None)
	}},
	{says: "there are too many polls", on: rituals.Telegram, log: []string{awayT, backT}, breaks: func(e *evening) {
		e.telegram.Fail("getUpdates", telegramtest.TooMany(40), telegramtest.TooMany(40))
	}},
	{says: "a chat has had too many messages", on: rituals.Discord, log: []string{late, goOn}, breaks: func(e *evening) {
		e.discord.Fail(discordtest.SendMessage, discordtest.TooMany(40*time.Second))
	}},
	{says: "all have had too many messages", on: rituals.Discord, both: true, log: []string{late, goOn}, breaks: func(e *evening) {
		e.discord.Fail(discordtest.SendMessage, discordtest.TooManyOverall(40*time.Second))
	}},
	{says: "the edge bans the server for a while", on: rituals.Discord, both: true, log: []string{late, goOn}, breaks: func(e *evening) {
		e.discord.FailAll(discordtest.Banned)
		time.Sleep(3 * time.Minute)
		e.discord.FailAll(discordtest.None)
	}},
}

// outageFaults last.
var outageFaults = []fault{
	{says: "the server's name is not found for ten minutes", on: rituals.Telegram, log: []string{awayT, backT}, breaks: func(e *evening) {
		e.toTelegram.set(true)
		time.Sleep(outage)
		e.toTelegram.set(false)
	}},
	{says: "the server's name is not found for ten minutes", on: rituals.Discord, log: []string{awayD, backD}, breaks: func(e *evening) {
		e.toDiscord.set(true)
		e.discord.Drop()
		time.Sleep(outage)
		e.toDiscord.set(false)
	}},
	{says: "no server's name is found for ten minutes", on: rituals.Telegram, log: []string{awayT, awayD}, breaks: noNames},
	{says: "no server's name is found for ten minutes", on: rituals.Discord, log: []string{awayT, awayD}, breaks: noNames},
	{says: "Telegram is down for ten minutes", on: rituals.Telegram, log: []string{awayT, backT}, breaks: telegramDown},
	{says: "Discord is down for ten minutes", on: rituals.Discord, log: []string{awayD, backD}, breaks: discordDown},
	{says: "the token is refused for ten minutes", on: rituals.Telegram,
		log: []string{"ERROR telegram refuses the token, which it had accepted: is it revoked? set the one that @BotFather shows and start again;", backT},
		breaks: func(e *evening) {
			e.telegram.Revoke(true)
			time.Sleep(outage)
			e.telegram.Revoke(false)
		}},
	{says: "the token is refused for ten minutes", on: rituals.Discord,
		log: []string{"ERROR discord refuses the token, which it had accepted: is it reset? set the one that the developer portal shows and start again;", "INFO discord accepts the token again"},
		breaks: func(e *evening) {
			e.discord.Revoke(true)
			time.Sleep(outage)
			e.discord.Revoke(false)
		}},
}

// noNames is how it goes where the host's line is down.
func noNames(e *evening) {
	e.toTelegram.set(true)
	e.toDiscord.set(true)
	e.discord.Drop()
	time.Sleep(outage)
	e.toTelegram.set(false)
	e.toDiscord.set(false)
}

func telegramDown(e *evening) {
	e.telegram.FailAll(telegramtest.BadGateway)
	time.Sleep(outage)
	e.telegram.FailAll(telegramtest.None)
}

func discordDown(e *evening) {
	e.discord.FailAll(discordtest.Unavailable)
	e.discord.Down(true)
	e.discord.Drop()
	time.Sleep(outage)
	e.discord.Down(false)
	e.discord.FailAll(discordtest.None)
}
