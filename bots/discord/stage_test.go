package discord_test

import (
	"attune/bots"
	"attune/bots/botstest"
	"attune/bots/discord"
	"attune/bots/discord/discordtest"
	"attune/rituals"
	"bytes"
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// A stage is a world in which a bot runs.
type stage struct {
	*world
	book *botstest.Book
	alex *discordtest.User

	files bots.Files
	last  func(context.Context, rituals.Address) (string, error)
	homes func(context.Context, rituals.Platform) (map[string]time.Time, error)

	stop func()
	log  *output
}

// An output is what was logged.
type output struct {
	mu sync.Mutex
	bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.Buffer.Write(p)
}

// play lets f play in a bubble with a bot that runs and has heard of Alex. What is
// secret must not be in the log afterwards.
func play(t *testing.T, do func(context.Context, rituals.Event) (rituals.Answer, error), f func(*testing.T, *stage)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := &stage{world: newWorld(t), book: &botstest.Book{Do: do}, log: &output{}}
		s.alex = s.server.User("2001", "Alex", "de")
		s.guild.Join(s.alex)
		s.start()
		s.alex.Say("hello")
		s.wait()
		f(t, s)
		s.stop()
		if s.log.mu.Lock(); strings.Contains(s.log.String(), token) || strings.Contains(s.log.String(), "token-of-") {
			t.Errorf("log: got a token in it:\n%s", s.log)
		}
		s.log.mu.Unlock()
	})
}

// start lets the bot run.
func (s *stage) start() {
	s.bot = newBot(s.t, s.server, discord.Options{Cursors: s.cursors, Commands: commands, Files: s.files, Last: s.last, Homes: s.homes, Log: slog.New(slog.NewTextHandler(s.log, nil))})
	ctx, cancel := context.WithCancel(s.t.Context())
	over := make(chan error, 1)
	go func() { over <- s.bot.Run(ctx, candid{s.book}) }()
	stopped := false
	s.stop = func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		if err := <-over; err != nil {
			s.t.Errorf("Run: got %v, want nil", err)
		}
	}
	s.t.Cleanup(s.stop)
	s.wait()
}

// A candid is a book that says so when something was not kept.
type candid struct{ *botstest.Book }

func (candid) Unkept(rituals.Event) rituals.Answer { return rituals.Answer{Text: "Not kept."} }

// wait lets happen what happens within some seconds.
func (s *stage) wait() {
	time.Sleep(5 * time.Second)
	synctest.Wait()
}

// heard returns what the bot was told in words, each once for every time.
func (s *stage) heard() []string {
	var all []string
	for _, e := range s.book.Calls() {
		if e.Kind != rituals.Tapped {
			all = append(all, e.Text)
		}
	}
	return all
}
