package discord_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"attune/bots/botstest"
	"attune/bots/discord"
	"attune/rituals"
)

// TestNamesTaken offers commands of which two would have the same name in a language.
func TestNamesTaken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		about := rituals.Text{"en": "a few words"}
		b := newBot(t, w.server, discord.Options{Cursors: w.cursors, Commands: []rituals.Command{
			{Name: "here", Names: rituals.Text{"de": "hier", "es": "inicio"}, About: about},
			{Name: "start", Names: rituals.Text{"de": "hier", "es": "aquí", "fr": "here"}, About: about},
		}})
		ctx, cancel := context.WithCancel(t.Context())
		over := make(chan error, 1)
		go func() { over <- b.Run(ctx, &botstest.Book{}) }()
		time.Sleep(5 * time.Second)
		synctest.Wait()
		offered := w.server.Commands("")
		if len(offered) != 2 {
			t.Fatalf("commands: got %+v, want both", offered)
		}
		if here, start := offered[0].Names, offered[1].Names; here["de"] != "hier" || start["de"] != "" || start["fr"] != "" || start["es-ES"] != "aquí" {
			t.Errorf("names: got %q and %q, want those that are taken left out", here, start)
		}
		cancel()
		if err := <-over; err != nil {
			t.Errorf("Run: got %v, want nil", err)
		}
	})
}
