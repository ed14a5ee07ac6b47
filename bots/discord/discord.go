// Package discord is the adapter to Discord. It uses github.com/bwmarrin/discordgo
// for the connection and for sending; what comes in is decoded here, because the
// library hands over half of what it cannot decode.
package discord

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bwmarrin/discordgo"

	"attune/bots"
	"attune/rituals"
)

// DefaultAPI is where Discord answers bots.
const DefaultAPI = "https://discord.com"

// ErrToken reports that Discord does not know the token.
var ErrToken = errors.New("discord does not accept the token")

const (
	callTimeout = 15 * time.Second
	grace       = 3 * time.Second // for what is under way when the bot is stopped
)

// Options say how a bot is set up. Only Token is required.
type Options struct {
	Token string

	// API is what comes before "/api/v9/" in the addresses of calls; empty:
	// [DefaultAPI]. The gateway is wherever the API says it is.
	API string

	Transport http.RoundTripper                                                 // of calls; nil: the network
	Dial      func(ctx context.Context, network, addr string) (net.Conn, error) // to the gateway; nil: the network

	Cursors  bots.Cursors      // nil: what was written while the bot was away is not heard
	Commands []rituals.Command // the slash commands

	// Homes returns the chats in which people have their direct messages, and since when
	// they have agreed to what is done with them: what was written there first, while the
	// bot was away, is heard too; nil: they are not known.
	Homes func(ctx context.Context, p rituals.Platform) (map[string]time.Time, error)

	Files bots.Files               // fetches what is to be carried here; nil: nothing can be
	Link  func(code string) string // where an invitation's code leads; nil or empty: nowhere
	// Last returns the platform's id of the message that was recorded last as said in a
	// chat, so that what was said after it can be found again; nil: it is not known.
	Last func(ctx context.Context, to rituals.Address) (string, error)

	Log *slog.Logger // nil: none
}

// A Bot speaks through Discord's direct messages and, where several people are, in
// channels and private threads. Person holds the id of a user, Address the id of a
// channel: that of the user's direct messages comes with everything a person does
// there and stays the same for good, so that nothing has to be looked up before a
// message can be sent. An address that begins with "room/" is a private thread that
// is made in the channel named after it when something is said there; it ends with who
// has asked for it.
//
// The id of a message that was too long for Discord and went out in parts lists
// the ids of all parts, separated by commas.
type Bot struct {
	opts   Options
	log    *slog.Logger
	rest   *discordgo.Session // for calls only; it is never opened
	route  *route
	limits limits
	book   *book
	ear    bots.Ear // of the gateway, and of the introduction before it

	away    *bots.Trouble // Discord is not reached
	behind  *bots.Trouble // what was written is not read or settled
	refused *bots.Trouble // calls, for their token

	me     atomic.Pointer[user] // nil until Discord has told
	making chan struct{}        // held by who makes a room

	mu     sync.Mutex
	said   map[string]bool   // chats that this process has sent a message to
	marks  map[string]string // of who can read the chats of several people in which it speaks
	homes  map[string]string // direct messages by user, for what people do elsewhere
	halves map[int64]half    // long messages of which some parts have been said, by outbox row
}

var (
	_ bots.Bot      = (*Bot)(nil)
	_ bots.Pacer    = (*Bot)(nil)
	_ bots.Listener = (*Bot)(nil)
)

// quiet keeps the library, whose messages hold tokens and what people wrote, from
// printing any. Its logger is one for the whole process.
var quiet = sync.OnceFunc(func() { discordgo.Logger = func(int, int, string, ...any) {} })

