package bots_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"attune/bots"
	"attune/rituals"
	"attune/store"
)

// openStore opens a store of its own that is closed with the test.
func openStore(t testing.TB) *store.Store {
	t.Helper()
	s, err := store.Open(context.Background(), filepath.Join(t.TempDir(), "attune.db"), store.Options{})
	if err != nil {
		t.Fatalf("open the store: got %v, want nil", err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close the store: got %v, want nil", err)
		}
	})
	return s
}

// A settler is a handler that has the store settle events and decides nothing.
type settler struct{ store *store.Store }

func (h settler) Handle(ctx context.Context, now time.Time, e rituals.Event) (rituals.Answer, error) {
	err := h.store.Commit(ctx, rituals.Change{Now: now, Event: &e})
	if errors.Is(err, rituals.ErrSettled) {
		err = nil
	}
	return rituals.Answer{}, err
}

func (h settler) Park(ctx context.Context, now time.Time, e rituals.Event, reason string) error {
	return errors.New("nothing is parked here")
}

// commit has the store say messages.
func commit(t testing.TB, s *store.Store, ms ...rituals.Message) {
	t.Helper()
	if err := s.Commit(context.Background(), rituals.Change{Now: time.Now(), Say: ms}); err != nil {
		t.Fatalf("Commit: got %v, want nil", err)
	}
}

func TestCourierDeliversTheStoresOutbox(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		db := openStore(t)
		bot := &postman{takes: 10 * time.Millisecond, refuse: func(p bots.Parcel, _ time.Time) error {
			switch chat := p.Message.To.Chat; {
			case chat == "blocked":
				return &bots.GoneError{Chat: true, Err: errors.New("forbidden")}
			case chat == "moved":
				return &bots.GoneError{Chat: true, Moved: "new home", Err: errors.New("migrated")}
			case chat == "slow" && p.Tries < 3:
				return &bots.RetryError{Err: errors.New("hiccup")}
			}
			return nil
		}}
		want := []string{"1", "2", "3", "4", "5"}
		for c := range 300 { // more than a page
			for _, text := range want {
				commit(t, db, note(fmt.Sprint("chat", c), text))
			}
		}
		for _, chat := range []string{"blocked", "moved", "slow"} {
			commit(t, db, note(chat, "1"), note(chat, "2"))
		}
		ctx, stop := context.WithCancel(t.Context())
		over := make(chan error, 1)
		go func() { over <- bots.NewCourier(db, bot, settler{db}, bots.CourierOptions{}).Run(ctx) }()
		time.Sleep(time.Hour)
		synctest.Wait()

		for c := range 300 {
			chat := fmt.Sprint("chat", c)
			if diff := cmp.Diff(want, bot.texts(chat)); diff != "" {
				t.Fatalf("said in %s (-want +got):\n%s", chat, diff)
			}
		}
		for _, chat := range []string{"new home", "slow"} {
			if diff := cmp.Diff([]string{"1", "2"}, bot.texts(chat)); diff != "" {
				t.Errorf("said in %s (-want +got):\n%s", chat, diff)
			}
		}
		if ws, err := db.Waiting(ctx, rituals.Telegram, 0, 10); err != nil || len(ws) != 0 {
			t.Errorf("Waiting: got %v and %v, want none", ws, err)
		}
		if bot.twice {
			t.Error("messages under way in one chat: got two, want one")
		}

		// What is said now wakes it, and an edit knows the platform's id.
		edit := note("chat0", "1, changed")
		edit.Edits = "chat0:1"
		commit(t, db, edit)
		synctest.Wait()
		time.Sleep(time.Second)
		if diff := cmp.Diff(append(want, "1, changed"), bot.texts("chat0")); diff != "" {
			t.Errorf("said in chat0 with an edit (-want +got):\n%s", diff)
		}
		stop()
		<-over
	})
}

func TestCourierGoesOnWithTheStoreAfterARestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		db := openStore(t)
		closed := true
		bot := &postman{refuse: func(p bots.Parcel, _ time.Time) error {
			if closed {
				return &bots.RetryError{After: time.Hour, Err: errors.New("slow down")}
			}
			return nil
		}}
		commit(t, db, note("alex", "1"), note("alex", "2"))
		start := time.Now()
		run := func(d time.Duration) {
			ctx, stop := context.WithTimeout(t.Context(), d)
			defer stop()
			if err := bots.NewCourier(db, bot, settler{db}, bots.CourierOptions{}).Run(ctx); err != nil {
				t.Errorf("Run: got %v, want nil", err)
			}
		}
		run(time.Minute)
		closed = false
		run(58 * time.Minute)
		if got := bot.count(); got != 0 {
			t.Errorf("said before the platform's pause was over: got %d, want 0", got)
		}
		run(time.Hour)
		if diff := cmp.Diff([]string{"1", "2"}, bot.texts("alex")); diff != "" {
			t.Errorf("said (-want +got):\n%s", diff)
		}
		if got := bot.said[0].at.Sub(start).Truncate(time.Second); got != time.Hour {
			t.Errorf("first message: got after %v, want after 1h", got)
		}
	})
}
