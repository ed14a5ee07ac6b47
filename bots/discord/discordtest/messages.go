package discordtest

import (
	"encoding/json"
	"slices"
	"strconv"
	"time"
)

// nonceLife is how long a nonce is remembered.
const nonceLife = 3 * time.Minute

// A said is a message of the bot that can be found by its nonce.
type said struct {
	place   *place
	message *Message
}

// writable refuses a message to a place where the bot may not write.
func (s *Server) writable(p *place) *apiError {
	switch {
	case p.kind == directMessage && !s.mutual(p.with):
		return noMutualGuilds
	case p.kind == directMessage && p.with.closed:
		return cannotDM
	case p.kind == privateThread && p.locked:
		return lockedThread
	case p.kind == privateThread:
		return p.permits(SendInThreads)
	}
	return p.permits(SendMessages)
}

// sendMessage stores a message and returns it, or the one that it repeats.
func (s *Server) sendMessage(q *request) (any, *apiError) {
	p, e := s.place(q)
	if e != nil {
		return nil, e
	}
	if e := s.writable(p); e != nil {
		return nil, e
	}
	m := &Message{From: s.app}
	if e := m.number(q); e != nil {
		return nil, e
	}
	if was, ok := s.nonces[m.Nonce]; ok && m.Nonce != "" && string(q.body["enforce_nonce"]) == "true" && time.Since(was.message.At) < nonceLife {
		s.counts.Duplicates++
		return s.wireMessage(was.place, was.message), nil
	}
	if e := s.fill(m, q, false); e != nil {
		return nil, e
	}
	if e := p.permits(m.needs()); e != nil {
		return nil, e
	}
	if e := m.refer(p, q); e != nil {
		return nil, e
	}
	if p.archived { // who writes there takes a thread out of the archive
		s.archive(p, false)
	}
	s.say(p, m)
	if m.Nonce != "" {
		s.nonces[m.Nonce] = said{p, m}
	}
	return s.wireMessage(p, m), nil
}

// number takes the nonce from a request: a string, or a number.
func (m *Message) number(q *request) *apiError {
	raw := q.body["nonce"]
	if raw == nil || string(raw) == "null" {
		return nil
	}
	var text string
	if json.Unmarshal(raw, &text) != nil {
		var n int64
		if json.Unmarshal(raw, &n) != nil {
			return invalid("nonce", "BASE_TYPE_BAD_TYPE", "A nonce is a string or an integer.")
		}
		text = strconv.FormatInt(n, 10)
	}
	if len(text) > 25 {
		return invalid("nonce", "NONCE_TYPE_TOO_LONG", "Nonce must be 25 or fewer in length.")
	}
	m.Nonce, m.nonce = text, raw
	return nil
}

// needs returns the permissions for what is in a message.
func (m *Message) needs() int {
	bits := 0
	if len(m.Embeds) > 0 {
		bits |= EmbedLinks
	}
	if len(m.Files) > 0 {
		bits |= AttachFiles
	}
	return bits
}

// refer takes from a request what the message replies to.
func (m *Message) refer(p *place, q *request) *apiError {
	ref := struct {
		Message string `json:"message_id"`
		Fail    *bool  `json:"fail_if_not_exists"`
	}{}
	if e := q.decode("message_reference", &ref); e != nil {
		return e
	}
	switch {
	case ref.Message == "":
	case p.message(ref.Message) != nil:
		m.Reply = ref.Message
	case ref.Fail == nil || *ref.Fail:
		return invalid("message_reference", "MESSAGE_REFERENCE_UNKNOWN_MESSAGE", "Unknown message")
	}
	return nil
}

