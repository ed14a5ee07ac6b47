package store

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"attune/rituals"
)

// told is an event that was settled before the tests of conflicts begin.
var told = rituals.Event{ID: "500", Kind: rituals.Wrote, Person: alex, Chat: alexChat}

// furnished is paired with an evening open, an invite of each kind, an alarm and
// held words.
func furnished(t testing.TB) *Store {
	t.Helper()
	s := paired(t)
	commit(t, s, rituals.Change{
		Now: at("21:30"), Event: &told,
		Definitions: []rituals.Definition{definition(t, evening())},
		CheckIns:    []rituals.CheckIn{checkIn(10, "2026-11-23", at("21:30"))},
		Invites: []rituals.Invite{
			{Code: "fresh", Couple: pairID, By: alexID, Until: at("23:00")},
			{Code: "used", Couple: pairID, By: alexID, Until: at("23:00"), Used: at("08:05")},
			{Code: "revoked", Couple: pairID, By: alexID, Until: at("23:00"), Revoked: true},
		},
		Set:  []rituals.Alarm{{Couple: pairID, Name: "nudge", Kind: rituals.AlarmNudge, At: at("22:15"), CheckIn: 10}},
		Hold: []rituals.Held{{ID: 4, Member: alexID, Text: "call the plumber", Until: at("22:00")}},
	})
	return s
}

func TestCommitAssumes(t *testing.T) {
	member := func(id rituals.MemberID, p rituals.Person, version int64) rituals.Change {
		return rituals.Change{Members: []rituals.Member{{ID: id, Person: p, Name: "Alex", Version: version}}}
	}
	pairAt := func(version int64) rituals.Change {
		c := pair()
		c.Version = version
		return rituals.Change{Couple: &c}
	}
	invite := func(code string, used bool) rituals.Change {
		i := rituals.Invite{Code: code, Couple: pairID, By: alexID, Until: at("23:00"), Revoked: !used}
		if used {
			i.Used = at("21:00")
		}
		return rituals.Change{Invites: []rituals.Invite{i}}
	}
	alarm := func(name, clock string) rituals.Change {
		return rituals.Change{Alarm: &rituals.Alarm{Couple: pairID, Name: name, At: at(clock)}}
	}
	opening := func(id rituals.CheckInID, day rituals.Day, n int) rituals.Change {
		k := checkIn(id, day, at("21:30"))
		k.N = n
		return rituals.Change{CheckIns: []rituals.CheckIn{k}}
	}
	event := func(p rituals.Person, id string) rituals.Change {
		return rituals.Change{Event: &rituals.Event{ID: id, Kind: rituals.Wrote, Person: p}}
	}
	stranger := rituals.Person{Platform: rituals.Telegram, ID: "3"}
	tests := []struct {
		name   string
		change rituals.Change
		want   error
	}{
		{"a member as it was loaded is written", member(alexID, alex, 1), nil},
		{"a member somebody else has written is a conflict", member(alexID, alex, 2), rituals.ErrConflict},
		{"a member who is not there is a conflict", member(50, stranger, 1), rituals.ErrConflict},
		{"a first member is written", member(50, stranger, 0), nil},
		{"a first member whose id is taken is a conflict", member(alexID, stranger, 0), rituals.ErrConflict},
		{"a first member who is a member already is a conflict", member(50, alex, 0), rituals.ErrConflict},
		{"a couple as it was loaded is written", pairAt(1), nil},
		{"a couple somebody else has written is a conflict", pairAt(2), rituals.ErrConflict},
		{"a first couple whose id is taken is a conflict", pairAt(0), rituals.ErrConflict},
		{"a check-in is written again", opening(10, "2026-11-23", 0), nil},
		{"another day's check-in is written", opening(11, "2026-11-24", 0), nil},
		{"the same day's next check-in is written", opening(11, "2026-11-23", 1), nil},
		{"a second check-in of the same key is a conflict", opening(11, "2026-11-23", 0), rituals.ErrConflict},
		{"a fresh invite is used", invite("fresh", true), nil},
		{"a fresh invite is revoked", invite("fresh", false), nil},
		{"a used invite is not used again", invite("used", true), rituals.ErrConflict},
		{"a used invite is not revoked", invite("used", false), rituals.ErrConflict},
		{"a revoked invite is not used", invite("revoked", true), rituals.ErrConflict},
		{"an event is settled", event(alex, "501"), nil},
		{"the same id on another platform is another event", event(sam, "500"), nil},
		{"an event is not settled twice", event(alex, "500"), rituals.ErrSettled},
		{"an event that was settled is not parked", rituals.Change{Park: &rituals.Parked{Event: told}}, rituals.ErrSettled},
		{"an alarm is settled", alarm("nudge", "22:15"), nil},
		{"an alarm that was put off is not settled at its old instant", alarm("nudge", "22:10"), rituals.ErrSettled},
		{"an alarm that is gone is not settled", alarm("close", "22:15"), rituals.ErrSettled},
		{"held words of a taken id are a conflict", rituals.Change{Hold: []rituals.Held{{ID: 4, Member: samID}}}, rituals.ErrConflict},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := furnished(t)
			// The message shows whether anything of the change holds.
			tt.change.Say = []rituals.Message{{Key: "trace", To: alexChat}}
			if err := s.Commit(context.Background(), tt.change); !errors.Is(err, tt.want) {
				t.Fatalf("Commit: got %v, want %v", err, tt.want)
			}
			if _, err := s.Head(context.Background(), alexChat); (err == nil) != (tt.want == nil) {
				t.Errorf("Head after Commit gave %v: got %v", tt.want, err)
			}
		})
	}
}

