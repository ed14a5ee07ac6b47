package main

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"attune/bots/discord/discordtest"
	"attune/bots/telegram/telegramtest"
	"attune/config"
	"attune/rituals"
)

// TestAcrossPlatforms begins a couple with Alex on Telegram and Sam on Discord,
// and lets them keep an evening: the invitation crosses by its code, and what
// opens reads the same on both.
func TestAcrossPlatforms(t *testing.T) {
	cfg := configIn(t)
	cfg.Rituals = grown(t)
	cfg.TelegramToken = config.NewSecret("1000:secret")
	cfg.TelegramAPI = "https://telegram.test"
	cfg.DiscordToken = config.NewSecret("secret.Of-the.bot")
	cfg.DiscordAPI = "https://discord.test"
	berlin, err := rituals.Location("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		a := &across{
			T:        t,
			telegram: telegramtest.New("1000:secret", "attune_bot"),
			discord:  discordtest.New("secret.Of-the.bot", "1000"),
		}
		a.alex, a.sam = a.telegram.User(1001, "Alex", "en"), a.discord.User("2002", "Sam", "en-US")
		a.discord.Guild("500", "The two of them", a.sam)
		time.Sleep(time.Until(time.Date(2026, 11, 23, 18, 0, 0, 0, berlin)))

		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error, 1)
		var log strings.Builder
		go func() {
			w := wires{telegram: a.telegram.Transport(), discord: a.discord.Transport(), gateway: a.discord.Dial}
			done <- run(ctx, cfg, through(w), nil, terminal{err: &log})
		}()
		a.pass(10 * time.Second)

		a.meet()
		time.Sleep(time.Until(time.Date(2026, 11, 23, 21, 31, 0, 0, berlin)))
		a.evening()

		stop()
		if err := <-done; err != nil {
			t.Errorf("run = %v, want no error", err)
		}
		if shown := log.String(); strings.Contains(shown, "secret") || strings.Contains(shown, "coffee") {
			t.Errorf("the log shows a token or words:\n%s", shown)
		}
		time.Sleep(5 * time.Second) // the fake gateway outlasts its client
	})
}

// An across is a couple on two platforms.
type across struct {
	*testing.T
	telegram *telegramtest.Server
	discord  *discordtest.Server
	alex     *telegramtest.User
	sam      *discordtest.User
}

func (a *across) pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// read checks that what somebody has read of late holds a text.
func (a *across) read(who string, heard []string, want string) {
	a.Helper()
	late := strings.Join(heard[max(0, len(heard)-4):], "\n--\n")
	if !strings.Contains(late, want) {
		a.Fatalf("%s reads %q, want %q in it", who, late, want)
	}
}

func (a *across) alexTaps(label, want string) {
	a.Helper()
	if !a.alex.Tap(label) {
		a.Fatalf("Alex has no button %q; reads %q", label, a.alex.Heard())
	}
	a.pass(10 * time.Second)
	a.read("Alex", a.alex.Heard(), want)
}

func (a *across) samTaps(label, want string) {
	a.Helper()
	if a.sam.Press(label) == nil {
		a.Fatalf("Sam has no button %q; reads %q", label, a.sam.Heard())
	}
	a.pass(10 * time.Second)
	a.read("Sam", a.sam.Heard(), want)
}

func (a *across) meet() {
	a.Helper()
	a.alex.Say("/start")
	a.pass(10 * time.Second)
	a.alexTaps("Read one page, then decide", "Who can read this")
	a.alexTaps("Yes, I'm in", "What would be good tonight?")
	a.alexTaps("A walk", "What time is it for you now?")
	a.alex.Say("Berlin")
	a.pass(10 * time.Second)
	code := ""
	for _, text := range a.alex.Heard() {
		if _, after, ok := strings.Cut(text, "/join "); ok {
			code, _, _ = strings.Cut(after, "\n")
		}
	}
	a.sam.Run("join", map[string]any{"with": code})
	a.pass(10 * time.Second)
	a.read("Sam", a.sam.Heard(), "Alex would like to try something small with you")
	a.samTaps("Read one page, then decide", "Who can read this")
	a.samTaps("Yes, I'm in", "What would be good tonight?")
	a.samTaps("A laugh", "It's 18:0")
	a.samTaps("Yes", "I'll be back today at 21:30.")
	a.read("Alex", a.alex.Heard(), "A laugh")
}

func (a *across) evening() {
	a.Helper()
	a.pass(10 * time.Second)
	a.alexTaps("By message", "How are you now?")
	a.alexTaps("😐", "One thing that's on your heart.")
	a.alex.Say("Tired, and *not* <b>sorry</b>.")
	a.pass(10 * time.Second)
	a.alexTaps("Tell me what you heard", "on your mind about tomorrow?")
	a.alexTaps("Skip", "One thing Sam did today")
	a.alex.Say("The coffee on the stairs.")
	a.pass(10 * time.Second)
	a.read("Alex", a.alex.Heard(), "Kept. It opens when")
	a.samTaps("By message", "How are you now?")
	a.samTaps("🙂", "One thing that's on your heart.")
	a.sam.Say("I'm nervous about Friday, @everyone.")
	a.pass(10 * time.Second)
	a.samTaps("Ask me about it", "on your mind about tomorrow?")
	a.samTaps("That's all", "You have both answered.")
	a.read("Sam", a.sam.Heard(), "The coffee on the stairs.")
	a.read("Alex", a.alex.Heard(), "I'm nervous about Friday, @everyone.")
	a.samTaps("A hug", "You have both answered.")
	a.read("Alex", a.alex.Heard(), "Sam:\nA hug")
	a.samTaps("Say what I heard", "what did you hear from Alex?")
	a.sam.Say("I heard that you are tired.")
	a.pass(10 * time.Second)
	a.read("Alex", a.alex.Heard(), "I heard that you are tired.")
	a.alexTaps("Yes, that's it", "Is that it?")
	a.read("Sam", a.sam.Heard(), "**Alex:**\n> Yes, that's it")
}
