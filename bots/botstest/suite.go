package botstest

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"attune/bots"
	"attune/rituals"
)

// patience is how long the suite waits for what must happen. It is the bubble's
// time, so it is long enough for any long poll and costs nothing.
const patience = 5 * time.Minute

// soon is how long a Run may take to return.
const soon = 5 * time.Second

// A trial is one promise that every adapter keeps.
type trial struct {
	name string
	play func(s *stage)
}

// trials returns all there are.
func trials() []trial {
	return slices.Concat(speaking(), listening(), surviving())
}

// Test holds an adapter to what [bots.Bot] promises. It calls world once for each
// promise, inside a testing/synctest bubble that ends with it. What a platform
// cannot do is printed with the reason that its world gives.
func Test(t *testing.T, world func(t *testing.T) World) {
	for _, tr := range trials() {
		t.Run(tr.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				tr.play(&stage{TB: t, world: world(t), book: &Book{}})
			})
		})
	}
}

// A stage is a world in which one trial is played.
type stage struct {
	testing.TB
	world World
	book  *Book
	stop  func() // ends the bot that runs, and waits for it
}

// can reports whether who, a world or a someone, has an ability; if not, the
// reason must be known.
func can[T any](s *stage, who any, ability string) (T, bool) {
	s.Helper()
	able, ok := who.(T)
	if ok {
		return able, true
	}
	if why := s.world.Why(ability); why != "" {
		s.Logf("no %s: %s", ability, why)
	} else {
		s.Errorf("no %s, and Why(%q) gives no reason", ability, ability)
	}
	return able, false
}

// run lets the bot run until stop is called or the trial ends.
func (s *stage) run() {
	ctx, cancel := context.WithCancel(s.Context())
	over := make(chan error, 1)
	bot := s.world.Bot()
	go func() { over <- bot.Run(ctx, s.book) }()
	stopped := false
	s.stop = func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		start := time.Now()
		select {
		case <-over:
		case <-time.After(patience):
			s.Fatalf("Run: has not returned %v after its ctx ended, want within %v", patience, soon)
		}
		if took := time.Since(start); took > soon {
			s.Errorf("Run: returned %v after its ctx ended, want within %v", took, soon)
		}
	}
	s.Cleanup(s.stop)
}

// until waits for something to come true.
func (s *stage) until(what string, holds func() bool) {
	s.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(50 * time.Millisecond) {
		synctest.Wait()
		if holds() {
			return
		}
		if time.Now().After(deadline) {
			s.Fatalf("waited %v in vain until %s", patience, what)
		}
	}
}

// rest lets happen what may still happen.
func (s *stage) rest() {
	time.Sleep(patience)
	synctest.Wait()
}

// say sends a message and returns the platform's id of it.
func (s *stage) say(to Someone, m rituals.Message) string {
	s.Helper()
	m.To = to.Chat()
	id, err := s.world.Bot().Send(s.Context(), bots.Parcel{ID: time.Now().UnixNano(), Message: m})
	if err != nil || id == "" {
		s.Fatalf("Send(%.60q): got id %q and error %v, want an id", m.String(), id, err)
	}
	time.Sleep(2 * time.Second) // slower than any platform's limit for one chat
	return id
}

// text returns a message of one paragraph.
func text(words string) rituals.Message {
	return rituals.Message{Blocks: []rituals.Block{rituals.Para(words)}}
}

// shown returns what the platform makes of a text.
func (s *stage) shown(text string) string {
	if w, ok := s.world.(Shower); ok {
		return w.Shown(text)
	}
	return text
}

// texts returns what somebody reads.
func texts(who Someone) []string {
	var ts []string
	for _, sight := range who.Sees() {
		ts = append(ts, sight.Text)
	}
	return ts
}

// of returns the events of a kind that a person caused.
func of(events []rituals.Event, kind rituals.EventKind, who Someone) []rituals.Event {
	var es []rituals.Event
	for _, e := range events {
		if e.Kind == kind && e.Person == who.Person() {
			es = append(es, e)
		}
	}
	return es
}

// words returns what somebody wrote according to events.
func words(events []rituals.Event, who Someone) []string {
	var ws []string
	for _, e := range of(events, rituals.Wrote, who) {
		ws = append(ws, e.Text)
	}
	return ws
}
