package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"strings"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"attune/bots"
	"attune/rituals"
)

// A half is a message of several parts of which only the first have been said.
type half struct {
	says string // the whole, so that other words under the same id begin anew
	ids  []string
}

// Send says a message or changes one in place, and returns the ids of its parts.
// Its buttons are under the last part.
//
// When a later part cannot be said, the next try goes on from there.
func (b *Bot) Send(ctx context.Context, p bots.Parcel) (string, error) {
	chat, err := strconv.ParseInt(p.Message.To.Chat, 10, 64)
	if err != nil {
		return "", &bots.GoneError{Chat: true, Err: errors.New("the address is none of Telegram's")}
	}
	s := sending{b: b, chat: chat, to: p.Message.To.Chat, silent: p.Message.Silent, old: ids(p.Edits)}
	if p.Message.Edits != "" && len(p.Message.Blocks) == 0 {
		return p.Edits, s.takeAway(ctx)
	}
	if err := b.others(ctx, p.Message); err != nil {
		return "", err
	}
	var name string
	if linked(p.Message) {
		if name, err = b.Name(ctx); err != nil {
			return "", err
		}
	}
	var refused int
	if s.buttons, refused = keyboard(p.Message, name); refused > 0 {
		b.log.Error("buttons left out that telegram refuses", "row", p.ID, "count", refused)
	}
	parts, err := b.parts(ctx, p.Message, name)
	if err != nil {
		return "", err
	}
	one := len(parts) == 1
	if !one {
		s.done = b.resume(p)
	}
	err = s.say(ctx, parts)
	if !one {
		b.remember(p, s.done, err)
	}
	if err != nil {
		return "", b.refuse(s.to, err)
	}
	return strings.Join(s.done, ","), nil
}

// linked reports whether a message shows the bot's own address.
func linked(m rituals.Message) bool {
	for _, b := range m.Blocks {
		if b.Kind == rituals.Link || b.Kind == rituals.Scan {
			return true
		}
	}
	for _, row := range m.Choices {
		for _, c := range row {
			if c.Share != nil || c.Form {
				return true
			}
		}
	}
	return false
}

// ids returns the numbers in the id of a message.
func ids(id string) []int {
	var list []int
	for s := range strings.SplitSeq(id, ",") {
		if n, err := strconv.Atoi(s); err == nil {
			list = append(list, n)
		}
	}
	return list
}

// A sending is one try to say a message.
type sending struct {
	b       *Bot
	chat    int64
	to      string
	silent  bool
	buttons *models.InlineKeyboardMarkup
	old     []int    // the messages to change in place
	done    []string // ids of the parts that have been said
}

// say says the parts that have not been said. Old parts are changed in place as
// far as there are any; those that are too many are taken away.
func (s *sending) say(ctx context.Context, parts []part) error {
	for i := len(s.done); i < len(parts); i++ {
		var buttons models.ReplyMarkup
		if i == len(parts)-1 && s.buttons != nil {
			buttons = s.buttons
		}
		if i < len(s.old) {
			lost, err := s.change(ctx, s.old[i], parts[i], buttons)
			if err != nil {
				return err
			}
			if !lost {
				s.done = append(s.done, strconv.Itoa(s.old[i]))
				continue
			}
			s.remove(ctx, s.old[i+1:]) // what follows must stand below
			s.old = s.old[:i]
		}
		id, err := s.part(ctx, parts[i], buttons)
		if err != nil {
			return err
		}
		s.done = append(s.done, strconv.Itoa(id))
	}
	if len(parts) < len(s.old) {
		s.remove(ctx, s.old[len(parts):])
	}
	return nil
}

// part says one part. What Telegram refuses for its text or entities, against all
// that is known, is said once more as plainly as possible.
func (s *sending) part(ctx context.Context, p part, buttons models.ReplyMarkup) (int, error) {
	if p.file != nil {
		return s.filePart(ctx, p, buttons)
	}
	said, err := s.post(ctx, p, buttons)
	if says(err, "empty", "utf-8", "entit") {
		s.b.log.Error("text refused, said plainly", "err", s.b.classify(err))
		said, err = s.post(ctx, p.plain(), buttons)
	}
	if err != nil {
		return 0, s.b.classify(err)
	}
	return said.ID, nil
}

