package discordtest

import (
	"bytes"
	"compress/zlib"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/gorilla/websocket"
)

// Operations of the gateway.
const (
	opDispatch  = 0
	opHeartbeat = 1
	opIdentify  = 2
	opPresence  = 3
	opResume    = 6
	opReconnect = 7
	opMembers   = 8
	opInvalid   = 9
	opHello     = 10
	opAck       = 11
)

// Reasons for which the gateway closes a connection.
const (
	closeUnknownOp       = 4001
	closeDecode          = 4002
	closeNotIdentified   = 4003
	closeUnauthorized    = 4004
	closeIdentified      = 4005
	closeBadSequence     = 4007
	closeRateLimited     = 4008
	closeInvalidIntents  = 4013
	closeRefusedIntents  = 4014
	linger               = 2 * time.Second  // a client closes its end first
	patience             = 10 * time.Second // with one that does not answer a close
	payloadsInAMinute    = 120
	largestClientPayload = 4096
)

// A line is one connection to the gateway.
type line struct {
	s        *Server
	ws       *websocket.Conn
	out      []frame
	wake     chan struct{} // of capacity 1
	over     chan struct{} // closed at the end
	session  *session
	compress bool
	zip      *zlib.Writer // of write alone; a new one costs more than a payload
	mute     bool         // a zombie: nothing goes out
	closing  bool
	received []time.Time // payloads in the last minute
}

// A frame is what goes out on a line: a payload, or the reason for a close.
type frame struct {
	payload []byte
	packed  bool
	close   int
}

// gateway holds one connection until it ends.
func (s *Server) gateway(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	down, beat := s.down, s.beat
	s.mu.Unlock()
	if down {
		http.Error(w, "503 Service Unavailable", http.StatusServiceUnavailable)
		return
	}
	up := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
	ws, err := up.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	// What comes after a close is for hang up; the client may not read an answer.
	ws.SetCloseHandler(func(int, string) error { return nil })
	l := &line{s: s, ws: ws, wake: make(chan struct{}, 1), over: make(chan struct{})}
	s.mu.Lock()
	s.lines[l] = true
	l.op(opHello, map[string]any{"heartbeat_interval": beat.Milliseconds(), "_trace": []any{}})
	s.mu.Unlock()
	written := make(chan struct{})
	go func() { defer close(written); l.write() }()
	l.read(beat)
	close(l.over)
	_ = ws.Close()
	<-written
}

// read takes what the client sends, until the connection ends.
func (l *line) read(beat time.Duration) {
	_ = l.ws.SetReadDeadline(time.Now().Add(2*beat + 5*time.Second))
	for {
		_, raw, err := l.ws.ReadMessage()
		if err != nil {
			l.hangUp(err)
			return
		}
		var p struct {
			Op   *int            `json:"op"`
			Data json.RawMessage `json:"d"`
		}
		bad := json.Unmarshal(raw, &p) != nil || p.Op == nil
		l.s.mu.Lock()
		switch {
		case l.closing:
		case l.tooFast():
			l.close(closeRateLimited)
		case bad || len(raw) > largestClientPayload:
			l.close(closeDecode)
		default:
			l.take(*p.Op, p.Data)
		}
		if !bad && *p.Op == opHeartbeat && !l.closing {
			_ = l.ws.SetReadDeadline(time.Now().Add(2*beat + 5*time.Second))
		}
		l.s.mu.Unlock()
	}
}

// tooFast counts a payload and reports whether it is one too many.
func (l *line) tooFast() bool {
	now := time.Now()
	for len(l.received) > 0 && now.Sub(l.received[0]) >= time.Minute {
		l.received = l.received[1:]
	}
	l.received = append(l.received, now)
	return len(l.received) > payloadsInAMinute
}

// take carries out what the client sends.
func (l *line) take(op int, data json.RawMessage) {
	switch op {
	case opHeartbeat:
		l.s.counts.Heartbeats++
		var seq int64
		if json.Unmarshal(data, &seq) == nil && l.session != nil {
			l.session.confirm(seq)
		}
		l.op(opAck, nil)
	case opIdentify:
		l.s.identify(l, data)
	case opResume:
		l.s.resume(l, data)
	case opPresence, opMembers:
		if l.session == nil {
			l.close(closeNotIdentified)
		}
	default:
		l.close(closeUnknownOp)
	}
}

// hangUp ends a line: a session that the client has closed for good is forgotten, and
// any other can be taken up again. The client is left to close its end first, for it
// may hold a lock meanwhile that its reader waits for.
func (l *line) hangUp(err error) {
	l.s.mu.Lock()
	var closed *websocket.CloseError
	byClient := errors.As(err, &closed)
	if l.session != nil && l.session.line == l {
		l.session.line, l.session.left = nil, time.Now()
		if byClient && (closed.Code == websocket.CloseNormalClosure || closed.Code == websocket.CloseGoingAway) {
			delete(l.s.sessions, l.session.id)
		}
	}
	delete(l.s.lines, l)
	l.closing = true
	l.s.mu.Unlock()
	if byClient {
		conn := l.ws.UnderlyingConn()
		_ = conn.SetReadDeadline(time.Now().Add(linger))
		_, _ = io.Copy(io.Discard, conn)
	}
}

// op sends an operation other than an event.
func (l *line) op(op int, data any) {
	raw, err := json.Marshal(map[string]any{"op": op, "d": data, "s": nil, "t": nil})
	if err != nil {
		panic("discordtest: " + err.Error())
	}
	l.send(frame{payload: raw, packed: l.compress})
}

// close says goodbye for a reason and hears nothing any more.
func (l *line) close(reason int) {
	l.send(frame{close: reason})
	l.closing = true
	if l.session != nil && l.session.line == l {
		l.session.line, l.session.left = nil, time.Now()
	}
	_ = l.ws.SetReadDeadline(time.Now().Add(patience))
}

// send puts a frame in line.
func (l *line) send(f frame) {
	if l.mute || l.closing {
		return
	}
	l.out = append(l.out, f)
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// write sends what is in line, until the connection ends.
func (l *line) write() {
	for {
		l.s.mu.Lock()
		waiting := l.out
		l.out = nil
		l.s.mu.Unlock()
		for _, f := range waiting {
			if l.put(f) != nil {
				return
			}
		}
		if len(waiting) > 0 {
			continue
		}
		select {
		case <-l.wake:
		case <-l.over:
			return
		}
	}
}

// put writes one frame.
func (l *line) put(f frame) error {
	switch {
	case f.close != 0:
		return l.ws.WriteMessage(websocket.CloseMessage, websocket.FormatCloseMessage(f.close, ""))
	case !f.packed:
		return l.ws.WriteMessage(websocket.TextMessage, f.payload)
	}
	var b bytes.Buffer
	if l.zip == nil {
		l.zip = zlib.NewWriter(&b)
	}
	l.zip.Reset(&b)
	if _, err := l.zip.Write(f.payload); err != nil {
		return err
	}
	if err := l.zip.Close(); err != nil {
		return err
	}
	return l.ws.WriteMessage(websocket.BinaryMessage, b.Bytes())
}
