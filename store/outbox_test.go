package store

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"attune/rituals"
)

func message(key, text string) rituals.Message {
	return rituals.Message{Key: key, To: alexChat, Couple: pairID, CheckIn: 10, Member: alexID,
		Blocks: []rituals.Block{rituals.Para(text)}, Until: at("23:00"), Silent: true}
}

func editing(key, of, text string) rituals.Message {
	m := message(key, text)
	m.Edits = of
	return m
}

func says(ms ...rituals.Message) rituals.Change { return rituals.Change{Now: at("21:30"), Say: ms} }

// keys says the messages of a chat one after another and returns their keys.
func keys(t testing.TB, s *Store, to rituals.Address) (ks []string) {
	t.Helper()
	for _, p := range deliver(t, s, to) {
		ks = append(ks, p.Message.Key)
	}
	return ks
}

// deliver says the messages of a chat one after another: the platform knows
// message id as "m<id>".
func deliver(t testing.TB, s *Store, to rituals.Address) (ps []rituals.Parcel) {
	t.Helper()
	for {
		p, err := s.Head(context.Background(), to)
		if errors.Is(err, rituals.ErrNotFound) {
			return ps
		}
		if err != nil {
			t.Fatalf("Head(%v): %v", to, err)
		}
		sentOne(t, s, p)
		ps = append(ps, p)
	}
}

func sentOne(t testing.TB, s *Store, p rituals.Parcel) {
	t.Helper()
	if err := s.Sent(context.Background(), p.ID, fmt.Sprint("m", p.ID), at("21:31")); err != nil {
		t.Fatalf("Sent(%d): %v", p.ID, err)
	}
}

// TestOutboxKeepsWhatIsSaid says the same message where it has to be read, and where
// what waits is known.
func TestOutboxKeepsWhatIsSaid(t *testing.T) {
	want := message("ask", "How are you now?")
	want.Blocks = append(want.Blocks, rituals.Block{Kind: rituals.Countdown, At: at("21:40")},
		rituals.Block{Kind: rituals.Carried, Media: &rituals.Media{Kind: rituals.Picture, Platform: rituals.Discord, File: "f", Size: 9}})
	want.Choices = [][]rituals.Choice{{{Label: "Skip", Action: "s", Form: true}, {Label: "Send", Share: &rituals.Share{Code: "C", Text: "t"}}}}
	want.Input = &rituals.Input{Hint: "hint", Label: "label"}
	want.Silent, want.Until = true, at("23:00")
	want.Couple, want.Member, want.From = 1, 1, 2
	want.For, want.Readers = []rituals.Person{alex}, "2"
	for _, known := range []bool{false, true} {
		t.Run(fmt.Sprintf("known=%v", known), func(t *testing.T) {
			s := paired(t)
			if known {
				keys(t, s, alexChat)
			}
			commit(t, s, says(want))
			if q := s.ahead.chats[alexChat]; (q != nil && len(q.rows) == 1) != known {
				t.Fatalf("held ahead: got %v, want %v", !known, known)
			}
			equal(t, "Head", deliver(t, s, alexChat), []rituals.Parcel{{ID: 1, Message: want}})
		})
	}
}

