package discord

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/bwmarrin/discordgo"

	"attune/bots"
	"attune/rituals"
)

// The library's models refuse a whole message for one component that they do not
// know. These hold only what is needed, and so take such a message in.
type (
	user struct {
		ID     string `json:"id"`
		Bot    bool   `json:"bot"`
		Name   string `json:"username"`
		Global string `json:"global_name"`
	}

	message struct {
		ID          string            `json:"id"`
		Channel     string            `json:"channel_id"`
		Guild       string            `json:"guild_id"`
		Type        int               `json:"type"`
		Author      *user             `json:"author"`
		Content     string            `json:"content"`
		Edited      *time.Time        `json:"edited_timestamp"`
		Components  []component       `json:"components"`
		Attachments []attachment      `json:"attachments"`
		Stickers    []json.RawMessage `json:"sticker_items"`
		Forwarded   []json.RawMessage `json:"message_snapshots"`
		Poll        json.RawMessage   `json:"poll"`
		Reference   *struct {
			Message string `json:"message_id"`
			Type    int    `json:"type"` // 0: a reply
		} `json:"message_reference"`
	}

	attachment struct {
		ID      string  `json:"id"`
		Name    string  `json:"filename"`
		Type    string  `json:"content_type"`
		Size    int64   `json:"size"`
		URL     string  `json:"url"`
		Seconds float64 `json:"duration_secs"` // of a voice message
	}

	component struct {
		CustomID   string      `json:"custom_id"`
		Label      any         `json:"label"` // of some it is a text
		Value      *string     `json:"value"`
		Values     []string    `json:"values"` // of a menu
		Components []component `json:"components"`
		Component  *component  `json:"component"` // inside a label
	}

	interaction struct {
		ID      string   `json:"id"`
		App     string   `json:"application_id"`
		Type    int      `json:"type"`
		Token   string   `json:"token"`
		Guild   string   `json:"guild_id"`
		Channel string   `json:"channel_id"`
		Locale  string   `json:"locale"`
		Allowed string   `json:"app_permissions"` // of the bot there, as bits
		Message *message `json:"message"`
		User    *user    `json:"user"`
		Member  *struct {
			User *user `json:"user"`
		} `json:"member"`
		Data *struct {
			Name       string      `json:"name"`
			Kind       int         `json:"type"`
			Options    []option    `json:"options"`
			CustomID   string      `json:"custom_id"`
			Components []component `json:"components"`
			Resolved   struct {
				Users   map[string]user `json:"users"`
				Members map[string]struct {
					Nick string `json:"nick"`
				} `json:"members"`
			} `json:"resolved"`
		} `json:"data"`
	}

	option struct {
		Name    string   `json:"name"`
		Type    int      `json:"type"`
		Value   any      `json:"value"`
		Options []option `json:"options"`
	}
)

// Types of messages that people write.
const (
	typeWords = 0
	typeCame  = 1 // not written: somebody was brought into a thread
	typeReply = 19
)

// An incoming is an event on its way in.
type incoming struct {
	event rituals.Event
	at    uint64 // Discord's ids count up: this one's place among them
	reply *reply // if it is an interaction, the way to answer it

	from    *interaction // in a chat of several people, what is to be looked up about it
	message uint64       // the number of the message, if it is one
	edited  int64        // when it was last changed, in unix milliseconds
}

// wrote returns the event of a message, if a person wrote it to the bot alone.
func wrote(m *message) (incoming, bool) {
	id, err := strconv.ParseUint(m.ID, 10, 64)
	if err != nil || m.Author == nil || m.Author.Bot || m.Author.ID == "" || m.Guild != "" || m.Channel == "" {
		return incoming{}, false
	}
	if m.Type != typeWords && m.Type != typeReply {
		return incoming{}, false
	}
	e := by(m.Author, m.Channel)
	e.ID, e.Kind, e.Source, e.Text = m.ID, rituals.Wrote, m.ID, m.Content
	if m.Reference != nil && m.Reference.Type == 0 {
		e.ReplyTo = m.Reference.Message
	}
	e.Media = m.media()
	e.Other = e.Text == "" && len(e.Media) == 0 && (len(m.Attachments)+len(m.Stickers)+len(m.Forwarded) > 0 || len(m.Poll) > len("null"))
	in := incoming{event: e, at: id, message: id}
	if m.Edited != nil {
		in.edited = m.Edited.UnixMilli()
	}
	return in, e.Text != "" || e.Other || len(e.Media) > 0
}