// New returns a bot. It does not call Discord. A token that cannot be one gives an
// error wrapping [ErrToken].
func New(o Options) (*Bot, error) {
	quiet()
	o.Token = strings.TrimPrefix(strings.TrimSpace(o.Token), "Bot ")
	if o.Token == "" || strings.ContainsFunc(o.Token, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return nil, fmt.Errorf("%w: it should be one word, as the developer portal shows it", ErrToken)
	}
	if o.API == "" {
		o.API = DefaultAPI
	}
	base, err := url.Parse(strings.TrimRight(o.API, "/"))
	if err != nil || (base.Scheme != "http" && base.Scheme != "https") || base.Host == "" {
		return nil, errors.New("discord: the address of the API should look like " + DefaultAPI)
	}
	if o.Transport == nil {
		o.Transport = bots.Transport()
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	log := o.Log.With("platform", rituals.Discord)
	b := &Bot{
		opts:    o,
		log:     log,
		away:    bots.NewTrouble(log),
		behind:  bots.NewTrouble(log),
		refused: bots.NewTrouble(log),
		route:   &route{base: base, next: o.Transport},
		book:    newBook(o.Cursors, o.Homes),
		said:    make(map[string]bool),
		marks:   make(map[string]string),
		homes:   make(map[string]string),
		halves:  make(map[int64]half),
		making:  make(chan struct{}, 1),
	}
	b.rest, err = b.session()
	return b, err
}

// session returns a session of the library that repeats nothing by itself: a call
// that is repeated after an answer was lost says a message twice.
func (b *Bot) session() (*discordgo.Session, error) {
	s, err := discordgo.New("Bot " + b.opts.Token)
	if err != nil {
		return nil, fmt.Errorf("discord: %w", err)
	}
	s.Client = &http.Client{
		Transport:     b.route,
		Timeout:       callTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	s.MaxRestRetries = 0
	s.ShouldRetryOnRateLimit = false
	s.StateEnabled = false
	return s, nil
}

// Platform returns [rituals.Discord].
func (b *Bot) Platform() rituals.Platform { return rituals.Discord }

// Pace returns limits below Discord's: 50 calls a second in all, of which some are
// not messages, and 5 messages in 5 seconds in one channel.
func (b *Bot) Pace() bots.Pace { return bots.Pace{All: 40, Chat: 1, Burst: 4} }

// Heard returns when something last came over the gateway, to within lookEvery. While
// all is well, Discord answers a sign of life every 41 seconds.
func (b *Bot) Heard() time.Time { return b.ear.Heard() }

// Run takes in what people do until ctx ends. It returns an error, wrapping
// [ErrToken], only if Discord does not accept the token at the start. A token that it
// has accepted and refuses later is tried on: others may be served meanwhile.
func (b *Bot) Run(ctx context.Context, h bots.Handler) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if !b.insist(ctx, func() error { return b.book.load(ctx) }) {
		return nil
	}
	var refused error
	ok := b.insist(ctx, func() error {
		err := b.introduce(ctx)
		if errors.Is(err, ErrToken) {
			refused, err = fmt.Errorf("%w: set the one that the developer portal shows", ErrToken), nil
		}
		return err
	})
	if !ok || refused != nil {
		return refused
	}
	in := newIntake(ctx, b, h)
	defer in.close()
	newGateway(b, in).run(ctx)
	return nil
}

// Name asks Discord who the bot is and returns its user name. The error wraps
// [ErrToken] if Discord does not accept the token.
func (b *Bot) Name(ctx context.Context) (string, error) {
	if err := b.introduce(ctx); err != nil {
		return "", err
	}
	return b.me.Load().Name, nil
}

// introduce asks Discord who the bot is.
func (b *Bot) introduce(ctx context.Context) error {
	var me user
	if err := b.call(ctx, http.MethodGet, discordgo.EndpointUser("@me"), nil, &me); err != nil {
		return err
	}
	b.me.Store(&me)
	b.ear.Hear(time.Now())
	return nil
}

// self returns the bot's own id, which Discord is asked for if it has not told it yet.
func (b *Bot) self(ctx context.Context) (string, error) {
	if b.me.Load() == nil {
		if err := b.introduce(ctx); err != nil {
			return "", err
		}
	}
	return b.me.Load().ID, nil
}

// insist calls f until it succeeds, and reports whether it did before ctx ended.
func (b *Bot) insist(ctx context.Context, f func() error) bool {
	for n := 0; ; n++ {
		err := f()
		if err == nil || ctx.Err() != nil {
			return ctx.Err() == nil
		}
		b.unreached(err)
		if !bots.Pause(ctx, backoff(n, err)) {
			return false
		}
	}
}

// unreached tells the log that Discord does not listen or tell.
func (b *Bot) unreached(err error) {
	if !errors.Is(err, rituals.ErrUnwritable) {
		b.away.Met(slog.LevelWarn, "discord not reached, trying on: what people write there is read later", "err", err)
	}
}

// unknown tells the log that the token is refused, as the trouble it is told of in.
func (b *Bot) unknown(t *bots.Trouble) {
	t.Met(slog.LevelError, "discord refuses the token, which it had accepted: is it reset? set the one that the developer portal shows and start again; until then it is tried every minute")
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
	return min(500*time.Millisecond<<min(n, 8), time.Minute)
}
