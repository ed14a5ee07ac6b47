package telegram

import (
	"context"
	"encoding/base64"
	"errors"
	"strconv"
	"strings"

	tg "github.com/go-telegram/bot"

	"attune/bots"
	"attune/rituals"
)

// Groups: chats of several people, in which a bot is answered by nobody alone.

// readers returns who can read a group: how many people are in it, without the bot.
func (b *Bot) readers(ctx context.Context, chat, title string) (*rituals.Readers, error) {
	id, err := strconv.ParseInt(chat, 10, 64)
	if err != nil {
		return nil, &bots.GoneError{Chat: true, Err: errors.New("the address is none of Telegram's")}
	}
	n, err := b.api.GetChatMemberCount(ctx, &tg.GetChatMemberCountParams{ChatID: id})
	if err != nil {
		return nil, b.refuse(chat, b.classify(err))
	}
	people := max(n-1, 0)
	return &rituals.Readers{Kind: rituals.Group, Name: title, People: people, Mark: strconv.Itoa(people)}, nil
}

// others returns who can read a group if that is not who a message may be read by.
func (b *Bot) others(ctx context.Context, m rituals.Message) error {
	if m.Readers == "" {
		return nil
	}
	r, err := b.readers(ctx, m.To.Chat, "")
	if err != nil {
		return err
	}
	if r.Mark != m.Readers {
		return &bots.GoneError{Readers: r, Err: errors.New("others can read it than it was meant for")}
	}
	return nil
}

// lookUp finds out who can read the groups in which a batch happened. Where that
// cannot be known it stays unknown.
func (b *Bot) lookUp(ctx context.Context, batch []incoming) {
	for i := range batch {
		e := &batch[i].event
		if e.Private || batch[i].out || e.Kind == rituals.Moved || e.Kind == rituals.Edited {
			continue
		}
		r, err := b.readers(ctx, e.Chat.Chat, batch[i].title)
		if err != nil {
			b.log.Info("readers not known", "event", e.ID, "err", err)
			continue
		}
		e.Readers = r
	}
}

// crowd returns the event that others can read a group than before, if a message of
// Telegram's own says so.
func (b *Bot) crowd(m *message) (rituals.Event, bool) {
	people := m.Joined
	if m.Gone != nil {
		people = append(people, *m.Gone)
	}
	me := b.me.Load()
	for _, u := range people {
		if me == nil || u.ID != me.ID {
			return changed(m.Chat), true
		}
	}
	return rituals.Event{}, false
}

// changed returns the event that others can read a group than before.
func changed(c chat) rituals.Event {
	return rituals.Event{
		Kind:   rituals.Changed,
		Person: rituals.Person{Platform: rituals.Telegram},
		Chat:   rituals.Address{Platform: rituals.Telegram, Chat: strconv.FormatInt(c.ID, 10)},
	}
}

// A link that leads from a group into one's own chat with the bot carries an action.
const (
	actMark   = "do-"
	codeChars = 22 // of an invitation's code
	mostLead  = 45 // bytes of an action that fit into a link
)

// payload returns an action as a link carries it. It never has the length of an
// invitation's code, so that neither can be taken for the other.
func payload(action string) string {
	p := actMark + base64.RawURLEncoding.EncodeToString([]byte(action))
	if len(p) == codeChars {
		p = actMark + "-" + p[len(actMark):] // no action begins with a byte that would look so
	}
	return p
}

// led returns the action that a link has carried.
func led(p string) (action string, ok bool) {
	rest, ok := strings.CutPrefix(p, actMark)
	if !ok || len(p) == codeChars {
		return "", false
	}
	raw, err := base64.RawURLEncoding.DecodeString(strings.TrimPrefix(rest, "-"))
	return string(raw), err == nil && len(raw) > 0
}
