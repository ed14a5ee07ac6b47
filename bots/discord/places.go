package discord

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/bwmarrin/discordgo"

	"attune/bots"
	"attune/rituals"
)

// A channel and a guild, as far as they say who can read.
type (
	channel struct {
		ID         string `json:"id"`
		Type       int    `json:"type"`
		Guild      string `json:"guild_id"`
		Parent     string `json:"parent_id"`
		Owner      string `json:"owner_id"`
		Name       string `json:"name"`
		Members    int    `json:"member_count"` // of a thread, bots included
		Overwrites []struct {
			ID    string `json:"id"`
			Type  int    `json:"type"` // 0: a role; 1: a member
			Allow int64  `json:"allow,string"`
			Deny  int64  `json:"deny,string"`
		} `json:"permission_overwrites"`
	}

	guild struct {
		Roles []struct {
			ID      string `json:"id"`
			Name    string `json:"name"`
			Bits    int64  `json:"permissions,string"`
			Managed bool   `json:"managed"` // of a bot
		} `json:"roles"`
	}
)

// seesAll is the permission that lets everything be read, and more: whoever has it
// runs the server.
const seesAll = discordgo.PermissionAdministrator

// threadBits are what the bot needs to make a private thread and to write in it.
const threadBits = discordgo.PermissionCreatePrivateThreads | discordgo.PermissionSendMessagesInThreads

// readers returns who can read a chat of several people. Allowed are the bot's
// permissions there, if they are known: with them a private thread may be made.
func (b *Bot) readers(ctx context.Context, chat, allowed string) (*rituals.Readers, error) {
	var c channel
	if err := b.call(ctx, http.MethodGet, discordgo.EndpointChannel(chat), nil, &c); err != nil {
		return nil, err
	}
	if c.Type == int(discordgo.ChannelTypeGuildPrivateThread) {
		people := max(c.Members-1, 0)
		return &rituals.Readers{Kind: rituals.Thread, Name: c.Name, People: people, Mark: strconv.Itoa(people)}, nil
	}
	var g guild
	if err := b.call(ctx, http.MethodGet, discordgo.EndpointGuild(c.Guild), nil, &g); err != nil {
		return nil, err
	}
	r := b.readersOf(&c, &g)
	bits, err := strconv.ParseInt(allowed, 10, 64)
	if err == nil && c.Type == int(discordgo.ChannelTypeGuildText) && (bits&threadBits == threadBits || bits&seesAll != 0) {
		r.Room = roomChat + chat
	}
	return r, nil
}

// readersOf works out from permissions who can read a channel.
func (b *Bot) readersOf(c *channel, g *guild) *rituals.Readers {
	const view = discordgo.PermissionViewChannel
	allow, deny := map[string]bool{}, map[string]bool{}
	var named []string // members who are let in by name
	for _, o := range c.Overwrites {
		allow[o.ID], deny[o.ID] = o.Allow&view != 0, o.Deny&view != 0
		if o.Type == 1 && o.Allow&view != 0 && o.ID != b.me.Load().ID {
			named = append(named, o.ID)
		}
	}
	r := &rituals.Readers{Kind: rituals.Channel, Name: c.Name}
	var base int64
	for _, role := range g.Roles {
		if role.ID == c.Guild {
			base = role.Bits
		}
	}
	r.Everyone = !deny[c.Guild] && (base&view != 0 || allow[c.Guild])
	var ids []string
	for _, role := range g.Roles {
		if role.ID == c.Guild || role.Managed || role.Bits&seesAll != 0 {
			continue
		}
		sees := (base|role.Bits)&view != 0 && !deny[c.Guild] || allow[c.Guild]
		if sees = (sees && !deny[role.ID]) || allow[role.ID]; sees {
			ids = append(ids, role.ID)
			r.Roles = append(r.Roles, role.Name)
		}
	}
	if r.Everyone {
		ids, named, r.Roles = nil, nil, nil
	}
	slices.Sort(ids)
	slices.Sort(named)
	sum := sha256.Sum256([]byte(fmt.Sprint(r.Everyone, ids, named)))
	r.Mark = hex.EncodeToString(sum[:6])
	return r
}

// others returns who can read a chat if that is not who a message may be read by.
func (b *Bot) others(ctx context.Context, m rituals.Message) error {
	if m.Readers == "" {
		if len(m.For) > 0 {
			b.watch(m.To.Chat, "")
		}
		return nil
	}
	r, err := b.readers(ctx, m.To.Chat, "")
	if err != nil {
		return err
	}
	b.watch(m.To.Chat, r.Mark)
	if r.Mark != m.Readers {
		return &bots.GoneError{Readers: r, Err: errors.New("others can read it than it was meant for")}
	}
	return nil
}

// watch remembers who can read a chat of several people in which the bot speaks.
func (b *Bot) watch(chat, mark string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.marks[chat] = mark
}

