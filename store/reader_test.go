package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"attune/rituals"
)

func TestReaderKnowsWhatIsNotThere(t *testing.T) {
	ctx, s := context.Background(), furnished(t)
	for call, err := range map[string]error{
		"Invite":     second(s.Invite(ctx, "none")),
		"CheckIn":    second(s.CheckIn(ctx, 99)),
		"MessageKey": second(s.MessageKey(ctx, alexChat, "99")),
		"Notes":      second(s.Notes(ctx, samID, 0, 5)),
		"Head":       second(s.Head(ctx, alexChat)),
	} {
		if !errors.Is(err, rituals.ErrNotFound) {
			t.Errorf("%s: got %v, want %v", call, err, rituals.ErrNotFound)
		}
	}
	got, err := s.Load(ctx, rituals.Person{Platform: rituals.Telegram, ID: "stranger"})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "Load(stranger)", got, rituals.State{Person: rituals.Person{Platform: rituals.Telegram, ID: "stranger"}})
	got, err = s.LoadCouple(ctx, 99)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "LoadCouple(99)", got, rituals.State{})
}

func second[T any](_ T, err error) error { return err }

func TestReaderFinds(t *testing.T) {
	ctx, s := context.Background(), furnished(t)
	invite, err := s.Invite(ctx, "used")
	equal(t, "Invite(used)", []any{invite, err},
		[]any{rituals.Invite{Code: "used", Couple: pairID, By: alexID, Until: at("23:00"), Used: at("08:05")}, nil})
	held, err := s.Held(ctx, alexID)
	equal(t, "Held(Alex)", []any{held, err},
		[]any{[]rituals.Held{{ID: 4, Member: alexID, Text: "call the plumber", Until: at("22:00")}}, nil})
	commit(t, s, rituals.Change{Hold: []rituals.Held{{ID: 4, Member: alexID, Text: "call the florist", Until: at("22:00")}}})
	if held, err = s.Held(ctx, alexID); err != nil || len(held) != 1 || held[0].Text != "call the florist" {
		t.Errorf("Held after its words were changed: got %v, %v, want the new words", held, err)
	}
	k, err := s.CheckIn(ctx, 10)
	equal(t, "CheckIn(10)", []any{k, err}, []any{checkIn(10, "2026-11-23", at("21:30")), nil})

	commit(t, s, rituals.Change{LetGo: []int64{4}})
	if held, err := s.Held(ctx, alexID); err != nil || len(held) != 0 {
		t.Errorf("Held after it was let go: got %v, %v, want none", held, err)
	}
}

func TestMessageKey(t *testing.T) {
	ctx, s := context.Background(), paired(t)
	commit(t, s, says(message("a", "1")))
	deliver(t, s, alexChat)
	commit(t, s, says(editing("e", "a", "2")))
	p, err := s.Head(ctx, alexChat)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Sent(ctx, p.ID, "anew", at("21:32")); err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"m1", "anew"} {
		if key, err := s.MessageKey(ctx, alexChat, id); key != "a" || err != nil {
			t.Errorf("MessageKey(%s): got %q, %v, want a", id, key, err)
		}
	}
	if _, err := s.MessageKey(ctx, samChat, "m1"); !errors.Is(err, rituals.ErrNotFound) {
		t.Errorf("MessageKey in another chat: got %v, want %v", err, rituals.ErrNotFound)
	}
}

func TestLoadPicksTheCouple(t *testing.T) {
	ctx, s := context.Background(), paired(t)
	c := pair()
	c.Version, c.Ended = 1, at("09:00")
	commit(t, s, rituals.Change{Couple: &c})
	if got := load(t, s); got.Couple.ID != 0 || got.Member.Name != "Alex" || len(got.Members) != 0 {
		t.Errorf("Load after the couple ended: got %+v, want Alex alone", got)
	}
	if got, err := s.LoadCouple(ctx, pairID); err != nil || !got.Couple.Ended.Equal(at("09:00")) || len(got.Members) != 2 {
		t.Errorf("LoadCouple after it ended: got %+v, %v, want it with its members", got, err)
	}
	next := rituals.Couple{ID: 2, Bonds: []rituals.Bond{{Member: alexID, Joined: at("10:00")}}}
	commit(t, s, rituals.Change{Couple: &next})
	if got := load(t, s); got.Couple.ID != 2 {
		t.Errorf("Load after joining another: got couple %d, want 2", got.Couple.ID)
	}
}

func TestCoupleIsWrittenWhole(t *testing.T) {
	s := paired(t)
	c := pair()
	c.Version, c.Bonds = 1, []rituals.Bond{{Member: samID, Joined: at("08:05"), RestUntil: rituals.Forever}}
	c.Settings, c.Proposals, c.Invite = nil, nil, ""
	leaves := rituals.Couple{ID: 7, Bonds: []rituals.Bond{{Member: alexID, Joined: at("07:00")}}}
	commit(t, s, rituals.Change{Couple: &c, Leaves: &leaves})
	got, err := s.LoadCouple(context.Background(), pairID)
	if err != nil {
		t.Fatal(err)
	}
	c.Version = 2
	equal(t, "LoadCouple", got.Couple, c)
	if got := load(t, s); got.Couple.ID != 7 {
		t.Errorf("Load: got couple %d, want 7, the one written as Leaves", got.Couple.ID)
	}
}

