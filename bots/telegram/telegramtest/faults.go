package telegramtest

import (
	"net/http"
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
	// BadGateway is the page of the web server before Telegram's own, which is down.
	BadGateway = Fault{kind: "html"}
	// ServerError is Telegram's own failure.
	ServerError = Fault{kind: "json", code: 500, text: "Internal Server Error"}
	// None lets a request pass, so that a later one can fail.
	None = Fault{}
)

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

// called counts a request and returns what goes wrong with it.
func (s *Server) called(method string) Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls[method]++
	waiting := s.faults[method]
	if len(waiting) == 0 {
		return None
	}
	s.faults[method] = waiting[1:]
	return waiting[0]
}

// page is what nginx shows.
const page = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n" +
	"<hr><center>nginx/1.18.0</center>\r\n</body>\r\n</html>\r\n"

// before goes wrong before the effect, and reports whether that was all.
func (f Fault) before(w http.ResponseWriter) bool {
	switch f.kind {
	case "cut before":
		panic(http.ErrAbortHandler)
	case "html":
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(http.StatusBadGateway)
		_, _ = w.Write([]byte(page))
		return true
	case "json":
		reply(w, nil, &apiError{code: f.code, text: f.text, after: f.after})
		return true
	}
	return false
}

// then goes wrong after the effect.
func (f Fault) then() {
	switch f.kind {
	case "cut after":
		panic(http.ErrAbortHandler)
	case "slow":
		time.Sleep(f.delay)
	}
}