// post sends a message. One that asks for words is a plain one: with a forced reply
// it could neither have buttons of its own nor be changed later.
func (s *sending) post(ctx context.Context, p part, buttons models.ReplyMarkup) (*models.Message, error) {
	return s.b.api.SendMessage(ctx, &tg.SendMessageParams{
		ChatID:              s.chat,
		Text:                p.text,
		Entities:            p.entities,
		LinkPreviewOptions:  noPreview(),
		DisableNotification: s.silent,
		ReplyMarkup:         buttons,
	})
}

// change changes one message in place. It reports lost if that is not possible,
// because the message was deleted, is too old, or is a picture where words are to be
// or the other way round; that one is taken away.
func (s *sending) change(ctx context.Context, id int, p part, buttons models.ReplyMarkup) (lost bool, err error) {
	if p.file != nil {
		_, err = s.b.api.EditMessageCaption(ctx, &tg.EditMessageCaptionParams{
			ChatID: s.chat, MessageID: id, Caption: p.text, CaptionEntities: p.entities, ReplyMarkup: buttons,
		})
	} else {
		_, err = s.b.api.EditMessageText(ctx, &tg.EditMessageTextParams{
			ChatID:             s.chat,
			MessageID:          id,
			Text:               p.text,
			Entities:           p.entities,
			LinkPreviewOptions: noPreview(),
			ReplyMarkup:        buttons,
		})
	}
	switch {
	case err == nil, says(err, "message is not modified"):
		return false, nil
	case says(err, "message to edit not found", "message can't be edited", "message_id_invalid"):
		return true, nil
	case says(err, "there is no text in the message", "there is no caption in the message"):
		s.remove(ctx, []int{id})
		return true, nil
	}
	return false, s.b.classify(err)
}

// takeAway deletes the message. One that is too old for that is emptied.
func (s *sending) takeAway(ctx context.Context) error {
	for _, id := range s.old {
		_, err := s.b.api.DeleteMessage(ctx, &tg.DeleteMessageParams{ChatID: s.chat, MessageID: id})
		switch {
		case err == nil, says(err, "message to delete not found", "message_id_invalid"):
			continue
		case says(err, "message can't be deleted"):
			lost, err := s.change(ctx, id, part{text: unsaid}, nil)
			if lost { // a picture, of which the words are a caption
				_, err = s.change(ctx, id, part{text: unsaid, file: &file{}}, nil)
			}
			if err != nil {
				return s.b.refuse(s.to, err)
			}
			continue
		}
		return s.b.refuse(s.to, s.b.classify(err))
	}
	return nil
}

// remove deletes messages that others have taken the place of. If that fails they
// stay: the words are there twice, but none is lost.
func (s *sending) remove(ctx context.Context, old []int) {
	for _, id := range old {
		if _, err := s.b.api.DeleteMessage(ctx, &tg.DeleteMessageParams{ChatID: s.chat, MessageID: id}); err != nil {
			s.b.log.Info("superseded message not deleted", "err", s.b.classify(err))
		}
	}
}

// noPreview keeps a link that somebody wrote from becoming the largest thing in the
// message.
func noPreview() *models.LinkPreviewOptions {
	return &models.LinkPreviewOptions{IsDisabled: tg.True()}
}

// resume returns the ids of the parts that an earlier try has said.
func (b *Bot) resume(p bots.Parcel) []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	if h, ok := b.halves[p.ID]; ok && h.says == whole(p.Message) {
		return h.ids
	}
	return nil
}

// remember keeps what was said of a message whose later parts may be tried again.
func (b *Bot) remember(p bots.Parcel, done []string, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if gone := (*bots.GoneError)(nil); err == nil || errors.As(err, &gone) {
		delete(b.halves, p.ID)
		return
	}
	if len(b.halves) >= 256 {
		clear(b.halves) // rows that were dropped meanwhile; at worst a part is said twice
	}
	b.halves[p.ID] = half{says: whole(p.Message), ids: done}
}

// whole returns all that a message says.
func whole(m rituals.Message) string {
	raw, err := json.Marshal(m.Blocks)
	if err != nil {
		return m.String()
	}
	return string(raw)
}
