package discordtest

import (
	"encoding/json"
	"time"
)

// Heartbeat sets how often clients shall send a heartbeat, from the next connection
// on; 41.25 s at first.
func (s *Server) Heartbeat(every time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.beat = every
}

// Grant grants privileged intents to the bot.
func (s *Server) Grant(intents int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.granted |= intents
}

// Connected returns how many sessions have a connection.
func (s *Server) Connected() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, ses := range s.sessions {
		if ses.line != nil {
			n++
		}
	}
	return n
}

// Listening returns once a session has a connection.
func (s *Server) Listening() {
	for changed := s.Changed(); s.Connected() == 0; changed = s.Changed() {
		<-changed
	}
}

// Drop cuts all connections to the gateway without a word.
func (s *Server) Drop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for l := range s.lines {
		if l.session != nil && l.session.line == l {
			l.session.line, l.session.left = nil, time.Now()
		}
		_ = l.ws.Close()
	}
}

// Reconnect asks all clients to connect anew (op 7).
func (s *Server) Reconnect() {
	s.each(func(l *line) { l.op(opReconnect, nil) })
}

// Forget forgets all sessions, so that none can be taken up again: a client that
// tries hears so (op 9), and what happened meanwhile is lost to it.
func (s *Server) Forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.sessions)
}

// Invalidate ends all sessions at once (op 9).
func (s *Server) Invalidate() {
	s.each(func(l *line) {
		if l.session != nil {
			delete(s.sessions, l.session.id)
			l.session = nil
		}
		l.op(opInvalid, false)
	})
}

// Interrupt ends all connections so that the sessions can be taken up again (op 9).
func (s *Server) Interrupt() {
	s.each(func(l *line) {
		if l.session != nil {
			l.session.line, l.session.left = nil, time.Now()
			l.session = nil
		}
		l.op(opInvalid, true)
	})
}

// Refuse closes every connection on which a client makes itself known, for a reason such
// as 4014, until the reason is 0.
func (s *Server) Refuse(reason int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refusing = reason
}

// Zombie lets nothing go out on all connections that there are, without cutting them:
// neither acknowledgements nor events.
func (s *Server) Zombie() {
	s.each(func(l *line) { l.mute = true })
}

// Close closes all connections for a reason, such as 4004.
func (s *Server) Close(reason int) {
	s.each(func(l *line) { l.close(reason) })
}

// Revoke takes the bot's token back, which ends all connections, or gives it again.
func (s *Server) Revoke(revoked bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.revoked = revoked
	if !revoked {
		return
	}
	for l := range s.lines {
		l.close(closeUnauthorized)
	}
	clear(s.sessions)
}

// knows reports whether a request's authorization is the bot's.
func (s *Server) knows(authorization string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return authorization == "Bot "+s.token && !s.revoked
}

// Down lets nobody connect to the gateway, or takes that back. REST goes on.
func (s *Server) Down(down bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.down = down
}

// Raw tells all sessions of an event of one's own making. Data is JSON; it may hold
// what nobody can decode.
func (s *Server) Raw(kind, data string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tell(kind, 0, func(int) any { return json.RawMessage(data) })
}

func (s *Server) each(f func(*line)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for l := range s.lines {
		f(l)
	}
}
