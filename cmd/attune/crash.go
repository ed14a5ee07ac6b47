//go:build crash

package main

import (
	"context"
	"time"

	"attune/bots"
	"attune/bots/discord"
	"attune/bots/telegram"
	"attune/rituals"
	"attune/rituals/host"
	"attune/store"
)

// breakable returns platforms on which the program can be told, by [store.Reach], to end
// between two steps: before a message is sent, after it was sent, after that was recorded,
// and after an event was settled, of which the platform then has heard nothing.
func breakable(p platforms) platforms {
	return func(ctx context.Context, in house, t terminal) ([]connection, error) {
		all, err := p(ctx, in, t)
		for i := range all {
			c := &all[i]
			on := point(c.bot.Platform())
			switch b := c.bot.(type) {
			case *telegram.Bot:
				c.bot = breakableTelegram{b, on}
			case *discord.Bot:
				c.bot = breakableDiscord{b, on}
			}
			if s, ok := c.outbox.(*store.Store); ok {
				c.outbox = breakableOutbox{s, on}
			}
		}
		return all, err
	}
}

// A point begins the names of the points of one platform.
type point rituals.Platform

func (p point) reach(step string) { store.Reach(string(p) + "-" + step) }

// Each of these holds what it breaks by its own type, and so can do all that it can.
type (
	breakableTelegram struct {
		*telegram.Bot
		on point
	}
	breakableDiscord struct {
		*discord.Bot
		on point
	}
	breakableOutbox struct {
		*store.Store
		on point
	}
	breakableHandler struct {
		*host.Host
		on point
	}
)

func (b breakableTelegram) Run(ctx context.Context, h bots.Handler) error {
	return b.Bot.Run(ctx, b.on.settling(h))
}

func (b breakableTelegram) Send(ctx context.Context, p bots.Parcel) (string, error) {
	return b.on.sending(func() (string, error) { return b.Bot.Send(ctx, p) })
}

func (b breakableDiscord) Run(ctx context.Context, h bots.Handler) error {
	return b.Bot.Run(ctx, b.on.settling(h))
}

func (b breakableDiscord) Send(ctx context.Context, p bots.Parcel) (string, error) {
	return b.on.sending(func() (string, error) { return b.Bot.Send(ctx, p) })
}

func (p point) sending(send func() (string, error)) (string, error) {
	p.reach("claimed")
	id, err := send()
	if err == nil {
		p.reach("sent")
	}
	return id, err
}

func (p point) settling(h bots.Handler) bots.Handler {
	if known, ok := h.(*host.Host); ok {
		return breakableHandler{known, p}
	}
	return h
}

func (o breakableOutbox) Sent(ctx context.Context, id int64, message string, now time.Time) error {
	err := o.Store.Sent(ctx, id, message, now)
	o.on.reach("recorded")
	return err
}

func (h breakableHandler) Handle(ctx context.Context, now time.Time, e rituals.Event) (rituals.Answer, error) {
	a, err := h.Host.Handle(ctx, now, e)
	if err == nil {
		h.on.reach("settled")
	}
	return a, err
}
