package telegram

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"
	"time"

	tg "github.com/go-telegram/bot"

	"attune/bots"
)

// badPause is how long nothing is sent after Telegram refused the token.
const badPause = time.Minute

// chatGone are parts of what Telegram says, with status 400, of a chat that takes
// no messages at all.
var chatGone = []string{
	"chat not found", "user not found", "peer_id_invalid", "user_deactivated", "group chat was deactivated",
	"have no rights to send", "not enough rights to send", "chat_write_forbidden", "chat_restricted",
}

// tooLarge is in the library's text for a file that is larger than Telegram takes.
const tooLarge = ", 413 "

// classify returns what an error of the library means, as a [*bots.RetryError] or a
// [*bots.GoneError]. Its text shows neither the token nor anything that somebody
// wrote.
//
// Telegram does not say which limit a message exceeded, so All is left to
// [Bot.refuse].
func (b *Bot) classify(err error) error {
	var many *tg.TooManyRequestsError
	var migrate *tg.MigrateError
	plain := b.scrub(err)
	switch {
	case err == nil:
		return nil
	case errors.As(err, &many):
		return &bots.RetryError{After: time.Duration(max(many.RetryAfter, 1)) * time.Second, Err: plain}
	case errors.As(err, &migrate):
		return &bots.GoneError{Chat: true, Moved: strconv.Itoa(migrate.MigrateToChatID), Err: plain}
	case errors.Is(err, tg.ErrorForbidden):
		return &bots.GoneError{Chat: true, Err: plain}
	case errors.Is(err, tg.ErrorBadRequest):
		return &bots.GoneError{Chat: says(err, chatGone...), Err: plain}
	case errors.Is(err, tg.ErrorUnauthorized), errors.Is(err, tg.ErrorNotFound):
		return &bots.RetryError{After: badPause, All: true, Err: ErrToken}
	case strings.Contains(plain.Error(), tooLarge):
		return &bots.GoneError{Err: plain}
	}
	return &bots.RetryError{Err: plain}
}

// says reports whether err is a refusal with one of these texts: Telegram tells
// most of its errors apart by text only.
func says(err error, texts ...string) bool {
	if err == nil || !(errors.Is(err, tg.ErrorBadRequest) || errors.Is(err, tg.ErrorForbidden)) {
		return false
	}
	said := strings.ToLower(err.Error())
	for _, t := range texts {
		if strings.Contains(said, t) {
			return true
		}
	}
	return false
}

// A plainError is an error with a text that may be logged.
type plainError struct {
	text string
	err  error
}

func (e *plainError) Error() string { return e.text }
func (e *plainError) Unwrap() error { return e.err }

// scrub returns err with a text that may be logged: without the token, without
// addresses, which may hold an invite's code, and without answers that were quoted
// because they could not be read.
func (b *Bot) scrub(err error) error {
	if err == nil {
		return nil
	}
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	var where *url.Error
	switch {
	case errors.As(err, &where):
		return b.scrub(placeless(where))
	case errors.As(err, &syntax), errors.As(err, &kind), errors.Is(err, io.ErrUnexpectedEOF):
		// The library puts the whole answer into such an error: keep no way to it.
		return errors.New("telegram's answer cannot be read")
	}
	return &plainError{b.redact(err.Error()), err}
}

// placeless returns an error of a call without the address that was called.
func placeless(where *url.Error) error {
	return fmt.Errorf("%s: %w", strings.ToLower(where.Op), where.Err)
}

// redact takes the token and addresses out of a text.
func (b *Bot) redact(s string) string {
	s = strings.ReplaceAll(s, b.opts.Token, "***")
	if !strings.Contains(s, "://") {
		return s
	}
	words := strings.Fields(s)
	for i, w := range words {
		if strings.Contains(w, "://") {
			words[i] = "***"
		}
	}
	return strings.Join(words, " ")
}

// A refusal is the last time that Telegram refused a message as one too many.
type refusal struct {
	chat  string
	until time.Time
}

// refuse completes the error of a message to chat. One chat alone has had too many
// messages; two that are refused at the same time mean that all of Telegram has.
func (b *Bot) refuse(chat string, err error) error {
	var retry *bots.RetryError
	var many *tg.TooManyRequestsError
	if !errors.As(err, &retry) || !errors.As(err, &many) {
		return err
	}
	now := time.Now()
	b.mu.Lock()
	defer b.mu.Unlock()
	retry.All = b.refused.chat != "" && b.refused.chat != chat && now.Before(b.refused.until)
	b.refused = refusal{chat: chat, until: now.Add(retry.After)}
	return err
}
