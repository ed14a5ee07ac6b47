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
		Members    int    `json:"member_count"`    // of a thread, bots included
		Last       string `json:"last_message_id"` // empty: none was said
		Overwrites []struct {
			ID    string `json:"id"`
			Type  int    `json:"type"` // 0: a role; 1: a member
			Allow int64  `json:"allow,string"`
			Deny  int64  `json:"deny,string"`
		} `json:"permission_overwrites"`
	}

	guild struct {
		Roles []struct {
			ID   string `json:"id"`
			Name string `json:"name"`
			Bits int64  `json:"permissions,string"`
			Tags struct {
				Bot string `json:"bot_id"` // whose own role it is
			} `json:"tags"`
		} `json:"roles"`
	}
)

// seesAll is the permission that lets everything be read, and more: whoever has it
// runs the server.
const seesAll = discordgo.PermissionAdministrator

// threadBits are what the bot needs to make a private thread and to write in it.
const threadBits = discordgo.PermissionCreatePrivateThreads | discordgo.PermissionSendMessagesInThreads

// readers returns who can read a chat of several people.
func (b *Bot) readers(ctx context.Context, chat string) (*rituals.Readers, error) {
	r, _, err := b.look(ctx, chat)
	return r, err
}

// readersFor returns who can read a chat of several people, and the room that can be
// made there for a person. Allowed are the bot's permissions in the chat.
func (b *Bot) readersFor(ctx context.Context, chat, person, allowed string) (*rituals.Readers, error) {
	r, kind, err := b.look(ctx, chat)
	if err != nil {
		return nil, err
	}
	bits, err := strconv.ParseInt(allowed, 10, 64)
	if err == nil && kind == discordgo.ChannelTypeGuildText && (bits&threadBits == threadBits || bits&seesAll != 0) {
		r.Room = roomAt(chat, person)
	}
	return r, nil
}

// look asks Discord who can read a chat of several people, and what kind it is of.
func (b *Bot) look(ctx context.Context, chat string) (*rituals.Readers, discordgo.ChannelType, error) {
	me, err := b.self(ctx)
	if err != nil {
		return nil, 0, err
	}
	var c, above channel
	if err := b.call(ctx, http.MethodGet, discordgo.EndpointChannel(chat), nil, &c); err != nil {
		return nil, 0, err
	}
	kind := discordgo.ChannelType(c.Type)
	switch kind {
	case discordgo.ChannelTypeGuildPrivateThread:
		people := max(c.Members-1, 0)
		return &rituals.Readers{Kind: rituals.Thread, Name: c.Name, People: people, Mark: strconv.Itoa(people)}, kind, nil
	case discordgo.ChannelTypeGuildPublicThread, discordgo.ChannelTypeGuildNewsThread: // whoever can read what is above can read it
		if err := b.call(ctx, http.MethodGet, discordgo.EndpointChannel(c.Parent), nil, &above); err != nil {
			return nil, 0, err
		}
		c.Overwrites = above.Overwrites
	}
	var g guild
	if err := b.call(ctx, http.MethodGet, discordgo.EndpointGuild(c.Guild), nil, &g); err != nil {
		return nil, 0, err
	}
	return readersOf(&c, &g, me), kind, nil
}

// readersOf works out from permissions who but the bot itself can read a channel.
func readersOf(c *channel, g *guild, me string) *rituals.Readers {
	const view = discordgo.PermissionViewChannel
	allow, deny := map[string]bool{}, map[string]bool{}
	var named []string // members who are let in by name
	for _, o := range c.Overwrites {
		allow[o.ID], deny[o.ID] = o.Allow&view != 0, o.Deny&view != 0
		if o.Type == 1 && o.Allow&view != 0 && o.ID != me {
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
	r.Everyone = !deny[c.Guild] && (base&view != 0 || allow[c.Guild]) || base&seesAll != 0
	var ids []string
	for _, role := range g.Roles {
		if role.ID == c.Guild || role.Tags.Bot != "" || role.Bits&seesAll != 0 {
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
	r, err := b.readers(ctx, m.To.Chat)
	if err != nil {
		return err
	}
	b.watch(m.To.Chat, r.Mark)
	if r.Kind == rituals.Thread && r.Mark == m.Readers { // as many as there were: are they those?
		_, people := mentions(m)
		missing, err := b.missing(ctx, m.To.Chat, people)
		if err != nil {
			return err
		}
		r.Mark = strings.Join(append([]string{r.Mark}, missing...), "-")
	}
	if r.Mark != m.Readers {
		return &bots.GoneError{Readers: r, Err: errors.New("others can read it than it was meant for")}
	}
	return nil
}

// watch remembers that the bot speaks in a chat of several people, and by their mark
// who can read it, if that is known.
func (b *Bot) watch(chat, mark string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if mark != "" || b.marks[chat] == "" {
		b.marks[chat] = mark
	}
}

// watched returns by their mark who can read a chat of several people, and whether the
// bot speaks there.
func (b *Bot) watched(chat string) (mark string, ours bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	mark, ours = b.marks[chat]
	return mark, ours
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
	if _, ours := in.b.watched(chat); !ours {
		return
	}
	in.queue(incoming{event: rituals.Event{
		ID:     "changed/" + chat + "/" + strconv.FormatInt(time.Now().UnixNano(), 36),
		Kind:   rituals.Changed,
		Person: rituals.Person{Platform: rituals.Discord},
		Chat:   rituals.Address{Platform: rituals.Discord, Chat: chat},
	}})
}

// lookAt finds who can read a channel about which something has changed; nil is
// nobody: it is gone, or the bot cannot see it. It reports whether these are others
// than before.
func (in *intake) lookAt(i *incoming) (others bool, err error) {
	before, ours := in.b.watched(i.event.Chat.Chat)
	if !ours {
		return false, nil // what was told before has ended it
	}
	r, err := in.b.readers(in.work, i.event.Chat.Chat)
	if gone := (*bots.GoneError)(nil); err != nil && !errors.As(err, &gone) {
		return false, err
	}
	i.event.Readers = r
	return r == nil || r.Mark != before, nil
}

// told remembers who can read a channel, as it is known to the handler.
func (b *Bot) told(e rituals.Event) {
	if e.Kind != rituals.Changed {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if e.Readers == nil {
		delete(b.marks, e.Chat.Chat) // nothing is said there any more
		return
	}
	b.marks[e.Chat.Chat] = e.Readers.Mark
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