func TestConflictRollsBackAlone(t *testing.T) {
	s := paired(t)
	var jobs []*job
	for i := range 9 {
		m := members()[0]
		m.Version = 1 + int64(i/2) // every other one comes too late
		c := rituals.Change{Members: []rituals.Member{m}, Say: []rituals.Message{{Key: fmt.Sprint(i), To: alexChat}}}
		e, err := encode(c)
		if err != nil {
			t.Fatal(err)
		}
		jobs = append(jobs, &job{apply: func(w *conn) error { return s.apply(w, e) }})
	}
	err := s.write(context.Background(), &job{apply: func(c *conn) error {
		// This runs inside the writer's own transaction: a batch inside it is
		// what the writer would make of the jobs, had they waited together.
		return (&writer{conn: c, store: s, batch: jobs}).apply()
	}})
	if err != nil {
		t.Fatalf("apply: %v", err)
	}
	for i, j := range jobs {
		want := error(nil)
		if i%2 == 1 {
			want = rituals.ErrConflict
		}
		if !errors.Is(j.err, want) {
			t.Errorf("job %d: got %v, want %v", i, j.err, want)
		}
	}
	equal(t, "keys said", keys(t, s, alexChat), []string{"0", "2", "4", "6", "8"})
	if got := load(t, s).Member.Version; got != 6 {
		t.Errorf("version after five writes: got %d, want 6", got)
	}
}

func TestCommitsSideBySide(t *testing.T) {
	s := paired(t)
	const writers, each = 4, 20
	errs := make(chan error, writers)
	for n := range writers {
		go func() {
			for i := 0; i < each; {
				st, err := s.Load(context.Background(), alex)
				if err == nil {
					err = s.Commit(context.Background(), rituals.Change{Members: []rituals.Member{st.Member},
						Event: &rituals.Event{ID: fmt.Sprint(n, "/", i), Person: alex}})
				}
				if err == nil {
					i++
				} else if !errors.Is(err, rituals.ErrConflict) {
					errs <- err
					return
				}
			}
			errs <- nil
		}()
	}
	for range writers {
		if err := <-errs; err != nil {
			t.Fatal(err)
		}
	}
	if got, want := load(t, s).Member.Version, int64(1+writers*each); got != want {
		t.Errorf("version after %d commits: got %d, want %d", writers*each, got, want)
	}
}

