package botstest

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"attune/bots"
	"attune/rituals"
)

// An Outbox is a [bots.Outbox] that lives in memory.
type Outbox struct {
	mu     sync.Mutex
	last   int64
	chats  map[rituals.Address][]*row // what was not delivered, in order
	sent   map[rituals.Address][]Delivery
	ids    map[string]string // from a message's key to the platform's id
	said   map[rituals.Platform][]chan struct{}
	broken error
}

// A Delivery is a record of a delivered message.
type Delivery struct {
	Row int64
	ID  string // the platform's
	At  time.Time
}

type row struct {
	parcel  bots.Parcel
	retryAt time.Time
}

var _ bots.Outbox = (*Outbox)(nil)

// NewOutbox returns an empty outbox.
func NewOutbox() *Outbox {
	return &Outbox{
		chats: make(map[rituals.Address][]*row),
		sent:  make(map[rituals.Address][]Delivery),
		ids:   make(map[string]string),
		said:  make(map[rituals.Platform][]chan struct{}),
	}
}

// Say puts a message in and returns the id of its row.
func (o *Outbox) Say(m rituals.Message) int64 {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.last++
	o.chats[m.To] = append(o.chats[m.To], &row{parcel: bots.Parcel{ID: o.last, Message: m}})
	for _, ch := range o.said[m.To.Platform] {
		select {
		case ch <- struct{}{}:
		default:
		}
	}
	return o.last
}

// Drop takes out a row that was not delivered.
func (o *Outbox) Drop(id int64) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for to := range o.chats {
		o.remove(to, func(r *row) bool { return r.parcel.ID == id })
	}
}

// DropAll takes out all that was not delivered to an address.
func (o *Outbox) DropAll(to rituals.Address) {
	o.mu.Lock()
	defer o.mu.Unlock()
	delete(o.chats, to)
}

// Break lets every call of the courier fail with err; nil ends that.
func (o *Outbox) Break(err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.broken = err
}

// Delivered returns what was delivered to an address, in order.
func (o *Outbox) Delivered(to rituals.Address) []Delivery {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Clone(o.sent[to])
}

// Undelivered returns how many rows wait.
func (o *Outbox) Undelivered() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	n := 0
	for _, rows := range o.chats {
		n += len(rows)
	}
	return n
}

// Waiting is part of [bots.Outbox].
func (o *Outbox) Waiting(ctx context.Context, p rituals.Platform, after int64, limit int) ([]bots.Waiting, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if err := o.fault(ctx); err != nil {
		return nil, err
	}
	var ws []bots.Waiting
	for to := range o.chats {
		if r := o.head(to); r != nil && to.Platform == p && r.parcel.ID > after {
			ws = append(ws, bots.Waiting{ID: r.parcel.ID, To: to, RetryAt: r.retryAt})
		}
	}
	slices.SortFunc(ws, func(a, b bots.Waiting) int { return cmp.Compare(a.ID, b.ID) })
	return ws[:min(len(ws), limit)], nil
}

// Head is part of [bots.Outbox].
func (o *Outbox) Head(ctx context.Context, to rituals.Address) (bots.Parcel, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if err := o.fault(ctx); err != nil {
		return bots.Parcel{}, err
	}
	r := o.head(to)
	if r == nil {
		return bots.Parcel{}, fmt.Errorf("message for %v: %w", to, rituals.ErrNotFound)
	}
	p := r.parcel
	p.Edits = o.ids[p.Message.Edits]
	return p, nil
}

// Sent is part of [bots.Outbox].
func (o *Outbox) Sent(ctx context.Context, id int64, message string, now time.Time) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if err := o.fault(ctx); err != nil {
		return err
	}
	r := o.find(id)
	if r == nil {
		return fmt.Errorf("row %d: %w", id, rituals.ErrNotFound)
	}
	to := r.parcel.Message.To
	o.ids[r.parcel.Message.Key] = message
	o.sent[to] = append(o.sent[to], Delivery{Row: id, ID: message, At: now})
	o.remove(to, func(r *row) bool { return r.parcel.ID == id })
	return nil
}

// Retry is part of [bots.Outbox].
func (o *Outbox) Retry(ctx context.Context, id int64, at time.Time) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if err := o.fault(ctx); err != nil {
		return err
	}
	r := o.find(id)
	if r == nil {
		return fmt.Errorf("row %d: %w", id, rituals.ErrNotFound)
	}
	r.retryAt = at
	r.parcel.Tries++
	return nil
}

// Said is part of [bots.Outbox].
func (o *Outbox) Said(p rituals.Platform) <-chan struct{} {
	o.mu.Lock()
	defer o.mu.Unlock()
	ch := make(chan struct{}, 1)
	o.said[p] = append(o.said[p], ch)
	return ch
}

func (o *Outbox) fault(ctx context.Context) error {
	if o.broken != nil {
		return o.broken
	}
	return ctx.Err()
}

// head returns the first row of a chat that can be said, or nil. An edit of what
// was never delivered cannot.
func (o *Outbox) head(to rituals.Address) *row {
	for _, r := range o.chats[to] {
		if key := r.parcel.Message.Edits; key == "" || o.ids[key] != "" {
			return r
		}
	}
	return nil
}

func (o *Outbox) find(id int64) *row {
	for _, rows := range o.chats {
		for _, r := range rows {
			if r.parcel.ID == id {
				return r
			}
		}
	}
	return nil
}

func (o *Outbox) remove(to rituals.Address, which func(*row) bool) {
	o.chats[to] = slices.DeleteFunc(o.chats[to], which)
	if len(o.chats[to]) == 0 {
		delete(o.chats, to)
	}
}
