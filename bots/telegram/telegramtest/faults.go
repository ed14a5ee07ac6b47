package telegramtest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"time"
)

// A Fault is something that goes wrong with one request.
type Fault struct {
	kind  string
	delay time.Duration
	after int
	code  int
	text  string
}

var (
	// CutBefore breaks the connection before the request has had its effect.
	CutBefore = Fault{kind: "cut before"}
	// CutAfter breaks the connection after the request has had its effect.
	CutAfter = Fault{kind: "cut after"}
	// CutWithin breaks the connection in the middle of the answer, after the effect.
	CutWithin = Fault{kind: "cut within"}
	// Garbled is half an answer that seems to be whole, after the effect.
	Garbled = Fault{kind: "garbled"}
	// Empty is an answer without a body, after the effect.
	Empty = Fault{kind: "empty"}
	// BadGateway is the page of the web server before Telegram's own, which is down.
	BadGateway = Page(http.StatusBadGateway)
	// ServerError is Telegram's own failure.
	ServerError = Fault{kind: "json", code: 500, text: "Internal Server Error"}
	// None lets a request pass, so that a later one can fail.
	None = Fault{}
)

// Page is a page in HTML of a web server before Telegram's own, with any status, before
// the effect.
func Page(status int) Fault { return Fault{kind: "html", code: status} }

// TooMany refuses a request as one too many, for some seconds.
func TooMany(seconds int) Fault {
	return Fault{kind: "json", code: 429, text: "Too Many Requests: retry after", after: seconds}
}

// Refused answers a request with an error of Telegram's.
func Refused(code int, description string) Fault {
	return Fault{kind: "json", code: code, text: description}
}

// Slow carries out a request and holds the answer back.
func Slow(d time.Duration) Fault { return Fault{kind: "slow", delay: d} }

// Fail lets the next requests of a method meet faults, one each, in order.
func (s *Server) Fail(method string, faults ...Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults[method] = append(s.faults[method], faults...)
}

// FailAll lets all requests meet a fault that meet no other, until it is [None].
func (s *Server) FailAll(f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ailing = f
}

// Revoke takes the bot's token back, or gives it again.
func (s *Server) Revoke(revoked bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.revoked = revoked
	if s.poller != nil {
		close(s.poller)
		s.poller = nil
	}
}

// knows reports whether a token is the bot's.
func (s *Server) knows(token string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return token == s.token && !s.revoked
}

// called counts a request and returns what goes wrong with it.
func (s *Server) called(method string) Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls[method]++
	waiting := s.faults[method]
	if len(waiting) == 0 {
		return s.ailing
	}
	s.faults[method] = waiting[1:]
	return waiting[0]
}

// page is what nginx shows.
func page(status int) string {
	title := fmt.Sprintf("%d %s", status, http.StatusText(status))
	return "<html>\r\n<head><title>" + title + "</title></head>\r\n<body>\r\n<center><h1>" + title + "</h1></center>\r\n" +
		"<hr><center>nginx/1.18.0</center>\r\n</body>\r\n</html>\r\n"
}

// before goes wrong before the effect, and reports whether that was all.
func (f Fault) before(w http.ResponseWriter) bool {
	switch f.kind {
	case "cut before":
		panic(http.ErrAbortHandler)
	case "html":
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(f.code)
		_, _ = w.Write([]byte(page(f.code)))
		return true
	case "json":
		reply(w, nil, &apiError{code: f.code, text: f.text, after: f.after})
		return true
	}
	return false
}

// then goes wrong after the effect, or answers.
func (f Fault) then(w http.ResponseWriter, answer func(http.ResponseWriter)) {
	switch f.kind {
	case "cut after":
		panic(http.ErrAbortHandler)
	case "cut within":
		_, _ = w.Write(half(answer))
		if fl, ok := w.(http.Flusher); ok {
			fl.Flush()
		}
		panic(http.ErrAbortHandler)
	case "garbled":
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(half(answer))
	case "empty":
		w.WriteHeader(http.StatusOK)
	case "slow":
		time.Sleep(f.delay)
		answer(w)
	default:
		answer(w)
	}
}

// half returns the first half of an answer's body.
func half(answer func(http.ResponseWriter)) []byte {
	w := httptest.NewRecorder()
	answer(w)
	return w.Body.Bytes()[:w.Body.Len()/2]
}
