package discord

import (
	"context"
	"errors"
	"net/http"

	"github.com/bwmarrin/discordgo"
)

// interact takes an interaction in.
func (in *intake) interact(i *interaction) {
	if opensForm(i) {
		in.wg.Go(func() { in.b.guard("form", func() { in.b.openForm(in.work, i) }) })
		return
	}
	next, ok := acted(i)
	if !ok {
		in.b.log.Info("interaction of an unknown kind", "interaction", i.ID, "type", i.Type)
		return
	}
	next.reply = in.b.newReply(in.work, i)
	if next.event.Chat.Chat != "" {
		in.queue(next)
		return
	}
	in.wg.Go(func() {
		in.b.guard("interaction elsewhere", func() {
			home, err := in.b.home(in.work, next.event.Person.ID)
			if err != nil {
				in.b.log.Warn("direct messages not opened", "interaction", i.ID, "err", err)
				return
			}
			next.event.Chat.Chat = home
			in.queue(next)
		})
	})
}

// home returns the channel of a user's direct messages.
func (b *Bot) home(ctx context.Context, id string) (string, error) {
	b.mu.Lock()
	known := b.homes[id]
	b.mu.Unlock()
	if known != "" {
		return known, nil
	}
	var c struct {
		ID string `json:"id"`
	}
	body := map[string]string{"recipient_id": id}
	if err := b.call(ctx, http.MethodPost, discordgo.EndpointUserChannels("@me"), body, &c); err != nil {
		return "", err
	}
	if c.ID == "" {
		return "", errors.New("discord opened no channel")
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.homes[id] = c.ID
	return c.ID, nil
}