func TestLoadReachesBack(t *testing.T) {
	s := furnished(t)
	old := checkIn(11, "2026-11-20", at("21:30").Add(-72*time.Hour))
	old.State = rituals.Missed
	forgotten := checkIn(12, "2026-11-19", at("21:30").Add(-96*time.Hour))
	edge := checkIn(13, "2026-11-22", at("21:30").Add(-36*time.Hour))
	edge.State = rituals.Kept
	commit(t, s, rituals.Change{CheckIns: []rituals.CheckIn{old, forgotten, edge}})
	var got []rituals.CheckInID
	for _, k := range load(t, s).CheckIns {
		got = append(got, k.ID)
	}
	equal(t, "check-ins open, or opened within 36 hours of the newest", got, []rituals.CheckInID{12, 13, 10})
}

func TestOutcomes(t *testing.T) {
	s := furnished(t)
	var ks []rituals.CheckIn
	for i, k := range []struct {
		day   rituals.Day
		n     int
		state rituals.CheckInState
	}{
		{"2026-11-22", 0, rituals.Kept},
		{"2026-11-21", 0, rituals.Missed}, {"2026-11-21", 1, rituals.Kept},
		{"2026-11-20", 0, rituals.Excused}, {"2026-11-20", 1, rituals.Missed},
		{"2026-11-19", 0, rituals.Missed},
	} {
		c := checkIn(rituals.CheckInID(20+i), k.day, at("21:30"))
		c.N, c.State = k.n, k.state
		ks = append(ks, c)
	}
	talk := checkIn(30, "2026-11-18", at("21:30"))
	r := evening()
	r.ID, r.Streak = "talk", false
	talk.Ritual, talk.Hash, talk.State = r, "hash of talk", rituals.Kept
	commit(t, s, rituals.Change{Definitions: []rituals.Definition{definition(t, r)}, CheckIns: append(ks, talk)})

	got, err := s.Outcomes(context.Background(), pairID)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "Outcomes", got, []rituals.Outcome{{Day: "2026-11-19", State: rituals.Missed}, {Day: "2026-11-20", State: rituals.Excused},
		{Day: "2026-11-21", State: rituals.Kept}, {Day: "2026-11-22", State: rituals.Kept}})
}

func TestNotes(t *testing.T) {
	ctx, s := context.Background(), paired(t)
	reply := func(k rituals.CheckInID, m rituals.MemberID, text string) rituals.Reply {
		return rituals.Reply{CheckIn: k, Member: m, Step: "heart", Words: []rituals.Words{{Text: text}}, At: at("21:40")}
	}
	c := rituals.Change{Definitions: []rituals.Definition{definition(t, evening())}}
	for i, state := range []rituals.CheckInState{rituals.Kept, rituals.Missed, rituals.Kept} {
		k := checkIn(rituals.CheckInID(i+1), rituals.Day(fmt.Sprintf("2026-11-2%d", i)), at("21:30").AddDate(0, 0, i-5))
		k.State = state
		c.CheckIns = append(c.CheckIns, k)
		c.Replies = append(c.Replies, reply(k.ID, alexID, "mine"), reply(k.ID, samID, "Sam's"))
	}
	c.Replies[5].Mine = true                                                         // Sam's of the last: it did not open
	skipped := rituals.Reply{CheckIn: 3, Member: alexID, Step: "now", Skipped: true} // is no answer
	c.Replies = append(c.Replies, skipped)
	commit(t, s, c)

	tests := []struct {
		page int
		want string
	}{
		{0, "3 mine; 2 mine; "}, // what Sam kept, and what never opened, is Sam's
		{1, "1 mine Sam's; "},
	}
	for _, tt := range tests {
		notes, err := s.Notes(ctx, alexID, 2*tt.page, 2)
		got := ""
		for _, n := range notes {
			got += fmt.Sprint(n.CheckIn)
			for _, r := range n.Replies {
				got += " " + r.Text()
			}
			got += "; "
		}
		if got != tt.want || err != nil {
			t.Errorf("Notes(Alex, page %d): got %q, %v, want %q", tt.page, got, err, tt.want)
		}
	}
	if _, err := s.Notes(ctx, alexID, 4, 2); !errors.Is(err, rituals.ErrNotFound) {
		t.Errorf("Notes past the last page: got %v, want %v", err, rituals.ErrNotFound)
	}
}

