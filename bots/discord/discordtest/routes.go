package discordtest

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
)

// Routes, as [Server.Fail] and [Server.Calls] name them.
const (
	SendMessage   = "POST /channels/{channel}/messages"
	ListMessages  = "GET /channels/{channel}/messages"
	EditMessage   = "PATCH /channels/{channel}/messages/{message}"
	DeleteMessage = "DELETE /channels/{channel}/messages/{message}"
	OpenDM        = "POST /users/@me/channels"
	StartThread   = "POST /channels/{channel}/threads"
	AddToThread   = "PUT /channels/{channel}/thread-members/{user}"
	SetCommands   = "PUT /applications/{app}/commands"
	Answer        = "POST /interactions/{interaction}/{token}/callback"
	FollowUp      = "POST /webhooks/{app}/{token}"
	EditAnswer    = "PATCH /webhooks/{app}/{token}/messages/{message}"
)

// A handler carries out one request. It runs under the server's lock; without a
// result and a refusal the answer is 204.
type handler func(*Server, *request) (any, *apiError)

// routes returns what the server can be asked.
func routes() map[string]handler {
	return map[string]handler{
		"GET /gateway":            (*Server).where,
		"GET /gateway/bot":        (*Server).where,
		"GET /users/@me":          func(s *Server, _ *request) (any, *apiError) { return s.bot(), nil },
		"GET /users/@me/guilds":   (*Server).listGuilds,
		"GET /users/{user}":       (*Server).getUser,
		OpenDM:                    (*Server).openDM,
		"GET /channels/{channel}": (*Server).getChannel,
		SendMessage:               (*Server).sendMessage,
		ListMessages:              (*Server).listMessages,
		"GET /channels/{channel}/messages/{message}": (*Server).getMessage,
		EditMessage:                       (*Server).editMessage,
		DeleteMessage:                     (*Server).deleteMessage,
		"POST /channels/{channel}/typing": (*Server).typing,
		StartThread:                       (*Server).startThread,
		AddToThread:                       (*Server).addToThread,
		"DELETE /channels/{channel}/thread-members/{user}": (*Server).removeFromThread,
		"GET /channels/{channel}/thread-members/{user}":    (*Server).getThreadMember,
		"GET /channels/{channel}/thread-members":           (*Server).listThreadMembers,
		"GET /guilds/{guild}":                              (*Server).getGuild,
		"GET /guilds/{guild}/roles":                        (*Server).listRoles,
		"GET /guilds/{guild}/channels":                     (*Server).listChannels,
		"GET /guilds/{guild}/threads/active":               (*Server).listThreads,
		"PATCH /channels/{channel}":                        (*Server).editThread,
		"DELETE /channels/{channel}":                       (*Server).deleteChannel,
		"GET /guilds/{guild}/members/{user}":               (*Server).getMember,
		"GET /guilds/{guild}/members":                      (*Server).listMembers,
		SetCommands:                                        (*Server).setCommands,
		"GET /applications/{app}/commands":                 (*Server).getCommands,
		"PUT /applications/{app}/guilds/{guild}/commands":  (*Server).setCommands,
		"GET /applications/{app}/guilds/{guild}/commands":  (*Server).getCommands,
		Answer:     (*Server).answer,
		FollowUp:   (*Server).followUp,
		EditAnswer: (*Server).editAnswer,
		"GET /webhooks/{app}/{token}/messages/{message}":    (*Server).getAnswer,
		"DELETE /webhooks/{app}/{token}/messages/{message}": (*Server).deleteAnswer,
	}
}

// open reports whether a route needs no authorization: the token of an interaction is
// one in itself.
func open(route string) bool {
	return route == "GET /gateway" || strings.Contains(route, "{token}")
}

// A request is what a route was asked with.
type request struct {
	http  *http.Request
	query url.Values
	body  map[string]json.RawMessage
	files []*File
}

// path returns a part of the path.
func (q *request) path(name string) string { return q.http.PathValue(name) }

// read reads a request in either of the forms that Discord takes.
func read(r *http.Request) (*request, error) {
	q := &request{http: r, query: r.URL.Query()}
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind == "multipart/form-data" {
		if err := q.readParts(); err != nil {
			return nil, err
		}
		_, err := io.Copy(io.Discard, r.Body)
		return q, err
	}
	raw, err := io.ReadAll(r.Body)
	if err != nil || len(raw) == 0 {
		return q, err
	}
	if kind != "application/json" {
		return nil, errors.New("neither JSON nor a form")
	}
	if raw[0] == '[' { // a list is a body as well
		q.body = map[string]json.RawMessage{"": raw}
		return q, nil
	}
	return q, json.Unmarshal(raw, &q.body)
}

// readParts reads a form: payload_json and files.
func (q *request) readParts() error {
	form, err := q.http.MultipartReader()
	if err != nil {
		return err
	}
	for {
		p, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		raw, err := io.ReadAll(p)
		if err != nil {
			return err
		}
		switch name := p.FormName(); {
		case name == "payload_json":
			if err := json.Unmarshal(raw, &q.body); err != nil {
				return err
			}
		case strings.HasPrefix(name, "files["):
			q.files = append(q.files, &File{
				Name: p.FileName(), Type: p.Header.Get("Content-Type"), Data: raw,
				index: strings.TrimSuffix(strings.TrimPrefix(name, "files["), "]"),
			})
		}
	}
}

// has reports whether the body names a field, be it as null.
func (q *request) has(field string) bool { _, ok := q.body[field]; return ok }

// decode reads a field of the body; it leaves v alone if there is none.
func (q *request) decode(field string, v any) *apiError {
	raw, ok := q.body[field]
	if !ok || string(raw) == "null" {
		return nil
	}
	if json.Unmarshal(raw, v) != nil {
		return invalid(field, "BASE_TYPE_BAD_TYPE", "The value has another type.")
	}
	return nil
}

// text returns a field that is a string, "" if there is none.
func (q *request) text(field string) string {
	var text string
	_ = json.Unmarshal(q.body[field], &text)
	return text
}

// inner returns the request with one field of its body as the body.
func (q *request) inner(field string) (*request, *apiError) {
	in := *q
	in.body = nil
	return &in, q.decode(field, &in.body)
}
