package main

import (
	"errors"
	"io"
	"net/http"
	"unicode/utf8"

	"attune/bots"
	"attune/bots/telegram"
	"attune/rituals"
	"attune/rituals/host"
	"attune/rituals/phrases"
)

// platforms returns the bots to speak through.
type platforms func(in house, stdin io.Reader, stdout io.Writer) ([]bots.Bot, error)

// connect returns the bots that the settings ask for: Telegram with a token, else
// the terminal.
func connect(in house, stdin io.Reader, stdout io.Writer) ([]bots.Bot, error) {
	if in.cfg.TelegramToken.Empty() {
		return nil, errors.New("no platform is set up")
	}
	return through(nil)(in, stdin, stdout)
}

// through returns Telegram as it is reached by a transport; nil is the network.
func through(transport http.RoundTripper) platforms {
	return func(in house, _ io.Reader, _ io.Writer) ([]bots.Bot, error) {
		opts := in.telegram()
		opts.Transport = transport
		t, err := telegram.New(opts)
		if err != nil {
			return nil, err
		}
		return []bots.Bot{t}, nil
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