// listMessages returns messages, the last first: those next before or after one, or
// the last.
func (s *Server) listMessages(q *request) (any, *apiError) {
	p, e := s.place(q)
	if e != nil {
		return nil, e
	}
	limit := 50
	if text := q.query.Get("limit"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > 100 {
			return nil, invalid("limit", "NUMBER_TYPE_MAX", "int value should be between 1 and 100.")
		}
		limit = n
	}
	before, e := snowflake(q, "before")
	if e != nil {
		return nil, e
	}
	after, e := snowflake(q, "after")
	if e != nil {
		return nil, e
	}
	if p.permits(ReadMessageHistory) != nil {
		return []any{}, nil
	}
	var found []*Message
	for _, m := range p.said {
		n, _ := strconv.ParseInt(m.ID, 10, 64)
		if !m.Deleted && m.Only == "" && (before == 0 || n < before) && n > after {
			found = append(found, m)
		}
	}
	if len(found) > limit && after > 0 {
		found = found[:limit] // those next to the one
	} else if len(found) > limit {
		found = found[len(found)-limit:]
	}
	slices.Reverse(found)
	list := []any{}
	for _, m := range found {
		list = append(list, s.heard(p, m))
	}
	return list, nil
}

// heard returns a message as the bot may read it: in a guild without the words of
// others, unless it has the privileged intent.
func (s *Server) heard(p *place, m *Message) map[string]any {
	w := s.wireMessage(p, m)
	if p.guild != nil && m.From != s.app && !slices.Contains(m.Pings, s.app) && s.granted&intentContent == 0 {
		w["content"], w["embeds"], w["components"], w["attachments"] = "", []any{}, []any{}, []any{}
	}
	return w
}

// snowflake returns an id in the query, 0 if there is none.
func snowflake(q *request, name string) (int64, *apiError) {
	text := q.query.Get(name)
	if text == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		return 0, invalid(name, "NUMBER_TYPE_COERCE", "Value \""+text+"\" is not snowflake.")
	}
	return n, nil
}

// message returns the message that a request names; only one that all can see is
// there for a bot.
func (s *Server) message(q *request) (*place, *Message, *apiError) {
	p, e := s.place(q)
	if e != nil {
		return nil, nil, e
	}
	m := p.message(q.path("message"))
	if m == nil || m.Only != "" {
		return nil, nil, unknownMessage
	}
	return p, m, nil
}

func (s *Server) getMessage(q *request) (any, *apiError) {
	p, m, e := s.message(q)
	switch {
	case e != nil:
		return nil, e
	case p.permits(ReadMessageHistory) != nil:
		return nil, missingPermissions
	}
	return s.heard(p, m), nil
}

func (s *Server) editMessage(q *request) (any, *apiError) {
	p, m, e := s.message(q)
	switch {
	case e != nil:
		return nil, e
	case m.From != s.app:
		return nil, othersMessage
	case p.archived:
		return nil, archived
	case m.flags()&flagVoice != 0:
		return nil, fixedVoice
	}
	return s.edit(p, m, q)
}

// edit changes a message of the bot as a request says.
func (s *Server) edit(p *place, m *Message, q *request) (any, *apiError) {
	next := m.clone()
	if e := s.fill(&next, q, m.Only != ""); e != nil {
		return nil, e
	}
	if !m.Loading { // an edit pings nobody
		next.Edited, next.edited, next.Pings = true, time.Now(), m.Pings
	}
	next.Loading = false
	*m = next
	s.tellOf("MESSAGE_UPDATE", p, m)
	s.change()
	return s.wireMessage(p, m), nil
}

func (s *Server) deleteMessage(q *request) (any, *apiError) {
	p, m, e := s.message(q)
	switch {
	case e != nil:
		return nil, e
	case m.From != s.app && p.kind == directMessage:
		return nil, &apiError{status: 403, code: 50003, text: "Cannot execute action on a DM channel"}
	case m.From != s.app:
		return nil, missingPermissions
	}
	s.remove(p, m)
	return nil, nil
}

// remove deletes a message and tells of it.
func (s *Server) remove(p *place, m *Message) {
	m.Deleted = true
	s.change()
	if m.Only != "" { // of what is for one person nobody is told
		return
	}
	need := intentGuildMessages
	if p.kind == directMessage {
		need = intentDirectMessages
	}
	s.tell("MESSAGE_DELETE", need, func(int) any {
		w := map[string]any{"id": m.ID, "channel_id": p.id}
		if p.guild != nil {
			w["guild_id"] = p.guild.id
		}
		return w
	})
}
