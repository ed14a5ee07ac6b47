package telegram

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"

	"attune/bots"
	"attune/rituals"
)

// The library's models refuse a whole update for one kind of thing that they do
// not know, such as the origin of a forwarded message. These hold only what is
// needed, and so take such an update in.
type (
	update struct {
		ID     int64       `json:"update_id"`
		Wrote  *message    `json:"message"`
		Edited *message    `json:"edited_message"`
		Tapped *callback   `json:"callback_query"`
		Member *membership `json:"my_chat_member"`
	}

	user struct {
		ID       int64  `json:"id"`
		Bot      bool   `json:"is_bot"`
		First    string `json:"first_name"`
		Last     string `json:"last_name"`
		Name     string `json:"username"`
		Language string `json:"language_code"`
	}

	chat struct {
		ID    int64  `json:"id"`
		Type  string `json:"type"`
		Title string `json:"title"`
	}

	message struct {
		ID      int64  `json:"message_id"`
		From    *user  `json:"from"`
		Chat    chat   `json:"chat"`
		Text    string `json:"text"`
		Caption string `json:"caption"`
		MovedTo int64  `json:"migrate_to_chat_id"`
		Joined  []user `json:"new_chat_members"`
		Gone    *user  `json:"left_chat_member"`
		ReplyTo *struct {
			ID int64 `json:"message_id"`
		} `json:"reply_to_message"`
		content
	}

	callback struct {
		ID      string   `json:"id"`
		From    *user    `json:"from"`
		Message *message `json:"message"`
		Data    string   `json:"data"`
	}

	membership struct {
		From *user  `json:"from"`
		Chat chat   `json:"chat"`
		Old  status `json:"old_chat_member"`
		New  status `json:"new_chat_member"`
	}

	status struct {
		Status string `json:"status"`
		Inside bool   `json:"is_member"` // of those who are restricted
	}
)

// content is what a person can send beside words. What Telegram itself puts into a
// chat, such as a new background, is not among it.
type content struct {
	Animation json.RawMessage `json:"animation"`
	Audio     json.RawMessage `json:"audio"`
	Checklist json.RawMessage `json:"checklist"`
	Contact   json.RawMessage `json:"contact"`
	Dice      json.RawMessage `json:"dice"`
	Document  json.RawMessage `json:"document"`
	Game      json.RawMessage `json:"game"`
	Location  json.RawMessage `json:"location"`
	PaidMedia json.RawMessage `json:"paid_media"`
	Photo     json.RawMessage `json:"photo"`
	Poll      json.RawMessage `json:"poll"`
	Rich      json.RawMessage `json:"rich_message"`
	Sticker   json.RawMessage `json:"sticker"`
	Story     json.RawMessage `json:"story"`
	Video     json.RawMessage `json:"video"`
	VideoNote json.RawMessage `json:"video_note"`
	Voice     json.RawMessage `json:"voice"`
}

// any reports whether there is something.
func (c *content) any() bool {
	for _, raw := range []json.RawMessage{
		c.Animation, c.Audio, c.Checklist, c.Contact, c.Dice, c.Document, c.Game, c.Location, c.PaidMedia,
		c.Photo, c.Poll, c.Rich, c.Sticker, c.Story, c.Video, c.VideoNote, c.Voice,
	} {
		if len(raw) > 0 {
			return true
		}
	}
	return false
}

// An incoming is an event and, if a button was tapped, what to answer.
type incoming struct {
	event    rituals.Event
	callback string // id of the tap; empty: it was none
	title    string // of the group it happened in
	out      bool   // the bot is not there any more
	came     int    // how many more came into it than left it
}

// decode returns the events among updates, and the offset that confirms all of
// them. What cannot be decoded is logged by id and left out.
func (b *Bot) decode(raw []json.RawMessage) (batch []incoming, next int64) {
	for _, r := range raw {
		var u update
		err := json.Unmarshal(r, &u)
		if err != nil {
			var only struct {
				ID int64 `json:"update_id"`
			}
			_ = json.Unmarshal(r, &only) // an id that cannot be read either is confirmed with the next
			u = update{ID: only.ID}
			b.log.Error("update not decoded", "update", u.ID)
		}
		next = max(next, u.ID+1)
		if in, ok := b.incoming(&u); ok {
			batch = append(batch, in)
		}
	}
	return batch, next
}

