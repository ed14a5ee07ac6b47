// Package bots is what stands between the host and the platforms: the [Bot]
// interface that an adapter satisfies, and the [Courier] that delivers the outbox
// through it, in order and at the platform's pace.
package bots

import (
	"context"
	"fmt"
	"io"
	"time"

	"attune/rituals"
)

// A Bot is an adapter to one platform.
//
// Run takes in what people do and hands it to h, one person's events in order,
// and confirms an event to the platform only after Handle or Park has returned
// nil for it. It blocks until ctx ends and all it started has stopped.
//
// Send says one message, or changes one in place, and returns the platform's id
// of the message. It must be safe for concurrent use. Its error is a [*RetryError]
// if it may be tried again, a [*GoneError] if it is final; anything else may be
// tried again, and the message may or may not have been said.
type Bot interface {
	Platform() rituals.Platform
	Run(ctx context.Context, h Handler) error
	Send(ctx context.Context, p Parcel) (id string, err error)
}

// A Handler settles events. Both methods commit before they return.
type Handler interface {
	// Handle settles one event and returns what to show on the spot. An event
	// that was settled before gives an empty answer and no error.
	Handle(ctx context.Context, now time.Time, e rituals.Event) (rituals.Answer, error)

	// Park sets an event aside that Handle could not settle, tells the person,
	// and counts it as settled.
	Park(ctx context.Context, now time.Time, e rituals.Event, reason string) error
}

// What an Outbox holds is declared with the other nouns, because the store may not
// import this package.
type (
	Parcel  = rituals.Parcel
	Waiting = rituals.Waiting
)

// A Former is a [Handler] with forms. Form returns the one that a tapped button of
// a [rituals.Choice] with Form opens, or what to show in its place. It has no
// effect and does not wait for a commit, so that the platform can be answered at
// once; the event is not settled by it.
type Former interface {
	Form(ctx context.Context, now time.Time, e rituals.Event) (rituals.Answer, error)
}

// A Candid is a [Handler] that can say that something was not kept. Unkept returns what
// to tell whoever did it, where the platform does not tell of it again: Handle has
// failed with an error that wraps [rituals.ErrUnwritable].
type Candid interface {
	Unkept(e rituals.Event) rituals.Answer
}

// An Opener is a [Bot] that can fetch what people have sent on its platform. The
// error is a [*GoneError] if it is not there any more or too large to be fetched.
// Whoever opens it closes it.
type Opener interface {
	Open(ctx context.Context, m rituals.Media) (io.ReadCloser, error)
}

// An Outbox remembers what is to be said until it has been. It is declared here
// and satisfied by the store.
type Outbox interface {
	// Waiting returns, in the order of ids, the chats of a platform whose first
	// undelivered message has an id greater than after.
	Waiting(ctx context.Context, p rituals.Platform, after int64, limit int) ([]Waiting, error)

	// Head returns the first undelivered message of a chat, or an error wrapping
	// [rituals.ErrNotFound]. A message that edits one which was never delivered is not
	// returned.
	Head(ctx context.Context, to rituals.Address) (Parcel, error)

	// Sent records that a message was delivered and the platform's id of it.
	Sent(ctx context.Context, id int64, message string, now time.Time) error

	// Retry puts a message off; those behind it in its chat wait.
	Retry(ctx context.Context, id int64, at time.Time) error

	// Said returns a channel that receives after a commit that has something to
	// say on p, and after messages were released or moved to another chat.
	Said(p rituals.Platform) <-chan struct{}
}

// A Teller is an [Outbox] that tells in which chats something was said, so that the
// courier need not look through all that waits.
type Teller interface {
	// Fresh returns the chats in which something was said since it was last called;
	// all reports that there may be more than these.
	Fresh(p rituals.Platform) (chats []rituals.Address, all bool)
}

// Cursors remember where an adapter stands with its platform.
type Cursors interface {
	Cursor(ctx context.Context, p rituals.Platform, name string) (string, error) // empty: never set
	SetCursor(ctx context.Context, p rituals.Platform, name, value string) error
}

// A RetryError says that a message was not said and may be tried again.
type RetryError struct {
	After time.Duration // at least; 0: the courier decides
	All   bool          // nothing can be said on the platform until then
	Err   error
}

func (e *RetryError) Error() string { return fmt.Sprintf("try again in %v: %v", e.After, e.Err) }
func (e *RetryError) Unwrap() error { return e.Err }

// A GoneError says that a message cannot be said.
type GoneError struct {
	Chat  bool   // nothing can be said at this address: blocked, left, deleted
	Moved string // the address's new chat, if it has moved
	Err   error

	// Readers are who can read the chat. Without Moved: others than the message was
	// meant for. With it: who can read the new chat, if that has several people.
	Readers *rituals.Readers
}

func (e *GoneError) Error() string { return fmt.Sprintf("cannot be delivered: %v", e.Err) }
func (e *GoneError) Unwrap() error { return e.Err }
