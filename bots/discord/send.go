package discord

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/bwmarrin/discordgo"

	"attune/bots"
	"attune/rituals"
)

// lookBack is how many messages are read to find one that may have been said.
const lookBack = 20

// Send says a message or changes one in place, and returns the ids of its parts.
// Its buttons are under the last part.
//
// A message that is sent again within minutes is said once: Discord knows it by the
// row and its words. So is one with buttons that is sent again later, after a restart:
// it is looked for first.
func (b *Bot) Send(ctx context.Context, p bots.Parcel) (string, error) {
	chat := p.Message.To.Chat
	if strings.HasPrefix(chat, roomChat) {
		return "", b.room(ctx, chat, p.Message)
	}
	if _, err := strconv.ParseUint(chat, 10, 64); err != nil {
		return "", &bots.GoneError{Chat: true, Err: errors.New("the address is none of Discord's")}
	}
	s := sending{b: b, row: p.ID, chat: chat, silent: p.Message.Silent, old: ids(p.Edits)}
	if p.Message.Edits != "" && len(p.Message.Blocks) == 0 {
		return p.Edits, s.takeAway(ctx) // whoever can read there
	}
	if err := b.others(ctx, p.Message); err != nil {
		return "", err
	}
	var refused int
	if s.buttons, refused = buttons(p.Message, p.ID); refused > 0 {
		b.log.Error("buttons left out that discord refuses", "row", p.ID, "count", refused)
	}
	parts, err := b.parts(ctx, p.Message)
	if err != nil {
		return "", err
	}
	if len(s.old) == 0 && (p.Tries > 0 || !b.spoken(chat)) {
		found, err := s.find(ctx, p.Message.To, parts)
		if err != nil || found != "" {
			return found, err
		}
	}
	s.done = b.resume(p.ID, parts)
	err = s.say(ctx, parts)
	b.remember(p.ID, parts, s.done, err)
	if err != nil {
		return "", err
	}
	b.spoke(chat)
	return strings.Join(s.done, ","), nil
}

// spoken reports whether this process has said something in a chat.
func (b *Bot) spoken(chat string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.said[chat]
}

// spoke remembers that this process has said something in a chat.
func (b *Bot) spoke(chat string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.said[chat] = true
}

// ids returns the ids in the id of a message.
func ids(id string) []string {
	return slices.DeleteFunc(strings.Split(id, ","), func(s string) bool { return s == "" })
}

// A sending is one try to say a message.
type sending struct {
	b       *Bot
	row     int64
	chat    string
	silent  bool
	buttons []discordgo.MessageComponent
	old     []string // the messages to change in place
	done    []string // ids of the parts that have been said
}

// find returns the id under which the message stands in the chat already, or
// nothing. It is known by the row in its buttons; one without, if it is of one part,
// by its words, if it was said after what was recorded last.
func (s *sending) find(ctx context.Context, to rituals.Address, parts []part) (string, error) {
	var after uint64
	if s.b.opts.Last != nil && len(parts) == 1 && len(s.buttons) == 0 {
		last, err := s.b.opts.Last(ctx, to)
		if err != nil {
			return "", &bots.RetryError{Err: err}
		}
		last = last[strings.LastIndexByte(last, ',')+1:]
		after, _ = strconv.ParseUint(last, 10, 64) // 0: nothing is known
	}
	if len(s.buttons) == 0 && after == 0 {
		return "", nil
	}
	address := discordgo.EndpointChannelMessages(s.chat) + "?limit=" + strconv.Itoa(lookBack)
	var last []message
	err := s.b.call(ctx, http.MethodGet, address, nil, &last)
	var gone *bots.GoneError
	if errors.As(err, &gone) {
		return "", nil // sending will tell what it means
	}
	if err != nil {
		return "", err
	}
	for _, m := range last {
		if m.Author == nil || !m.Author.Bot {
			continue
		}
		id, _ := strconv.ParseUint(m.ID, 10, 64)
		again := after != 0 && id > after && parts[0].file == nil && m.Content == strings.TrimSpace(parts[0].text)
		if again || marked(m.Components, s.row) {
			return m.ID, nil
		}
	}
	return "", nil
}

// marked reports whether buttons are those of a row of the outbox.
func marked(all []component, row int64) bool {
	return slices.ContainsFunc(all, func(c component) bool {
		_, is := parseID(strings.TrimSuffix(c.CustomID, formMark))
		return (is != 0 && is == row) || marked(c.Components, row)
	})
}

