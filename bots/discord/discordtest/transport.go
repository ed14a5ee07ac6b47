package discordtest

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
)

// errCut is what a client sees of a connection that was cut.
var errCut = errors.New("connection reset by peer")

// errDown is what a client sees when it calls while Discord is down.
var errDown = errors.New("connection refused")

// Transport returns a transport that calls the server without sockets, whatever the
// host.
func (s *Server) Transport() http.RoundTripper { return transport{s} }

type transport struct{ s *Server }

// RoundTrip lets the server answer a request, unless it is cancelled before.
func (t transport) RoundTrip(r *http.Request) (*http.Response, error) {
	type outcome struct {
		resp *http.Response
		err  error
	}
	done := make(chan outcome, 1)
	inner := r.Clone(r.Context())
	if inner.Body == nil {
		inner.Body = http.NoBody
	}
	if inner.Host == "" {
		inner.Host = inner.URL.Host
	}
	drain := func() {
		_, _ = io.Copy(io.Discard, inner.Body)
		_ = inner.Body.Close()
	}
	go func() {
		w := httptest.NewRecorder()
		defer func() {
			if v := recover(); v != nil {
				if v != http.ErrAbortHandler { //nolint:errorlint // a recovered value
					panic(v)
				}
				drain()
				if w.Body.Len() == 0 {
					done <- outcome{err: errCut}
					return
				}
				resp := w.Result()
				resp.Request, resp.ContentLength = r, -1
				resp.Body = io.NopCloser(io.MultiReader(w.Body, broken{}))
				done <- outcome{resp: resp}
			}
		}()
		t.s.ServeHTTP(w, inner)
		drain()
		resp := w.Result()
		resp.Request = r
		done <- outcome{resp: resp}
	}()
	select {
	case o := <-done:
		return o.resp, o.err
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
}

// Dial connects to the gateway without sockets, whatever the address. It is for the
// NetDialContext of a websocket dialer of one's own: the one that a session of the
// library comes with is shared by the whole process.
func (s *Server) Dial(ctx context.Context, _, _ string) (net.Conn, error) {
	s.mu.Lock()
	down := s.down
	s.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if down {
		return nil, errDown
	}
	client, server := net.Pipe()
	go func() {
		defer server.Close()
		rw := bufio.NewReadWriter(bufio.NewReader(server), bufio.NewWriter(server))
		r, err := http.ReadRequest(rw.Reader)
		if err != nil {
			return
		}
		s.ServeHTTP(&pipe{ResponseRecorder: httptest.NewRecorder(), conn: server, rw: rw}, r)
	}()
	return client, nil
}

// A pipe is the writer of an answer that becomes a websocket.
type pipe struct {
	*httptest.ResponseRecorder
	conn net.Conn
	rw   *bufio.ReadWriter
}

// Hijack hands over the connection.
func (p *pipe) Hijack() (net.Conn, *bufio.ReadWriter, error) { return p.conn, p.rw, nil }

// broken is what is left of an answer whose connection was cut.
type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
