package bots

import (
	"context"
	"log/slog"
	"time"

	"attune/rituals"
)

const (
	defaultWorkers = 32
	waitingPage    = 1024                  // chats read at once: a look costs what waits, however few of them are read
	firstBackoff   = time.Second           // after a failure; doubles with each
	lastBackoff    = time.Minute           // and goes no further: what is over is to be noticed
	sendGrace      = 3 * time.Second       // for messages under way when the courier is stopped
	peekFresh      = 20 * time.Millisecond // how long a message that was looked up ahead may be sent as it is
)

// CourierOptions say how a courier is set up.
type CourierOptions struct {
	Log     *slog.Logger // nil: none
	Pace    *Pace        // nil: the bot's own if it is a [Pacer], else no limits
	Workers int          // how many chats are served at the same time; 0: 32
}

// A Courier delivers what waits in an outbox for one platform.
//
// Of each chat one message is under way at a time, in the order of ids, and the
// platform's id of it is recorded before the next is sent; chats go side by side.
// Which messages are under way is known to the courier alone: after a restart the
// first of each chat is sent again, whatever had become of it.
//
// A message that may be tried again waits in the outbox, and those behind it with
// it. One that cannot be said, or not in time, is handed to the [Handler] as an
// event, which takes it out of the outbox.
type Courier struct {
	out     Outbox
	bot     Bot
	handler Handler
	pace    Pace
	workers int
	log     *slog.Logger
	late    *Trouble // messages wait longer than they should
}

// NewCourier returns a courier that takes messages from out to b, and those that
// cannot be delivered to h.
func NewCourier(out Outbox, b Bot, h Handler, o CourierOptions) *Courier {
	c := &Courier{out: out, bot: b, handler: h, workers: o.Workers, log: o.Log}
	if o.Pace != nil {
		c.pace = *o.Pace
	} else if p, ok := b.(Pacer); ok {
		c.pace = p.Pace()
	}
	if c.workers <= 0 {
		c.workers = defaultWorkers
	}
	if c.log == nil {
		c.log = slog.New(slog.DiscardHandler)
	}
	c.log = c.log.With("platform", b.Platform())
	c.late = NewTrouble(c.log)
	return c
}

// Run delivers until ctx ends, and then gives the messages under way three
// seconds to arrive and be recorded. It always returns nil.
func (c *Courier) Run(ctx context.Context) error {
	// What is under way outlives ctx: cutting a send off leaves it unknown
	// whether the message was said.
	sending, cut := context.WithCancel(context.WithoutCancel(ctx))
	defer cut()

	s := &round{
		c:       c,
		ctx:     ctx,
		sending: sending,
		said:    c.out.Said(c.bot.Platform()),
		done:    make(chan report, c.workers),
		chats:   make(map[rituals.Address]*chat),
		pace:    slot{limit: c.pace.all()},
		stale:   true,
	}
	s.run()

	grace := time.AfterFunc(sendGrace, cut)
	defer grace.Stop()
	for ; s.busy > 0; s.busy-- {
		<-s.done
	}
	return nil
}

// group reports whether several people are at an address.
func (c *Courier) group(to rituals.Address) bool {
	g, ok := c.bot.(Grouper)
	return ok && g.Group(to)
}

// backoff returns how long to wait after a number of earlier failures.
func backoff(failures int) time.Duration {
	if failures > 16 {
		return lastBackoff
	}
	return min(firstBackoff<<max(failures, 0), lastBackoff)
}
