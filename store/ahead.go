package store

import (
	"slices"
	"sync"

	"attune/rituals"
)

// An ahead holds what waits in the chats that are being served: a chat's next
// messages are read together, and what is said after them is put behind them as it is
// committed, so that most messages cost no query. The rows stay the truth: whatever
// may change, withhold or move a message that waits lets all that is held go.
type ahead struct {
	mu     sync.Mutex
	chats  map[rituals.Address]*queue
	rows   int             // in all of chats
	handed map[int64]outed // by row, until it is sent or failed
}

// A queue is the beginning of what waits in a chat, in order.
type queue struct {
	rows    []waiting
	reading bool // rows are being read
	whole   bool // nothing waits behind them
}

// A waiting is a row of the outbox.
type waiting struct {
	parcel rituals.Parcel
	body   string // what its message says, where that is not in parcel yet
	rev    int64
}

// An outed is what is remembered of a row that was handed to the courier.
type outed struct {
	to  rituals.Address
	rev int64
}

const (
	together  = 16   // how many of a chat's rows are read at once
	mostRows  = 1024 // how many are held
	mostChats = 1024 // of how many chats
)

func newAhead() *ahead {
	return &ahead{chats: make(map[rituals.Address]*queue), handed: make(map[int64]outed)}
}

// first returns the first of what waits in a chat, row 0 if nothing does; if that is
// not known, the queue to be filled.
func (a *ahead) first(to rituals.Address) (w waiting, q *queue) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if q := a.chats[to]; q != nil && !q.reading {
		if len(q.rows) == 0 {
			return waiting{}, nil
		}
		return a.hand(to, q.rows[0]), nil
	}
	if len(a.chats) >= mostChats {
		a.clear()
	}
	q = &queue{reading: true, whole: true}
	a.chats[to] = q
	return waiting{}, q
}

// fill hands out the first of the rows that were read for q, and holds all of
// them unless something has happened in the chat since q was made.
func (a *ahead) fill(to rituals.Address, q *queue, rows []waiting) waiting {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.chats[to] == q {
		q.reading, q.whole = false, q.whole && len(rows) < together
		if a.rows+len(rows) > mostRows {
			delete(a.chats, to)
		} else {
			q.rows = rows
			a.rows += len(rows)
			a.keep(to, q)
		}
	}
	if len(rows) == 0 {
		return waiting{}
	}
	return a.hand(to, rows[0])
}

// keep drops a queue from which nothing can be told.
func (a *ahead) keep(to rituals.Address, q *queue) {
	if len(q.rows) == 0 && !q.whole {
		delete(a.chats, to)
	}
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
	case len(q.rows) > 0 && q.rows[0].parcel.ID == id:
		q.rows = q.rows[1:]
		a.rows--
		a.keep(o.to, q)
	default:
		a.rows -= len(q.rows)
		delete(a.chats, o.to)
	}
}

// forget lets go of all that is held or being read.
func (a *ahead) forget() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.clear()
}

func (a *ahead) clear() {
	clear(a.chats)
	a.rows = 0
}

// follow brings what is held up to what changes have done. It is called for each
// commit before the next one is made, and before anybody is told of it.
func (a *ahead) follow(changes []*change) {
	for _, c := range changes {
		if !appends(&c.Change) {
			a.forget()
		} else if len(c.Say) > 0 {
			a.append(c)
		}
		if id, ok := failed(settles(&c.Change)); ok {
			a.over(id)
		}
	}
}

// append puts what a change has said behind what waits in its chats. A reading that is
// under way may have found it or not: then it is not known what is behind.
func (a *ahead) append(c *change) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for i := range c.Say {
		m, id := &c.Say[i], c.rows[i]
		q := a.chats[m.To]
		if q == nil || !q.whole || m.Wait || id == 0 {
			continue
		}
		n := len(q.rows)
		switch {
		case q.reading:
			q.whole = false
		case n > 0 && q.rows[n-1].parcel.ID >= id: // it was read
		case a.rows >= mostRows:
			q.whole = false
			a.keep(m.To, q)
		default:
			w := waiting{parcel: rituals.Parcel{ID: id, Message: unaddressed(m)}}
			q.rows = append(q.rows, w)
			a.rows++
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
