package main

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"time"
	"unicode/utf8"

	"attune/bots"
	"attune/bots/discord"
	"attune/bots/telegram"
	"attune/rituals"
	"attune/rituals/host"
	"attune/rituals/phrases"
)

// platforms returns what Attune speaks through.
type platforms func(ctx context.Context, in house, t terminal) ([]connection, error)

// A connection is a bot and what its courier works with.
type connection struct {
	bot     bots.Bot
	outbox  bots.Outbox
	handler bots.Handler

	// clock tells how far the platform's clock is ahead of the machine's, if that can be
	// learnt; nil: it has none.
	clock func(context.Context) (time.Duration, bool)
}

// connect returns the platforms that the settings have a token for, else the
// terminal.
func connect(ctx context.Context, in house, t terminal) ([]connection, error) {
	if in.cfg.Online() == 0 {
		return atTerminal(ctx, in, t)
	}
	return breakable(through(wires{}))(ctx, in, t)
}

// Wires are how platforms are reached; what is nil is the network.
type wires struct {
	telegram http.RoundTripper
	discord  http.RoundTripper
	gateway  func(ctx context.Context, network, addr string) (net.Conn, error) // Discord's
}

// through returns the platforms that the settings have a token for, as they are
// reached by wires. What was sent on one can be carried to the other, and an
// invitation made on either leads to Telegram, where links can.
func through(w wires) platforms {
	return func(_ context.Context, in house, _ terminal) ([]connection, error) {
		var all []connection
		openers := make(map[rituals.Platform]bots.Opener)
		files := func(ctx context.Context, m rituals.Media) (io.ReadCloser, error) {
			if o := openers[m.Platform]; o != nil {
				return o.Open(ctx, m)
			}
			return nil, &bots.GoneError{Err: errors.New("attune is not on that platform any more")}
		}
		var link func(code string) string
		if !in.cfg.TelegramToken.Empty() {
			opts := in.telegram()
			over := in.over(rituals.Telegram, w.telegram)
			opts.Transport, opts.Files = over, files
			b, err := telegram.New(opts)
			if err != nil {
				return nil, err
			}
			link, openers[rituals.Telegram] = b.Link, b
			all = append(all, connection{b, in.store, in.host, in.meters.on(rituals.Telegram).clockAt(over, in.cfg.TelegramAPI)})
		}
		if !in.cfg.DiscordToken.Empty() {
			opts := in.discord()
			over := in.over(rituals.Discord, w.discord)
			opts.Transport, opts.Dial, opts.Files, opts.Link = over, w.gateway, files, link
			b, err := discord.New(opts)
			if err != nil {
				return nil, err
			}
			openers[rituals.Discord] = b
			all = append(all, connection{b, in.store, in.host, in.meters.on(rituals.Discord).clockAt(over, in.cfg.DiscordAPI)})
		}
		return all, nil
	}
}

// over returns how a platform is called, with a meter in the line; next nil: over the
// network.
func (in house) over(p rituals.Platform, next http.RoundTripper) http.RoundTripper {
	if next == nil {
		next = bots.Transport()
	}
	return caller{next, in.meters.on(p)}
}

// discord returns how the bot on Discord is set up.
func (in house) discord() discord.Options {
	return discord.Options{
		Token:    in.cfg.DiscordToken.Reveal(),
		API:      in.cfg.DiscordAPI,
		Cursors:  in.store,
		Commands: host.Commands(in.library),
		Last:     in.store.Last,
		Homes:    in.store.Agreed,
		Log:      in.log,
	}
}

// telegram returns how the bot on Telegram is set up.
func (in house) telegram() telegram.Options {
	return telegram.Options{
		Token:       in.cfg.TelegramToken.Reveal(),
		API:         in.cfg.TelegramAPI,
		Cursors:     in.store,
		Commands:    host.Commands(in.library),
		Description: phrases.Text("about.long"),
		Short:       in.short(),
		Log:         in.log,
	}
}

// mostShort is how many characters may stand beside a shared link.
const mostShort = 120

// short returns the line that stands beside a shared link. It says who runs the
// server if there is room for the name.
func (in house) short() rituals.Text {
	short := phrases.Text("about.short")
	if in.cfg.Operator == "" {
		return short
	}
	for language, text := range phrases.Text("about.short.operator") {
		text = rituals.Fill(text, "operator", in.cfg.Operator)
		if utf8.RuneCountInString(text) <= mostShort {
			short[language] = text
		}
	}
	return short
}
