package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"time"

	"attune/bots"
)

const (
	visitTime = 5 * time.Second // for a request and its answer
	lookTime  = 3 * time.Second // of these, for what the answer needs to know
	visitors  = 16              // at a time
	mostAsked = 8 << 10         // bytes of a request

	// heardWithin is how lately a platform that is connected was heard: Telegram ends a
	// poll after 50 seconds, Discord answers a sign of life every 41.
	heardWithin = 90 * time.Second
)

// listen opens the port that the settings name; nil if they name none.
func listen(ctx context.Context, address string) (net.Listener, error) {
	if address == "" {
		return nil, nil
	}
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("ATTUNE_LISTEN: another program has the port, or the address is not this machine's: %w", err)
	}
	return l, nil
}

// A doorkeeper tells whoever asks how the program is, and nothing about anybody.
//
// It answers one request on each connection. The server of net/http would do the
// same, and make the program larger by two thirds of a megabyte for what nobody asks
// for here: HTTP/2, TLS, connections that stay.
type doorkeeper struct {
	in          house
	connections []connection
}

// serve answers those who come to a port, until ctx ends.
func (k doorkeeper) serve(ctx context.Context, port net.Listener) error {
	k.in.log.Info("listening", "address", port.Addr().String())
	defer context.AfterFunc(ctx, func() { port.Close() })()
	var inside sync.WaitGroup
	defer inside.Wait()
	places := make(chan struct{}, visitors)
	for {
		conn, err := port.Accept()
		switch {
		case ctx.Err() != nil:
			return nil
		case errors.Is(err, net.ErrClosed):
			return err
		case err != nil: // such as too many open files
			k.in.log.Warn("nobody let in", "err", err)
			bots.Pause(ctx, time.Second)
			continue
		}
		places <- struct{}{}
		inside.Go(func() {
			k.visit(ctx, conn)
			<-places
		})
	}
}

// visit answers the request on a connection and closes it, in time whatever happens.
func (k doorkeeper) visit(ctx context.Context, conn net.Conn) {
	defer conn.Close()
	ctx, cancel := context.WithTimeout(ctx, visitTime)
	defer cancel()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	r, err := http.ReadRequest(bufio.NewReader(io.LimitReader(conn, mostAsked)))
	if err != nil {
		return
	}
	status, body := k.answer(ctx, r)
	answer := http.Response{
		StatusCode: status, ProtoMajor: 1, ProtoMinor: 1, Request: r, Close: true,
		Header:        http.Header{"Content-Type": {"text/plain; version=0.0.4; charset=utf-8"}, "Cache-Control": {"no-store"}},
		Body:          io.NopCloser(bytes.NewReader(body)),
		ContentLength: int64(len(body)),
	}
	if err := answer.Write(conn); err != nil {
		k.in.log.Debug("answer not taken", "err", err)
	}
}

// answer returns the status and the text of the answer to a request.
func (k doorkeeper) answer(ctx context.Context, r *http.Request) (int, []byte) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return http.StatusMethodNotAllowed, []byte("only GET is answered\n")
	}
	var body bytes.Buffer
	switch r.URL.Path {
	case "/healthz":
		return http.StatusOK, []byte("ok\n")
	case "/readyz":
		ctx, cancel := context.WithTimeout(ctx, lookTime)
		defer cancel()
		found := k.look(ctx)
		found.print(&body)
		if !found.well() {
			return http.StatusServiceUnavailable, body.Bytes()
		}
		return http.StatusOK, body.Bytes()
	case "/metrics":
		if err := k.read(ctx); err != nil {
			k.in.log.Error("metrics not read", "err", err)
			return http.StatusServiceUnavailable, []byte("the database cannot be read\n")
		}
		k.in.meters.set.WritePrometheus(&body)
		return http.StatusOK, body.Bytes()
	}
	return http.StatusNotFound, []byte("there are /healthz, /readyz and /metrics\n")
}

// look returns whether everything works: what is the program's own, and the platforms.
func (k doorkeeper) look(ctx context.Context) findings {
	found := k.in.look(ctx)
	now := time.Now()
	if latest, behind := k.in.watch.see(now); behind > clockSlack {
		found.add(fix, "clock", "shows %s and was at %s before; everything waits until it is right: set it, or wait until the network does",
			now.UTC().Format(time.DateTime), latest.UTC().Format(time.DateTime))
	}
	for _, c := range k.connections {
		about := string(c.bot.Platform())
		l, ok := c.bot.(bots.Listener)
		if !ok {
			found.add(well, about, "it is this terminal")
			continue
		}
		heard := l.Heard()
		ago := max(0, now.Sub(heard)).Round(time.Second)
		switch {
		case heard.IsZero():
			found.add(fix, about, "not reached yet; if that stays so, attune doctor says why")
		case ago > heardWithin:
			found.add(fix, about, "last heard %v ago; it is tried again by itself, and the log or attune doctor says why it fails", ago)
		default:
			found.add(well, about, "last heard %v ago", ago)
		}
	}
	return found
}

// read brings the meters of what stands up to date.
func (k doorkeeper) read(ctx context.Context) error {
	m, now := k.in.meters, time.Now()
	written := k.in.store.Counts()
	m.counter("attune_commits_total").Set(uint64(written.Batches))
	m.counter("attune_commits_failed_total").Set(uint64(written.Failed))
	m.counter("attune_commit_jobs_total").Set(uint64(written.Jobs))
	for _, c := range k.connections {
		p := c.bot.Platform()
		waiting, err := k.in.store.Backlog(ctx, p)
		if err != nil {
			return err
		}
		m.gauge("attune_outbox_messages", "platform", string(p)).Set(float64(waiting.Messages))
		m.gauge("attune_outbox_oldest_seconds", "platform", string(p)).Set(since(now, waiting.Since))
		if l, ok := c.bot.(bots.Listener); ok {
			heard := l.Heard()
			if heard.IsZero() {
				heard = m.began
			}
			m.gauge("attune_contact_seconds", "platform", string(p)).Set(since(now, heard))
		}
		if ahead := m.on(p).skew.Load(); ahead != nil {
			m.gauge("attune_clock_skew_seconds", "platform", string(p)).Set(ahead.Seconds())
		}
	}
	return nil
}

// since returns the seconds from t until now; 0 if t is zero or to come.
func since(now, t time.Time) float64 {
	if t.IsZero() {
		return 0
	}
	return max(0, now.Sub(t).Seconds())
}
