package discord

import (
	"cmp"
	"errors"
	"log/slog"
	"slices"
	"time"

	"attune/bots"
	"attune/rituals"
)

// A lane is a chat in which something is under way.
type lane struct {
	chat  string
	queue []incoming    // not settled
	poke  chan struct{} // receives when somebody waits for an answer
}

// lane returns the lane of a chat and starts it if there is none. The caller holds
// the lock.
func (in *intake) lane(chat string) *lane {
	l := in.lanes[chat]
	if l == nil {
		l = &lane{chat: chat, poke: make(chan struct{}, 1)}
		in.lanes[chat] = l
		in.wg.Go(func() { in.run(l) })
	}
	return l
}

// run settles what comes into a lane until nothing is left, or ctx ends.
func (in *intake) run(l *lane) {
	for n := 0; ; {
		err := errors.New("panic")
		in.b.guard("lane", func() { err = in.round(l) })
		switch {
		case in.ctx.Err() != nil:
			return
		case err == nil:
			if n > 0 {
				in.b.behind.Over("what was written on discord is taken in again")
			}
			n = 0
			if in.rest(l) {
				return
			}
			continue
		}
		if errors.Is(err, rituals.ErrUnwritable) {
			in.refuse(l)
		} else {
			in.b.behind.Met(slog.LevelWarn, "what was written on discord is not taken in yet, trying on", "chat", l.chat, "err", err)
		}
		if !in.pause(l, backoff(n, err)) {
			return
		}
		n++
	}
}

// refuse tells those who wait for an answer that what they did could not be kept.
// Discord tells of it once: if it waited here for better times, and the program ended
// before, it would be lost after it had seemed to be kept.
func (in *intake) refuse(l *lane) {
	h, ok := in.h.(bots.Candid)
	if !ok {
		return
	}
	in.mu.Lock()
	var refused []incoming
	l.queue = slices.DeleteFunc(l.queue, func(i incoming) bool {
		if i.reply != nil {
			refused = append(refused, i)
		}
		return i.reply != nil
	})
	in.mu.Unlock()
	for _, i := range refused {
		in.answer(i, h.Unkept(i.event))
	}
}

// pause waits for d, or until somebody waits for an answer, and reports whether ctx is
// still alive.
func (in *intake) pause(l *lane, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-l.poke:
	case <-in.ctx.Done():
	}
	return in.ctx.Err() == nil
}

// rest ends a lane in which nothing is under way.
func (in *intake) rest(l *lane) bool {
	in.mu.Lock()
	defer in.mu.Unlock()
	if _, behind := in.behind[l.chat]; behind || len(l.queue) > 0 {
		return false
	}
	delete(in.lanes, l.chat)
	return true
}

// round fetches what was missed in a chat and settles what has gathered.
func (in *intake) round(l *lane) error {
	in.mu.Lock()
	var first incoming
	if len(l.queue) > 0 {
		first = l.queue[0]
	}
	_, behind := in.behind[l.chat]
	if delete(in.behind, l.chat); behind && len(in.behind) == 0 {
		in.behind = make(map[string]struct{}) // a map keeps the memory of what was in it
	}
	in.mu.Unlock()

	if first.at != 0 && first.from == nil && first.event.Kind != rituals.Changed {
		if err := in.b.book.add(in.work, l.chat, first.at-1); err != nil {
			if behind {
				in.missed(l.chat)
			}
			return err
		}
	}
	if behind {
		if err := in.fetch(l); err != nil {
			in.missed(l.chat)
			return err
		}
	}
	in.mu.Lock()
	batch := slices.Clone(l.queue)
	in.mu.Unlock()
	batch, err := in.lookUp(l, batch)
	if err != nil {
		return err
	}
	return in.settle(l, batch)
}

// missed notes that something of a chat may have been missed.
func (in *intake) missed(chat string) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.behind[chat] = struct{}{}
}

// settle settles events and takes those that are settled out of the lane.
func (in *intake) settle(l *lane, batch []incoming) error {
	if len(batch) == 0 {
		return nil
	}
	events := make([]rituals.Event, len(batch))
	for i := range batch {
		events[i] = batch[i].event
	}
	return bots.Settle(in.work, in.h, events, func(i int, a rituals.Answer) {
		in.drop(l, events[i])
		in.b.book.settled(l.chat, batch[i])
		in.b.told(events[i])
		in.answer(batch[i], a)
	}, in.b.opts.Log)
}

// drop takes an event out of a lane.
func (in *intake) drop(l *lane, e rituals.Event) {
	in.mu.Lock()
	defer in.mu.Unlock()
	l.queue = slices.DeleteFunc(l.queue, func(o incoming) bool { return o.event.ID == e.ID })
}

// merge puts what was fetched among what waits in a lane.
func (in *intake) merge(l *lane, fetched []incoming) {
	in.mu.Lock()
	defer in.mu.Unlock()
	there := make(map[string]bool, len(l.queue))
	for _, i := range l.queue {
		there[i.event.ID] = true
	}
	for _, i := range fetched {
		in.caught[l.chat] = max(in.caught[l.chat], i.message)
		if !there[i.event.ID] {
			there[i.event.ID] = true
			l.queue = append(l.queue, i)
		}
	}
	slices.SortStableFunc(l.queue, func(a, b incoming) int { return cmp.Compare(a.at, b.at) })
}
