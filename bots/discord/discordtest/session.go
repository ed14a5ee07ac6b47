package discordtest

import (
	"encoding/json"
	"fmt"
	"sort"
	"strings"
	"time"
)

// Intents, as bits.
const (
	intentGuilds         = 1 << 0
	intentMembers        = 1 << 1
	intentPresences      = 1 << 8
	intentGuildMessages  = 1 << 9
	intentDirectMessages = 1 << 12
	intentContent        = 1 << 15

	privileged = intentMembers | intentPresences | intentContent
	allIntents = 1<<26 - 1
)

// sessionLife is how long a session can be taken up again.
const sessionLife = 5 * time.Minute

// A session is what a bot hears since it has identified itself, over one or several
// connections.
type session struct {
	id      string
	intents int
	seq     int64
	log     []event // not confirmed by a heartbeat
	line    *line   // nil between two connections
	left    time.Time
}

// An event is one that a session was told of.
type event struct {
	seq int64
	raw []byte
}

// tell lets every session hear of an event, if it has one of the intents that it
// needs; 0 is for all. What it hears may depend on its intents.
func (s *Server) tell(kind string, need int, data func(intents int) any) {
	for id, ses := range s.sessions {
		if ses.line == nil && time.Since(ses.left) > sessionLife {
			delete(s.sessions, id)
			continue
		}
		if need == 0 || ses.intents&need != 0 {
			ses.tell(kind, data(ses.intents))
		}
	}
}

// tell lets one session hear of an event.
func (ses *session) tell(kind string, data any) {
	ses.seq++
	raw, err := json.Marshal(map[string]any{"op": opDispatch, "t": kind, "s": ses.seq, "d": data})
	if err != nil {
		panic("discordtest: " + err.Error())
	}
	ses.log = append(ses.log, event{ses.seq, raw})
	if ses.line != nil {
		ses.line.send(frame{payload: raw, packed: ses.line.compress})
	}
}

// confirm forgets what the client has received.
func (ses *session) confirm(seq int64) {
	i := sort.Search(len(ses.log), func(i int) bool { return ses.log[i].seq > seq })
	ses.log = ses.log[i:]
}

// identify begins a session.
func (s *Server) identify(l *line, data json.RawMessage) {
	var d struct {
		Token      string            `json:"token"`
		Intents    *int              `json:"intents"`
		Compress   bool              `json:"compress"`
		Properties map[string]string `json:"properties"`
		Shard      *[2]int           `json:"shard"`
	}
	err := json.Unmarshal(data, &d)
	switch {
	case l.session != nil:
		l.close(closeIdentified)
		return
	case err != nil || d.Properties == nil:
		l.close(closeDecode)
		return
	case s.refusing != 0:
		l.close(s.refusing)
		return
	case s.revoked || strings.TrimPrefix(d.Token, "Bot ") != s.token:
		l.close(closeUnauthorized)
		return
	case d.Intents == nil || *d.Intents&^allIntents != 0:
		l.close(closeInvalidIntents)
		return
	case *d.Intents&privileged&^s.granted != 0:
		l.close(closeRefusedIntents)
		return
	}
	s.counts.Identifies++
	s.counts.Intents = *d.Intents
	ses := &session{id: fmt.Sprintf("%x", s.id()), intents: *d.Intents, line: l}
	s.sessions[ses.id] = ses
	l.session, l.compress = ses, d.Compress
	guilds := []any{}
	for _, g := range s.guilds {
		if !g.kicked {
			guilds = append(guilds, map[string]any{"id": g.id, "unavailable": true})
		}
	}
	ses.tell("READY", map[string]any{
		"v": 9, "user": s.bot(), "session_id": ses.id, "resume_gateway_url": "ws://" + s.host, "guilds": guilds,
		"private_channels": []any{}, "application": map[string]any{"id": s.app, "flags": 0}, "shard": d.Shard,
	})
	for _, g := range s.guilds {
		if !g.kicked && ses.intents&intentGuilds != 0 {
			ses.tell("GUILD_CREATE", s.wireGuild(g, true))
		}
	}
	s.change()
}

// resume takes up a session again, with all that it has missed, or refuses to.
func (s *Server) resume(l *line, data json.RawMessage) {
	var d struct {
		Token   string `json:"token"`
		Session string `json:"session_id"`
		Seq     int64  `json:"seq"`
	}
	err := json.Unmarshal(data, &d)
	ses := s.sessions[d.Session]
	switch {
	case l.session != nil:
		l.close(closeIdentified)
		return
	case err != nil:
		l.close(closeDecode)
		return
	case s.refusing != 0:
		l.close(s.refusing)
		return
	case s.revoked || strings.TrimPrefix(d.Token, "Bot ") != s.token:
		l.close(closeUnauthorized)
		return
	case ses == nil || ses.line == nil && time.Since(ses.left) > sessionLife:
		s.counts.Refused++
		l.op(opInvalid, false)
		return
	case d.Seq > ses.seq:
		l.close(closeBadSequence)
		return
	}
	s.counts.Resumes++
	if ses.line != nil { // the other connection has died without a word
		_ = ses.line.ws.Close()
	}
	ses.line, l.session = l, ses
	for _, e := range ses.log {
		if e.seq > d.Seq {
			l.send(frame{payload: e.raw, packed: l.compress})
		}
	}
	ses.tell("RESUMED", map[string]any{"_trace": []any{}})
}