// say says the parts that have not been said. Old parts are changed in place as far
// as there are any; those that are too many are taken away.
func (s *sending) say(ctx context.Context, parts []part) error {
	for i := len(s.done); i < len(parts); i++ {
		var under []discordgo.MessageComponent
		if i == len(parts)-1 {
			under = s.buttons
		}
		if i < len(s.old) {
			err := s.b.change(ctx, s.chat, s.old[i], parts[i], under)
			if err == nil {
				s.done = append(s.done, s.old[i])
				continue
			}
			if code(err) != codeUnknownMessage {
				return err
			}
			s.remove(ctx, s.old[i+1:]) // what follows must stand below
			s.old = s.old[:i]
		}
		id, err := s.b.post(ctx, s.chat, s.nonce(i, parts[i]), parts[i], under, s.silent)
		if err != nil {
			return err
		}
		s.done = append(s.done, id)
	}
	if len(parts) < len(s.old) {
		s.remove(ctx, s.old[len(parts):])
	}
	return nil
}

// nonce returns by what Discord knows the n-th part of the message again. The row
// alone would not do: Discord keeps one list for all chats, the rows of a fresh
// database begin anew, and the words of a row may be changed between two tries.
func (s *sending) nonce(n int, p part) string {
	h := fnv.New32a()
	fmt.Fprint(h, s.chat, n, p.text, p.file != nil)
	return strconv.FormatInt(s.row, 36) + "-" + strconv.FormatUint(uint64(h.Sum32()), 36)
}

// A send is a message with a nonce, for which the library's has no field.
type send struct {
	*discordgo.MessageSend
	Nonce        string `json:"nonce,omitempty"`
	EnforceNonce bool   `json:"enforce_nonce,omitempty"`
}

// post sends a message. The same nonce gives the same message, for some minutes.
func (b *Bot) post(ctx context.Context, chat, nonce string, p part, under []discordgo.MessageComponent, silent bool) (string, error) {
	m := &discordgo.MessageSend{
		Content:         p.text,
		Embeds:          []*discordgo.MessageEmbed{},
		Components:      orNone(under),
		StickerIDs:      []string{},
		AllowedMentions: &discordgo.MessageAllowedMentions{Parse: []discordgo.AllowedMentionType{}, Users: p.users},
		Flags:           discordgo.MessageFlagsSuppressEmbeds, // a preview would be the largest thing in the message
	}
	if silent {
		m.Flags |= discordgo.MessageFlagsSuppressNotifications
	}
	var said message
	var body any = send{m, nonce, nonce != ""}
	if p.file != nil {
		body = upload{send{m, nonce, nonce != ""}, p.file}
	}
	err := b.call(ctx, http.MethodPost, discordgo.EndpointChannelMessages(chat), body, &said)
	if err == nil && said.ID == "" {
		err = &bots.RetryError{Err: errors.New("discord gave no id")}
	}
	return said.ID, err
}

// change changes a message in place.
func (b *Bot) change(ctx context.Context, chat, id string, p part, under []discordgo.MessageComponent) error {
	m := struct {
		Content    string                            `json:"content"`
		Components []discordgo.MessageComponent      `json:"components"`
		Mentions   *discordgo.MessageAllowedMentions `json:"allowed_mentions"`
	}{p.text, orNone(under), noMentions()}
	return b.call(ctx, http.MethodPatch, discordgo.EndpointChannelMessage(chat, id), m, nil)
}

// orNone returns an empty list for none: nothing would mean that the old ones stay.
func orNone(under []discordgo.MessageComponent) []discordgo.MessageComponent {
	if under == nil {
		return []discordgo.MessageComponent{}
	}
	return under
}

// takeAway deletes the message.
func (s *sending) takeAway(ctx context.Context) error {
	for _, id := range s.old {
		err := s.b.call(ctx, http.MethodDelete, discordgo.EndpointChannelMessage(s.chat, id), nil, nil)
		if err != nil && code(err) != codeUnknownMessage {
			return err
		}
	}
	return nil
}

// remove deletes messages that others have taken the place of. If that fails they
// stay: the words are there twice, but none is lost.
func (s *sending) remove(ctx context.Context, old []string) {
	for _, id := range old {
		err := s.b.call(ctx, http.MethodDelete, discordgo.EndpointChannelMessage(s.chat, id), nil, nil)
		if err != nil && code(err) != codeUnknownMessage {
			s.b.log.Info("superseded message not deleted", "row", s.row, "err", err)
		}
	}
}
