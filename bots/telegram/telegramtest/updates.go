package telegramtest

import (
	"context"
	"encoding/json"
	"time"
)

// A queued is an update that has not been confirmed.
type queued struct {
	id  int64
	raw json.RawMessage
}

// getUpdates gives out what has not been confirmed, and waits for it if there is
// nothing. A second poller ends the first one's request, as Telegram does.
func (s *Server) getUpdates(ctx context.Context, a args) (any, *apiError) {
	var kinds []string
	if e := a.decode("allowed_updates", &kinds); e != nil {
		return nil, e
	}
	s.mu.Lock()
	if s.webhook {
		s.mu.Unlock()
		return nil, &apiError{code: 409, text: "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"}
	}
	if s.poller != nil {
		close(s.poller)
	}
	mine := make(chan struct{})
	s.poller = mine
	if kinds != nil {
		s.allowed = make(map[string]bool)
		for _, k := range kinds {
			s.allowed[k] = true
		}
	}
	defer s.mu.Unlock()
	defer func() {
		if s.poller == mine {
			s.poller = nil
		}
	}()

	end := time.NewTimer(time.Duration(min(a.int("timeout"), 50)) * time.Second)
	defer end.Stop()
	for {
		batch := s.batch(a)
		if len(batch) > 0 || a.int("timeout") <= 0 {
			return batch, nil
		}
		arrived := s.arrived
		s.mu.Unlock()
		over, taken := false, false
		select {
		case <-arrived:
		case <-mine:
			taken = true
		case <-end.C:
			over = true
		case <-ctx.Done():
			over = true
		}
		s.mu.Lock()
		switch {
		case taken && s.revoked:
			return nil, &apiError{code: 401, text: "Unauthorized"}
		case taken:
			return nil, &apiError{code: 409, text: "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"}
		case over:
			return []json.RawMessage{}, nil
		}
	}
}

// batch forgets what an offset confirms and returns what comes after it.
func (s *Server) batch(a args) []json.RawMessage {
	offset, limit := a.int("offset"), int(a.int("limit"))
	if limit <= 0 || limit > 100 {
		limit = 100
	}
	done := 0
	for done < len(s.queue) && s.queue[done].id < offset {
		done++
	}
	s.queue = s.queue[done:]
	batch := make([]json.RawMessage, 0, min(limit, len(s.queue)))
	for _, q := range s.queue[:min(limit, len(s.queue))] {
		batch = append(batch, q.raw)
	}
	return batch
}

// Unconfirmed returns how many updates the bot has not confirmed.
func (s *Server) Unconfirmed() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.queue)
}

// Raw adds an update of one's own making and returns its id. Fields is a JSON
// object without "update_id"; it may hold what nobody can decode.
func (s *Server) Raw(fields string) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	var update map[string]json.RawMessage
	if err := json.Unmarshal([]byte(fields), &update); err != nil {
		panic("telegramtest: fields are no JSON object: " + err.Error())
	}
	return s.enqueue(update)
}

// Restart lets the next update have an arbitrary id, as after a quiet week.
func (s *Server) Restart(id int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.nextID = id
}

// Webhook sets a webhook, so that nobody can poll.
func (s *Server) Webhook() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.webhook = true
}

func (s *Server) deleteWebhook(args) (any, *apiError) {
	s.webhook = false
	return true, nil
}

// push adds an update of one kind.
func (s *Server) push(kind string, body any) {
	if s.allowed != nil && !s.allowed[kind] || s.allowed == nil && kind == "message_reaction" {
		return // reactions are for those who have asked for them
	}
	raw, err := json.Marshal(body)
	if err != nil {
		panic("telegramtest: " + err.Error())
	}
	s.enqueue(map[string]json.RawMessage{kind: raw})
}

// enqueue gives an update its id and wakes the poller.
func (s *Server) enqueue(update map[string]json.RawMessage) int64 {
	id := s.nextID
	s.nextID++
	update["update_id"], _ = json.Marshal(id)
	raw, err := json.Marshal(update)
	if err != nil {
		panic("telegramtest: " + err.Error())
	}
	s.queue = append(s.queue, queued{id: id, raw: raw})
	close(s.arrived)
	s.arrived = make(chan struct{})
	return id
}
