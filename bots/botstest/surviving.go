package botstest

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"attune/bots"
	"attune/rituals"
)

// surviving returns the promises about bad days.
func surviving() []trial {
	return []trial{
		{"what was not settled when the bot stopped is heard again", survivesStop},
		{"what cannot even be parked is heard again", survivesParkFailure},
		{"what was written while the bot was away is heard", survivesAbsence},
		{"an event that cannot be handled is tried again and then parked", survivesFailure},
		{"a panic in Handle harms nothing else", survivesPanic},
		{"Run returns soon though nothing happens", survivesQuiet},
	}
}

var errDisk = errors.New("disk full")

// deliver lets a courier deliver all that waits.
func (s *stage) deliver(out *Outbox) {
	s.Helper()
	ctx, stop := context.WithCancel(s.Context())
	over := make(chan struct{})
	go func() {
		defer close(over)
		bots.NewCourier(out, s.world.Bot(), s.book, bots.CourierOptions{}).Run(ctx) // it always returns nil
	}()
	defer func() { stop(); <-over }()
	s.until("the outbox is empty", func() bool { return out.Undelivered() == 0 })
}

func survivesStop(s *stage) {
	alex := s.world.Join("Alex")
	r, ok := can[Restarter](s, s.world, "Restarter")
	if !ok {
		return
	}
	var stopping atomic.Bool
	stopping.Store(true)
	s.book.Do = func(ctx context.Context, e rituals.Event) (rituals.Answer, error) {
		if e.Text == "three" && stopping.Load() {
			<-ctx.Done()
			return rituals.Answer{}, ctx.Err()
		}
		return rituals.Answer{}, nil
	}
	s.run()
	want := []string{"one", "two", "three", "four", "five"}
	for _, w := range want {
		alex.Write(w)
	}
	s.until("the third is being handled", func() bool { return slices.Contains(words(s.book.Calls(), alex), "three") })
	s.stop()
	if got := words(s.book.Settled(), alex); !slices.Equal(got, want[:2]) {
		s.Errorf("settled when the bot stopped: got %q, want %q", got, want[:2])
	}
	if got := s.book.Parked(); len(got) > 0 {
		s.Errorf("parked when the bot stopped: got %d events, want 0", len(got))
	}
	stopping.Store(false)
	r.Restart()
	s.run()
	s.until("all is settled", func() bool { return len(words(s.book.Settled(), alex)) >= len(want) })
	if got := words(s.book.Settled(), alex); !slices.Equal(got, want) {
		s.Errorf("settled over both runs: got %q, want %q", got, want)
	}
	s.once(rituals.Wrote, alex, "three")
}

// once checks that every call about the same words came with the same id.
func (s *stage) once(kind rituals.EventKind, who Someone, text string) {
	s.Helper()
	id := ""
	for _, e := range of(s.book.Calls(), kind, who) {
		if e.Text == text && id != "" && e.ID != id {
			s.Errorf("the same words again: got id %q, want %q as before", e.ID, id)
		}
		if e.Text == text {
			id = e.ID
		}
	}
}

func survivesParkFailure(s *stage) {
	alex := s.world.Join("Alex")
	var full atomic.Bool
	full.Store(true)
	s.book.Do = func(_ context.Context, e rituals.Event) (rituals.Answer, error) {
		if full.Load() {
			return rituals.Answer{}, errDisk
		}
		return rituals.Answer{}, nil
	}
	s.book.DoPark = func(context.Context, rituals.Event) error {
		if full.Load() {
			return errDisk
		}
		return nil
	}
	s.run()
	want := []string{"one", "two"}
	for _, w := range want {
		alex.Write(w)
	}
	s.until("it was tried", func() bool { return len(words(s.book.Calls(), alex)) >= 3 })
	s.rest()
	if n := len(s.book.Calls()); n > 5000 {
		s.Errorf("calls of Handle while it failed for %v: got %d, want a pause between", patience, n)
	}
	full.Store(false)
	s.until("all is settled", func() bool { return len(words(s.book.Settled(), alex))+len(s.book.Parked()) >= len(want) })
	if got := words(append(s.book.Parked(), s.book.Settled()...), alex); !slices.Equal(got, want) {
		s.Errorf("settled or parked after the disk had room: got %q, want %q", got, want)
	}
	s.once(rituals.Wrote, alex, "one")
}

func survivesAbsence(s *stage) {
	alex, sam := s.world.Join("Alex"), s.world.Join("Sam")
	r, ok := can[Restarter](s, s.world, "Restarter")
	if !ok {
		return
	}
	s.run()
	alex.Write("before")
	s.until("what came before is settled", func() bool { return len(words(s.book.Settled(), alex)) == 1 })
	s.stop()
	alex.Write("meanwhile")
	alex.Write("and then")
	sam.Write("me too")
	time.Sleep(time.Hour)
	r.Restart()
	s.run()
	s.until("all is settled", func() bool {
		return len(words(s.book.Settled(), alex)) >= 3 && len(words(s.book.Settled(), sam)) >= 1
	})
	s.rest()
	if got, want := words(s.book.Calls(), alex), []string{"before", "meanwhile", "and then"}; !slices.Equal(got, want) {
		s.Errorf("heard of Alex: got %q, want %q, each once", got, want)
	}
}

func survivesFailure(s *stage) {
	s.trouble(func() (rituals.Answer, error) { return rituals.Answer{}, errDisk })
}

func survivesPanic(s *stage) {
	s.trouble(func() (rituals.Answer, error) { panic("a bug in a ritual") })
}

// trouble has Alex write what Handle cannot settle, among what it can.
func (s *stage) trouble(fail func() (rituals.Answer, error)) {
	alex, sam := s.world.Join("Alex"), s.world.Join("Sam")
	s.book.Do = func(_ context.Context, e rituals.Event) (rituals.Answer, error) {
		if strings.HasPrefix(e.Text, "bad") {
			return fail()
		}
		return rituals.Answer{}, nil
	}
	s.run()
	for _, w := range []string{"one", "bad", "two"} {
		alex.Write(w)
		sam.Write("my " + w)
	}
	s.until("the bad one is parked and the others settled", func() bool {
		return len(s.book.Parked()) >= 1 && len(words(s.book.Settled(), alex)) >= 2 && len(words(s.book.Settled(), sam)) >= 3
	})
	s.rest()
	if got := words(s.book.Parked(), alex); !slices.Equal(got, []string{"bad"}) || len(s.book.Parked()) != 1 {
		s.Errorf("parked: got %q, want %q only", got, "bad")
	}
	tries := 0
	for _, w := range words(s.book.Calls(), alex) {
		if w == "bad" {
			tries++
		}
	}
	if tries != 3 {
		s.Errorf("tries of what cannot be handled: got %d, want 3", tries)
	}
	if got, want := words(s.book.Settled(), alex), []string{"one", "two"}; !slices.Equal(got, want) {
		s.Errorf("settled of Alex: got %q, want %q", got, want)
	}
	if got, want := words(s.book.Settled(), sam), []string{"my one", "my bad", "my two"}; !slices.Equal(got, want) {
		s.Errorf("settled of Sam: got %q, want %q", got, want)
	}
}

func survivesQuiet(s *stage) {
	alex := s.world.Join("Alex")
	s.run()
	alex.Write("hello")
	s.until("it is settled", func() bool { return len(words(s.book.Settled(), alex)) == 1 })
	time.Sleep(36 * time.Hour)
	alex.Write("still there?")
	s.until("that is settled too", func() bool { return len(words(s.book.Settled(), alex)) == 2 })
	s.stop()
}
