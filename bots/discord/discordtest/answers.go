package discordtest

import "time"

// answer takes the first answer to an interaction: the only one, within 3 s.
func (s *Server) answer(q *request) (any, *apiError) {
	i := s.asked[q.path("interaction")]
	var way int
	if e := q.decode("type", &way); e != nil {
		return nil, e
	}
	switch {
	case i == nil || i.token != q.path("token"):
		return nil, unknownInteraction
	case i.answered != 0:
		return nil, alreadyAnswered
	case time.Since(i.at) > answerWithin:
		return nil, unknownInteraction
	}
	data, e := q.inner("data")
	if e != nil {
		return nil, e
	}
	switch way {
	case WithMessage, WithDeferred:
		e = s.answerMessage(i, way, data)
	case WithDeferredUpdate, WithUpdate:
		e = s.answerUpdate(i, way, data)
	case WithModal:
		e = s.answerModal(i, data)
	default:
		e = invalid("type", "BASE_TYPE_CHOICES", "Value must be one of {4, 5, 6, 7, 9}.")
	}
	if e != nil {
		return nil, e
	}
	i.answered, i.took = way, time.Since(i.at)
	s.change()
	if q.query.Get("with_response") != "true" {
		return nil, nil
	}
	w := map[string]any{"interaction": map[string]any{"id": i.id, "type": i.kind}}
	if i.original != nil {
		w["resource"] = map[string]any{"type": way, "message": s.wireMessage(i.place, i.original)}
	}
	return w, nil
}

// answerMessage answers with a message, or promises one.
func (s *Server) answerMessage(i *Interaction, way int, data *request) *apiError {
	m := &Message{From: s.app, asked: i, Loading: way == WithDeferred}
	if way == WithMessage {
		if e := s.fill(m, data, true); e != nil {
			return e
		}
	}
	if e := i.whisper(m, data); e != nil {
		return e
	}
	i.original = m
	s.say(i.place, m)
	return nil
}

// whisper makes a message ephemeral, if the request says so.
func (i *Interaction) whisper(m *Message, data *request) *apiError {
	var bits int
	if e := data.decode("flags", &bits); e != nil {
		return e
	}
	if bits&flagEphemeral != 0 {
		m.Only = i.user.id
	}
	return nil
}

// answerUpdate answers with a change of the message whose button was pressed, or
// promises one.
func (s *Server) answerUpdate(i *Interaction, way int, data *request) *apiError {
	if i.source == nil {
		return invalid("type", "INTERACTION_RESPONSE_TYPE_INVALID", "Only what comes from a message can change it.")
	}
	i.original = i.source
	if way == WithDeferredUpdate {
		return nil
	}
	_, e := s.edit(i.place, i.source, data)
	return e
}

// answerModal answers with a modal, which cannot be the answer to one.
func (s *Server) answerModal(i *Interaction, data *request) *apiError {
	if i.kind == askModal {
		return invalid("type", "INTERACTION_RESPONSE_TYPE_INVALID", "A modal cannot be opened from a modal.")
	}
	modal, e := readModal(data)
	if e != nil {
		return e
	}
	modal.user, modal.source = &User{s: s, person: i.user, place: i.place}, i.source
	i.modal, i.user.modal = modal, modal
	return nil
}

// hook returns the interaction whose token a request has, once it is answered and
// until its token ends.
func (s *Server) hook(q *request) (*Interaction, *apiError) {
	i := s.hooks[q.path("token")]
	switch {
	case q.path("app") != s.app || i == nil || i.answered == 0:
		return nil, unknownWebhook
	case time.Since(i.at) > tokenLife:
		return nil, expiredToken
	}
	return i, nil
}

// hooked returns a message that an interaction's token has power over.
func (s *Server) hooked(q *request) (*Interaction, *Message, *apiError) {
	i, e := s.hook(q)
	if e != nil {
		return nil, nil, e
	}
	m := i.original
	if id := q.path("message"); id != "@original" {
		m = i.place.message(id)
		if m != nil && m.asked != i && m != i.original {
			m = nil
		}
	}
	if m == nil || m.Deleted {
		return nil, nil, unknownMessage
	}
	return i, m, nil
}

func (s *Server) editAnswer(q *request) (any, *apiError) {
	i, m, e := s.hooked(q)
	if e != nil {
		return nil, e
	}
	return s.edit(i.place, m, q)
}

func (s *Server) getAnswer(q *request) (any, *apiError) {
	i, m, e := s.hooked(q)
	if e != nil {
		return nil, e
	}
	return s.wireMessage(i.place, m), nil
}

func (s *Server) deleteAnswer(q *request) (any, *apiError) {
	i, m, e := s.hooked(q)
	if e != nil {
		return nil, e
	}
	s.remove(i.place, m)
	return nil, nil
}

// followUp adds a message to an answer. After a promise the first is what was
// promised, and as private as that.
func (s *Server) followUp(q *request) (any, *apiError) {
	i, e := s.hook(q)
	if e != nil {
		return nil, e
	}
	m := i.original
	if m != nil && m.Loading {
		delete(q.body, "flags")
		if _, e := s.edit(i.place, m, q); e != nil {
			return nil, e
		}
	} else {
		m = &Message{From: s.app, asked: i}
		if e := s.fill(m, q, true); e != nil {
			return nil, e
		}
		if e := i.whisper(m, q); e != nil {
			return nil, e
		}
		s.say(i.place, m)
	}
	if q.query.Get("wait") != "true" {
		return nil, nil
	}
	return s.wireMessage(i.place, m), nil
}
