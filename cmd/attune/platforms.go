package main

import (
	"context"
	"net/http"
	"unicode/utf8"

	"attune/bots"
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
}

// connect returns the platforms that the settings ask for: Telegram with a token,
// else the terminal.
func connect(ctx context.Context, in house, t terminal) ([]connection, error) {
	if in.cfg.TelegramToken.Empty() {
		return atTerminal(ctx, in, t)
	}
	return through(nil)(ctx, in, t)
}

// through returns Telegram as it is reached by a transport; nil is the network.
func through(transport http.RoundTripper) platforms {
	return func(_ context.Context, in house, _ terminal) ([]connection, error) {
		opts := in.telegram()
		opts.Transport = transport
		t, err := telegram.New(opts)
		if err != nil {
			return nil, err
		}
		return []connection{{t, in.store, in.host}}, nil
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
