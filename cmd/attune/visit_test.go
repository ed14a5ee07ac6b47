package main

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"attune/bots/discord/discordtest"
	"attune/bots/telegram/telegramtest"
	"attune/config"
)

// A cable leads to a platform; it can be cut, and the clock at its other end be set.
type cable struct {
	next  http.RoundTripper
	cut   atomic.Bool
	ahead time.Duration
}

func (c *cable) RoundTrip(r *http.Request) (*http.Response, error) {
	if c.cut.Load() {
		return nil, errors.New("no route to host")
	}
	resp, err := c.next.RoundTrip(r)
	if err == nil {
		resp.Header.Set("Date", time.Now().Add(c.ahead).UTC().Format(http.TimeFormat))
	}
	return resp, err
}

// A visited program is one in a bubble that is asked how it is.
type visited struct {
	*testing.T
	cfg      config.Config
	telegram *telegramtest.Server
	discord  *discordtest.Server
	cable    *cable // to Telegram
	log      strings.Builder
	keeper   doorkeeper
}

// visit runs the program on both platforms for as long as ask takes.
func visit(t *testing.T, ask func(v *visited)) {
	t.Helper()
	v := &visited{cfg: configIn(t)}
	v.cfg.TelegramToken, v.cfg.TelegramAPI = config.NewSecret("1000:secret"), "https://telegram.test"
	v.cfg.DiscordToken, v.cfg.DiscordAPI = config.NewSecret("secret.Of-the.bot"), "https://discord.test"
	synctest.Test(t, func(t *testing.T) {
		v.T, v.telegram, v.discord = t, telegramtest.New("1000:secret", "attune_bot"), discordtest.New("secret.Of-the.bot", "1000")
		v.cable = &cable{next: v.telegram.Transport()}
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error)
		connect := func(ctx context.Context, in house, at terminal) ([]connection, error) {
			cs, err := through(wires{telegram: v.cable, discord: v.discord.Transport(), gateway: v.discord.Dial})(ctx, in, at)
			v.keeper = doorkeeper{in, cs}
			return cs, err
		}
		go func() { done <- run(ctx, v.cfg, connect, nil, terminal{err: &v.log}) }()
		v.pass(10 * time.Second)
		ask(v)
		stop()
		if err := <-done; err != nil {
			t.Errorf("run = %v, want no error", err)
		}
		time.Sleep(5 * time.Second) // the fake gateway outlasts its client
	})
}

func (v *visited) pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// ask returns what the program answers.
func (v *visited) ask(path string) (int, string) {
	status, body := v.keeper.answer(v.Context(), httptest.NewRequest(http.MethodGet, path, nil))
	return status, string(body)
}
