package telegram

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	tg "github.com/go-telegram/bot"
	"golang.org/x/sync/errgroup"

	"attune/bots"
	"attune/rituals"
)

// Groups: chats of several people, in which a bot is answered by nobody alone.

// countFor is how long it holds how many people are in a group, for what they say
// and tap there.
const countFor = time.Minute

// countWait bounds how long a batch waits to know who could read it.
const countWait = 5 * time.Second

// A census is how many people are in a group, without the bot.
type census struct {
	people int
	title  string
	at     time.Time
}

// readers returns the census as who can read the group.
func (c census) readers() *rituals.Readers {
	people := max(c.people, 0)
	return &rituals.Readers{Kind: rituals.Group, Name: c.title, People: people, Mark: strconv.Itoa(people)}
}

// count counts the people in a group.
func (b *Bot) count(ctx context.Context, chat, title string) (census, error) {
	id, err := strconv.ParseInt(chat, 10, 64)
	if err != nil {
		return census{}, &bots.GoneError{Chat: true, Err: errors.New("the address is none of Telegram's")}
	}
	n, err := b.api.GetChatMemberCount(ctx, &tg.GetChatMemberCountParams{ChatID: id})
	if err != nil {
		return census{}, b.refuse(chat, b.classify(err))
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if title == "" {
		title = b.groups[chat].title
	}
	if len(b.groups) >= 1024 {
		clear(b.groups) // at worst somebody is counted again
	}
	c := census{people: n - 1, title: title, at: time.Now()}
	b.groups[chat] = c
	return c, nil
}

// counted returns how many people were in a group not long ago.
func (b *Bot) counted(chat string) (census, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	c, ok := b.groups[chat]
	return c, ok && time.Since(c.at) < countFor
}

// others returns who can read a group if that is not who a message may be read by.
func (b *Bot) others(ctx context.Context, m rituals.Message) error {
	if m.Readers == "" {
		return nil
	}
	c, err := b.count(ctx, m.To.Chat, "")
	if err != nil {
		return err
	}
	if r := c.readers(); r.Mark != m.Readers {
		return &bots.GoneError{Readers: r, Err: errors.New("others can read it than it was meant for")}
	}
	return nil
}

// asksWho reports whether it matters who can read the chat in which something
// happened.
func (in *incoming) asksWho() bool {
	switch in.event.Kind {
	case rituals.Wrote, rituals.Tapped, rituals.Changed:
		return !in.event.Private && !in.out
	}
	return false
}

// lookUp finds out who could read the groups in which a batch happened, and returns
// the batch. Where that cannot be known it stays unknown. That it has changed is then
// left out: without readers it would mean that the bot is not there any more, and
// whatever is said there next is held to who can read it.
func (b *Bot) lookUp(ctx context.Context, batch []incoming) []incoming {
	groups := make(map[string]*survey)
	for i := range batch {
		if in := &batch[i]; in.asksWho() {
			chat := in.event.Chat.Chat
			if groups[chat] == nil {
				groups[chat] = &survey{}
			}
			groups[chat].title = in.title
			groups[chat].fresh = groups[chat].fresh || in.event.Kind == rituals.Changed
		}
	}
	if len(groups) == 0 {
		return batch
	}
	var all errgroup.Group
	all.SetLimit(8)
	for chat, s := range groups {
		all.Go(func() error { b.guard("readers", func() { s.make(ctx, b, chat) }); return nil })
	}
	_ = all.Wait() // each survey has its own error
	// The last event of a batch found the group as it is; those before it found it
	// without who came later.
	for i := len(batch) - 1; i >= 0; i-- {
		if in := &batch[i]; in.asksWho() {
			groups[in.event.Chat.Chat].before(in)
		}
	}
	return slices.DeleteFunc(batch, func(in incoming) bool {
		return in.asksWho() && in.event.Kind == rituals.Changed && in.event.Readers == nil && !groups[in.event.Chat.Chat].out()
	})
}

// A survey finds out who can read one group.
type survey struct {
	title string
	fresh bool // what is known from before does not hold
	census
	err error
}

// make counts the people in a group, unless it is known how many they are.
func (s *survey) make(ctx context.Context, b *Bot, chat string) {
	s.err = errors.New("not counted")
	if c, ok := b.counted(chat); ok && !s.fresh {
		s.census, s.err = c, nil
		return
	}
	ctx, cancel := context.WithTimeout(ctx, countWait)
	defer cancel()
	if s.census, s.err = b.count(ctx, chat, s.title); s.err != nil {
		b.log.Info("readers not known", "err", s.err)
	}
}

// before tells an event who could read the group, and forgets whom it brought.
func (s *survey) before(in *incoming) {
	if s.err != nil {
		return
	}
	in.event.Readers = s.readers()
	in.event.Readers.Name = in.title
	s.people -= in.came
}

// out reports whether the bot is not in the group any more.
func (s *survey) out() bool {
	var gone *bots.GoneError
	return errors.As(s.err, &gone) && gone.Chat && gone.Moved == ""
}

// crowd returns how many more have come into a group than have left it, if a message
// of Telegram's own says that others are in it than before. The bot is not counted.
func (b *Bot) crowd(m *message) (came int, ok bool) {
	me := b.me.Load()
	other := func(u user) bool { return me == nil || u.ID != me.ID }
	for _, u := range m.Joined {
		if other(u) {
			came, ok = came+1, true
		}
	}
	if m.Gone != nil && other(*m.Gone) {
		came, ok = came-1, true
	}
	return came, ok
}

// changed returns the event that others can read a group than before.
func changed(c chat) rituals.Event {
	return rituals.Event{
		Kind:   rituals.Changed,
		Person: rituals.Person{Platform: rituals.Telegram},
		Chat:   rituals.Address{Platform: rituals.Telegram, Chat: strconv.FormatInt(c.ID, 10)},
	}
}
