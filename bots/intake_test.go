package bots_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"attune/bots"
	"attune/bots/botstest"
	"attune/rituals"
)

// wrote returns n events of each person, in turns: alex1, sam1, alex2 …
func wrote(n int, people ...string) []rituals.Event {
	var es []rituals.Event
	for i := range n {
		for _, name := range people {
			es = append(es, rituals.Event{
				ID: fmt.Sprint(name, i+1), Kind: rituals.Wrote, Text: "secret words",
				Person: rituals.Person{Platform: rituals.Telegram, ID: name},
			})
		}
	}
	return es
}

func ids(es []rituals.Event, person string) []string {
	var got []string
	for _, e := range es {
		if e.Person.ID == person {
			got = append(got, e.ID)
		}
	}
	return got
}

func TestSettleKeepsEachPersonsOrderAndLetsPeopleGoSideBySide(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		book := &botstest.Book{Do: func(ctx context.Context, e rituals.Event) (rituals.Answer, error) {
			time.Sleep(time.Second)
			return rituals.Answer{Text: "got " + e.ID}, nil
		}}
		events := wrote(3, "alex", "sam", "robin")
		answers := make([]string, len(events))
		start := time.Now()
		err := bots.Settle(t.Context(), book, events, func(i int, a rituals.Answer) { answers[i] = a.Text }, nil)
		if took := time.Since(start); err != nil || took != 3*time.Second {
			t.Errorf("Settle: got %v after %v, want nil after 3s", err, took)
		}
		for _, name := range []string{"alex", "sam", "robin"} {
			want := []string{name + "1", name + "2", name + "3"}
			if diff := cmp.Diff(want, ids(book.Settled(), name)); diff != "" {
				t.Errorf("settled of %s (-want +got):\n%s", name, diff)
			}
		}
		for i, e := range events {
			if want := "got " + e.ID; answers[i] != want {
				t.Errorf("answer %d: got %q, want %q", i, answers[i], want)
			}
		}
	})
}

func TestSettleTriesThenParks(t *testing.T) {
	fails := errors.New("database is locked")
	tests := []settling{
		{"fails twice and then works", func(n int) error {
			if n < 3 {
				return fails
			}
			return nil
		}, nil, 3, []string{"sam1", "sam2", "sam3"}, nil, nil, []string{"sam1", "sam2", "sam3"}},
		{"fails for good", func(int) error { return fails }, nil, 3, []string{"sam1", "sam3"}, []string{"sam2"}, nil, []string{"sam1", "sam2", "sam3"}},
		{"panics for good", func(int) error { panic("secret words") }, nil, 3, []string{"sam1", "sam3"}, []string{"sam2"}, nil, []string{"sam1", "sam2", "sam3"}},
		{"panics with an error of the runtime", func(n int) error { return []error{nil}[n] }, nil, 3, []string{"sam1", "sam3"}, []string{"sam2"}, nil, []string{"sam1", "sam2", "sam3"}},
		{"cannot even be parked: what comes after it waits", func(int) error { return fails }, fails, 3, []string{"sam1"}, nil, fails, []string{"sam1"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, tt.run)
		})
	}
}

// A settling is a batch of three events each of Alex and Sam, the second of
// Sam's being difficult.
type settling struct {
	name     string
	do       func(try int) error // of that event
	park     error
	calls    int
	settled  []string // ids of Sam's events
	parked   []string
	wantErr  error
	answered []string
}

func (tt settling) run(t *testing.T) {
	var log strings.Builder
	tries := 0
	book := &botstest.Book{
		Do: func(ctx context.Context, e rituals.Event) (rituals.Answer, error) {
			if e.ID != "sam2" {
				return rituals.Answer{}, nil
			}
			tries++
			return rituals.Answer{}, tt.do(tries)
		},
		DoPark: func(context.Context, rituals.Event) error { return tt.park },
	}
	events := wrote(3, "alex", "sam")
	var mu sync.Mutex
	var answered []rituals.Event
	err := bots.Settle(t.Context(), book, events, func(i int, _ rituals.Answer) {
		mu.Lock()
		defer mu.Unlock()
		answered = append(answered, events[i])
	}, textLog(&log))
	if !errors.Is(err, tt.wantErr) || (err == nil) != (tt.wantErr == nil) {
		t.Errorf("Settle: got %v, want %v", err, tt.wantErr)
	}
	if tries != tt.calls {
		t.Errorf("tries: got %d, want %d", tries, tt.calls)
	}
	for _, c := range []struct {
		what      string
		got, want []string
	}{
		{"Alex's settled events", ids(book.Settled(), "alex"), []string{"alex1", "alex2", "alex3"}},
		{"Sam's settled events", ids(book.Settled(), "sam"), tt.settled},
		{"parked events", ids(book.Parked(), "sam"), tt.parked},
		{"Sam's answered events", ids(answered, "sam"), tt.answered},
	} {
		if diff := cmp.Diff(c.want, c.got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.what, diff)
		}
	}
	if strings.Contains(log.String(), "secret") {
		t.Errorf("log: got %s, want nothing anybody wrote", &log)
	}
}

func TestSettleParksNothingBecauseItIsStopped(t *testing.T) {
	tests := []struct {
		name string
		do   func(ctx context.Context) error
	}{
		{"while Handle waits", func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }},
		{"between two tries", func(context.Context) error { return errors.New("database is locked") }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
				defer cancel()
				book := &botstest.Book{Do: func(ctx context.Context, e rituals.Event) (rituals.Answer, error) {
					return rituals.Answer{}, tt.do(ctx)
				}}
				start := time.Now()
				err := bots.Settle(ctx, book, wrote(2, "alex"), nil, nil)
				if !errors.Is(err, context.DeadlineExceeded) || time.Since(start) > 10*time.Millisecond {
					t.Errorf("Settle: got %v after %v, want that its time is over at once", err, time.Since(start))
				}
				if got := book.Parked(); len(got) > 0 {
					t.Errorf("parked: got %v, want none", got)
				}
			})
		})
	}
}

func TestSettleSurvivesAPanicInAnswered(t *testing.T) {
	book := &botstest.Book{}
	events := wrote(2, "alex")
	err := bots.Settle(t.Context(), book, events, func(int, rituals.Answer) { panic("no answer") }, nil)
	if err != nil || len(book.Settled()) != 2 {
		t.Errorf("Settle: got %v and %d settled, want nil and 2", err, len(book.Settled()))
	}
}