func TestErase(t *testing.T) {
	ctx, s := context.Background(), furnished(t)
	secret := "Nobody must read this"
	commit(t, s, rituals.Change{Replies: []rituals.Reply{
		{CheckIn: 10, Member: alexID, Step: "heart", Words: []rituals.Words{{Text: secret}}},
		{CheckIn: 10, Member: samID, Step: "heart", Words: []rituals.Words{{Text: "Sam's own"}}},
	}, Say: []rituals.Message{message("quote", secret)}})
	deliver(t, s, alexChat)
	for _, p := range []rituals.Person{alex, sam} {
		e := rituals.Event{ID: "parked " + p.ID, Kind: rituals.Wrote, Person: p, Text: secret}
		commit(t, s, rituals.Change{Event: &e, Park: &rituals.Parked{Event: e, Reason: "three tries"}})
	}
	commit(t, s, rituals.Change{Erase: []rituals.MemberID{alexID}})
	parked := 0
	if err := s.read(ctx, func(r *conn) error {
		return r.query(func(r *row) error { parked += int(r.int()); return nil }, "SELECT count(*) FROM parked")
	}); err != nil || parked != 1 {
		t.Errorf("parked after Alex's words were erased: got %d, %v, want Sam's alone", parked, err)
	}

	k, err := s.CheckIn(ctx, 10)
	if err != nil || len(k.Replies) != 1 || k.Replies[0].Text() != "Sam's own" {
		t.Errorf("replies after Alex's words were erased: got %+v, %v, want Sam's alone", k.Replies, err)
	}
	if held, err := s.Held(ctx, alexID); err != nil || len(held) != 0 {
		t.Errorf("Held: got %v, %v, want none", held, err)
	}
	var body string
	err = s.read(ctx, func(r *conn) error {
		return r.query(func(r *row) error { body += r.text(); return nil }, "SELECT body FROM outbox")
	})
	if strings.Contains(body, secret) || err != nil {
		t.Errorf("bodies of sent messages: got %q, %v, want nothing of %q", body, err, secret)
	}
}

func TestForget(t *testing.T) {
	ctx, s := context.Background(), furnished(t)
	k := checkIn(10, "2026-11-23", at("21:30"))
	k.State = rituals.Kept
	own := message("own", "of no check-in")
	own.CheckIn = 0
	commit(t, s, rituals.Change{Now: at("21:30"), CheckIns: []rituals.CheckIn{k}, Say: []rituals.Message{message("a", "1"), own}})
	deliver(t, s, alexChat)
	closes := k.Closes
	forget := func(t1 time.Time) {
		commit(t, s, rituals.Change{Forget: &rituals.Forget{Handled: t1, Sent: t1, Invites: t1}})
	}
	known := func() string {
		got := ""
		for _, m := range []string{"m1", "m2"} {
			if key, err := s.MessageKey(ctx, alexChat, m); err == nil {
				got += key + " "
			}
		}
		for _, code := range []string{"fresh", "used", "revoked"} {
			if _, err := s.Invite(ctx, code); err == nil {
				got += code + " "
			}
		}
		if errors.Is(s.Commit(ctx, rituals.Change{Event: &told, Alarm: &rituals.Alarm{Name: "none"}}), rituals.ErrSettled) {
			got += "x"
		}
		return got
	}
	forget(at("08:00"))
	equal(t, "known after forgetting what is older than all", known(), "a own fresh used revoked x")
	forget(at("21:32"))
	equal(t, "known after forgetting what is before the check-in closed", known(), "a fresh revoked x")
	forget(closes.Add(time.Minute))
	equal(t, "known after forgetting what is before now", known(), "x")
}

func TestNaughtyStrings(t *testing.T) {
	s := furnished(t)
	for _, text := range []string{
		"a\x00b", "\u202eright to left", "a\u200bzero\u200dwidth", "👩‍👩‍👧 🤷🏽", "Robert'); DROP TABLE member;--",
		`<b>&amp;"'\`, "@everyone", `","text":"x"}]`, "line\r\n\ttab", " ", strings.Repeat("long ", 20_000), "\u2028", "é", `\u0041`,
	} {
		st := load(t, s)
		st.Member.Name, st.Member.Asked.Step = text, text
		said := message(text, text)
		commit(t, s, rituals.Change{Members: []rituals.Member{st.Member}, Say: []rituals.Message{said},
			Replies: []rituals.Reply{{CheckIn: 10, Member: alexID, Step: "heart", Choice: text,
				Words: []rituals.Words{{Source: text, Text: text}, {Text: text}}, At: at("21:40")}}})
		got := load(t, s)
		equal(t, "Name", got.Member.Name, text)
		equal(t, "Asked.Step", got.Member.Asked.Step, text)
		equal(t, "Words", got.CheckIns[0].Replies, []rituals.Reply{{CheckIn: 10, Member: alexID, Step: "heart", Choice: text,
			Words: []rituals.Words{{Source: text, Text: text}, {Text: text}}, At: at("21:40")}})
		for _, p := range deliver(t, s, alexChat) {
			equal(t, "Message", p.Message, said)
		}
		event := rituals.Event{ID: text, Kind: rituals.Wrote, Person: alex, Text: text}
		commit(t, s, rituals.Change{Event: &event, Park: &rituals.Parked{Event: event, Reason: text}})
		if err := s.SetCursor(context.Background(), rituals.Discord, text, text); err != nil {
			t.Fatal(err)
		}
		value, err := s.Cursor(context.Background(), rituals.Discord, text)
		equal(t, "Cursor", []any{value, err}, []any{text, nil})
	}
}
