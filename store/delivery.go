package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"attune/rituals"
)

// Waiting returns, in the order of ids, the chats of a platform whose first
// undelivered message has an id greater than after.
func (s *Store) Waiting(ctx context.Context, p rituals.Platform, after int64, limit int) (ws []rituals.Waiting, err error) {
	err = s.read(ctx, func(r *conn) error {
		return r.query(func(r *row) error {
			ws = append(ws, rituals.Waiting{ID: r.int(), To: rituals.Address{Platform: p, Chat: r.text()}, RetryAt: r.time()})
			return nil
		}, `SELECT o.id, o.chat, o.retry_at FROM outbox o JOIN (
				SELECT min(id) AS first FROM outbox WHERE platform = ?1 AND state = 'pending' AND waits = 0
				GROUP BY chat HAVING min(id) > ?2 ORDER BY min(id) LIMIT ?3) f ON o.id = f.first
			ORDER BY o.id`, string(p), after, int64(limit))
	})
	return ws, err
}

// Head returns the first undelivered message of a chat, or an error wrapping
// [rituals.ErrNotFound].
func (s *Store) Head(ctx context.Context, to rituals.Address) (rituals.Parcel, error) {
	w, q := s.ahead.first(to)
	if q != nil {
		rows, err := s.pending(ctx, to)
		if err != nil {
			return rituals.Parcel{}, err
		}
		w = s.ahead.fill(to, q, rows)
	}
	p := w.parcel
	if p.ID == 0 {
		return rituals.Parcel{}, fmt.Errorf("message to %s: %w", to.Platform, rituals.ErrNotFound)
	}
	key := p.Message.Key
	if err := decodeBody(w.body, &p.Message); err != nil {
		return rituals.Parcel{}, err
	}
	p.Message.Key, p.Message.To = key, to
	return p, nil
}

// pending reads the first undelivered messages of a chat.
func (s *Store) pending(ctx context.Context, to rituals.Address) (ws []waiting, err error) {
	err = s.read(ctx, func(r *conn) error {
		return r.query(func(r *row) error {
			var w waiting
			w.parcel.ID, w.body, w.rev, w.parcel.Tries = r.int(), r.text(), r.int(), int(r.int())
			w.parcel.Message.Key, w.parcel.Edits = r.text(), r.text()
			ws = append(ws, w)
			return nil
		}, `SELECT o.id, o.body, o.rev, o.tries, o.key, t.message FROM outbox o LEFT JOIN outbox t ON t.id = o.edits
			WHERE o.platform = ? AND o.chat = ? AND o.state = 'pending' AND o.waits = 0
			AND (o.edits IS NULL OR t.state = 'sent')
			ORDER BY o.id LIMIT ?`, string(to.Platform), to.Chat, int64(together))
	})
	return ws, err
}

// Sent records that a message was delivered and the platform's id of it. The
// error wraps [rituals.ErrNotFound] if it was dropped on its way.
//
// If it was edited on its way, the edit is said after it.
func (s *Store) Sent(ctx context.Context, id int64, message string, now time.Time) error {
	rev, known := s.ahead.revision(id)
	j := &job{record: true}
	j.apply = func(w *conn) (err error) {
		n := int64(0)
		if known {
			n, err = w.exec("UPDATE outbox SET state = 'sent', message = ?, at = ?, body = '' WHERE id = ? AND state = 'pending' AND rev = ?",
				message, millis(now), id, rev)
		}
		if err == nil && n == 0 {
			j.wakes, err = s.sentOld(w, id, message, now, known)
		}
		return err
	}
	err := s.write(ctx, j)
	if len(j.wakes) > 0 { // its edit waits behind it, and before what was said since
		s.ahead.forget()
	}
	if err == nil || errors.Is(err, rituals.ErrNotFound) {
		s.ahead.over(id)
	}
	if err != nil {
		return fmt.Errorf("message %d: %w", id, err)
	}
	return nil
}

// sentOld records that a message was delivered of which it is not known whether it
// holds what was said, or, with edited, that it does not: the edit is said after
// it. It returns the platform on which something is to be said.
func (s *Store) sentOld(w *conn, id int64, message string, now time.Time, edited bool) (wakes []rituals.Platform, err error) {
	if edited {
		next, err := s.rows.id(w)
		if err != nil {
			return nil, err
		}
		err = w.query(func(r *row) error {
			wakes = append(wakes, rituals.Platform(r.text()))
			return nil
		}, `INSERT INTO outbox (id, platform, chat, state, waits, body, rev, edits, couple, check_in, at, retry_at, tries)
			SELECT ?2, platform, chat, 'pending', 0, body, 0, coalesce(edits, id), couple, check_in, at, 0, 0
			FROM outbox WHERE id = ?1 AND state = 'pending' RETURNING platform`, id, next)
		if err != nil {
			return nil, err
		}
	}
	n, err := w.exec("UPDATE outbox SET state = 'sent', message = ?, at = ?, body = '' WHERE id = ? AND state = 'pending'",
		message, millis(now), id)
	if err == nil && n == 0 {
		err = rituals.ErrNotFound
	}
	return wakes, err
}

// Last returns the platform's id of the message that was recorded last as sent to an
// address; empty if none is remembered.
func (s *Store) Last(ctx context.Context, to rituals.Address) (message string, err error) {
	err = s.read(ctx, func(r *conn) error {
		return r.query(func(r *row) error {
			message = r.text()
			return nil
		}, `SELECT message FROM outbox WHERE platform = ? AND chat = ? AND state = 'sent' AND edits IS NULL
			ORDER BY id DESC LIMIT 1`, string(to.Platform), to.Chat)
	})
	return message, err
}

// Retry puts a message off; those behind it in its chat wait.
func (s *Store) Retry(ctx context.Context, id int64, at time.Time) error {
	err := s.write(ctx, &job{record: true, apply: func(w *conn) error {
		_, err := w.exec("UPDATE outbox SET retry_at = ?, tries = tries + 1 WHERE id = ? AND state = 'pending'", millis(at), id)
		return err
	}})
	s.ahead.forget()
	return err
}

// Cursor returns where an adapter stands with its platform; empty if it was
// never set.
func (s *Store) Cursor(ctx context.Context, p rituals.Platform, name string) (value string, err error) {
	err = s.read(ctx, func(r *conn) error {
		return r.query(func(r *row) error {
			value = r.text()
			return nil
		}, "SELECT value FROM cursor WHERE platform = ? AND name = ?", string(p), name)
	})
	return value, err
}

// Agreed returns the chats in which the people of a platform talk to the bot alone, and
// when they agreed to what is kept; zero: they have not yet.
func (s *Store) Agreed(ctx context.Context, p rituals.Platform) (agreed map[string]time.Time, err error) {
	agreed = make(map[string]time.Time)
	err = s.read(ctx, func(r *conn) error {
		return r.query(func(r *row) error {
			chat := r.text()
			agreed[chat] = r.time()
			return nil
		}, `SELECT p.chat, m.agreed FROM person p JOIN member m ON m.id = p.member
			WHERE p.platform = ? AND p.chat <> ''`, string(p))
	})
	return agreed, err
}

// SetCursor remembers where an adapter stands with its platform.
func (s *Store) SetCursor(ctx context.Context, p rituals.Platform, name, value string) error {
	return s.write(ctx, &job{apply: func(w *conn) error {
		_, err := w.exec(`INSERT INTO cursor (platform, name, value) VALUES (?, ?, ?)
			ON CONFLICT (platform, name) DO UPDATE SET value = excluded.value`, string(p), name, value)
		return err
	}})
}
