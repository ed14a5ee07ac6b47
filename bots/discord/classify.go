package discord

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/gorilla/websocket"

	"attune/bots"
)

// Codes of Discord's that mean something here.
const (
	codeUnknownChannel     = 10003
	codeUnknownMessage     = 10008
	codeUnknownUser        = 10013
	codeUnknownInteraction = 10062
	codeTooFast            = 40003 // opening direct messages
	codeAcknowledged       = 40060
	codeNoAccess           = 50001
	codeCannotWrite        = 50007 // to this user
	codeNoPermission       = 50013
	codeNoMutualGuild      = 50278
)

const (
	badPause  = time.Minute // how long nothing is said after the token or the program was refused
	fastPause = 30 * time.Second
	closeBad  = 4004 // the gateway refused the token
)

// A refusal is an answer of Discord's that is not what was asked for. It holds
// nothing that somebody wrote.
type refusal struct {
	status int
	code   int // Discord's own; 0: it gave none
}

func (e *refusal) Error() string {
	if e.code != 0 {
		return fmt.Sprintf("discord refuses: status %d, code %d", e.status, e.code)
	}
	return fmt.Sprintf("discord refuses: status %d", e.status)
}

// code returns Discord's code of a classified error, or 0.
func code(err error) int {
	if r := (*refusal)(nil); errors.As(err, &r) {
		return r.code
	}
	return 0
}

// classify returns what an error of the library means, as a [*bots.RetryError] or a
// [*bots.GoneError]. Its text shows neither the token nor anything that somebody
// wrote; the library's own shows both.
func (b *Bot) classify(err error) error {
	var many *discordgo.RateLimitError
	var rest *discordgo.RESTError
	var where *url.Error
	wait := b.route.wait()
	switch {
	case err == nil:
		return nil
	case errors.As(err, &many) && many.RateLimit != nil && many.TooManyRequests != nil:
		after := max(many.RetryAfter, wait, 100*time.Millisecond)
		return &bots.RetryError{After: after, All: wait > 0, Err: &refusal{status: http.StatusTooManyRequests}}
	case errors.As(err, &rest) && rest.Response != nil:
		r := &refusal{status: rest.Response.StatusCode}
		if rest.Message != nil {
			r.code = rest.Message.Code
		}
		return r.meaning(rest.Message != nil)
	case errors.As(err, &where):
		return &bots.RetryError{Err: b.scrub(where.Err)} // its address may hold a token
	case wait > 0:
		return &bots.RetryError{After: wait, All: true, Err: &refusal{status: http.StatusTooManyRequests}}
	}
	return &bots.RetryError{Err: errors.New("discord's answer cannot be read")}
}

// meaning returns what follows from a refusal. Readable says that the answer was
// Discord's own and not that of a machine in front of it.
func (e *refusal) meaning(readable bool) error {
	switch {
	case e.status == http.StatusUnauthorized:
		return &bots.RetryError{After: badPause, All: true, Err: ErrToken}
	case !readable && (e.status == http.StatusForbidden || e.status == http.StatusTooManyRequests):
		return &bots.RetryError{After: badPause, All: true, Err: e}
	case e.code == codeTooFast:
		return &bots.RetryError{After: fastPause, Err: e}
	case !readable || e.status >= http.StatusInternalServerError || e.status < http.StatusBadRequest:
		return &bots.RetryError{Err: e}
	}
	switch e.code {
	case codeUnknownChannel, codeUnknownUser, codeNoAccess, codeCannotWrite, codeNoPermission, codeNoMutualGuild:
		return &bots.GoneError{Chat: true, Err: e}
	}
	return &bots.GoneError{Chat: e.status == http.StatusForbidden, Err: e}
}

// connecting returns an error of the gateway with a text that may be logged; it
// wraps [ErrToken] if the token was refused.
func (b *Bot) connecting(err error) error {
	var closed *websocket.CloseError
	var rest *discordgo.RESTError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &closed) && closed.Code == closeBad:
		return ErrToken
	case errors.As(err, &closed):
		return fmt.Errorf("discord closed the connection: code %d", closed.Code)
	case errors.As(err, &rest):
		return b.classify(err)
	}
	return b.scrub(err)
}

// scrub returns err as a text without the token, and without words that are
// addresses.
func (b *Bot) scrub(err error) error {
	words := strings.Fields(strings.ReplaceAll(err.Error(), b.opts.Token, "***"))
	for i, w := range words {
		if strings.Contains(w, "://") {
			words[i] = "***"
		}
	}
	return errors.New(strings.Join(words, " "))
}
