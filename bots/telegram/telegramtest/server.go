// Package telegramtest is Telegram as a bot sees it: a strict server of the Bot API
// in this process, and the people who talk to the bot.
//
// A [Server] is an http.Handler, to be served on a listener, and gives out a
// transport that calls it without sockets, which works in a synctest bubble. It
// keeps everything in memory and refuses what Telegram refuses, in its words.
package telegramtest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"
)

// A Server is one bot's Telegram. Its methods are safe for concurrent use.
type Server struct {
	token string
	me    map[string]any

	mu       sync.Mutex
	chats    map[int64]*chat
	files    map[string]*File // by file id
	taps     map[string]*tap  // callback queries, by id
	menus    map[string]string
	calls    map[string]int
	faults   map[string][]Fault
	ailing   Fault // of all requests
	revoked  bool  // the token
	limits   Limits
	sent     []time.Time // to anybody, in the last second
	refusals int
	nextMsg  int
	nextTap  int
	changed  chan struct{} // closed when something was said, then made anew

	queue   []queued
	nextID  int64
	allowed map[string]bool // kinds of updates; nil: all
	poller  chan struct{}   // closed when another takes over
	webhook bool
	arrived chan struct{} // closed when an update came, then made anew
}

// New returns a server for one bot. Token is like "1000:secret", and name the bot's
// user name.
func New(token, name string) *Server {
	return &Server{
		token:   token,
		me:      map[string]any{"id": 1000, "is_bot": true, "first_name": "Attune", "username": name},
		chats:   make(map[int64]*chat),
		files:   make(map[string]*File),
		taps:    make(map[string]*tap),
		menus:   make(map[string]string),
		calls:   make(map[string]int),
		faults:  make(map[string][]Fault),
		nextMsg: 1,
		nextID:  700_000_001,
		changed: make(chan struct{}),
		arrived: make(chan struct{}),
	}
}

// An apiError is an answer that refuses a request.
type apiError struct {
	code  int
	text  string
	after int   // seconds, of a 429
	moved int64 // the new id of a group
}

func bad(format string, args ...any) *apiError {
	return &apiError{code: 400, text: "Bad Request: " + fmt.Sprintf(format, args...)}
}

// ServeHTTP answers one request of the Bot API.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if path, ok := strings.CutPrefix(r.URL.Path, "/file/bot"+s.token+"/"); ok {
		s.download(w, path)
		return
	}
	token, method, ok := strings.Cut(strings.TrimPrefix(r.URL.Path, "/bot"), "/")
	args, err := read(r)
	switch {
	case !ok || !strings.HasPrefix(r.URL.Path, "/bot") || !strings.Contains(token, ":"):
		reply(w, nil, &apiError{code: 404, text: "Not Found"})
		return
	case !s.knows(token):
		reply(w, nil, &apiError{code: 401, text: "Unauthorized"})
		return
	case err != nil:
		reply(w, nil, bad("%v", err))
		return
	}
	fault := s.called(method)
	if fault.before(w) {
		return
	}
	var result any
	var refused *apiError
	if method == "getUpdates" {
		result, refused = s.getUpdates(r.Context(), args)
	} else {
		result, refused = s.call(method, args)
	}
	fault.then(w, func(w http.ResponseWriter) { reply(w, result, refused) })
}

// call carries out a method other than getUpdates.
func (s *Server) call(method string, a args) (any, *apiError) {
	methods := map[string]func(args) (any, *apiError){
		"getMe":                  func(args) (any, *apiError) { return s.me, nil },
		"sendMessage":            s.sendMessage,
		"editMessageText":        s.editMessageText,
		"editMessageReplyMarkup": s.editMessageReplyMarkup,
		"deleteMessage":          s.deleteMessage,
		"answerCallbackQuery":    s.answerCallbackQuery,
		"setMyCommands":          s.setMyCommands,
		"deleteMyCommands":       s.deleteMyCommands,
		"setMyDescription":       s.text("description", 512),
		"setMyShortDescription":  s.text("short_description", 120),
		"deleteWebhook":          s.deleteWebhook,
		"getChatMemberCount":     s.getChatMemberCount,
		"getFile":                s.getFile,
		"sendPhoto":              s.sendFile("photo"),
		"sendVoice":              s.sendFile("voice"),
		"sendAudio":              s.sendFile("audio"),
		"sendDocument":           s.sendFile("document"),
		"editMessageCaption":     s.editMessageCaption,
	}
	m, ok := methods[method]
	if !ok {
		return nil, &apiError{code: 404, text: "Not Found: method not found"}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return m(a)
}

// reply writes an answer.
func reply(w http.ResponseWriter, result any, e *apiError) {
	w.Header().Set("Content-Type", "application/json")
	if e == nil {
		_ = json.NewEncoder(w).Encode(map[string]any{"ok": true, "result": result})
		return
	}
	answer := map[string]any{"ok": false, "error_code": e.code, "description": e.text}
	parameters := map[string]any{}
	if e.after > 0 {
		parameters["retry_after"] = e.after
	}
	if e.moved != 0 {
		parameters["migrate_to_chat_id"] = e.moved
	}
	if len(parameters) > 0 {
		answer["parameters"] = parameters
	}
	w.WriteHeader(e.code)
	_ = json.NewEncoder(w).Encode(answer)
}

// Calls returns how often a method was called.
func (s *Server) Calls(method string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls[method]
}

// Changed returns a channel that is closed when a chat next changes.
func (s *Server) Changed() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.changed
}

// change tells those who wait that a chat has changed.
func (s *Server) change() {
	close(s.changed)
	s.changed = make(chan struct{})
}
