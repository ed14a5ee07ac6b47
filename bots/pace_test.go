package bots_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"attune/bots"
	"attune/bots/botstest"
	"attune/rituals"
)

// A strict platform refuses whatever exceeds its limit in any window of time,
// and keeps whoever exceeded it waiting.
type strict struct {
	limit  int
	window time.Duration

	mu      sync.Mutex
	seen    []time.Time
	refused int
}

func (s *strict) refuse(p bots.Parcel, _ time.Time) error {
	time.Sleep(time.Duration(p.ID*7919%31) * time.Millisecond) // not all arrive equally fast
	s.mu.Lock()
	defer s.mu.Unlock()
	now, in := time.Now(), 0
	for _, at := range s.seen {
		if now.Sub(at) <= s.window {
			in++
		}
	}
	if in >= s.limit {
		s.refused++
		return &bots.RetryError{After: s.window, All: true, Err: errors.New("too many requests")}
	}
	s.seen = append(s.seen, now)
	return nil
}

func TestCourierKeepsThePace(t *testing.T) {
	tests := []struct {
		name     string
		pace     bots.Pace
		chats, n int
		limit    int
		window   time.Duration
		by       time.Duration
		group    bool
	}{
		{"300 chats at once on a platform that takes 30 a second", bots.Pace{All: 30, Chat: 1, Burst: 3}, 300, 1, 30, time.Second, 10500 * time.Millisecond, false},
		{"50 messages to one chat that takes 1 a second", bots.Pace{All: 30, Chat: 1}, 1, 50, 1, time.Second - 1, 53 * time.Second, false},
		{"a short burst passes", bots.Pace{All: 30, Chat: 1, Burst: 3}, 1, 3, 3, time.Second, 100 * time.Millisecond, false},
		{"100 messages to a group that takes 20 a minute", bots.Pace{All: 30, Chat: 1, Burst: 3, Group: 20}, 1, 100, 20, time.Minute, 6 * time.Minute, true},
		{"no limits", bots.Pace{}, 100, 10, 1000, time.Second, time.Second, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := &strict{limit: tt.limit, window: tt.window}
				bot := &postman{refuse: server.refuse, group: func(rituals.Address) bool { return tt.group }}
				out := botstest.NewOutbox()
				for c := range tt.chats {
					say(out, fmt.Sprint("chat", c), tt.n)
				}
				f := openOffice(t, bot, out, bots.CourierOptions{Pace: &tt.pace})
				f.after(tt.by)
				if got := out.Undelivered(); got != 0 || server.refused != 0 {
					t.Errorf("after %v: got %d left and %d refused, want 0 and 0", tt.by, got, server.refused)
				}
			})
		})
	}
}
