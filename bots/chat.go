package bots

import (
	"time"

	"attune/rituals"
)

// A phase is what the courier is doing about a chat.
type phase int

const (
	atRest   phase = iota // nothing is known to wait
	isReady               // something waits
	isPutOff              // something waits until a later time
	isServed              // a goroutine has it
)

// A chat is an address with something to say, or with a pace to be kept.
type chat struct {
	to    rituals.Address
	phase phase
	head  int64     // its first row, as far as known
	at    time.Time // put off until
	index int       // among those put off
	again bool      // something else was found waiting while it was served
	fails int       // how often in a row it was served and nothing delivered
	pace  slot

	next   Parcel    // looked up ahead; ID 0: not
	peeked time.Time // when
}

// Sleepers are the chats that are put off, as a heap with the earliest in front.
type sleepers []*chat

func (q sleepers) Len() int           { return len(q) }
func (q sleepers) Less(i, j int) bool { return q[i].at.Before(q[j].at) }
func (q sleepers) Swap(i, j int) {
	q[i], q[j] = q[j], q[i]
	q[i].index, q[j].index = i, j
}

// Push is for package heap.
func (q *sleepers) Push(x any) {
	ch := x.(*chat)
	ch.index = len(*q)
	*q = append(*q, ch)
}

// Pop is for package heap.
func (q *sleepers) Pop() any {
	last := len(*q) - 1
	ch := (*q)[last]
	(*q)[last] = nil
	*q = (*q)[:last]
	return ch
}
