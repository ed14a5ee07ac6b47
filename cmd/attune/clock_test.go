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
	"attune/store"
)

// TestClock lets the program run by a clock that is behind what it has seen.
func TestClock(t *testing.T) {
	const day = 24 * time.Hour
	for _, test := range []struct {
		name    string
		seen    time.Duration // how far after the start the program was there last
		ahead   time.Duration // the platform's clock, of the machine's
		cut     bool          // no platform can be reached
		works   time.Duration // how soon Alex is answered
		says    []string
		returns bool // the clock is set while the program runs
	}{
		{name: "a clock that is right", works: 10 * time.Second},
		{name: "half a minute back, as the network sets clocks", seen: 30 * time.Second, works: 10 * time.Second},
		{name: "a board without a battery, until the network tells the time", seen: day, ahead: 2 * day, works: day,
			says: []string{"the clock is behind", "the clock is right, everything goes on"}},
		{name: "the same without a network", seen: day, cut: true, works: day, says: []string{"the clock is behind"}},
		{name: "a clock that was a year ahead and was set right", seen: 365 * day, works: 10 * time.Second,
			says: []string{"the clock is right and was ahead before"}},
		{name: "set back an hour while it runs", seen: time.Hour, ahead: time.Hour, works: time.Hour, returns: true,
			says: []string{"the clock is behind", "the clock is right, everything goes on"}},
		{name: "set right by an hour while it runs", seen: time.Hour, works: 10 * time.Second, returns: true,
			says: []string{"the clock is right and was ahead before"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			cfg := configIn(t)
			cfg.TelegramToken, cfg.TelegramAPI = config.NewSecret("1000:secret"), "https://telegram.test"
			cfg.DiscordToken, cfg.DiscordAPI = config.NewSecret("secret.Of-the.bot"), "https://discord.test"
			synctest.Test(t, func(t *testing.T) {
				began := time.Now()
				b := &board{T: t, cfg: cfg, telegram: telegramtest.New("1000:secret", "attune_bot"), discord: discordtest.New("secret.Of-the.bot", "1000")}
				b.cables = [2]*cable{{next: b.telegram.Transport(), ahead: test.ahead}, {next: b.discord.Transport(), ahead: test.ahead}}
				b.cut(test.cut)
				if test.seen > 0 && !test.returns {
					b.seen(began.Add(test.seen))
				}
				alex, sam := b.telegram.User(1001, "Alex", "en"), b.discord.User("2001", "Sam", "en-US").Install()
				stop := b.start()
				if test.returns {
					b.pass(time.Minute)
					b.in.watch.see(began.Add(test.seen + time.Minute))
					b.pass(time.Minute)
				}
				alex.Say("/start")
				if test.works > time.Minute {
					b.pass(test.works - 10*time.Minute - time.Since(began))
					if len(alex.Heard()) > 0 || b.telegram.Unconfirmed() == 0 || b.discord.Connected() > 0 {
						t.Errorf("by a clock that is behind Alex reads %q, want that everything waits", alex.Heard())
					}
					ready := b.ready()
					if !strings.Contains(ready, "fix   clock") {
						t.Errorf("/readyz says %q, want a line about the clock", ready)
					}
					b.cut(false)
					b.pass(15 * time.Minute)
				}
				b.pass(time.Minute)
				sam.Say("/start")
				b.pass(time.Minute)
				if len(alex.Heard()) != 1 || len(sam.Heard()) != 1 {
					t.Errorf("in the end Alex reads %q and Sam %q, want one hello each\n%s", alex.Heard(), sam.Heard(), b.log.String())
				}
				stop()
				for _, says := range test.says {
					if !strings.Contains(b.log.String(), says) {
						t.Errorf("the log does not say %q:\n%s", says, b.log.String())
					}
				}
				if n := strings.Count(b.log.String(), "behind"); n > 6*25 || (len(test.says) == 0 && n > 0) {
					t.Errorf("the log says %d times that the clock is behind, want at most once in ten minutes", n)
				}
			})
		})
	}
}

// A board is a machine with the program on it, in a bubble.
type board struct {
	*testing.T
	cfg      config.Config
	telegram *telegramtest.Server
	discord  *discordtest.Server
	cables   [2]*cable // to either
	in       house
	log      journal
}

// seen lets the database know of an instant.
func (b *board) seen(at time.Time) {
	b.Helper()
	s, err := store.Open(b.Context(), b.cfg.Database, store.Options{})
	if err != nil {
		b.Fatal(err)
	}
	if err := s.Beat(b.Context(), at); err != nil {
		b.Error(err)
	}
	if err := s.Close(); err != nil {
		b.Error(err)
	}
}

// start lets the program run.
func (b *board) start() (stop func()) {
	ctx, cancel := context.WithCancel(b.Context())
	done := make(chan error, 1)
	connect := func(ctx context.Context, in house, t terminal) ([]connection, error) {
		b.in = in
		return through(wires{telegram: b.cables[0], discord: b.cables[1], gateway: b.discord.Dial})(ctx, in, t)
	}
	go func() { done <- run(ctx, b.cfg, connect, nil, terminal{err: &b.log}) }()
	b.pass(time.Second)
	return func() {
		b.Helper()
		cancel()
		if err := <-done; err != nil {
			b.Errorf("run = %v, want no error", err)
		}
		b.pass(5 * time.Second) // the fake gateway outlasts its client
	}
}

// cut cuts the way to the platforms, or mends it.
func (b *board) cut(cut bool) {
	for _, c := range b.cables {
		c.cut.Store(cut)
	}
}

func (b *board) pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// ready returns what /readyz says.
func (b *board) ready() string {
	var said strings.Builder
	doorkeeper{in: b.in}.look(b.Context()).print(&said)
	return said.String()
}
