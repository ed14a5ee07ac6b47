package discord

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/bwmarrin/discordgo"

	"attune/bots"
	"attune/rituals"
)

const (
	// Discord waits three seconds for a sign that an interaction was received, and
	// this long after that for what there is to say.
	deferAfter = 1500 * time.Millisecond
	tokenLife  = 15*time.Minute - 10*time.Second

	maxToast = 200 // characters of an answer
)

// A reply is the way to answer one interaction: on the spot, or if that takes too
// long, later. Its loss harms nothing.
type reply struct {
	b     *Bot
	ctx   context.Context
	id    string
	app   string
	token string
	came  time.Time
	quiet bool // an answer without words leaves no trace of its own

	mu    sync.Mutex
	said  bool          // answered for good
	put   chan struct{} // closed when the answer was put off; nil: it was not
	timer *time.Timer
}

// newReply returns the way to answer an interaction. Unless it is answered, Discord
// is asked after a while to wait.
func (b *Bot) newReply(ctx context.Context, i *interaction) *reply {
	r := &reply{b: b, ctx: ctx, id: i.ID, app: i.App, token: i.Token, came: time.Now()}
	r.quiet = i.Message != nil // it stands under a message, which simply stays as it is
	r.timer = time.AfterFunc(deferAfter, func() {
		if ctx.Err() == nil {
			b.guard("putting off", r.putOff)
		}
	})
	return r
}

// putOff asks Discord to wait.
func (r *reply) putOff() {
	r.mu.Lock()
	if r.said || r.put != nil {
		r.mu.Unlock()
		return
	}
	put := make(chan struct{})
	r.put = put
	r.mu.Unlock()
	defer close(put)
	r.done("answer not put off", r.respond(r.waiting()))
}

// waiting returns the response that asks Discord to wait.
func (r *reply) waiting() response {
	if r.quiet {
		return response{Type: discordgo.InteractionResponseDeferredMessageUpdate}
	}
	return response{Type: discordgo.InteractionResponseDeferredChannelMessageWithSource, Data: &responseData{Flags: discordgo.MessageFlagsEphemeral}}
}

// answer shows a text to who acted; an empty one only ends the waiting.
func (r *reply) answer(text string) {
	r.timer.Stop()
	r.mu.Lock()
	said, put := r.said, r.put
	r.said = true
	r.mu.Unlock()
	switch {
	case said || time.Since(r.came) > tokenLife:
		return
	case put != nil:
		<-put // what was put off must have been before it is completed
	case bots.Blank(text):
		if err := r.respond(r.waiting()); err != nil {
			r.done("answer not shown", err)
			return
		}
	default:
		shown := response{Type: discordgo.InteractionResponseChannelMessageWithSource, Data: ephemeral(text)}
		r.done("answer not shown", r.respond(shown))
		return
	}
	r.done("answer not completed", r.complete(text))
}

// complete says what there is to say after Discord was asked to wait.
func (r *reply) complete(text string) error {
	original := discordgo.EndpointInteractionResponseActions(r.app, r.token)
	switch {
	case r.quiet && bots.Blank(text):
		return nil
	case r.quiet:
		return r.b.callOnce(r.ctx, http.MethodPost, discordgo.EndpointFollowupMessage(r.app, r.token), ephemeral(text), nil)
	case bots.Blank(text):
		return r.b.callOnce(r.ctx, http.MethodDelete, original, nil, nil)
	}
	kept := ephemeral(text)
	kept.Flags = 0 // it is as private as what was put off
	return r.b.callOnce(r.ctx, http.MethodPatch, original, kept, nil)
}

// done logs what came of an answer. That it was answered before, or too late,
// counts as success.
func (r *reply) done(trouble string, err error) {
	if c := code(err); err == nil || c == codeAcknowledged || c == codeUnknownInteraction {
		return
	}
	r.b.log.Info(trouble, "interaction", r.id, "err", err)
}

// A response is the first answer to an interaction; the library's own always
// overwrites the message that was acted on.
type response struct {
	Type discordgo.InteractionResponseType `json:"type"`
	Data *responseData                     `json:"data,omitempty"`
}

type responseData struct {
	Content    string                            `json:"content,omitempty"`
	Flags      discordgo.MessageFlags            `json:"flags,omitempty"`
	Mentions   *discordgo.MessageAllowedMentions `json:"allowed_mentions,omitempty"`
	CustomID   string                            `json:"custom_id,omitempty"`
	Title      string                            `json:"title,omitempty"`
	Components []discordgo.MessageComponent      `json:"components,omitempty"`
}

// ephemeral returns a message that only who acted can see.
func ephemeral(text string) *responseData {
	return &responseData{
		Content:  escape(text),
		Flags:    discordgo.MessageFlagsEphemeral | discordgo.MessageFlagsSuppressEmbeds,
		Mentions: noMentions(),
	}
}

// noMentions returns that nobody is to be mentioned.
func noMentions() *discordgo.MessageAllowedMentions {
	return &discordgo.MessageAllowedMentions{Parse: []discordgo.AllowedMentionType{}}
}

// respond gives the first answer.
func (r *reply) respond(with response) error {
	return r.b.callOnce(r.ctx, http.MethodPost, discordgo.EndpointInteractionResponse(r.id, r.token), with, nil)
}

// answer shows an answer, in the background and once. A tap is answered even if
// there is nothing to show, or it would seem to have failed.
func (in *intake) answer(i incoming, a rituals.Answer) {
	text := shorten(bots.Clean(a.Text), maxToast)
	if i.reply == nil && bots.Blank(text) {
		return
	}
	in.wg.Go(func() {
		in.b.guard("answer", func() {
			if i.reply != nil {
				i.reply.answer(text)
				return
			}
			if _, err := in.b.post(in.work, i.event.Chat.Chat, "", part{text: escape(text)}, nil, false); err != nil {
				in.b.log.Info("answer not shown", "event", i.event.ID, "err", err)
			}
		})
	})
}