func TestCommitIgnoresItsContextOnceQueued(t *testing.T) {
	s := paired(t)
	started, goOn := make(chan struct{}), make(chan struct{})
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() {
		done <- s.write(ctx, &job{apply: func(*conn) error {
			close(started)
			<-goOn
			return nil
		}})
	}()
	<-started
	cancel()
	close(goOn)
	if err := <-done; err != nil {
		t.Errorf("write with a context that ended on the way: got %v, want nil", err)
	}
	if err := s.Commit(ctx, rituals.Change{}); !errors.Is(err, context.Canceled) {
		t.Errorf("Commit with a context that has ended: got %v, want %v", err, context.Canceled)
	}
}

func TestAlarms(t *testing.T) {
	ctx := context.Background()
	alarm := func(couple rituals.CoupleID, name, clock string, k rituals.CheckInID) rituals.Alarm {
		return rituals.Alarm{Couple: couple, Name: name, Kind: rituals.AlarmNudge, At: at(clock), Ritual: "evening",
			Day: "2026-11-23", Member: samID, CheckIn: k, Tries: 2}
	}
	set := rituals.Change{Set: []rituals.Alarm{alarm(pairID, "a", "22:00", 10), alarm(pairID, "b", "21:00", 11),
		alarm(pairID, "c", "23:00", 10), alarm(8, "a", "20:00", 10)}}
	tests := []struct {
		name   string
		change rituals.Change
		want   string
	}{
		{"set replaces the alarm of its key", rituals.Change{Set: []rituals.Alarm{alarm(pairID, "a", "19:00", 0)}}, "3a 8a 3b 3c"},
		{"cancel takes the couple's own by name", rituals.Change{Couple: ptr(pair()), Cancel: []string{"a", "x"}}, "8a 3b 3c"},
		{"cancel-for takes a check-in's", rituals.Change{Couple: ptr(pair()), CancelFor: 10}, "8a 3b"},
		{"cancel-all takes the couple's", rituals.Change{Couple: ptr(pair()), CancelAll: true}, "8a"},
		{"what is set beside cancel-all stays", rituals.Change{Couple: ptr(pair()), CancelAll: true,
			Set: []rituals.Alarm{alarm(pairID, "d", "23:30", 0)}}, "8a 3d"},
		{"one that failed is settled and set again, later", rituals.Change{Alarm: ptr(alarm(pairID, "b", "21:00", 0)),
			Set: []rituals.Alarm{alarm(pairID, "b", "22:30", 0)}}, "8a 3a 3b 3c"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := paired(t)
			commit(t, s, set)
			if tt.change.Couple != nil {
				tt.change.Couple.Version = 1
			}
			commit(t, s, tt.change)
			due, next, err := s.Due(ctx, at("23:59"), 10)
			got := ""
			for i, a := range due {
				if i > 0 {
					got += " "
				}
				got += fmt.Sprint(a.Couple, a.Name)
			}
			if got != tt.want || !next.IsZero() || err != nil {
				t.Errorf("Due(23:59): got %s, next %v, %v, want %s", got, next, err, tt.want)
			}
		})
	}
	s := paired(t)
	commit(t, s, set)
	due, next, err := s.Due(ctx, at("21:59"), 1)
	equal(t, "Due(21:59, limit 1)", due, []rituals.Alarm{alarm(8, "a", "20:00", 10)})
	if !next.Equal(at("21:00")) || err != nil {
		t.Errorf("Due(21:59, limit 1): got next %v, %v, want 21:00", next, err)
	}
	_, next, err = s.Due(ctx, at("21:00").Add(-time.Millisecond), 10)
	if !next.Equal(at("21:00")) || err != nil {
		t.Errorf("Due just before 21:00: got next %v, %v, want 21:00", next, err)
	}
}

func ptr[T any](v T) *T { return &v }
