// Package discordtest is Discord as a bot sees it: a strict server of the REST API
// and of the gateway in this process, and the people who talk to the bot.
//
// A [Server] is an http.Handler, to be served on a listener: REST is below /api, and
// the gateway is at the root of the same host. Without sockets, and so in a synctest
// bubble, it is reached through [Server.Transport] and [Server.Dial]. It keeps
// everything in memory and refuses what Discord refuses, in its words.
package discordtest

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
)

// A Server is one bot's Discord. Its methods are safe for concurrent use.
type Server struct {
	token string
	app   string // id of the application and of the bot's user
	mux   *http.ServeMux

	mu       sync.Mutex
	lastID   int64
	people   map[string]*person
	guilds   map[string]*Guild
	places   map[string]*place
	asked    map[string]*Interaction // by id
	hooks    map[string]*Interaction // by token
	nonces   map[string]said
	commands map[string][]Command // by guild; "" is everywhere
	links    map[string]*File     // by path
	host     string               // under which the server was last asked for its gateway

	sessions map[string]*session
	lines    map[*line]bool
	beat     time.Duration
	granted  int // privileged intents
	down     bool

	revoked  bool // the token
	refusing int  // with which reason connections are closed; 0: they are not

	faults  map[string][]Fault
	ailing  Fault // of all requests
	regular map[string]everyNth
	limits  Limits
	buckets map[string]*bucket
	counts  Counts
	calls   map[string]int
	changed chan struct{} // closed when something was said, then made anew
}

// Counts say what a server has met.
type Counts struct {
	Identifies int // sessions begun
	Resumes    int // sessions taken up again
	Refused    int // attempts to resume that were refused
	Heartbeats int
	Duplicates int // messages not stored because their nonce was known
	TooMany    int // answers of 429
	Intents    int // of the last session begun
}

// New returns a server for one bot. Token is the secret without "Bot ", and appID the
// number of the application, which is that of the bot's user as well.
func New(token, appID string) *Server {
	s := &Server{
		token: token, app: appID,
		mux:      http.NewServeMux(),
		lastID:   100_000_000_000_000_000,
		people:   make(map[string]*person),
		guilds:   make(map[string]*Guild),
		places:   make(map[string]*place),
		asked:    make(map[string]*Interaction),
		hooks:    make(map[string]*Interaction),
		nonces:   make(map[string]said),
		commands: make(map[string][]Command),
		links:    make(map[string]*File),
		sessions: make(map[string]*session),
		lines:    make(map[*line]bool),
		beat:     41250 * time.Millisecond,
		faults:   make(map[string][]Fault),
		regular:  make(map[string]everyNth),
		buckets:  make(map[string]*bucket),
		calls:    make(map[string]int),
		changed:  make(chan struct{}),
	}
	for route, h := range routes() {
		s.mux.HandleFunc(route, func(w http.ResponseWriter, r *http.Request) { s.serve(w, r, route, h) })
	}
	return s
}

var versioned = regexp.MustCompile(`^/api(/v\d+)?/`)

// ServeHTTP answers one request of the REST API, opens a line to the gateway, or
// gives out an attached file.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case strings.EqualFold(r.Header.Get("Upgrade"), "websocket"):
		s.gateway(w, r)
		return
	case strings.HasPrefix(r.URL.Path, "/attachments/"):
		s.download(w, r)
		return
	}
	prefix := versioned.FindString(r.URL.Path)
	r2 := r.Clone(r.Context())
	r2.URL.Path, r2.URL.RawPath = "/"+strings.TrimPrefix(r.URL.Path, prefix), ""
	h, pattern := s.mux.Handler(r2)
	if prefix == "" || pattern == "" || h == nil {
		write(w, nil, &apiError{status: 404, text: "404: Not Found"})
		return
	}
	s.mux.ServeHTTP(w, r2)
}

// serve answers a request whose route is known.
func (s *Server) serve(w http.ResponseWriter, r *http.Request, route string, h handler) {
	q, err := read(r)
	if err != nil {
		write(w, nil, &apiError{status: 400, code: 50109, text: "The request body contains invalid JSON."})
		return
	}
	if !open(route) && !s.knows(r.Header.Get("Authorization")) {
		write(w, nil, &apiError{status: 401, text: "401: Unauthorized"})
		return
	}
	fault := s.called(route)
	if fault.before(s, w) {
		return
	}
	s.mu.Lock()
	e := s.admit(w.Header(), route, r.URL.Path)
	var result any
	if e == nil {
		result, e = h(s, q)
	}
	s.mu.Unlock()
	if fault.after(w, result, e) {
		return
	}
	write(w, result, e)
}

// write writes an answer; one without a result has no body.
func write(w http.ResponseWriter, result any, e *apiError) {
	if e == nil && result == nil {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	if e == nil {
		_ = json.NewEncoder(w).Encode(result)
		return
	}
	body := map[string]any{"message": e.text, "code": e.code}
	if e.errors != nil {
		body["errors"] = e.errors
	}
	if e.status == http.StatusTooManyRequests {
		body["retry_after"], body["global"] = e.retry.Seconds(), e.global
	}
	w.WriteHeader(e.status)
	_ = json.NewEncoder(w).Encode(body)
}

// id returns a new id. Ids grow, and tell the time if it is after 2015.
func (s *Server) id() string {
	const epoch = 1420070400000 // the first second of 2015, in ms
	s.lastID = max(s.lastID+1, (time.Now().UnixMilli()-epoch)<<22)
	return strconv.FormatInt(s.lastID, 10)
}

// Counts returns what the server has met so far.
func (s *Server) Counts() Counts {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.counts
}

// Calls returns how often a route was called.
func (s *Server) Calls(route string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls[route]
}

// Changed returns a channel that is closed when a conversation next changes, or a session
// begins.
func (s *Server) Changed() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.changed
}

// change tells those who wait that something has changed.
func (s *Server) change() {
	close(s.changed)
	s.changed = make(chan struct{})
}
