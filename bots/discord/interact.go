package discord

import (
	"context"
	"errors"
	"net/http"

	"github.com/bwmarrin/discordgo"

	"attune/bots"
	"attune/rituals"
)

// interact takes an interaction in.
func (in *intake) interact(i *interaction) {
	switch {
	case opensForm(i):
		in.wg.Go(func() { in.b.guard("form", func() { in.b.openForm(in.work, i) }) })
		return
	case asksForForm(i):
		in.wg.Go(func() { in.b.guard("form", func() { in.ask(i) }) })
		return
	}
	next, ok := acted(i)
	if !ok {
		in.b.log.Info("interaction of an unknown kind", "interaction", i.ID, "type", i.Type)
		return
	}
	next.reply = in.b.patient(in.work, i)
	in.queue(next)
}

// elsewhere begins the name of the lane of a person who has acted in a chat of
// several people and whose own chat is not known.
const elsewhere = "person/"

// laneOf returns the lane that an event goes into: the one of the person's own chat,
// so that what they do here and there stays in order. The caller holds the lock.
func (in *intake) laneOf(i incoming) string {
	if i.from == nil {
		return i.event.Chat.Chat
	}
	name := elsewhere + i.event.Person.ID
	if home := in.b.knownHome(i.event.Person.ID); home != "" && in.lanes[name] == nil {
		return home
	}
	return name
}

// lookUp finds what is to be known about events in chats of several people before
// they can be settled: where the person's own chat is, and who can read this one. It
// returns those that are to be settled; that nothing has changed is no event.
func (in *intake) lookUp(l *lane, batch []incoming) ([]incoming, error) {
	var all []incoming
	for _, i := range batch {
		matters := true
		var err error
		switch {
		case i.event.Kind == rituals.Changed:
			matters, err = in.lookAt(&i)
		case i.from != nil:
			err = in.lookFor(&i)
		}
		switch {
		case err != nil:
			return nil, err
		case matters:
			all = append(all, i)
		default:
			in.drop(l, i.event)
		}
	}
	return all, nil
}

// lookFor finds where who has acted is at home, and who can read where they acted.
func (in *intake) lookFor(i *incoming) error {
	var gone *bots.GoneError
	if i.event.Home.Chat == "" {
		home, err := in.b.home(in.work, i.event.Person.ID)
		if err != nil && !errors.As(err, &gone) {
			return err
		}
		if home != "" {
			i.event.Home = rituals.Address{Platform: rituals.Discord, Chat: home}
			if err := in.b.book.add(in.work, home, i.at-1); err != nil {
				return err
			}
		}
	}
	r, err := in.b.readersFor(in.work, i.event.Chat.Chat, i.event.Person.ID, i.from.Allowed)
	if err != nil && !errors.As(err, &gone) {
		return err
	}
	i.event.Readers = r
	return nil
}

// knownHome returns the channel of a user's direct messages, if it was looked up.
func (b *Bot) knownHome(id string) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.homes[id]
}

// atHome remembers the channel of a user's direct messages.
func (b *Bot) atHome(id, chat string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.homes[id] = chat
}

// home returns the channel of a user's direct messages.
func (b *Bot) home(ctx context.Context, id string) (string, error) {
	if known := b.knownHome(id); known != "" {
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
	b.atHome(id, c.ID)
	return c.ID, nil
}
