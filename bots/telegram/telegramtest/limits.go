package telegramtest

import (
	"fmt"
	"math"
	"time"
)

// Limits say how many messages a bot may send. A limit of 0 is none.
type Limits struct {
	All   int // in any second, over all chats
	Burst int // to one chat at once; after that one a second
	Group int // in any minute, to one group
}

// Published are the limits that Telegram publishes.
var Published = Limits{All: 30, Burst: 3, Group: 20}

// Limit sets limits; there are none before.
func (s *Server) Limit(l Limits) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.limits = l
}

// Refusals returns how many requests exceeded a limit.
func (s *Server) Refusals() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.refusals
}

// admit counts a message to c, or refuses it as one too many.
func (s *Server) admit(c *chat) *apiError {
	now := time.Now()
	s.sent = since(s.sent, now.Add(-time.Second))
	c.sent = since(c.sent, now.Add(-time.Minute))
	c.tokens = min(c.tokens+now.Sub(c.filled).Seconds(), float64(s.limits.Burst))
	c.filled = now
	var wait time.Duration
	if l := s.limits.All; l > 0 && len(s.sent) >= l {
		wait = max(wait, s.sent[0].Add(time.Second).Sub(now))
	}
	if s.limits.Burst > 0 && c.tokens < 1 {
		wait = max(wait, time.Duration((1-c.tokens)*float64(time.Second)))
	}
	if l := s.limits.Group; l > 0 && c.id < 0 && len(c.sent) >= l {
		wait = max(wait, c.sent[0].Add(time.Minute).Sub(now))
	}
	if wait > 0 {
		s.refusals++
		after := int(math.Ceil(wait.Seconds()))
		return &apiError{code: 429, text: fmt.Sprintf("Too Many Requests: retry after %d", after), after: after}
	}
	c.tokens = max(c.tokens-1, 0)
	s.sent, c.sent = append(s.sent, now), append(c.sent, now)
	return nil
}

// since returns the times after t.
func since(times []time.Time, t time.Time) []time.Time {
	for len(times) > 0 && !times[0].After(t) {
		times = times[1:]
	}
	return times
}