// incoming returns the event of an update, if it is one.
func (b *Bot) incoming(u *update) (incoming, bool) {
	switch {
	case u.Wrote != nil && (len(u.Wrote.Joined) > 0 || u.Wrote.Gone != nil):
		in := numbered(u, changed(u.Wrote.Chat), "")
		var ok bool
		in.title = u.Wrote.Chat.Title
		in.came, ok = b.crowd(u.Wrote)
		return in, ok
	case u.Wrote != nil:
		e, ok := b.wrote(u.Wrote)
		in := numbered(u, e, "")
		in.title = u.Wrote.Chat.Title
		return in, ok
	case u.Edited != nil:
		e, ok := b.wrote(u.Edited)
		ok = ok && e.Private && e.Kind == rituals.Wrote && e.Text != ""
		e.Kind, e.Media = rituals.Edited, nil // a picture is not changed by other words
		return numbered(u, e, ""), ok
	case u.Tapped != nil && u.Tapped.From != nil:
		e := by(u.Tapped.From, chat{ID: u.Tapped.From.ID, Type: "private"})
		if m := u.Tapped.Message; m != nil && m.Chat.ID != 0 {
			e = by(u.Tapped.From, m.Chat)
		}
		e.Kind, e.Action = rituals.Tapped, u.Tapped.Data
		in := numbered(u, e, u.Tapped.ID)
		if m := u.Tapped.Message; m != nil {
			in.title = m.Chat.Title
		}
		return in, true
	case u.Member != nil && u.Member.Chat.Type != "private":
		in := numbered(u, changed(u.Member.Chat), "")
		in.title, in.out = u.Member.Chat.Title, !u.Member.New.inside()
		return in, in.out == u.Member.Old.inside() && u.Member.Chat.Type != "channel"
	case u.Member != nil && u.Member.From != nil:
		e := by(u.Member.From, u.Member.Chat)
		e.Kind = rituals.Left
		if u.Member.New.inside() {
			e.Kind = rituals.Joined
		}
		return numbered(u, e, ""), u.Member.New.inside() != u.Member.Old.inside()
	}
	return incoming{}, false
}

// numbered returns an event with its id.
func numbered(u *update, e rituals.Event, callback string) incoming {
	e.ID = strconv.FormatInt(u.ID, 10)
	return incoming{event: e, callback: callback}
}

// inside reports whether the bot can speak in a chat.
func (s status) inside() bool {
	switch s.Status {
	case "left", "kicked", "":
		return false
	case "restricted":
		return s.Inside
	}
	return true
}

// wrote returns the event of a message.
func (b *Bot) wrote(m *message) (rituals.Event, bool) {
	if m.From == nil || (m.From.Bot && m.MovedTo == 0) {
		return rituals.Event{}, false
	}
	e := by(m.From, m.Chat)
	if m.MovedTo != 0 {
		e.Kind, e.Text = rituals.Moved, strconv.FormatInt(m.MovedTo, 10)
		return e, true
	}
	e.Kind, e.Source, e.Text = rituals.Wrote, strconv.FormatInt(m.ID, 10), m.Text
	if e.Text == "" {
		e.Text = m.Caption
	}
	if m.ReplyTo != nil {
		e.ReplyTo = strconv.FormatInt(m.ReplyTo.ID, 10)
	}
	var ours bool
	e.Text, ours = b.addressed(e.Text)
	if !e.Private {
		return e, ours && asks.MatchString(e.Text) // the rest is between those in the group
	}
	if code, ok := strings.CutPrefix(e.Text, "/start "); ok {
		if action, ok := led(strings.TrimSpace(code)); ok {
			e.Kind, e.Text, e.Source, e.Action = rituals.Tapped, "", "", action
			return e, true
		}
	}
	e.Media = m.media()
	e.Other = e.Text == "" && len(e.Media) == 0 && m.any()
	return e, e.Text != "" || e.Other || len(e.Media) > 0
}

// asks begins words that are a command.
var asks = regexp.MustCompile(`^[^\pL\pN/]*/\pL`)

var command = regexp.MustCompile(`^([^\pL\pN/]*/[A-Za-z0-9_]+)@([A-Za-z0-9_]+)`)

// addressed takes this bot's name out of a command that was sent to it by name, and
// reports whether the text may be meant for this bot.
func (b *Bot) addressed(text string) (string, bool) {
	at := command.FindStringSubmatchIndex(text)
	if at == nil {
		return text, true
	}
	if me := b.me.Load(); me == nil || !strings.EqualFold(text[at[4]:at[5]], me.Username) {
		return text, false
	}
	return text[:at[3]] + text[at[1]:], true
}

// by returns what is common to all that a person does in a chat.
func by(u *user, c chat) rituals.Event {
	return rituals.Event{
		Person:   rituals.Person{Platform: rituals.Telegram, ID: strconv.FormatInt(u.ID, 10)},
		Chat:     rituals.Address{Platform: rituals.Telegram, Chat: strconv.FormatInt(c.ID, 10)},
		Home:     rituals.Address{Platform: rituals.Telegram, Chat: strconv.FormatInt(u.ID, 10)}, // the same number
		Private:  c.Type == "private",
		Name:     u.called(),
		Language: bots.Language(u.Language),
	}
}

// called returns the first of a person's names that can be seen. There are accounts
// that have none.
func (u *user) called() string {
	return bots.PersonName(u.First, u.Last, u.Name)
}
