// Package telegram is the adapter to Telegram. It takes updates in by a poll of its
// own and confirms them only once they are settled; for sending it uses
// github.com/go-telegram/bot.
package telegram

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"attune/bots"
	"attune/rituals"
)

// DefaultAPI is where Telegram answers bots.
const DefaultAPI = "https://api.telegram.org"

// ErrToken reports that Telegram does not know the token.
var ErrToken = errors.New("telegram does not accept the token")

const (
	sendTimeout = 15 * time.Second
	fileTimeout = 5 * time.Minute  // to send a file from where the line is slow
	pollTimeout = 75 * time.Second // for a poll that Telegram is asked to end after pollWait
	pollWait    = 50 * time.Second
	grace       = 3 * time.Second // for what is under way when the bot is stopped
)

// Options say how a bot is set up. Only Token is required.
type Options struct {
	Token     string
	API       string            // empty: [DefaultAPI]
	Transport http.RoundTripper // nil: the network
	Cursors   bots.Cursors      // remembers which menu was set; nil: it is set at every start

	Commands    []rituals.Command // the menu
	Description rituals.Text      // what people read before they press Start; at most 512 characters
	Short       rituals.Text      // what stands beside a shared link; at most 120 characters

	Files bots.Files // fetches what is kept elsewhere and to be carried here; nil: nothing can be

	Log *slog.Logger // nil: none
}

// A Bot speaks through Telegram. Person and Address hold Telegram's numbers in
// decimal.
//
// The id of a message that was too long for Telegram and went out in parts lists
// the numbers of all parts, separated by commas.
type Bot struct {
	opts Options
	log  *slog.Logger
	api  *tg.Bot
	poll *http.Client
	ear  bots.Ear      // of polls, and of the introduction before the first
	away *bots.Trouble // Telegram does not answer as it should

	me      atomic.Pointer[models.User] // nil until Telegram has told
	answers chan struct{}               // a place for each answer under way

	mu      sync.Mutex
	halves  map[int64]half // long messages of which some parts have been said, by outbox row
	refused refusal
	groups  map[string]census // by chat
}

var (
	_ bots.Bot      = (*Bot)(nil)
	_ bots.Pacer    = (*Bot)(nil)
	_ bots.Grouper  = (*Bot)(nil)
	_ bots.Listener = (*Bot)(nil)
)

var tokenForm = regexp.MustCompile(`^[0-9]+:[A-Za-z0-9_-]+$`)

// New returns a bot. It does not call Telegram. A token that cannot be one gives
// an error wrapping [ErrToken].
func New(o Options) (*Bot, error) {
	o.Token = strings.TrimSpace(o.Token)
	if !tokenForm.MatchString(o.Token) {
		return nil, fmt.Errorf("%w: it should look like 123456:ABC-def", ErrToken)
	}
	if o.API == "" {
		o.API = DefaultAPI
	}
	o.API = strings.TrimRight(o.API, "/")
	if u, err := url.Parse(o.API); err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		return nil, errors.New("telegram: the address of the API should look like " + DefaultAPI)
	}
	if o.Transport == nil {
		o.Transport = bots.Transport()
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	b := &Bot{
		opts:    o,
		log:     o.Log.With("platform", rituals.Telegram),
		poll:    client(o.Transport, pollTimeout),
		away:    bots.NewTrouble(o.Log.With("platform", rituals.Telegram)),
		answers: make(chan struct{}, 128),
		halves:  make(map[int64]half),
		groups:  make(map[string]census),
	}
	// The library's own handlers print whole updates and answers.
	api, err := tg.New(o.Token,
		tg.WithServerURL(o.API),
		tg.WithHTTPClient(sendTimeout, sender{client(o.Transport, sendTimeout), client(o.Transport, fileTimeout)}),
		tg.WithSkipGetMe(),
		tg.WithDefaultHandler(func(context.Context, *tg.Bot, *models.Update) {}),
		tg.WithErrorsHandler(func(error) {}),
		tg.WithDebugHandler(func(string, ...any) {}),
	)
	if err != nil {
		return nil, b.scrub(err)
	}
	b.api = api
	return b, nil
}

