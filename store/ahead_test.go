package store

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"attune/rituals"
)

// TestWhatIsReadAheadStaysTrue has a chat's first message under way, and those
// behind it read with it, when something happens to them.
func TestWhatIsReadAheadStaysTrue(t *testing.T) {
	moved := rituals.Address{Platform: alexChat.Platform, Chat: "-100"}
	told := func(kind rituals.EventKind, source, text string) rituals.Change {
		return rituals.Change{Now: at("21:31"), Event: &rituals.Event{ID: "e", Kind: kind, Person: alex, Chat: alexChat, Source: source, Text: text}}
	}
	wait := message("w", "0")
	wait.Wait = true
	tests := []struct {
		name   string
		change rituals.Change
		want   string // of what is said after the first
	}{
		{"nothing", rituals.Change{}, "b:2 c:3 "},
		{"one more is said", says(message("d", "4")), "b:2 c:3 d:4 "},
		{"the second is edited", says(editing("", "b", "2, edited")), "b:2, edited c:3 "},
		{"the one under way is edited", says(editing("", "a", "1, edited")), "b:2 c:3 :1, edited "},
		{"all are dropped, the one under way with them", rituals.Change{Drop: []rituals.Drop{{Couple: pairID}}}, ""},
		{"the words of who wrote the second are erased", rituals.Change{Erase: []rituals.MemberID{alexID}}, "c:3 "},
		{"the second could not be said", told(rituals.Undelivered, "3", ""), "c:3 "},
		{"one that waits is released", rituals.Change{Release: []rituals.Release{{To: alexChat}}}, "w:0 b:2 c:3 "},
		{"the chat moves", told(rituals.Moved, "", moved.Chat), "moved b:2 moved c:3 "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := paired(t)
			second := message("b", "2")
			second.From = alexID
			commit(t, s, says(wait, message("a", "1"), second, message("c", "3")))
			p, err := s.Head(context.Background(), alexChat)
			if err != nil || p.Message.Key != "a" {
				t.Fatalf("Head: got %q, %v, want a", p.Message.Key, err)
			}
			commit(t, s, tt.change)
			if err := s.Sent(context.Background(), p.ID, "m", at("21:31")); err != nil && len(tt.change.Drop) == 0 {
				t.Fatalf("Sent: %v", err)
			}
			got := ""
			for _, p := range deliver(t, s, alexChat) {
				got += fmt.Sprintf("%s:%s ", p.Message.Key, p.Message)
			}
			for _, p := range deliver(t, s, moved) {
				got += fmt.Sprintf("moved %s:%s ", p.Message.Key, p.Message)
			}
			if got != tt.want {
				t.Errorf("said after the first: got %q, want %q", got, tt.want)
			}
			if n := len(s.ahead.handed) + s.ahead.rows; n != 0 {
				t.Errorf("held when all is said: got %d, want nothing", n)
			}
		})
	}
}

// TestReadingThatIsOvertaken reads a chat's messages while something happens: what
// was read then must not be held.
func TestReadingThatIsOvertaken(t *testing.T) {
	tests := []struct {
		name string
		act  func(*testing.T, *Store)
	}{
		{"an edit", func(t *testing.T, s *Store) { commit(t, s, says(editing("", "a", "2"))) }},
		{"the same message being sent", func(t *testing.T, s *Store) { deliver(t, s, alexChat) }},
		{"being put off", func(t *testing.T, s *Store) {
			if err := s.Retry(context.Background(), 1, at("21:45")); err != nil {
				t.Fatal(err)
			}
		}},
		{"another reading", func(t *testing.T, s *Store) {
			if _, err := s.Head(context.Background(), alexChat); err != nil {
				t.Fatal(err)
			}
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := paired(t)
			commit(t, s, says(message("a", "1")))
			_, q := s.ahead.first(alexChat)
			rows, err := s.pending(context.Background(), alexChat)
			if err != nil || len(rows) != 1 {
				t.Fatalf("pending: got %d rows, %v, want 1", len(rows), err)
			}
			tt.act(t, s)
			s.ahead.fill(alexChat, q, rows)
			if held := s.ahead.chats[alexChat]; held == q {
				t.Errorf("held after %s: got what was read before, want nothing of it", tt.name)
			}
		})
	}
}

