package discord

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/bwmarrin/discordgo"

	"attune/bots"
	"attune/rituals"
)

// Rooms: private threads that are made when something is said there. The address of
// one names the channel and who asked for it: two couples of one channel that make
// theirs at the same time must not come to share an address.
const (
	roomChat = "room/"
	roomName = "evenings"
	archive  = 10080 // minutes of silence until Discord puts a thread away; writing there brings it back
)

// roomAt returns the address of a room in a channel that somebody may have made.
func roomAt(channel, person string) string { return roomChat + channel + "/" + person }

// room makes a private thread for those whom a message is for, or finds the one that
// an earlier try has made. Its error says where the thread is. One is made at a time:
// a thread in which nobody is yet is then one that was left behind.
func (b *Bot) room(ctx context.Context, chat string, m rituals.Message) error {
	select {
	case b.making <- struct{}{}:
		defer func() { <-b.making }()
	case <-ctx.Done():
		return &bots.RetryError{Err: ctx.Err()}
	}
	parent, _, _ := strings.Cut(strings.TrimPrefix(chat, roomChat), "/")
	_, people := mentions(m)
	if _, err := strconv.ParseUint(parent, 10, 64); err != nil || len(people) == 0 {
		return &bots.GoneError{Chat: true, Err: errors.New("the room is in no channel, or for nobody")}
	}
	id, missing, err := b.findRoom(ctx, parent, people)
	if err == nil && id == "" {
		id, err = b.makeRoom(ctx, parent)
		missing = people
	}
	if err == nil {
		err = b.bringIn(ctx, id, missing)
	}
	if err != nil {
		return err
	}
	// Whoever else may have come by now is found when something is said there.
	r := rituals.Readers{Kind: rituals.Thread, Name: roomName, People: len(people), Mark: strconv.Itoa(len(people))}
	b.watch(id, r.Mark)
	return &bots.GoneError{Moved: id, Readers: &r, Err: errors.New("the thread is made")}
}

// findRoom returns the bot's own thread in a channel in which just these people are,
// or one that was left behind half made, and who is missing there. A thread in which
// something was said is nobody else's: whoever came would read it.
func (b *Bot) findRoom(ctx context.Context, parent string, people []string) (id string, missing []string, err error) {
	me, err := b.self(ctx)
	if err != nil {
		return "", nil, err
	}
	var c channel
	if err := b.call(ctx, http.MethodGet, discordgo.EndpointChannel(parent), nil, &c); err != nil {
		return "", nil, err
	}
	var active struct {
		Threads []channel `json:"threads"`
	}
	if err := b.call(ctx, http.MethodGet, discordgo.EndpointGuildActiveThreads(c.Guild), nil, &active); err != nil {
		return "", nil, err
	}
	for _, t := range active.Threads {
		if t.Parent != parent || t.Owner != me || t.Name != roomName || t.Members > len(people)+1 {
			continue
		}
		missing, err := b.missing(ctx, t.ID, people)
		if err != nil {
			return "", nil, err
		}
		if t.Members != len(people)-len(missing)+1 {
			continue // somebody else is there
		}
		ours := len(missing) == 0
		if !ours {
			if ours, err = b.unused(ctx, t); err != nil {
				return "", nil, err
			}
		}
		if ours {
			return t.ID, missing, nil
		}
	}
	return "", nil, nil
}

// unused reports whether nothing was said in a thread but that people have come.
func (b *Bot) unused(ctx context.Context, t channel) (bool, error) {
	var said []message
	address := discordgo.EndpointChannelMessages(t.ID) + "?limit=" + strconv.Itoa(lookBack)
	if err := b.call(ctx, http.MethodGet, address, nil, &said); err != nil {
		return false, err
	}
	if len(said) == 0 {
		return t.Last == "", nil // else they cannot be read
	}
	return len(said) < lookBack && !slices.ContainsFunc(said, func(m message) bool { return m.Type != typeCame }), nil
}

// missing returns who of these people is not in a thread.
func (b *Bot) missing(ctx context.Context, thread string, people []string) ([]string, error) {
	var all []string
	for _, p := range people {
		err := b.call(ctx, http.MethodGet, discordgo.EndpointThreadMember(thread, p), nil, nil)
		switch gone := (*bots.GoneError)(nil); {
		case errors.As(err, &gone):
			all = append(all, p)
		case err != nil:
			return nil, err
		}
	}
	return all, nil
}

// makeRoom makes a thread in which nobody is.
func (b *Bot) makeRoom(ctx context.Context, parent string) (string, error) {
	var made channel
	body := map[string]any{"name": roomName, "type": discordgo.ChannelTypeGuildPrivateThread, "invitable": false, "auto_archive_duration": archive}
	err := b.call(ctx, http.MethodPost, discordgo.EndpointChannelThreads(parent), body, &made)
	if err == nil && made.ID == "" {
		err = &bots.RetryError{Err: errors.New("discord gave no id")}
	}
	return made.ID, err
}

// bringIn adds people to a thread in which nothing was said. If one of them cannot be,
// because they cannot see the channel, the thread is put away: who has made it may not
// delete it.
func (b *Bot) bringIn(ctx context.Context, thread string, people []string) error {
	for _, p := range people {
		err := b.call(ctx, http.MethodPut, discordgo.EndpointThreadMember(thread, p), nil, nil)
		if gone := (*bots.GoneError)(nil); errors.As(err, &gone) {
			away := map[string]bool{"archived": true}
			if e := b.call(ctx, http.MethodPatch, discordgo.EndpointChannel(thread), away, nil); e != nil {
				b.log.Info("thread not put away", "chat", thread, "err", e)
			}
			return &bots.GoneError{Chat: true, Err: err}
		}
		if err != nil {
			return err
		}
	}
	return nil
}
