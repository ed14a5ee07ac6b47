package discord

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"github.com/bwmarrin/discordgo"

	"attune/bots"
	"attune/rituals"
)

// An intake is one run of the bot's hearing: a lane for each chat in which
// something is under way, so that chats go side by side and one person's events in
// order.
type intake struct {
	b    *Bot
	h    bots.Handler
	ctx  context.Context
	end  context.CancelFunc
	work context.Context // of events under way; ends some time after ctx
	cut  context.CancelFunc
	wg   sync.WaitGroup
	menu sync.Once
	pass chan struct{} // receives when chats are to be caught up

	mu     sync.Mutex
	lanes  map[string]*lane    // the chats in which something is under way
	behind map[string]struct{} // those of which something may have been missed
	caught map[string]uint64   // the last message that was fetched, by chat
}

// newIntake returns an intake that takes in events until ctx ends. What is under
// way then has three seconds to be settled; if that takes longer, it is heard
// again by the next.
func newIntake(ctx context.Context, b *Bot, h bots.Handler) *intake {
	in := &intake{
		b: b, h: h,
		pass:   make(chan struct{}, 1),
		lanes:  make(map[string]*lane),
		behind: make(map[string]struct{}),
		caught: make(map[string]uint64),
	}
	in.ctx, in.end = context.WithCancel(ctx)
	in.work, in.cut = context.WithCancel(context.WithoutCancel(ctx))
	context.AfterFunc(in.ctx, func() { time.AfterFunc(grace, in.cut) })
	in.wg.Go(func() { in.b.guard("catching up", in.catchUp) })
	in.wg.Go(func() { in.b.guard("keeping marks", in.keepMarks) })
	return in
}

// close ends the intake and waits until all that is under way is settled or given
// up.
func (in *intake) close() {
	in.end()
	in.wg.Wait()
	in.cut()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(in.ctx), time.Second)
	defer cancel()
	if err := in.b.book.flush(ctx); err != nil {
		in.b.log.Warn("marks not kept", "err", err)
	}
}

// take takes an event of the gateway in. It is called for one at a time, in order,
// and must not wait for anything.
func (in *intake) take(e *discordgo.Event) {
	if e == nil || in.ctx.Err() != nil {
		return
	}
	switch e.Type {
	case "READY":
		in.ready(e.RawData)
	case "MESSAGE_CREATE", "MESSAGE_UPDATE":
		var m message
		if echo(e) || !in.decode(e, &m) {
			return
		}
		read := wrote
		if e.Type == "MESSAGE_UPDATE" {
			read = edited
		}
		if i, ok := read(&m); ok {
			in.queue(i)
		}
	case "INTERACTION_CREATE":
		var i interaction
		if in.decode(e, &i) {
			in.interact(&i)
		}
	case "CHANNEL_UPDATE", "CHANNEL_DELETE", "THREAD_UPDATE", "THREAD_DELETE", "THREAD_MEMBERS_UPDATE":
		var c struct {
			ID string `json:"id"`
		}
		if in.decode(e, &c) {
			in.changed(c.ID)
		}
	case "GUILD_ROLE_CREATE", "GUILD_ROLE_UPDATE", "GUILD_ROLE_DELETE", "GUILD_DELETE":
		var g struct {
			Unavailable bool `json:"unavailable"` // it will be back: nothing has changed
		}
		if !in.decode(e, &g) || g.Unavailable {
			return
		}
		for _, c := range in.b.places() {
			in.changed(c)
		}
	}
}

// echo reports whether an event is about a message of a bot, as far as the library could
// decode it: everything that this one says comes back to it, ahead of what is said to it.
func echo(e *discordgo.Event) bool {
	var m *discordgo.Message
	switch s := e.Struct.(type) {
	case *discordgo.MessageCreate:
		m = s.Message
	case *discordgo.MessageUpdate:
		m = s.Message
	}
	return m != nil && m.Author != nil && m.Author.Bot
}

// decode decodes what an event is about.
func (in *intake) decode(e *discordgo.Event, into any) bool {
	if err := json.Unmarshal(e.RawData, into); err != nil {
		in.b.log.Error("event not decoded", "type", e.Type)
		return false
	}
	return true
}

// ready notes that a session has begun: whatever happened before it was not told.
func (in *intake) ready(raw json.RawMessage) {
	in.mu.Lock()
	for _, chat := range in.b.book.all() {
		in.behind[chat] = struct{}{}
	}
	in.mu.Unlock()
	select {
	case in.pass <- struct{}{}:
	default:
	}
	var r struct {
		Application struct {
			ID string `json:"id"`
		} `json:"application"`
	}
	if err := json.Unmarshal(raw, &r); err != nil || r.Application.ID == "" {
		r.Application.ID = in.b.me.Load().ID // it is the same for all but the oldest bots
	}
	in.menu.Do(func() {
		in.wg.Go(func() { in.b.guard("menu", func() { in.b.keepMenu(in.ctx, r.Application.ID) }) })
	})
}

// queue puts an event into the lane of its chat.
func (in *intake) queue(i incoming) {
	if i.event.Private {
		in.b.atHome(i.event.Person.ID, i.event.Chat.Chat)
	}
	in.mu.Lock()
	defer in.mu.Unlock()
	chat := in.laneOf(i)
	if i.event.Kind == rituals.Wrote && i.message != 0 && i.message <= in.caught[chat] {
		return // it was fetched
	}
	l := in.lane(chat)
	l.queue = append(l.queue, i)
	if i.reply != nil {
		select {
		case l.poke <- struct{}{}:
		default:
		}
	}
}
