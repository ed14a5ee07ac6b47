package store

import (
	"context"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"attune/rituals"
)

// Dump writes what is recorded of check-ins and replies as tables for people:
// each check-in with its state, which is what a streak is counted from, and each
// reply with its words. Times are UTC.
func (s *Store) Dump(ctx context.Context, w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	err := s.read(ctx, func(r *conn) error {
		if err := r.begin(); err != nil {
			return err
		}
		defer r.end()
		fmt.Fprintln(t, "check_in\tday\tritual\tstate\topened (UTC)\tcounts")
		n := 0 // so that rows can be told apart without their long ids
		err := r.query(func(r *row) error {
			n++
			_, err := fmt.Fprintf(t, "%d\t%s\t%s\t%s\t%s\t%s\n", n, r.text(), r.text(), r.text(), clock(r.time()), yes(r.bool()))
			return err
		}, "SELECT day, ritual, state, opened, streak FROM check_in ORDER BY opened, id")
		if err != nil {
			return err
		}
		fmt.Fprintln(t, "\nreply\tday\tritual\tmember\tstep\tanswer\tat (UTC)")
		n = 0
		return r.query(func(r *row) error {
			n++
			day, ritual, name, step, choice := r.text(), r.text(), r.text(), r.text(), r.text()
			words, err := decodeWords(r.text())
			if err != nil {
				return err
			}
			a := rituals.Reply{Words: words, Choice: choice}
			_, err = fmt.Fprintf(t, "%d\t%s\t%s\t%s\t%s\t%s\t%s\n", n, day, ritual, name, step, answered(&a, r.bool()), clock(r.time()))
			return err
		}, `SELECT c.day, c.ritual, m.name, r.step, r.choice, r.words, r.skipped, r.at
			FROM reply r JOIN check_in c ON c.id = r.check_in JOIN member m ON m.id = r.member
			ORDER BY c.opened, c.id, r.at, r.member, r.step`)
	})
	if err != nil {
		return err
	}
	return t.Flush()
}

// answered returns a reply on one line.
func answered(r *rituals.Reply, skipped bool) string {
	if skipped {
		return "(passed over)"
	}
	return strings.Join(strings.Fields(r.Choice+" "+r.Text()), " ")
}

func clock(t time.Time) string { return t.Format("2006-01-02 15:04") }

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}