func TestOutboxOrder(t *testing.T) {
	undelivered := func(id string) rituals.Change {
		return rituals.Change{Now: at("21:31"), Event: &rituals.Event{ID: "u", Kind: rituals.Undelivered, Source: id, Chat: alexChat}}
	}
	wait := message("w", "later")
	wait.Wait = true
	elsewhere := message("other", "not hers")
	elsewhere.Couple, elsewhere.CheckIn = 9, 90
	sent := func(t *testing.T, s *Store) { deliver(t, s, alexChat) }
	in := func(c rituals.Change) func(*testing.T, *Store) {
		return func(t *testing.T, s *Store) { commit(t, s, c) }
	}
	underway := func(t *testing.T, s *Store) {
		p, err := s.Head(context.Background(), alexChat)
		if err != nil {
			t.Fatalf("Head: %v", err)
		}
		commit(t, s, says(editing("", p.Message.Key, "edited on its way")))
		sentOne(t, s, p)
	}
	type acts []func(*testing.T, *Store)
	tests := []struct {
		name string
		acts acts
		want string // key, text and what it edits, of all that is said in the end
	}{
		{"messages go in the order in which they were said", acts{in(says(message("a", "1"), message("b", "2"))), in(says(message("c", "3")))},
			"a:1: b:2: c:3: "},
		{"the same key is said once", acts{in(says(message("a", "1"), message("a", "2")))}, "a:1: "},
		{"the same key is said once, even after it was sent", acts{in(says(message("a", "1"))), sent, in(says(message("a", "2")))}, ""},
		{"messages without a key are all said", acts{in(says(message("", "1"), message("", "2")))}, ":1: :2: "},
		{"what waits is passed by", acts{in(says(wait, message("a", "1")))}, "a:1: "},
		{"what was released goes, in its place", acts{in(says(wait, message("a", "1"))), in(rituals.Change{Release: []rituals.Release{{To: alexChat}}})},
			"w:later: a:1: "},
		{"another chat's release releases nothing", acts{in(says(wait)), in(rituals.Change{Release: []rituals.Release{{To: samChat}}})}, ""},
		{"an edit from another address edits nothing", acts{in(says(message("a", "1"), func() rituals.Message {
			m := editing("", "a", "2")
			m.To = samChat
			return m
		}()))}, "a:1: "},
		{"an edit of what is not sent replaces it", acts{in(says(message("a", "1"))), in(says(editing("e", "a", "2")))}, "a:2: "},
		{"an edit of what waits replaces it, and it waits on", acts{in(says(wait)), in(says(editing("e", "w", "2")))}, ""},
		{"an edit of what was sent is said in its place", acts{in(says(message("a", "1"))), sent, in(says(editing("e", "a", "2")))}, "e:2:m1 "},
		{"the later of two edits replaces the earlier", acts{in(says(message("a", "1"))), sent,
			in(says(editing("e", "a", "2"))), in(says(message("b", "3"), editing("f", "a", "4")))}, "e:4:m1 b:3: "},
		{"an edit of an edit edits the message", acts{in(says(message("a", "1"))), sent, in(says(editing("e", "a", "2"))), sent,
			in(says(editing("f", "e", "3")))}, "f:3:m1 "},
		{"an edit of what is under way follows it", acts{in(says(message("a", "1"), message("b", "2"))), underway}, "b:2: :edited on its way:m1 "},
		{"an edit of what is not there is dropped", acts{in(says(editing("e", "nothing", "2")))}, ""},
		{"an edit of what failed is dropped", acts{in(says(message("a", "1"))), in(undelivered("1")), in(says(editing("e", "a", "2")))}, ""},
		{"what failed is out of the way", acts{in(says(message("a", "1"), message("b", "2"))), in(undelivered("1"))}, "b:2: "},
		{"an undelivered of no row harms nothing", acts{in(says(message("a", "1"))), in(undelivered("x"))}, "a:1: "},
		{"a drop by couple takes the couple's", acts{in(says(message("a", "1"), elsewhere)),
			in(rituals.Change{Drop: []rituals.Drop{{Couple: pairID}}})}, "other:not hers: "},
		{"a drop by check-in takes the check-in's, and what waits", acts{in(says(message("a", "1"), wait, elsewhere)),
			in(rituals.Change{Drop: []rituals.Drop{{CheckIn: 10}}}), in(rituals.Change{Release: []rituals.Release{{To: alexChat}}})}, "other:not hers: "},
		{"a drop by address takes the chat's", acts{in(says(message("a", "1"), elsewhere)),
			in(rituals.Change{Drop: []rituals.Drop{{To: alexChat}}})}, ""},
		{"a drop by address and couple takes what is of both", acts{in(says(message("a", "1"), elsewhere)),
			in(rituals.Change{Drop: []rituals.Drop{{To: alexChat, Couple: 9}}})}, "a:1: "},
		{"an empty drop takes nothing", acts{in(says(message("a", "1"))), in(rituals.Change{Drop: []rituals.Drop{{}}})}, "a:1: "},
		{"what was dropped may be said again, even at once", acts{in(says(message("a", "1"))),
			in(rituals.Change{Drop: []rituals.Drop{{CheckIn: 10}}, Say: []rituals.Message{message("a", "2")}})}, "a:2: "},
		{"what was erased after it was sent has no words", acts{in(says(message("a", "1"))), sent, in(rituals.Change{Erase: []rituals.MemberID{alexID}}),
			in(says(editing("e", "a", "2")))}, "e:2:m1 "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := paired(t)
			for _, act := range tt.acts {
				act(t, s)
			}
			got := ""
			for _, p := range deliver(t, s, alexChat) {
				got += fmt.Sprintf("%s:%s:%s ", p.Message.Key, p.Message, p.Edits)
			}
			if got != tt.want {
				t.Errorf("said: got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestWaiting(t *testing.T) {
	ctx := context.Background()
	s := paired(t)
	b := rituals.Address{Platform: rituals.Telegram, Chat: "b"}
	c := rituals.Address{Platform: rituals.Telegram, Chat: "c"}
	for i, to := range []rituals.Address{alexChat, b, alexChat, samChat, c, b} {
		m := message(fmt.Sprint(i), "x")
		m.To = to
		commit(t, s, says(m))
	}
	kept := message("kept back", "x")
	kept.To, kept.Wait = rituals.Address{Platform: rituals.Telegram, Chat: "d"}, true
	commit(t, s, says(kept))
	if err := s.Retry(ctx, 2, at("21:45")); err != nil {
		t.Fatalf("Retry(2): %v", err)
	}
	tests := []struct {
		name  string
		after int64
		limit int
		want  []rituals.Waiting
	}{
		{"all chats", 0, 9, []rituals.Waiting{{ID: 1, To: alexChat}, {ID: 2, To: b, RetryAt: at("21:45")}, {ID: 5, To: c}}},
		{"those after the first", 1, 9, []rituals.Waiting{{ID: 2, To: b, RetryAt: at("21:45")}, {ID: 5, To: c}}},
		{"one at a time", 2, 1, []rituals.Waiting{{ID: 5, To: c}}},
		{"none", 5, 9, nil},
	}
	for _, tt := range tests {
		got, err := s.Waiting(ctx, rituals.Telegram, tt.after, tt.limit)
		if err != nil {
			t.Errorf("%s: Waiting: %v", tt.name, err)
		}
		equal(t, tt.name, got, tt.want)
	}
	if p, err := s.Head(ctx, b); err != nil || p.ID != 2 || p.Tries != 1 {
		t.Errorf("Head after Retry: got row %d, %d tries, %v, want row 2, 1 try", p.ID, p.Tries, err)
	}
}

func TestSaidWakes(t *testing.T) {
	s := paired(t)
	telegram, discord := s.Said(rituals.Telegram), s.Said(rituals.Discord)
	woken := func(c <-chan struct{}) bool {
		// Before the next is written, who was to be told has been.
		if err := s.SetCursor(context.Background(), rituals.Telegram, "next", "1"); err != nil {
			t.Fatal(err)
		}
		select {
		case <-c:
			return true
		default:
			return false
		}
	}
	commit(t, s, says(message("a", "1"), message("b", "2")))
	if !woken(telegram) || woken(telegram) || woken(discord) {
		t.Error("Said after a commit with two messages on Telegram: want one wake-up there and none on Discord")
	}
	commit(t, s, rituals.Change{Release: []rituals.Release{{To: samChat}}})
	if !woken(discord) || woken(telegram) {
		t.Error("Said after a release on Discord: want one wake-up there and none on Telegram")
	}
	if err := s.Commit(context.Background(), rituals.Change{Event: &told, Park: &rituals.Parked{Event: told}}); err != nil {
		t.Fatal(err)
	}
	if woken(telegram) || woken(discord) {
		t.Error("Said after a commit that says nothing: want no wake-up")
	}
}

func TestSentKnowsWhatIsGone(t *testing.T) {
	s := paired(t)
	if err := s.Sent(context.Background(), 77, "m", at("21:31")); !errors.Is(err, rituals.ErrNotFound) {
		t.Errorf("Sent of a row that was dropped: got %v, want %v", err, rituals.ErrNotFound)
	}
}

func TestMoved(t *testing.T) {
	s := paired(t)
	commit(t, s, says(message("a", "1")))
	commit(t, s, rituals.Change{Event: &rituals.Event{ID: "m", Kind: rituals.Moved, Person: alex, Chat: alexChat, Text: "-100"}})
	equal(t, "said in the old chat", keys(t, s, alexChat), []string(nil))
	equal(t, "said in the chat it moved to", keys(t, s, rituals.Address{Platform: rituals.Telegram, Chat: "-100"}), []string{"a"})
}