// edited returns the event of a message that its writer has changed. Discord
// reports a message as changed for other reasons too, such as a link's preview.
func edited(m *message) (incoming, bool) {
	in, ok := wrote(m)
	if !ok || m.Edited == nil || in.event.Text == "" {
		return incoming{}, false
	}
	in.event.Kind = rituals.Edited
	in.event.ID = fmt.Sprintf("%s/%d", m.ID, in.edited)
	in.at = snowflake(*m.Edited)
	return in, true
}

// snowflake returns the least id that Discord gives at an instant.
func snowflake(t time.Time) uint64 {
	const epoch = 1420070400000
	return uint64(max(0, t.UnixMilli()-epoch)) << 22
}

// acted returns the event of an interaction. In a channel of a server it is answered
// to this person alone; where their own chat is has to be looked up.
func acted(i *interaction) (incoming, bool) {
	who := i.User
	if i.Member != nil && i.Member.User != nil {
		who = i.Member.User
	}
	at, err := strconv.ParseUint(i.ID, 10, 64)
	if err != nil || who == nil || who.ID == "" || i.Data == nil || i.Channel == "" {
		return incoming{}, false
	}
	in := incoming{event: by(who, i.Channel), at: at}
	e := &in.event
	if i.Guild != "" {
		in.from = i
		e.Private, e.Aside, e.Home = false, true, rituals.Address{}
	}
	e.ID, e.Language = i.ID, bots.Language(i.Locale)
	switch discordgo.InteractionType(i.Type) {
	case discordgo.InteractionMessageComponent:
		e.Kind = rituals.Tapped
		e.Action, _ = parseID(strings.TrimSuffix(i.Data.CustomID, asksMark))
	case discordgo.InteractionModalSubmit:
		e.Source = i.ID
		if action, ok := filledID(i.Data.CustomID); ok {
			e.Kind, e.Action, e.Entries = rituals.Filled, action, entries(i.Data.Components)
			break
		}
		e.Kind, e.Text = rituals.Wrote, words(i.Data.Components)
		e.ReplyTo = asked(i)
	case discordgo.InteractionApplicationCommand:
		if i.Data.Kind > int(discordgo.ChatApplicationCommand) {
			return incoming{}, false // from the menu of a user or a message
		}
		e.Kind, e.Source = rituals.Wrote, i.ID
		e.Text = strings.Join(append([]string{"/" + i.Data.Name}, values(i.Data.Options)...), " ")
		e.Mention = i.mention()
	default:
		return incoming{}, false
	}
	return in, e.Text != "" || e.Action != ""
}

// mention returns whom a command names; nil if that is nobody, or a bot.
func (i *interaction) mention() *rituals.Mention {
	for _, o := range i.Data.Options {
		id, ok := o.Value.(string)
		who, known := i.Data.Resolved.Users[id]
		if discordgo.ApplicationCommandOptionType(o.Type) != discordgo.ApplicationCommandOptionUser || !ok || !known || who.Bot {
			continue
		}
		name := bots.PersonName(i.Data.Resolved.Members[id].Nick, who.called())
		return &rituals.Mention{Person: rituals.Person{Platform: rituals.Discord, ID: id}, Name: name}
	}
	return nil
}

// words returns what was filled into a form.
func words(all []component) string {
	var texts []string
	for _, c := range all {
		if c.Value != nil && *c.Value != "" {
			texts = append(texts, *c.Value)
		}
		inner := c.Components
		if c.Component != nil {
			inner = append(inner, *c.Component)
		}
		if s := words(inner); s != "" {
			texts = append(texts, s)
		}
	}
	return strings.Join(texts, "\n\n")
}

// values returns what followed a command's name.
func values(all []option) []string {
	var texts []string
	for _, o := range all {
		if discordgo.ApplicationCommandOptionType(o.Type) == discordgo.ApplicationCommandOptionUser {
			continue // told apart
		}
		switch v := o.Value.(type) {
		case nil:
			if len(o.Options) > 0 {
				texts = append(append(texts, o.Name), values(o.Options)...)
			}
		case float64:
			texts = append(texts, strconv.FormatFloat(v, 'f', -1, 64))
		default:
			texts = append(texts, strings.TrimSpace(fmt.Sprint(v)))
		}
	}
	return texts
}

// by returns what is common to all that a person does in direct messages.
func by(u *user, channel string) rituals.Event {
	chat := rituals.Address{Platform: rituals.Discord, Chat: channel}
	return rituals.Event{
		Person:  rituals.Person{Platform: rituals.Discord, ID: u.ID},
		Chat:    chat,
		Home:    chat,
		Private: true,
		Name:    u.called(),
	}
}

// called returns the first of a person's names that can be seen.
func (u *user) called() string {
	return bots.PersonName(u.Global, u.Name)
}
