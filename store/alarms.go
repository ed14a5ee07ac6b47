package store

import (
	"context"
	"time"

	"attune/rituals"
)

// cancelAlarms cancels what the change cancels of its couple's alarms. With all of
// them goes what is held until one of them rings.
func cancelAlarms(w *conn, c *change) error {
	couple := int64(c.couple())
	if c.CancelAll {
		for _, q := range []string{"DELETE FROM alarm WHERE couple = ?", "DELETE FROM held WHERE couple = ?"} {
			if _, err := w.exec(q, couple); err != nil {
				return err
			}
		}
	}
	for _, name := range c.Cancel {
		if _, err := w.exec("DELETE FROM alarm WHERE couple = ? AND name = ?", couple, name); err != nil {
			return err
		}
	}
	if c.CancelFor != 0 {
		if _, err := w.exec("DELETE FROM alarm WHERE couple = ? AND check_in = ?", couple, int64(c.CancelFor)); err != nil {
			return err
		}
	}
	return nil
}

func setAlarms(w *conn, c *change) error {
	for i := range c.Set {
		a := &c.Set[i]
		_, err := w.exec(`INSERT INTO alarm (couple, name, kind, at, ritual, day, member, check_in, tries)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (couple, name) DO UPDATE SET kind = excluded.kind, at = excluded.at, ritual = excluded.ritual,
				day = excluded.day, member = excluded.member, check_in = excluded.check_in, tries = excluded.tries`,
			int64(a.Couple), a.Name, string(a.Kind), millis(a.At), a.Ritual, string(a.Day), int64(a.Member),
			int64(a.CheckIn), int64(a.Tries))
		if err != nil {
			return err
		}
	}
	return nil
}

// Due returns at most limit alarms due at now, oldest first, and when the next
// one after those is; the zero time if there is none. It costs what is due,
// however many alarms are set.
func (s *Store) Due(ctx context.Context, now time.Time, limit int) (due []rituals.Alarm, next time.Time, err error) {
	err = s.read(ctx, func(r *conn) error {
		return r.query(func(r *row) error {
			a := scanAlarm(r)
			if len(due) == limit || a.At.After(now) {
				next = a.At
				return errStop
			}
			due = append(due, a)
			return nil
		}, `SELECT couple, name, kind, at, ritual, day, member, check_in, tries
			FROM alarm ORDER BY at, couple, name LIMIT ?`, int64(limit)+1)
	})
	return due, next, err
}

// Alarms returns the alarms of a couple that are of a kind, soonest first.
func (s *Store) Alarms(ctx context.Context, couple rituals.CoupleID, kind rituals.AlarmKind) (set []rituals.Alarm, err error) {
	err = s.read(ctx, func(r *conn) error {
		return r.query(func(r *row) error {
			set = append(set, scanAlarm(r))
			return nil
		}, `SELECT couple, name, kind, at, ritual, day, member, check_in, tries
			FROM alarm WHERE couple = ? AND kind = ? ORDER BY at, name`, int64(couple), string(kind))
	})
	return set, err
}

func scanAlarm(r *row) rituals.Alarm {
	return rituals.Alarm{
		Couple:  rituals.CoupleID(r.int()),
		Name:    r.text(),
		Kind:    rituals.AlarmKind(r.text()),
		At:      r.time(),
		Ritual:  r.text(),
		Day:     rituals.Day(r.text()),
		Member:  rituals.MemberID(r.int()),
		CheckIn: rituals.CheckInID(r.int()),
		Tries:   int(r.int()),
	}
}
