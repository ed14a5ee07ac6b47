package main

import (
	"net/http"
	"strings"
	"time"

	"attune/rituals"
)

// goes is what the log says of a connection that is taken up again.
const goes = "INFO gateway connection lost"

// gatewayFaults are what can become of the connection on which Discord tells what people
// do.
var gatewayFaults = []fault{
	{says: "the gateway drops the connection", on: rituals.Discord, log: []string{goes}, breaks: func(e *evening) { e.discord.Drop() }},
	{says: "the gateway asks for a new connection", on: rituals.Discord, log: []string{goes}, breaks: func(e *evening) { e.discord.Reconnect() }},
	{says: "the gateway ends the session", on: rituals.Discord, breaks: func(e *evening) { e.discord.Invalidate() }},
	{says: "the gateway interrupts the session", on: rituals.Discord, breaks: func(e *evening) { e.discord.Interrupt() }},
	{says: "the gateway has forgotten the session", on: rituals.Discord, log: []string{goes}, breaks: func(e *evening) {
		e.discord.Drop()
		e.discord.Forget()
	}},
	{says: "the gateway falls silent", on: rituals.Discord, log: []string{goes}, breaks: func(e *evening) { e.discord.Zombie() }},
	{says: "the gateway closes with 4000", on: rituals.Discord, log: []string{goes}, breaks: func(e *evening) { e.discord.Close(4000) }},
	{says: "the gateway closes with 4004", on: rituals.Discord, log: []string{goes}, breaks: func(e *evening) { e.discord.Close(4004) }},
	{says: "the gateway closes with 4014", on: rituals.Discord, log: []string{goes}, breaks: func(e *evening) { e.discord.Close(4014) }},
	{says: "the gateway is down for ten minutes", on: rituals.Discord, log: []string{goes, awayD, backD}, breaks: func(e *evening) {
		e.discord.Down(true)
		e.discord.Drop()
		time.Sleep(outage)
		e.discord.Down(false)
	}},
	{says: "the gateway refuses with 4014 for ten minutes", on: rituals.Discord, log: []string{goes, awayD, backD}, breaks: refuses(4014)},
	{says: "the gateway refuses with 4004 for ten minutes", on: rituals.Discord, log: []string{goes,
		"ERROR discord refuses the token, which it had accepted:", backD}, breaks: refuses(4004)},
}

// refuses is a gateway that lets nobody in for a while, for a reason.
func refuses(reason int) func(*evening) {
	return func(e *evening) {
		e.discord.Refuse(reason)
		e.discord.Drop()
		time.Sleep(outage)
		e.discord.Refuse(0)
	}
}

// pollFaults are what can become of Telegram's updates.
var pollFaults = []fault{
	{says: "another program polls for ten minutes", on: rituals.Telegram,
		log: []string{"ERROR another program takes the updates of this bot: stop it,", backT}, breaks: func(e *evening) {
			client := &http.Client{Transport: e.theatre.wires.telegram, Timeout: time.Minute}
			for end := time.Now().Add(outage); time.Now().Before(end); time.Sleep(time.Second) {
				resp, err := client.Post("https://telegram.test/bot1000:secret/getUpdates", "application/json", strings.NewReader(`{"timeout":50}`))
				if err != nil {
					e.Errorf("the other program's poll: %v", err)
					return
				}
				resp.Body.Close()
			}
		}},
	{says: "a webhook is set", on: rituals.Telegram, log: []string{"WARN webhook removed"}, breaks: func(e *evening) { e.telegram.Webhook() }},
}

// startFaults are there before the program is.
var startFaults = []fault{
	{says: "no server's name is found for ten minutes", on: rituals.Telegram, log: []string{awayT, backT}, breaks: noNames},
	{says: "no server's name is found for ten minutes", on: rituals.Discord, log: []string{awayD, backD}, breaks: noNames},
	{says: "Telegram is down for ten minutes", on: rituals.Telegram, log: []string{awayT, backT}, breaks: telegramDown},
	{says: "Discord is down for ten minutes", on: rituals.Discord, log: []string{awayD, backD}, breaks: discordDown},
}