// places returns the chats of several people in which the bot speaks.
func (b *Bot) places() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Sorted(maps.Keys(b.marks))
}

// changed takes in that something has changed about a channel. It matters where the
// bot speaks there.
func (in *intake) changed(chat string) {
	in.b.mu.Lock()
	_, ours := in.b.marks[chat]
	in.b.mu.Unlock()
	if !ours {
		return
	}
	in.queue(incoming{event: rituals.Event{
		ID:     "changed/" + chat + "/" + strconv.FormatInt(time.Now().UnixNano(), 36),
		Kind:   rituals.Changed,
		Person: rituals.Person{Platform: rituals.Discord},
		Chat:   rituals.Address{Platform: rituals.Discord, Chat: chat},
	}})
}

// lookAt finds who can read a channel that has changed; nobody is nil: it is gone, or
// the bot cannot see it.
func (in *intake) lookAt(i *incoming) error {
	r, err := in.b.readers(in.work, i.event.Chat.Chat, "")
	if gone := (*bots.GoneError)(nil); err != nil && !errors.As(err, &gone) {
		return err
	}
	i.event.Readers = r
	if r != nil {
		in.b.watch(i.event.Chat.Chat, r.Mark)
	}
	return nil
}

// Rooms: private threads that are made when something is said there.
const (
	roomChat = "room/"
	roomName = "evenings"
	archive  = 10080 // minutes of silence until Discord puts a thread away; writing there brings it back
)

// room makes a private thread in a channel for those whom a message is for, or finds
// the one that an earlier try has made. Its error says where the thread is.
func (b *Bot) room(ctx context.Context, parent string, m rituals.Message) error {
	var people []string
	for _, p := range m.For {
		if p.Platform == rituals.Discord {
			people = append(people, p.ID)
		}
	}
	id, err := b.findRoom(ctx, parent, people)
	if err == nil && id == "" {
		id, err = b.makeRoom(ctx, parent, people)
	}
	if err != nil {
		return err
	}
	r, err := b.readers(ctx, id, "")
	if err != nil {
		return err
	}
	return &bots.GoneError{Chat: true, Moved: id, Readers: r, Err: errors.New("the thread is made")}
}

// findRoom returns the bot's own thread in a channel in which these people are.
func (b *Bot) findRoom(ctx context.Context, parent string, people []string) (string, error) {
	var c channel
	if err := b.call(ctx, http.MethodGet, discordgo.EndpointChannel(parent), nil, &c); err != nil {
		return "", err
	}
	var active struct {
		Threads []channel `json:"threads"`
	}
	if err := b.call(ctx, http.MethodGet, discordgo.EndpointGuildActiveThreads(c.Guild), nil, &active); err != nil {
		return "", err
	}
	for _, t := range active.Threads {
		if t.Parent != parent || t.Owner != b.me.Load().ID || t.Name != roomName || t.Members != len(people)+1 {
			continue
		}
		all, err := b.allIn(ctx, t.ID, people)
		if err != nil || all {
			return t.ID, err
		}
	}
	return "", nil
}

// allIn reports whether all of these people are in a thread.
func (b *Bot) allIn(ctx context.Context, thread string, people []string) (bool, error) {
	for _, p := range people {
		err := b.call(ctx, http.MethodGet, discordgo.EndpointThreadMember(thread, p), nil, nil)
		if gone := (*bots.GoneError)(nil); errors.As(err, &gone) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
	}
	return true, nil
}

// makeRoom makes a thread. If somebody cannot be brought in it is taken away again.
func (b *Bot) makeRoom(ctx context.Context, parent string, people []string) (string, error) {
	var made channel
	body := map[string]any{"name": roomName, "type": discordgo.ChannelTypeGuildPrivateThread, "invitable": false, "auto_archive_duration": archive}
	if err := b.call(ctx, http.MethodPost, discordgo.EndpointChannelThreads(parent), body, &made); err != nil {
		return "", err
	}
	for _, p := range people {
		err := b.call(ctx, http.MethodPut, discordgo.EndpointThreadMember(made.ID, p), nil, nil)
		if err == nil {
			continue
		}
		if gone := (*bots.GoneError)(nil); errors.As(err, &gone) {
			_ = b.call(ctx, http.MethodDelete, discordgo.EndpointChannel(made.ID), nil, nil)
			return "", &bots.GoneError{Chat: true, Err: err} // who cannot see the channel cannot be in its threads
		}
		return "", err
	}
	return made.ID, nil
}

// mentions returns a message's call to those it is for, and their ids.
func mentions(m rituals.Message) (call string, ids []string) {
	var names []string
	for _, p := range m.For {
		if p.Platform == rituals.Discord {
			ids = append(ids, p.ID)
			names = append(names, "<@"+p.ID+">")
		}
	}
	return strings.Join(names, " "), ids
}
