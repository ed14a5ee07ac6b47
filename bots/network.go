package bots

import (
	"net/http"
	"sync/atomic"
	"time"
)

// Transport returns a way to the network for an adapter's calls.
func Transport() *http.Transport {
	own := http.DefaultTransport.(*http.Transport).Clone()
	own.MaxIdleConnsPerHost = 64 // as many as send at the same time, or connections are made anew
	return own
}

// A Listener is a [Bot] that knows when it last heard its platform on the line by
// which it learns what people do; the zero time if it never did. While all is well
// that is less than a minute ago, also when nobody does anything.
type Listener interface {
	Heard() time.Time
}

// An Ear remembers when something was last heard. The zero Ear has heard nothing. It
// is safe for concurrent use.
type Ear struct {
	at atomic.Int64 // unix milliseconds: a machine that slept has heard nothing meanwhile
}

// Hear notes that something was heard at an instant.
func (e *Ear) Hear(at time.Time) { e.at.Store(at.UnixMilli()) }

// Heard returns when something was last heard; the zero time: never.
func (e *Ear) Heard() time.Time {
	ms := e.at.Load()
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms)
}
