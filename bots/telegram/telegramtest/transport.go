package telegramtest

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
)

// errCut is what a client sees of a connection that was cut.
var errCut = errors.New("connection reset by peer")

// Transport returns a transport that calls the server without sockets.
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
	go func() {
		w := httptest.NewRecorder()
		defer func() {
			if v := recover(); v != nil {
				if v != http.ErrAbortHandler { //nolint:errorlint // a recovered value
					panic(v)
				}
				_, _ = io.Copy(io.Discard, inner.Body)
				_ = inner.Body.Close()
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
		_, _ = io.Copy(io.Discard, inner.Body)
		_ = inner.Body.Close()
		resp := w.Result()
		resp.Request = r
		done <- outcome{resp: resp}
	}()
	select {
	case o := <-done:
		return o.resp, o.err
	case <-r.Context().Done():
		if r.Body != nil {
			_ = r.Body.Close()
		}
		return nil, r.Context().Err()
	}
}

// broken is what is left of an answer whose connection was cut.
type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