// TestWhatIsSaidNextIsKnown speaks in chats in which all was said, and where something
// waits: what is first there is known without reading.
func TestWhatIsSaidNextIsKnown(t *testing.T) {
	s := paired(t)
	commit(t, s, says(message("a", "1")))
	if got := keys(t, s, alexChat); len(got) != 1 {
		t.Fatalf("said: got %q, want a", got)
	}
	for range readers {
		select {
		case c := <-s.warm:
			defer func() { s.warm <- c }()
		case c := <-s.readers:
			defer func() { s.readers <- c }()
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if p, err := s.Head(ctx, alexChat); !errors.Is(err, rituals.ErrNotFound) {
		t.Errorf("Head when all is said: got %q, %v, want an error wrapping ErrNotFound", p.Message.Key, err)
	}
	wait := message("w", "0")
	wait.Wait = true
	commit(t, s, says(wait, message("b", "2"), message("a", "said before"), message("c", "3")))
	commit(t, s, says(message("d", "4")))
	for _, want := range []string{"b:2", "c:3", "d:4"} {
		p, err := s.Head(ctx, alexChat)
		if got := fmt.Sprintf("%s:%s", p.Message.Key, p.Message); err != nil || got != want {
			t.Fatalf("Head: got %q, %v, want %q", got, err, want)
		}
		if err := s.Sent(ctx, p.ID, "m", at("21:31")); err != nil {
			t.Fatalf("Sent: %v", err)
		}
	}
}

// TestWhatIsSaidDuringReading has a message said while the chat is read, when that was
// too early and when it was too late to find it: it is said once.
func TestWhatIsSaidDuringReading(t *testing.T) {
	for _, found := range []bool{false, true} {
		t.Run(fmt.Sprintf("found=%v", found), func(t *testing.T) {
			s := paired(t)
			commit(t, s, says(message("a", "1")))
			_, q := s.ahead.first(alexChat)
			read := func() []waiting {
				rows, err := s.pending(context.Background(), alexChat)
				if err != nil {
					t.Fatalf("pending: %v", err)
				}
				return rows
			}
			rows := read()
			commit(t, s, says(message("b", "2")))
			if found {
				rows = read()
			}
			s.ahead.fill(alexChat, q, rows)
			commit(t, s, says(message("c", "3")))
			if got := fmt.Sprint(keys(t, s, alexChat)); got != "[a b c]" {
				t.Errorf("said: got %s, want [a b c]", got)
			}
		})
	}
}

// TestEveryMessageIsSaidOnce speaks in a chat while what waits there is delivered.
func TestEveryMessageIsSaidOnce(t *testing.T) {
	s := paired(t)
	const n = 500
	go func() {
		for i := range n {
			c := says(message(fmt.Sprint(i), "x"))
			if i%17 == 16 {
				c.Release = []rituals.Release{{To: alexChat}}
			}
			if err := s.Commit(context.Background(), c); err != nil {
				t.Errorf("Commit: %v", err)
			}
		}
	}()
	for want := 0; want < n; {
		p, err := s.Head(context.Background(), alexChat)
		if errors.Is(err, rituals.ErrNotFound) {
			<-s.Said(alexChat.Platform)
			continue
		}
		if err != nil || p.Message.Key != fmt.Sprint(want) {
			t.Fatalf("Head: got %q, %v, want %d", p.Message.Key, err, want)
		}
		if err := s.Sent(context.Background(), p.ID, "m", at("21:31")); err != nil {
			t.Fatalf("Sent: %v", err)
		}
		want++
	}
}

// TestLongChatIsSaidInOrder has more to say in a chat than is read at once.
func TestLongChatIsSaidInOrder(t *testing.T) {
	s := paired(t)
	want := ""
	var c rituals.Change
	for i := range 3*together + 1 {
		key := fmt.Sprintf("m%02d", i)
		c.Say = append(c.Say, message(key, "x"))
		want += key + " "
	}
	c.Now = at("21:30").Add(time.Second)
	commit(t, s, c)
	got := ""
	for _, key := range keys(t, s, alexChat) {
		got += key + " "
	}
	if got != want {
		t.Errorf("said: got %q, want %q", got, want)
	}
}
