package store

import (
	"context"
	"errors"
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
	for range 2 {
		for range 3 {
			given = append(given, sayAndDrop(t, s))
		}
		s.Close()
		s = openAt(t, path)
	}
	rising(t, given)
}

// TestNumbersOfWhatFails has changes fail after they have said something: alone, and beside
// one that does not, in one transaction.
func TestNumbersOfWhatFails(t *testing.T) {
	s := paired(t)
	saying := func(failure error) *job {
		c, err := encode(says(message("", "1")))
		if err != nil {
			t.Fatal(err)
		}
		return &job{done: make(chan struct{}), apply: func(w *conn) error {
			if err := s.say(w, c); err != nil {
				return err
			}
			return failure
		}}
	}
	if err := s.write(context.Background(), saying(rituals.ErrConflict)); !errors.Is(err, rituals.ErrConflict) {
		t.Fatalf("write of a job that fails: got %v, want %v", err, rituals.ErrConflict)
	}
	given := []int64{sayAndDrop(t, s)}

	begun, hold := make(chan struct{}), make(chan struct{})
	first := &job{done: make(chan struct{}), apply: func(*conn) error { close(begun); <-hold; return nil }}
	together := []*job{saying(rituals.ErrConflict), saying(nil), saying(rituals.ErrConflict)}
	s.jobs <- first
	<-begun
	for _, j := range together {
		s.jobs <- j
	}
	close(hold)
	for _, j := range together {
		<-j.done
	}
	if p, err := s.Head(context.Background(), alexChat); err != nil || together[1].err != nil {
		t.Fatalf("Head after one of three was kept: got %v, %v", err, together[1].err)
	} else {
		given = append(given, p.ID)
	}
	commit(t, s, rituals.Change{Drop: []rituals.Drop{{To: alexChat}}})
	rising(t, append(given, sayAndDrop(t, s)))
}

// TestNumbersThatAreLost opens a file of which somebody has saved the rows but not up to
// where they were numbered.
func TestNumbersThatAreLost(t *testing.T) {
	for _, lose := range []string{"DELETE FROM sqlite_sequence", "UPDATE sqlite_sequence SET seq = 1"} {
		s := paired(t)
		path := s.Path()
		commit(t, s, says(message("", "1"), message("", "2"), message("", "3")))
		s.Close()
		in(t, path, lose)
		s = openAt(t, path)
		commit(t, s, says(message("", "4")))
		var given []int64
		for _, p := range deliver(t, s, alexChat) {
			given = append(given, p.ID)
		}
		if rising(t, given); len(given) != 4 {
			t.Errorf("said after %s: got rows %v, want four", lose, given)
		}
	}
}

// sayAndDrop says a message, takes it back, and returns which row it was.
func sayAndDrop(t *testing.T, s *Store) int64 {
	t.Helper()
	commit(t, s, says(message("", "1")))
	p, err := s.Head(context.Background(), alexChat)
	if err != nil {
		t.Fatal(err)
	}
	commit(t, s, rituals.Change{Drop: []rituals.Drop{{To: alexChat}}})
	return p.ID
}

// rising checks that each row is after the one before.
func rising(t *testing.T, rows []int64) {
	t.Helper()
	if !slices.IsSorted(rows) || len(slices.Compact(slices.Clone(rows))) != len(rows) {
		t.Errorf("rows: got %v, want each after the one before", rows)
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
