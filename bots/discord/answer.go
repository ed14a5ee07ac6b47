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
	form  bool // it is to what somebody wrote in a form

	mu    sync.Mutex
	said  bool          // answered for good
	put   chan struct{} // closed when the answer was put off; nil: it was not
	timer *time.Timer   // until it is put off; nil: it never is
}

// newReply returns the way to answer an interaction.
func (b *Bot) newReply(ctx context.Context, i *interaction) *reply {
	return &reply{
		b: b, ctx: ctx, id: i.ID, app: i.App, token: i.Token, came: time.Now(),
		quiet: i.Message != nil, // it stands under a message, which simply stays as it is
		form:  i.Type == int(discordgo.InteractionModalSubmit),
	}
}

// patient returns the way to answer an interaction for which Discord is asked after a
// while to wait, unless it is answered.
func (b *Bot) patient(ctx context.Context, i *interaction) *reply {
	r := b.newReply(ctx, i)
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
	// Words in a form are nowhere but in it: their writer sees that they are waited for,
	// until they are kept.
	r.put, r.quiet = put, r.quiet && !r.form
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

// answer shows something to who acted alone, in as many parts as it takes; nothing
// only ends the waiting.
func (r *reply) answer(a aside) {
	if r.timer != nil {
		r.timer.Stop()
	}
	r.mu.Lock()
	said, put := r.said, r.put
	r.said = true
	r.mu.Unlock()
	var err error
	switch {
	case said || time.Since(r.came) > tokenLife:
		return
	case put != nil:
		<-put // what was put off must have been before it is completed
		err = r.complete(a)
	case len(a) == 0:
		if err = r.respond(r.waiting()); err == nil {
			err = r.complete(a)
		}
	default:
		if err = r.respond(response{Type: discordgo.InteractionResponseChannelMessageWithSource, Data: a[0]}); err == nil {
			err = r.follow(a[1:])
		}
	}
	r.done("answer not shown", err)
}

// complete says what there is to say after Discord was asked to wait.
func (r *reply) complete(a aside) error {
	original := discordgo.EndpointInteractionResponseActions(r.app, r.token)
	switch {
	case r.quiet:
		return r.follow(a)
	case len(a) == 0:
		return r.b.callOnce(r.ctx, http.MethodDelete, original, nil, nil)
	}
	kept := *a[0]
	kept.Flags = 0 // it is as private as what was put off
	if err := r.b.callOnce(r.ctx, http.MethodPatch, original, kept, nil); err != nil {
		return err
	}
	return r.follow(a[1:])
}

// follow says what comes after the first part of an answer.
func (r *reply) follow(a aside) error {
	for _, part := range a {
		err := r.b.callOnce(r.ctx, http.MethodPost, discordgo.EndpointFollowupMessage(r.app, r.token), part, nil)
		if err != nil {
			return err
		}
	}
	return nil
}

// An aside is an answer as Discord takes it, in parts, for who acted alone.
type aside []*responseData

// aside returns an answer in parts; none if there is nothing to show.
func (b *Bot) aside(a rituals.Answer) aside {
	m := a.Message()
	if len(m.Blocks) == 0 && len(m.Choices) == 0 {
		return nil
	}
	under, refused := buttons(m, 0)
	if refused > 0 {
		b.log.Error("buttons left out that discord refuses", "row", 0, "count", refused)
	}
	var all aside
	for _, p := range compose(m, maxUnits) {
		all = append(all, &responseData{
			Content:  p.text,
			Flags:    discordgo.MessageFlagsEphemeral | discordgo.MessageFlagsSuppressEmbeds,
			Mentions: noMentions(),
		})
	}
	all[len(all)-1].Components = list(under)
	return all
}

// list returns components as a list of anything.
func list(components []discordgo.MessageComponent) []any {
	var all []any
	for _, c := range components {
		all = append(all, c)
	}
	return all
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
	Components []any                             `json:"components,omitempty"`
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
	a.Text = shorten(bots.Clean(a.Text), maxToast)
	if bots.Blank(a.Text) {
		a.Text = ""
	}
	text := a.Text
	if i.reply == nil && (text == "" || !i.event.Private) {
		return
	}
	in.wg.Go(func() {
		in.b.guard("answer", func() {
			if i.reply != nil {
				i.reply.answer(in.b.aside(a))
				return
			}
			if _, err := in.b.post(in.work, i.event.Chat.Chat, "", part{text: escape(text)}, nil, false); err != nil {
				in.b.log.Info("answer not shown", "event", i.event.ID, "err", err)
			}
		})
	})
}
