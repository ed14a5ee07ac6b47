package store

import (
	"context"
	"os"
	"slices"
	"testing"

	"attune/rituals"
)

// TestRowsAreNumberedOnce says messages and takes them back, in one process and in the
// next: platforms and buttons know a message by its row.
func TestRowsAreNumberedOnce(t *testing.T) {
	s := paired(t)
	path := s.Path()
	var given []int64
	say := func() {
		t.Helper()
		commit(t, s, says(message("", "1")))
		p, err := s.Head(context.Background(), alexChat)
		if err != nil {
			t.Fatal(err)
		}
		given = append(given, p.ID)
	}
	dropAll := rituals.Change{Drop: []rituals.Drop{{To: alexChat}}}
	for range 2 {
		for range 2 {
			say()
			commit(t, s, dropAll)
		}
		// A change that is refused after its message was put in leaves nothing of it.
		told := told
		told.ID = "once"
		_ = s.Commit(context.Background(), rituals.Change{Event: &told})
		refused := says(message("", "2"))
		refused.Event = &told
		if err := s.Commit(context.Background(), refused); err == nil {
			t.Fatal("Commit of an event that was settled: got no error")
		}
		say()
		commit(t, s, dropAll)
		s.Close()
		s = openAt(t, path)
	}
	if !slices.IsSorted(given) || len(slices.Compact(slices.Clone(given))) != 6 {
		t.Errorf("rows: got %v, want six that count up", given)
	}
}

// TestNumbersAreSetAsideAgain says more than is set aside at once, where what was set
// aside is taken back with the change that did it.
func TestNumbersAreSetAsideAgain(t *testing.T) {
	s := paired(t)
	err := s.write(context.Background(), &job{apply: func(w *conn) error {
		if _, err := s.rows.id(w); err != nil {
			return err
		}
		return rituals.ErrConflict
	}})
	if err == nil {
		t.Fatal("write of a job that fails: got no error")
	}
	seen := int64(0)
	for n := range 3 {
		var many []rituals.Message
		for range numbered/2 + n {
			many = append(many, message("", "1"))
		}
		commit(t, s, says(many...))
		commit(t, s, rituals.Change{Drop: []rituals.Drop{{To: alexChat}}})
		commit(t, s, says(message("", "2")))
		p, err := s.Head(context.Background(), alexChat)
		if err != nil || p.ID <= seen+numbered/2 {
			t.Fatalf("Head after %d messages more: got row %d, %v, want one after %d", numbered/2, p.ID, err, seen+numbered/2)
		}
		seen = p.ID
	}
}

// TestEventWritesFewPages counts what is written for words that nobody has asked for and
// for the record of the reply to them: both are written for every such event.
func TestEventWritesFewPages(t *testing.T) {
	s := paired(t)
	write := func(id string) {
		couple, event, m := load(t, s).Couple, told, message("reply to "+id, "I haven't passed that on.")
		event.ID = id
		n := int64(len(id))
		commit(t, s, rituals.Change{Now: at("21:30"), Event: &event, Couple: &couple, Say: []rituals.Message{m},
			Hold: []rituals.Held{{ID: n, Member: alexID, Couple: pairID, Text: "You called at lunch.", Until: at("21:45")}},
			Set:  []rituals.Alarm{{Couple: pairID, Name: "letgo/" + id, Kind: rituals.AlarmLetGo, At: at("21:45"), Member: alexID}}})
	}
	frames := func() int64 {
		info, err := os.Stat(s.Path() + "-wal")
		if err != nil {
			t.Fatal(err)
		}
		return (info.Size() - 32) / (24 + 4096)
	}
	write("a")
	keys(t, s, alexChat)
	before := frames()
	write("ab")
	written := frames()
	keys(t, s, alexChat)
	// couple, held, alarm, alarm_at, outbox, its key, outbox_pending, outbox_couple, handled
	if got := written - before; got != 9 {
		t.Errorf("an event: got %d pages written, want 9", got)
	}
	// outbox, outbox_pending, outbox_couple, outbox_sent
	if got := frames() - written; got != 4 {
		t.Errorf("a record: got %d pages written, want 4", got)
	}
}
