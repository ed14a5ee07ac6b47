package host_test

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"attune/rituals"
	"attune/rituals/host"
	"attune/rituals/library"
	"attune/store"
)

var alex = rituals.Person{Platform: rituals.Telegram, ID: "1001"}

func wrote(id, text string) rituals.Event {
	return rituals.Event{ID: id, Kind: rituals.Wrote, Person: alex, Chat: rituals.Address{Platform: alex.Platform, Chat: alex.ID},
		Private: true, Name: "Alex", Language: "en", Source: id, Text: text}
}

// house is a host on a store of its own.
func house(t *testing.T, o host.Options) (*store.Store, *host.Host) {
	t.Helper()
	s, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "attune.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	if o.Library, err = library.Load(""); err != nil {
		t.Fatal(err)
	}
	return s, host.New(s, o)
}

// said returns what waits to be said to a person, and takes it for delivered.
func said(t *testing.T, s *store.Store, p rituals.Person) []string {
	t.Helper()
	var texts []string
	for {
		parcel, err := s.Head(t.Context(), rituals.Address{Platform: p.Platform, Chat: p.ID})
		if errors.Is(err, rituals.ErrNotFound) {
			return texts
		}
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, parcel.Message.String())
		if err := s.Sent(t.Context(), parcel.ID, "m"+parcel.Message.Key, evening); err != nil {
			t.Fatal(err)
		}
	}
}

func TestParkedEventIsSettledAndSaid(t *testing.T) {
	s, h := house(t, host.Options{})
	e := wrote("7", "/start")
	if err := h.Park(t.Context(), evening, e, "three tries"); err != nil {
		t.Fatalf("Park = %v, want no error", err)
	}
	if texts := said(t, s, alex); len(texts) != 1 || !strings.Contains(texts[0], "set aside") {
		t.Errorf("after Park Alex reads %q, want one line that it was set aside", texts)
	}
	if _, err := h.Handle(t.Context(), evening, e); err != nil {
		t.Errorf("Handle of a parked event = %v, want no error", err)
	}
	if texts := said(t, s, alex); len(texts) != 0 {
		t.Errorf("Handle of a parked event says %q, want nothing: it counts as settled", texts)
	}
	if err := h.Park(t.Context(), evening, e, "again"); err != nil {
		t.Errorf("Park again = %v, want no error", err)
	}
}

// TestParkedFormIsSaid holds that who filled in a form among others reads in their own
// chat that it was set aside.
func TestParkedFormIsSaid(t *testing.T) {
	s, h := house(t, host.Options{})
	e := wrote("7", "")
	e.Kind, e.Private, e.Aside, e.Home = rituals.Filled, false, true, e.Chat
	e.Chat.Chat = "-100"
	if err := h.Park(t.Context(), evening, e, "three tries"); err != nil {
		t.Fatalf("Park = %v, want no error", err)
	}
	if texts := said(t, s, alex); len(texts) != 1 || !strings.Contains(texts[0], "set aside") {
		t.Errorf("after Park Alex reads %q, want one line that it was set aside", texts)
	}
}

func TestStrangersLeaveNoTrace(t *testing.T) {
	sam := rituals.Person{Platform: rituals.Telegram, ID: "1002"}
	s, h := house(t, host.Options{Allow: []rituals.Person{sam}})
	for _, e := range []rituals.Event{wrote("1", "/start"), wrote("2", "Hello?")} {
		answer, err := h.Handle(t.Context(), evening, e)
		if err != nil || !strings.Contains(answer.Text, "telegram:1001") || len([]rune(answer.Text)) > 200 {
			t.Errorf("Handle(%q) = %q, %v, want one short line that names telegram:1001", e.Text, answer.Text, err)
		}
	}
	if texts := said(t, s, alex); len(texts) != 0 {
		t.Errorf("in the outbox for a stranger: %q, want nothing", texts)
	}
	if state, err := s.Load(t.Context(), alex); err != nil || state.Member.ID != 0 {
		t.Errorf("Load of a stranger = %+v, %v, want nobody", state.Member, err)
	}
}

// A fault is a store whose commits fail for some changes.
type fault struct {
	*store.Store
	fails func(rituals.Change) error
}

func (f *fault) Commit(ctx context.Context, c rituals.Change) error {
	if err := f.fails(c); err != nil {
		return err
	}
	return f.Store.Commit(ctx, c)
}

func TestFailingAlarmIsPutOff(t *testing.T) {
	s, _ := house(t, host.Options{})
	broken := true
	lib, err := library.Load("")
	if err != nil {
		t.Fatal(err)
	}
	h := host.New(&fault{s, func(c rituals.Change) error {
		if broken && len(c.CheckIns) > 0 {
			return errors.New("the disk is full")
		}
		return nil
	}}, host.Options{Library: lib})
	if err := pair(t.Context(), s, 1); err != nil {
		t.Fatal(err)
	}
	now := evening
	for i, want := range []time.Duration{1, 2, 4, 8, 16, 32, 60, 60} {
		next, err := h.Ring(t.Context(), now)
		if err != nil || next.Sub(now) != want*time.Minute {
			t.Fatalf("Ring after %d failures = in %v, %v, want in %v", i, next.Sub(now), err, want*time.Minute)
		}
		now = next
	}
	broken = false
	if _, err := h.Ring(t.Context(), now); err != nil {
		t.Fatal(err)
	}
	if texts := said(t, s, seat(1, 0)); len(texts) != 1 || !strings.Contains(texts[0], "Ten minutes") {
		t.Errorf("when it works again Alex reads %q, want the evening's question", texts)
	}
}

func TestConflictsAreDecidedAgain(t *testing.T) {
	s, _ := house(t, host.Options{})
	lib, err := library.Load("")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name      string
		conflicts int
		want      string
	}{
		{"somebody else is faster four times", 4, "Hello Alex"},
		{"somebody else is faster every time", 5, "set aside"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			left := tt.conflicts
			h := host.New(&fault{s, func(c rituals.Change) error {
				if left--; left >= 0 && c.Park == nil {
					return rituals.ErrConflict
				}
				return nil
			}}, host.Options{Library: lib})
			if _, err := h.Handle(t.Context(), evening, wrote(tt.name, "/start")); err != nil {
				t.Fatalf("Handle = %v, want no error", err)
			}
			if texts := said(t, s, alex); len(texts) != 1 || !strings.Contains(texts[0], tt.want) {
				t.Errorf("Alex reads %q, want %q", texts, tt.want)
			}
		})
	}
}
