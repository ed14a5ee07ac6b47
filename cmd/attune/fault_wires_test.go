package main

import (
	"bytes"
	"context"
	"errors"
	"net"
	"net/http"
	"strings"
	"sync"
)

// A cord is the way to a platform's calls, which can be cut: the name of the platform's
// server is not found from then on, and calls under way break off.
type cord struct {
	next http.RoundTripper

	mu     sync.Mutex
	cut    bool
	snap   chan struct{} // closed when the cord is cut, then made anew
	failed int           // calls
}

func newCord(next http.RoundTripper) *cord {
	return &cord{next: next, snap: make(chan struct{})}
}

// set cuts the cord or mends it.
func (c *cord) set(cut bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.cut = cut
	if cut {
		close(c.snap)
		c.snap = make(chan struct{})
	}
}

// state returns whether the cord is cut, and what is closed when it is.
func (c *cord) state() (bool, <-chan struct{}) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.cut, c.snap
}

// fail counts a call that failed.
func (c *cord) fail() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.failed++
}

// lost returns how many calls have failed.
func (c *cord) lost() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.failed
}

// RoundTrip lets a call through, and counts those that fail.
func (c *cord) RoundTrip(r *http.Request) (*http.Response, error) {
	cut, snap := c.state()
	if cut {
		c.fail()
		return nil, notFound(r.URL.Hostname())
	}
	ctx, stop := context.WithCancelCause(r.Context())
	go func() {
		select {
		case <-snap:
			stop(errReset)
		case <-ctx.Done():
		}
	}()
	resp, err := c.next.RoundTrip(r.WithContext(ctx))
	if cause := context.Cause(ctx); err != nil && errors.Is(cause, errReset) {
		err = cause
	}
	stop(nil)
	if (err != nil && r.Context().Err() == nil) || (err == nil && resp.StatusCode >= 400) {
		c.fail()
	}
	return resp, err
}

// dialing returns the way to a gateway that is cut with the calls.
func (c *cord) dialing(dial func(ctx context.Context, network, addr string) (net.Conn, error)) func(context.Context, string, string) (net.Conn, error) {
	return func(ctx context.Context, network, addr string) (net.Conn, error) {
		if cut, _ := c.state(); cut {
			c.fail()
			host, _, _ := net.SplitHostPort(addr)
			return nil, notFound(host)
		}
		return dial(ctx, network, addr)
	}
}

var errReset = errors.New("connection reset by peer")

// notFound is what comes of a call when there is no name service.
func notFound(host string) error {
	return &net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}}
}

// A journal is a log that can be read while it is written.
type journal struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

// Write is part of [io.Writer].
func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.buf.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.buf.String()
}

// leveled returns the lines of a log that have one of these levels, which they begin
// with.
func leveled(log string, levels ...string) (all []string) {
	for line := range strings.Lines(log) {
		for _, l := range levels {
			if _, rest, ok := strings.Cut(line, "level="+l+" msg="); ok {
				all = append(all, l+" "+strings.ReplaceAll(rest, `"`, ""))
			}
		}
	}
	return all
}