// client returns a client that follows no redirects: the token is in the address.
func client(t http.RoundTripper, timeout time.Duration) *http.Client {
	return &http.Client{
		Transport:     t,
		Timeout:       timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// A sender gives requests that carry a file more time than others.
type sender struct{ words, files *http.Client }

// Do sends one request. Its error does not hold the address, which the library would
// take the token out of while another of its goroutines reads it.
func (s sender) Do(r *http.Request) (*http.Response, error) {
	c := s.words
	switch path.Base(r.URL.Path) {
	case "sendPhoto", "sendVoice", "sendAudio", "sendDocument":
		c = s.files
	}
	resp, err := c.Do(r)
	if where := (*url.Error)(nil); errors.As(err, &where) {
		return nil, placeless(where)
	}
	return resp, err
}

// Platform returns [rituals.Telegram].
func (b *Bot) Platform() rituals.Platform { return rituals.Telegram }

// Pace returns the limits that Telegram publishes.
func (b *Bot) Pace() bots.Pace { return bots.Pace{All: 30, Chat: 1, Burst: 3, Group: 20} }

// Group reports whether several people may be at an address: groups have negative
// numbers.
func (b *Bot) Group(to rituals.Address) bool { return strings.HasPrefix(to.Chat, "-") }

// Heard returns when Telegram last answered a poll: it does within pollWait.
func (b *Bot) Heard() time.Time { return b.ear.Heard() }

// Run takes in what people do until ctx ends. It returns an error, wrapping
// [ErrToken], only if Telegram does not accept the token at the start. A token that it
// has accepted and refuses later is tried on: others may be served meanwhile.
func (b *Bot) Run(ctx context.Context, h bots.Handler) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if err := b.introduce(ctx); err != nil {
		return err
	}
	if ctx.Err() != nil {
		return nil
	}
	var menu sync.WaitGroup
	defer menu.Wait()
	defer cancel()
	menu.Go(func() { b.guard("menu", func() { b.keepMenu(ctx) }) })
	b.takeIn(ctx, h)
	return nil
}

// introduce asks Telegram who the bot is until it knows, or ctx ends.
func (b *Bot) introduce(ctx context.Context) error {
	for n := 0; ; n++ {
		_, err := b.Name(ctx)
		if err == nil || ctx.Err() != nil {
			return nil
		}
		if errors.Is(err, ErrToken) {
			return fmt.Errorf("%w: set the one that @BotFather shows", ErrToken)
		}
		b.trouble(err)
		if !bots.Pause(ctx, backoff(n, err)) {
			return nil
		}
	}
}

// Name returns the bot's user name. Telegram is asked for it once. The error wraps
// [ErrToken] if Telegram does not accept the token.
func (b *Bot) Name(ctx context.Context) (string, error) {
	if me := b.me.Load(); me != nil {
		return me.Username, nil
	}
	me, err := b.api.GetMe(ctx)
	if err != nil {
		return "", b.classify(err)
	}
	b.me.Store(me)
	b.ear.Hear(time.Now())
	return me.Username, nil
}

// trouble tells the log that Telegram has not given what it was asked for.
func (b *Bot) trouble(err error) {
	switch {
	case errors.Is(err, ErrToken):
		b.away.Met(slog.LevelError, "telegram refuses the token, which it had accepted: is it revoked? set the one that @BotFather shows and start again; until then it is tried every minute")
	case errors.Is(err, errConflict):
		b.away.Met(slog.LevelError, "another program takes the updates of this bot: stop it, or give it a bot of its own")
	default:
		b.away.Met(slog.LevelWarn, "telegram not reached, trying on: what people write waits there", "err", err)
	}
}

// well tells the log that Telegram answers again, if it had not.
func (b *Bot) well() { b.away.Over("telegram reached again") }

// Link returns the address that opens a chat with the bot and hands it a code; empty
// while the bot's name is not known.
func (b *Bot) Link(code string) string {
	if me := b.me.Load(); me != nil {
		return link(me.Username, code)
	}
	return ""
}

// guard calls f and logs its panic by the kind of value: the value may hold what
// somebody wrote.
func (b *Bot) guard(what string, f func()) {
	defer func() {
		if v := recover(); v != nil {
			b.log.Error("panic", "in", what, "type", fmt.Sprintf("%T", v))
		}
	}()
	f()
}

// backoff returns how long to wait after n earlier failures and err.
func backoff(n int, err error) time.Duration {
	if e := (*bots.RetryError)(nil); errors.As(err, &e) && e.After > 0 {
		return e.After
	}
	return min(500*time.Millisecond<<min(n, 6), 30*time.Second)
}
