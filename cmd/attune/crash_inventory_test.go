package main

import (
	"database/sql"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"attune/rituals"
)

// An inventory is what the database holds in the end, read without the program's own store.
type inventory struct {
	*testing.T
	db       *sql.DB
	checkIns map[rituals.CoupleID][]checkIn // but for those of the days before the campaign
	replies  map[int][]answer               // by person
	held     map[int][]string
	alarms   map[rituals.CoupleID][]rituals.Alarm
	recorded map[string]map[string]bool // by chat: the platform's ids of messages that were recorded
	order    map[string][]string        // by chat: the same in the order in which they were to be said
}

type checkIn struct {
	id             int64
	ritual         string
	state          rituals.CheckInState
	opened, closes time.Time
}

type answer struct {
	checkIn      int64
	step, choice string
	texts        []string
}

// takeInventory reads a database that no program has open.
func takeInventory(t *testing.T, path string, begin time.Time) *inventory {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	l := &inventory{
		T: t, db: db,
		checkIns: map[rituals.CoupleID][]checkIn{}, replies: map[int][]answer{}, held: map[int][]string{},
		alarms: map[rituals.CoupleID][]rituals.Alarm{}, recorded: map[string]map[string]bool{}, order: map[string][]string{},
	}
	l.readCheckIns(begin)
	l.readWords()
	l.readAlarms()
	l.readOutbox()
	return l
}

// each calls scan for every row of a query.
func (l *inventory) each(query string, scan func(rows *sql.Rows) error, args ...any) {
	l.Helper()
	rows, err := l.db.QueryContext(l.Context(), query, args...)
	if err != nil {
		l.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			l.Fatal(err)
		}
	}
	if err := rows.Err(); err != nil {
		l.Fatal(err)
	}
}

// all returns the only column of a query.
func (l *inventory) all(query string, args ...any) (values []string) {
	l.Helper()
	l.each(query, func(rows *sql.Rows) error {
		var v string
		err := rows.Scan(&v)
		values = append(values, v)
		return err
	}, args...)
	return values
}

func (l *inventory) readCheckIns(begin time.Time) {
	l.each("SELECT couple, id, ritual, state, opened, closes FROM check_in WHERE opened > ?", func(rows *sql.Rows) error {
		var c checkIn
		var couple rituals.CoupleID
		var opened, closes int64
		err := rows.Scan(&couple, &c.id, &c.ritual, &c.state, &opened, &closes)
		c.opened, c.closes = time.UnixMilli(opened), time.UnixMilli(closes)
		l.checkIns[couple] = append(l.checkIns[couple], c)
		return err
	}, begin.Add(-time.Hour).UnixMilli())
}

func (l *inventory) readWords() {
	l.each("SELECT member, check_in, step, choice, words FROM reply", func(rows *sql.Rows) error {
		var r answer
		var m int
		var words string
		if err := rows.Scan(&m, &r.checkIn, &r.step, &r.choice, &words); err != nil {
			return err
		}
		var list []rituals.Words
		if words != "" {
			if err := json.Unmarshal([]byte(words), &list); err != nil {
				return err
			}
		}
		for _, w := range list {
			r.texts = append(r.texts, w.Text)
		}
		l.replies[m-1] = append(l.replies[m-1], r)
		return nil
	})
	l.each("SELECT member, text FROM held", func(rows *sql.Rows) error {
		var m int
		var text string
		err := rows.Scan(&m, &text)
		l.held[m-1] = append(l.held[m-1], text)
		return err
	})
}

func (l *inventory) readAlarms() {
	l.each("SELECT couple, name, kind, at, check_in, member FROM alarm", func(rows *sql.Rows) error {
		var a rituals.Alarm
		var at int64
		err := rows.Scan(&a.Couple, &a.Name, &a.Kind, &at, &a.CheckIn, &a.Member)
		a.At = time.UnixMilli(at)
		l.alarms[a.Couple] = append(l.alarms[a.Couple], a)
		return err
	})
}

// readOutbox learns which messages were recorded as said. A long one has several ids.
func (l *inventory) readOutbox() {
	l.each("SELECT platform || chat, message FROM outbox WHERE state = 'sent' AND edits IS NULL ORDER BY id", func(rows *sql.Rows) error {
		var chat, ids string
		err := rows.Scan(&chat, &ids)
		if l.recorded[chat] == nil {
			l.recorded[chat] = map[string]bool{}
		}
		for id := range strings.SplitSeq(ids, ",") {
			l.recorded[chat][id] = true
			l.order[chat] = append(l.order[chat], id)
		}
		return err
	})
}

// sound checks what must hold of any database: it is whole, nothing waits to be said or
// was set aside, and every alarm belongs to something.
func (t *truth) sound() {
	t.Helper()
	for _, q := range []struct{ query, want string }{
		{"PRAGMA integrity_check", "ok"},
		{"SELECT \"table\" FROM pragma_foreign_key_check", ""},
		{"SELECT platform || ' ' || state || ' ' || coalesce(key, '') FROM outbox WHERE state <> 'sent' AND at <= :stopped", ""},
		{"SELECT platform || ' ' || reason FROM parked", ""},
		{"SELECT couple || ' ' || name FROM alarm WHERE at <= :stopped", ""},
		{"SELECT name FROM alarm a WHERE check_in <> 0 AND kind <> 'own' AND NOT EXISTS (SELECT 1 FROM check_in c WHERE c.id = a.check_in AND c.couple = a.couple AND c.state = 'open')", ""},
		{"SELECT name FROM alarm a WHERE kind = 'own' AND NOT EXISTS (SELECT 1 FROM check_in c JOIN reply r ON r.check_in = c.id WHERE c.id = a.check_in AND c.state IN ('missed', 'excused') AND r.member = a.member AND r.words <> '')", ""},
		{"SELECT c.id FROM check_in c JOIN reply r ON r.check_in = c.id WHERE c.state IN ('missed', 'excused') AND r.words <> '' AND NOT EXISTS (SELECT 1 FROM alarm a WHERE a.kind = 'own' AND a.check_in = c.id AND a.member = r.member)", ""},
	} {
		if got := strings.Join(t.all(q.query, sql.Named("stopped", t.stopped.Add(-slack).UnixMilli())), ", "); got != q.want {
			t.Errorf("%s = %q, want %q", q.query, got, q.want)
		}
	}
	letgo := t.all("SELECT name FROM alarm WHERE kind = 'letgo' ORDER BY at, name")
	var held []string
	t.each("SELECT id FROM held", func(rows *sql.Rows) error {
		var id int64
		err := rows.Scan(&id)
		held = append(held, "letgo/"+code(id))
		return err
	})
	slices.Sort(held)
	slices.Sort(letgo)
	if !slices.Equal(letgo, held) {
		t.Errorf("alarms for words that are held are %q, want %q", letgo, held)
	}
}
