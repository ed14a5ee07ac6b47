package discord

import (
	"attune/bots"
	"context"
	"fmt"
	"strings"

	"github.com/bwmarrin/discordgo"
)

// Forms. The button that opens one carries what stands in its empty field, so that
// nothing has to be looked up: a form must be the first answer to a tap.
const (
	formMark = "?"     // ends the id of such a button; no other's ends so
	asksMark = "!"     // ends the id of one whose form has to be asked for
	formID   = "form:" // begins the id of a form
	fillID   = "fill:" // begins the id of one that was asked for
	maxForm  = 4000    // characters that fit in
	maxTitle = 45
	maxHint  = 70
)

// opensForm reports whether an interaction asks for a form.
func opensForm(i *interaction) bool {
	return i.Type == int(discordgo.InteractionMessageComponent) && i.Data != nil && i.Message != nil &&
		rowMark.MatchString(strings.TrimSuffix(i.Data.CustomID, formMark)) && strings.HasSuffix(i.Data.CustomID, formMark)
}

// openForm shows the form. Each has an id of its own, or Discord would show what
// was written into another and not sent.
func (b *Bot) openForm(ctx context.Context, i *interaction) {
	hint, _ := parseID(strings.TrimSuffix(i.Data.CustomID, formMark))
	title := label(i.Message.Components, i.Data.CustomID)
	if title == "" {
		title = defaultLabel
	}
	r := b.newReply(ctx, i)
	r.done("form not opened", r.respond(response{
		Type: discordgo.InteractionResponseModal,
		Data: &responseData{
			CustomID: fmt.Sprintf("%s%s:%s", formID, i.Message.ID, i.ID),
			Title:    title,
			Components: []any{discordgo.ActionsRow{Components: []discordgo.MessageComponent{discordgo.TextInput{
				CustomID:    "words",
				Label:       title,
				Style:       discordgo.TextInputParagraph,
				Placeholder: hint,
				Required:    true,
				MaxLength:   maxForm,
			}}}},
		},
	}))
}

// label returns what stands on a button.
func label(all []component, id string) string {
	for _, c := range all {
		if s, ok := c.Label.(string); ok && c.CustomID == id && !bots.Blank(s) {
			return shorten(s, maxTitle)
		}
		if s := label(c.Components, id); s != "" {
			return s
		}
	}
	return ""
}

// asked returns the id of the message under which the button of a form stood.
func asked(i *interaction) string {
	if i.Message != nil && i.Message.ID != "" {
		return i.Message.ID
	}
	rest, ok := strings.CutPrefix(i.Data.CustomID, formID)
	if !ok {
		return ""
	}
	id, _, _ := strings.Cut(rest, ":")
	return id
}
