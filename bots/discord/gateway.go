package discord

import (
	"context"
	"errors"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/gorilla/websocket"

	"attune/bots"
)

const (
	intents     = discordgo.IntentsGuilds | discordgo.IntentsDirectMessages
	openTimeout = 30 * time.Second
	lineTimeout = 10 * time.Second // for writing to the gateway

	// Discord asks for a sign of life every 41 seconds and answers each. When two
	// in a row went without an answer the connection is dead; the library itself
	// would wait for five, and then close it so that what came meanwhile is lost.
	silence   = 90 * time.Second
	lookEvery = 10 * time.Second

	closeResume = 4000 // closes a connection in such a way that it can be resumed
	stubborn    = 3    // failures in a row after which a session is given up
)

// A gateway keeps the connection on which Discord tells what people do. It opens
// the connection anew by itself: the library would go on trying after Run.
type gateway struct {
	b    *Bot
	in   *intake
	s    *discordgo.Session // nil: to be made
	down chan struct{}      // receives when the connection has ended
	wire atomic.Pointer[wire]
}

func newGateway(b *Bot, in *intake) *gateway {
	return &gateway{b: b, in: in, down: make(chan struct{}, 1)}
}

// run keeps the connection until ctx ends.
func (g *gateway) run(ctx context.Context) {
	for failures := 0; ctx.Err() == nil; failures++ {
		opened := time.Now()
		err := g.open(ctx)
		if err == nil {
			g.b.away.Over("discord reached again")
			err = g.stay(ctx)
			if time.Since(opened) > time.Minute {
				failures = 0
			}
		}
		refused := errors.Is(err, ErrToken)
		if refused || failures >= stubborn {
			g.s = nil // Discord may refuse to take up this session again, and the library does not give it up
		}
		switch {
		case ctx.Err() != nil:
			return
		case refused:
			g.b.recognised(ctx)
			continue
		case failures > 0:
			g.b.unreached(err)
		default: // every connection ends one day
			g.b.log.Info("gateway connection lost", "err", err)
		}
		// Discord allows a thousand sessions a day.
		bots.Pause(ctx, min(backoff(failures, err)<<max(0, failures-7), 2*time.Minute))
	}
}

// recognised returns, a minute later at the earliest, once Discord does not refuse the
// token, or ctx ends. It is asked by a call, because connections are counted.
func (b *Bot) recognised(ctx context.Context) {
	err := b.introduce(ctx)
	if err == nil { // the gateway alone refuses it
		b.unknown(b.away)
	}
	for bots.Pause(ctx, badPause) && errors.Is(err, ErrToken) {
		err = b.introduce(ctx)
	}
}

// session returns a session whose events go to the intake. They do so one after
// the other, in the order in which Discord told of them: taking one in is only
// putting it into a queue, so it can hold nothing up.
func (g *gateway) session() (*discordgo.Session, error) {
	s, err := g.b.session()
	if err != nil {
		return nil, err
	}
	s.ShouldReconnectOnError = false
	s.SyncEvents = true
	s.Compress = false // each event would be packed by itself: of small ones that costs more than it saves
	s.Identify.Intents = intents
	s.Dialer = &websocket.Dialer{NetDialContext: g.dial, HandshakeTimeout: lineTimeout}
	if g.b.opts.Dial == nil {
		s.Dialer.Proxy = http.ProxyFromEnvironment
	}
	s.AddHandler(func(_ *discordgo.Session, e *discordgo.Event) {
		g.b.ear.Hear(time.Now())
		g.b.guard("event", func() { g.in.take(e) })
	})
	s.AddHandler(func(*discordgo.Session, *discordgo.Disconnect) {
		select {
		case g.down <- struct{}{}:
		default:
		}
	})
	return s, nil
}

// open connects, taking up the session before if there is one.
func (g *gateway) open(ctx context.Context) error {
	if g.s == nil {
		s, err := g.session()
		if err != nil {
			return err
		}
		g.s = s
	}
	select {
	case <-g.down: // of a connection before
	default:
	}
	s := g.s
	opened := make(chan error, 1)
	go func() { opened <- s.Open() }()
	t := time.NewTimer(openTimeout)
	defer t.Stop()
	select {
	case err := <-opened:
		return g.b.connecting(err)
	case <-t.C:
	case <-ctx.Done():
	}
	// The library waits without end, and may have locked itself out: cut the wire,
	// and leave the session behind if that does not help.
	if l := g.wire.Load(); l != nil {
		l.Close()
	}
	t.Reset(time.Second)
	select {
	case err := <-opened:
		if err == nil {
			g.close(closeResume)
		}
	case <-t.C:
	}
	g.s = nil
	return errors.New("discord did not answer in time")
}

// stay returns when the connection has ended, and ends it when it is dead or ctx
// ends.
func (g *gateway) stay(ctx context.Context) error {
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	for {
		select {
		case <-g.down:
			return errors.New("the connection ended")
		case <-ctx.Done():
			g.close(websocket.CloseNormalClosure)
			return nil
		case now := <-look.C:
			if !g.s.TryRLock() {
				continue // it is being closed
			}
			answered := g.s.LastHeartbeatAck
			g.s.RUnlock()
			if answered.After(g.b.Heard()) {
				g.b.ear.Hear(answered)
			}
			if now.Sub(answered) > silence {
				g.close(closeResume)
				return errors.New("no sign of life on the connection")
			}
		}
	}
}

// close ends the connection. It takes a second.
func (g *gateway) close(code int) {
	if l := g.wire.Load(); l != nil {
		l.leaving.Store(true)
	}
	if err := g.s.CloseWithCode(code); err != nil {
		g.b.log.Info("gateway not closed", "err", g.b.scrub(err))
	}
}

// dial connects to the gateway.
func (g *gateway) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	dial := g.b.opts.Dial
	if dial == nil {
		dial = (&net.Dialer{Timeout: lineTimeout}).DialContext
	}
	conn, err := dial(ctx, network, addr)
	if err != nil {
		return nil, err
	}
	l := &wire{Conn: conn, closed: make(chan struct{})}
	g.wire.Store(l)
	return l, nil
}

// A wire is a connection on which no write waits without end, and that falls
// silent once it is being left: the library would otherwise close it a second
// time while it closes it.
type wire struct {
	net.Conn
	leaving atomic.Bool
	once    sync.Once
	closed  chan struct{}
}

// Read is part of [net.Conn].
func (w *wire) Read(p []byte) (int, error) {
	n, err := w.Conn.Read(p)
	if w.leaving.Load() {
		<-w.closed
		return 0, net.ErrClosed
	}
	return n, err
}

// Write is part of [net.Conn].
func (w *wire) Write(p []byte) (int, error) {
	if err := w.SetWriteDeadline(time.Now().Add(lineTimeout)); err != nil {
		return 0, err
	}
	return w.Conn.Write(p)
}

// Close is part of [net.Conn].
func (w *wire) Close() error {
	w.once.Do(func() { close(w.closed) })
	return w.Conn.Close()
}
