package main

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"attune/bots"
	"attune/config"
	"attune/rituals"
)

// A quiet bot takes nothing in; Run does what it is told to.
type quiet struct {
	run func(context.Context) error
}

func (quiet) Platform() rituals.Platform { return rituals.Telegram }

func (q quiet) Run(ctx context.Context, _ bots.Handler) error { return q.run(ctx) }

func (quiet) Send(context.Context, bots.Parcel) (string, error) { return "", io.EOF }

// with returns platforms of one quiet bot.
func with(run func(context.Context) error) platforms {
	return func(_ context.Context, in house, _ terminal) ([]connection, error) {
		return []connection{{bot: quiet{run}, outbox: in.store, handler: in.host}}, nil
	}
}

// until is a bot that runs until it is stopped.
func until(ctx context.Context) error {
	<-ctx.Done()
	return ctx.Err()
}

// A lines is a log that can be waited for.
type lines chan string

func (l lines) Write(p []byte) (int, error) {
	l <- string(p)
	return len(p), nil
}

// wait returns the first line with a text in it.
func (l lines) wait(t *testing.T, text string) string {
	t.Helper()
	for {
		select {
		case line := <-l:
			if strings.Contains(line, text) {
				return line
			}
		case <-time.After(10 * time.Second):
			t.Fatalf("the log never says %q", text)
		}
	}
}

func configIn(t *testing.T) config.Config {
	t.Helper()
	return config.Config{Database: filepath.Join(t.TempDir(), "data", "attune.db"), Language: "en", LogFormat: config.Text}
}

func TestRunStopsWhenTold(t *testing.T) {
	cfg := configIn(t)
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error)
		var log strings.Builder
		go func() { done <- run(ctx, cfg, with(until), nil, terminal{err: &log}) }()

		for range 3 { // the heart beats as long as it runs
			time.Sleep(5 * time.Minute)
			synctest.Wait()
			info, err := os.Stat(pulse(cfg.Database))
			if err != nil {
				t.Fatal(err)
			}
			if age := time.Since(info.ModTime()); age > beatEvery {
				t.Errorf("the heartbeat is %v old, want at most %v", age, beatEvery)
			}
		}
		stop()
		if err := <-done; err != nil {
			t.Errorf("run = %v, want no error", err)
		}
		if _, err := os.Stat(pulse(cfg.Database)); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("Stat of the heartbeat after the stop = %v, want that it is gone", err)
		}
		for _, want := range []string{"msg=started", "msg=stopped"} {
			if !strings.Contains(log.String(), want) {
				t.Errorf("the log does not say %q:\n%s", want, log.String())
			}
		}
	})
}

func TestRunEndsWithItsBot(t *testing.T) {
	broken := errors.New("broken")
	for _, test := range []struct {
		name string
		bot  func(context.Context) error
		want error
	}{
		{"the end of the input is the end", func(context.Context) error { return nil }, nil},
		{"a bot that fails ends all", func(context.Context) error { return broken }, broken},
	} {
		t.Run(test.name, func(t *testing.T) {
			err := run(t.Context(), configIn(t), with(test.bot), nil, terminal{err: io.Discard})
			if !errors.Is(err, test.want) {
				t.Errorf("run = %v, want %v", err, test.want)
			}
		})
	}
}

func TestRunWarnsOfAnOpenDoor(t *testing.T) {
	const warning = "anyone who finds the bot can use it"
	for _, test := range []struct {
		name   string
		change func(*config.Config)
		want   bool
	}{
		{"a token and nobody named", func(c *config.Config) { c.TelegramToken = config.NewSecret("1:x") }, true},
		{"a token and somebody named", func(c *config.Config) {
			c.TelegramToken = config.NewSecret("1:x")
			c.Allow = []config.Account{{Platform: "telegram", ID: "1001"}}
		}, false},
		{"the terminal", func(*config.Config) {}, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			cfg := configIn(t)
			test.change(&cfg)
			var log strings.Builder
			err := run(t.Context(), cfg, with(func(context.Context) error { return nil }), nil, terminal{err: &log})
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Contains(log.String(), warning); got != test.want {
				t.Errorf("the log warns: %v, want %v\n%s", got, test.want, log.String())
			}
		})
	}
}

func TestHangupReadsRitualsAgain(t *testing.T) {
	cfg := configIn(t)
	cfg.Rituals = t.TempDir()
	log := make(lines, 100)
	hangup := make(chan os.Signal)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- run(ctx, cfg, with(until), hangup, terminal{err: log}) }()
	log.wait(t, "msg=started")

	file := filepath.Join(cfg.Rituals, "walk.yaml")
	const walk = "id: walk\ntitle: A walk\nwindow: 2h\nsteps:\n  - { id: hi, say: Walk? }\n"
	for _, step := range []struct{ text, want string }{
		{walk, "rituals read again"},
		{strings.Replace(walk, "window", "winow", 1), "the last good ones hold"},
		{walk, "rituals read again"},
	} {
		if err := os.WriteFile(file, []byte(step.text), 0o600); err != nil {
			t.Fatal(err)
		}
		hangup <- syscall.SIGHUP
		log.wait(t, step.want)
	}
	stop()
	if err := <-done; err != nil {
		t.Errorf("run = %v, want no error", err)
	}
}

func TestErrorsHideTheToken(t *testing.T) {
	token := config.NewSecret("1:secret")
	broken := errors.New("broken")
	for _, test := range []struct {
		name   string
		err    error
		secret config.Secret
		want   string
	}{
		{"an address with the token in it", errors.New(`Post "https://api.telegram.org/bot1:secret/getMe": EOF`), token, `Post "https://api.telegram.org/bot[hidden]/getMe": EOF`},
		{"an error without it", broken, token, "broken"},
		{"no token", broken, config.Secret{}, "broken"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := hide(test.err, test.secret).Error(); got != test.want {
				t.Errorf("hide = %q, want %q", got, test.want)
			}
		})
	}
}
