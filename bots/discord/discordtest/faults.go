package discordtest

import (
	"net/http"
	"net/http/httptest"
	"time"
)

// A Fault is something that goes wrong with one request.
type Fault struct {
	kind  string
	delay time.Duration
	e     apiError
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
	// Empty is an answer of 200 without a body, after the effect.
	Empty = Fault{kind: "empty"}
	// BadGateway is a 502 with a page in HTML, before the effect.
	BadGateway = Page(http.StatusBadGateway)
	// BadGatewayAfter is a 502 with a page in HTML, after the effect.
	BadGatewayAfter = Fault{kind: "page after", e: apiError{status: http.StatusBadGateway}}
	// Unavailable is a 503 with a page in HTML, before the effect.
	Unavailable = Page(http.StatusServiceUnavailable)
	// Banned is the 429 of the edge for who has asked too much: a page in HTML.
	Banned = Page(http.StatusTooManyRequests)
	// ServerError is Discord's own failure.
	ServerError = Fault{kind: "json", e: apiError{status: 500, text: "500: Internal Server Error"}}
	// None lets a request pass, so that a later one can fail.
	None = Fault{}
)

// Page is a page in HTML of a machine in front of Discord, with any status, before the
// effect.
func Page(status int) Fault { return Fault{kind: "page", e: apiError{status: status}} }

// TooMany refuses a request as one too many for its route, for a time.
func TooMany(d time.Duration) Fault { return Fault{kind: "json", e: *tooMany(d, false)} }

// TooManyOverall refuses a request as one too many of all, for a time.
func TooManyOverall(d time.Duration) Fault { return Fault{kind: "json", e: *tooMany(d, true)} }

// Refused answers a request with an error of Discord's.
func Refused(status, code int, message string) Fault {
	return Fault{kind: "json", e: apiError{status: status, code: code, text: message}}
}

// Slow carries out a request and holds the answer back.
func Slow(d time.Duration) Fault { return Fault{kind: "slow", delay: d} }

// An everyNth is a fault that comes regularly.
type everyNth struct {
	n, met int
	fault  Fault
}

// Fail lets the next requests of a route meet faults, one each, in order.
func (s *Server) Fail(route string, faults ...Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults[route] = append(s.faults[route], faults...)
}

// Every lets each n-th request of a route meet a fault; 0 ends that.
func (s *Server) Every(route string, n int, f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.regular[route] = everyNth{n: n, fault: f}
}

// FailAll lets all requests meet a fault that meet no other, until it is [None].
func (s *Server) FailAll(f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ailing = f
}

// called counts a request and returns what goes wrong with it.
func (s *Server) called(route string) Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls[route]++
	if waiting := s.faults[route]; len(waiting) > 0 {
		s.faults[route] = waiting[1:]
		return waiting[0]
	}
	r := s.regular[route]
	r.met++
	s.regular[route] = r
	if r.n > 0 && r.met%r.n == 0 {
		return r.fault
	}
	return s.ailing
}

// before goes wrong before the effect, and reports whether that was all.
func (f Fault) before(s *Server, w http.ResponseWriter) bool {
	switch f.kind {
	case "cut before":
		panic(http.ErrAbortHandler)
	case "page":
		s.refused(w.Header(), &f.e)
		page(w, f.e.status)
		return true
	case "json":
		s.refused(w.Header(), &f.e)
		write(w, nil, &f.e)
		return true
	}
	return false
}

// after goes wrong after the effect, and reports whether that was the answer.
func (f Fault) after(w http.ResponseWriter, result any, e *apiError) bool {
	switch f.kind {
	case "cut after":
		panic(http.ErrAbortHandler)
	case "cut within":
		_, _ = w.Write(half(result, e))
		if fl, ok := w.(http.Flusher); ok {
			fl.Flush()
		}
		panic(http.ErrAbortHandler)
	case "garbled":
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(half(result, e))
		return true
	case "empty":
		w.WriteHeader(http.StatusOK)
		return true
	case "page after":
		page(w, f.e.status)
		return true
	case "slow":
		time.Sleep(f.delay)
	}
	return false
}

// half returns the first half of an answer's body.
func half(result any, e *apiError) []byte {
	w := httptest.NewRecorder()
	write(w, result, e)
	return w.Body.Bytes()[:w.Body.Len()/2]
}

// page shows what the edge shows.
func page(w http.ResponseWriter, status int) {
	w.Header().Set("Content-Type", "text/html")
	w.WriteHeader(status)
	_, _ = w.Write([]byte("<html>\r\n<head><title>" + http.StatusText(status) + "</title></head>\r\n<body><center><h1>" +
		http.StatusText(status) + "</h1></center><hr><center>cloudflare</center></body>\r\n</html>\r\n"))
}

// refused counts a 429 that a fault gives.
func (s *Server) refused(h http.Header, e *apiError) {
	if e.status != http.StatusTooManyRequests {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.counts.TooMany++
	e.head(h)
}
