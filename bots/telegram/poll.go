package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"time"

	tg "github.com/go-telegram/bot"

	"attune/bots"
	"attune/rituals"
)

// batchSize is how many updates are taken at once; Telegram gives no more.
const batchSize = 100

// maxAnswer bounds what is read of an answer, in bytes.
const maxAnswer = 64 << 20

var allowedUpdates = []string{"message", "edited_message", "callback_query", "my_chat_member"}

// errConflict reports that somebody else takes the same bot's updates.
var errConflict = errors.New("another program takes the updates of this bot")

// errWebhook reports that Telegram sends the bot's updates to a web address.
var errWebhook = errors.New("a webhook is set for this bot")

// An intake is one run of the loop that takes updates in.
type intake struct {
	b    *Bot
	h    bots.Handler
	ctx  context.Context
	work context.Context // of a batch under way; ends some time after ctx
	wg   sync.WaitGroup  // answers under way

	// offset confirms all updates before it. It is 0 when there is nothing to
	// confirm, so that an id below the ones before is seen as well: after a quiet
	// week Telegram begins anew at random.
	offset   int64
	failures int
}

// takeIn takes updates in until ctx ends. A batch that is under way when ctx ends is
// finished and confirmed; if that takes over three seconds, it is left unconfirmed and
// comes again.
func (b *Bot) takeIn(ctx context.Context, h bots.Handler) {
	work, cut := context.WithCancel(context.WithoutCancel(ctx))
	defer cut()
	defer context.AfterFunc(ctx, func() { time.AfterFunc(grace, cut) })()

	in := &intake{b: b, h: h, ctx: ctx, work: work}
	defer in.wg.Wait()
	for ctx.Err() == nil {
		if err := in.round(); err != nil && ctx.Err() == nil {
			bots.Pause(ctx, backoff(in.failures, err))
			in.failures++
		}
	}
	in.confirm()
}

// round takes in one batch. Its error was told of.
func (in *intake) round() error {
	asked := time.Now()
	raw, err := in.b.fetch(in.ctx, in.offset, pollWait)
	if err != nil {
		in.failed(err)
		return err
	}
	in.b.ear.Hear(time.Now())
	in.b.well()
	in.offset = 0 // the answer came, so what was before it is confirmed
	if len(raw) == 0 {
		in.failures = 0
		if time.Since(asked) < time.Second {
			bots.Pause(in.ctx, time.Second) // a server that does not wait is not to be asked without end
		}
		return nil
	}
	batch, next := in.b.decode(raw)
	if next == 0 {
		err := errors.New("updates without an id")
		in.failed(err)
		return err
	}
	if err := in.settle(batch); err != nil {
		return err // whoever did not settle them has told of it
	}
	in.failures = 0
	in.offset = next
	return nil
}

// settle has a batch settled and answers what was tapped.
func (in *intake) settle(batch []incoming) (err error) {
	batch = in.b.lookUp(in.work, batch)
	events := make([]rituals.Event, len(batch))
	for i := range batch {
		events[i] = batch[i].event
	}
	answered := func(i int, a rituals.Answer) { in.answer(batch[i], a) }
	if len(events) == 0 {
		return nil
	}
	return bots.Settle(in.work, in.h, events, answered, in.b.opts.Log)
}

// failed deals with updates that were not fetched.
func (in *intake) failed(err error) {
	switch {
	case in.ctx.Err() != nil:
	case errors.Is(err, errWebhook):
		// It was set by somebody who used the token otherwise. Nothing that waits is lost.
		in.b.away.Met(slog.LevelWarn, "webhook removed, because updates are polled for")
		if _, err := in.b.api.DeleteWebhook(in.ctx, &tg.DeleteWebhookParams{}); err != nil {
			in.b.log.Error("webhook not removed", "err", in.b.classify(err))
		}
	default:
		in.b.trouble(err)
	}
}

// confirm tells Telegram that the last batch is settled, so that it does not come
// again when the bot is started. If it does, it has effect once all the same.
func (in *intake) confirm() {
	if in.offset == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(in.ctx), time.Second)
	defer cancel()
	if _, err := in.b.fetch(ctx, in.offset, 0); err != nil {
		in.b.log.Info("last updates not confirmed", "err", err)
	}
}

// fetch calls getUpdates. It is done here and not by the library because that
// confirms what it has not handled, and stops for good at what it cannot decode.
func (b *Bot) fetch(ctx context.Context, offset int64, wait time.Duration) ([]json.RawMessage, error) {
	limit := batchSize
	if wait == 0 {
		limit = 1
	}
	body, err := json.Marshal(map[string]any{
		"offset": offset, "limit": limit, "timeout": int(wait.Seconds()), "allowed_updates": allowedUpdates,
	})
	if err != nil {
		return nil, fmt.Errorf("fetch updates: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, b.opts.API+"/bot"+b.opts.Token+"/getUpdates", bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("fetch updates: %w", b.scrub(err))
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := b.poll.Do(req)
	if err != nil {
		return nil, fmt.Errorf("fetch updates: %w", b.scrub(err))
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return nil, fmt.Errorf("fetch updates: %w", b.scrub(err))
	}
	return b.updates(resp.StatusCode, answer)
}

// updates reads an answer to getUpdates.
func (b *Bot) updates(status int, answer []byte) ([]json.RawMessage, error) {
	var a struct {
		OK          bool              `json:"ok"`
		Result      []json.RawMessage `json:"result"`
		Code        int               `json:"error_code"`
		Description string            `json:"description"`
		Parameters  struct {
			RetryAfter int `json:"retry_after"`
		} `json:"parameters"`
	}
	if err := json.Unmarshal(answer, &a); err != nil {
		return nil, fmt.Errorf("fetch updates: telegram's answer cannot be read, status %d", status)
	}
	if a.OK {
		return a.Result, nil
	}
	err := fmt.Errorf("fetch updates: %d %s", a.Code, b.redact(a.Description))
	switch a.Code {
	case http.StatusUnauthorized, http.StatusNotFound:
		return nil, &bots.RetryError{After: badPause, Err: ErrToken}
	case http.StatusConflict:
		if bytes.Contains(bytes.ToLower([]byte(a.Description)), []byte("webhook")) {
			return nil, fmt.Errorf("fetch updates: %w", errWebhook)
		}
		return nil, fmt.Errorf("fetch updates: %w", errConflict)
	case http.StatusTooManyRequests:
		return nil, &bots.RetryError{After: time.Duration(max(a.Parameters.RetryAfter, 1)) * time.Second, Err: err}
	}
	return nil, err
}
