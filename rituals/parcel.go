package rituals

import "time"

// A Parcel is a message on its way.
type Parcel struct {
	ID      int64 // of the outbox row; grows in the order in which things were said
	Message Message
	Edits   string // the platform's id of the message to change in place; empty: say it anew
	Tries   int    // how often sending it has been put off
}

// A Waiting is the first undelivered message of one chat.
type Waiting struct {
	ID      int64
	To      Address
	RetryAt time.Time // not before; zero: at once
}
