package bots

import (
	"context"
	"errors"
	"log/slog"
	"strconv"
	"sync/atomic"
	"time"

	"attune/rituals"
)

// A job is the delivery of one chat's first message, and of those behind it for
// as long as nothing speaks against going on at once.
type job struct {
	c      *Courier
	free   *atomic.Bool    // whether to go on without asking
	stop   context.Context // ends when the courier is to stop
	ctx    context.Context // ends when even what is under way is to be cut off
	to     rituals.Address
	parcel Parcel // ID 0: to be looked up
	fails  int    // how often in a row the chat was served and nothing delivered
}

// A report says what became of a job and how its chat goes on.
type report struct {
	to     rituals.Address
	some   bool      // something was delivered
	row    int64     // the chat's first row, if known
	next   Parcel    // to be delivered next; ID 0: nothing is known to wait
	at     time.Time // the first row was put off until then
	failed bool      // the outbox or the handler did not do its part: back off
	hold   time.Time // nothing is to be said to anyone before
}

// run delivers the message and looks up the one after it.
func (j *job) run() report {
	p := j.parcel
	if p.ID == 0 {
		r := j.look()
		if p = r.next; p.ID == 0 {
			return r
		}
	}
	for some := false; ; {
		r := j.deliver(p)
		some = some || r.some
		r.some = some
		if r.next.ID == 0 || !j.free.Load() || j.stop.Err() != nil {
			return r
		}
		p, j.fails = r.next, 0
	}
}

// deliver delivers a message and looks up the one after it.
func (j *job) deliver(p Parcel) report {
	if u := p.Message.Until; !u.IsZero() && !time.Now().Before(u) {
		return j.undelivered(p, nil)
	}
	var id string
	err := guard(func() (err error) {
		id, err = j.c.bot.Send(j.ctx, p)
		return err
	})
	var gone *GoneError
	switch {
	case err == nil:
		return j.record(p, id)
	case errors.As(err, &gone):
		if gone.Moved != "" {
			j.c.log.Info("chat has moved, messages follow", "row", p.ID, "err", gone.Err)
		} else {
			j.c.log.Warn("message cannot be delivered", "row", p.ID, "chat_gone", gone.Chat, "err", gone.Err)
		}
		return j.undelivered(p, gone)
	case j.ctx.Err() != nil:
		return report{to: j.to, row: p.ID} // cut off: it is still the first when the courier runs again
	}
	return j.putOff(p, err)
}

// look returns what waits in the chat.
func (j *job) look() report {
	p, err := j.c.out.Head(j.stop, j.to)
	switch {
	case err == nil:
		return report{to: j.to, row: p.ID, next: p}
	case errors.Is(err, rituals.ErrNotFound), j.stop.Err() != nil:
		return report{to: j.to}
	}
	j.c.trouble("messages not read", err)
	return report{to: j.to, failed: true}
}

// record remembers that a message was delivered. While that is impossible it
// keeps the chat, and its place among those served: what cannot be recorded must
// not be sent, or all of it would be said twice after a restart.
func (j *job) record(p Parcel, id string) report {
	for n := 0; ; n++ {
		err := j.c.out.Sent(context.WithoutCancel(j.ctx), p.ID, id, time.Now())
		if err == nil || errors.Is(err, rituals.ErrNotFound) { // dropped while under way
			r := j.look()
			r.some = true
			return r
		}
		j.c.trouble("delivery not recorded", err)
		if !Pause(j.stop, backoff(n)) {
			return report{to: j.to}
		}
	}
}

// putOff lets the message wait, and those behind it with it.
func (j *job) putOff(p Parcel, err error) report {
	now := time.Now()
	after, all, why := backoff(max(p.Tries, j.fails)), false, err
	if e := (*RetryError)(nil); errors.As(err, &e) {
		all, why = e.All, e.Err
		if e.After > 0 {
			after = e.After
		}
	}
	r := report{to: j.to, row: p.ID, at: now.Add(after)}
	if all {
		r.hold = r.at
	}
	// Once it is too late for the message, the ones behind it need not wait.
	if u := p.Message.Until; !u.IsZero() && u.Before(r.at) {
		r.at = u
	}
	j.c.late.Met(slog.LevelWarn, "messages wait, trying on: each is sent when it can be", "row", p.ID, "after", after, "all", all, "err", why, stack(err))
	if err := j.c.out.Retry(context.WithoutCancel(j.ctx), p.ID, r.at); err != nil {
		j.c.trouble("putting off not recorded", err)
	}
	return r
}

// trouble tells the log what the outbox did not do, unless the outbox itself has.
func (c *Courier) trouble(what string, err error) {
	if !errors.Is(err, rituals.ErrUnwritable) {
		c.late.Met(slog.LevelError, what, "err", err)
	}
}

// undelivered hands the message back to whoever wanted it said. A nil gone means
// that its time has passed.
func (j *job) undelivered(p Parcel, gone *GoneError) report {
	row := strconv.FormatInt(p.ID, 10)
	e := rituals.Event{Person: rituals.Person{Platform: j.to.Platform}, Chat: j.to, Source: row}
	if gone != nil && gone.Moved != "" {
		moved := e
		moved.ID, moved.Kind, moved.Text = "moved/"+row, rituals.Moved, gone.Moved
		moved.Message, moved.Readers = p.Message, gone.Readers
		if !j.handle(moved) {
			return report{to: j.to, row: p.ID, failed: true}
		}
		if r := j.look(); r.row != p.ID {
			return r // it waits at the new chat
		}
	}
	e.ID, e.Kind, e.Message = "undelivered/"+row, rituals.Undelivered, p.Message
	e.Gone = gone != nil && gone.Chat && gone.Moved == ""
	if gone != nil && gone.Moved == "" {
		e.Readers = gone.Readers
	}
	if !j.handle(e) {
		return report{to: j.to, row: p.ID, failed: true}
	}
	r := j.look()
	if r.next.ID == p.ID {
		j.c.log.Error("undelivered message still waits", "row", p.ID)
		return report{to: j.to, row: p.ID, failed: true}
	}
	return r
}

// handle gives an event to the handler and reports whether it was settled.
func (j *job) handle(e rituals.Event) bool {
	err := guard(func() error {
		_, err := j.c.handler.Handle(j.stop, time.Now(), e)
		return err
	})
	if err != nil && j.stop.Err() == nil && !errors.Is(err, rituals.ErrUnwritable) {
		j.c.log.Error("undelivered message not handled", "event", e.ID, "err", err, stack(err))
	}
	return err == nil
}
