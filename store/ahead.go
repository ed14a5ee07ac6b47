package store

import (
	"slices"
	"sync"

	"attune/rituals"
)

// An ahead holds what waits in the chats that are being served: a chat's next
// messages are read together, and a chat that is spoken to at length costs one
// query for several. The rows stay the truth: whatever may change, withhold or
// move a message that waits lets all that was read go.
type ahead struct {
	mu     sync.Mutex
	chats  map[rituals.Address]*queue
	rows   int             // in all of chats
	handed map[int64]outed // by row, until it is sent or failed
}

// A queue is the beginning of what waits in a chat, in order. It is empty while
// it is being read.
type queue struct {
	rows []waiting
}

// A waiting is a row of the outbox.
type waiting struct {
	parcel rituals.Parcel // without what the body says
	body   string
	rev    int64
}

// An outed is what is remembered of a row that was handed to the courier.
type outed struct {
	to  rituals.Address
	rev int64
}

const (
	together = 16   // how many of a chat's rows are read at once
	mostRows = 1024 // how many are held
)

func newAhead() *ahead {
	return &ahead{chats: make(map[rituals.Address]*queue), handed: make(map[int64]outed)}
}

// first returns the first of what waits in a chat, if that is known; else the
// queue to be filled.
func (a *ahead) first(to rituals.Address) (w waiting, q *queue) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if q := a.chats[to]; q != nil && len(q.rows) > 0 {
		return a.hand(to, q.rows[0]), nil
	}
	q = new(queue)
	a.chats[to] = q
	return waiting{}, q
}

// fill hands out the first of the rows that were read for q, and holds all of
// them unless something has happened in the chat since q was made.
func (a *ahead) fill(to rituals.Address, q *queue, rows []waiting) waiting {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.chats[to] == q {
		if len(rows) == 0 || a.rows+len(rows) > mostRows {
			delete(a.chats, to)
		} else {
			q.rows = rows
			a.rows += len(rows)
		}
	}
	if len(rows) == 0 {
		return waiting{}
	}
	return a.hand(to, rows[0])
}

func (a *ahead) hand(to rituals.Address, w waiting) waiting {
	a.handed[w.parcel.ID] = outed{to, w.rev}
	return w
}

// revision returns what the body of a row was when it was handed out.
func (a *ahead) revision(id int64) (rev int64, known bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	o, known := a.handed[id]
	return o.rev, known
}

// over takes a row out that is sent or failed.
func (a *ahead) over(id int64) {
	a.mu.Lock()
	defer a.mu.Unlock()
	o, known := a.handed[id]
	delete(a.handed, id)
	q := a.chats[o.to]
	switch {
	case !known || q == nil:
	case len(q.rows) > 1 && q.rows[0].parcel.ID == id:
		q.rows = q.rows[1:]
		a.rows--
	default:
		a.rows -= len(q.rows)
		delete(a.chats, o.to)
	}
}

// forget lets go of all that was read or is being read.
func (a *ahead) forget() {
	a.mu.Lock()
	defer a.mu.Unlock()
	clear(a.chats)
	a.rows = 0
}

// follow lets go of what changes have made old.
func (a *ahead) follow(changes []*rituals.Change) {
	for _, c := range changes {
		if !appends(c) {
			a.forget()
		}
		if id, ok := failed(settles(c)); ok {
			a.over(id)
		}
	}
}

// appends reports whether a change does no more to the outbox than to put
// messages at the end.
func appends(c *rituals.Change) bool {
	if e := settles(c); e != nil && (e.Kind == rituals.Moved || e.Kind == rituals.Undelivered) {
		return false
	}
	return len(c.Release) == 0 && len(c.Drop) == 0 && len(c.Erase) == 0 && c.Forget == nil &&
		!slices.ContainsFunc(c.Say, func(m rituals.Message) bool { return m.Edits != "" })
}
