package store

import (
	"context"
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
		}, `SELECT id, chat, retry_at FROM outbox o
			WHERE platform = ?1 AND state = 'pending' AND waits = 0 AND id > ?2
			AND NOT EXISTS (SELECT 1 FROM outbox f WHERE f.platform = ?1 AND f.chat = o.chat
				AND f.state = 'pending' AND f.waits = 0 AND f.id < o.id)
			ORDER BY id LIMIT ?3`, string(p), after, int64(limit))
	})
	return ws, err
}

// Head returns the first undelivered message of a chat, or an error wrapping
// [rituals.ErrNotFound].
func (s *Store) Head(ctx context.Context, to rituals.Address) (p rituals.Parcel, err error) {
	var rev int64
	err = s.read(ctx, func(r *conn) error {
		var body string
		err := r.query(func(r *row) error {
			p.ID, body, rev, p.Tries = r.int(), r.text(), r.int(), int(r.int())
			p.Message.Key, p.Edits = r.text(), r.text()
			return nil
		}, `SELECT o.id, o.body, o.rev, o.tries, o.key, t.message FROM outbox o LEFT JOIN outbox t ON t.id = o.edits
			WHERE o.platform = ? AND o.chat = ? AND o.state = 'pending' AND o.waits = 0
			AND (o.edits IS NULL OR t.state = 'sent')
			ORDER BY o.id LIMIT 1`, string(to.Platform), to.Chat)
		if err != nil {
			return err
		}
		key := p.Message.Key
		if err := decodeBody(body, &p.Message); err != nil {
			return err
		}
		p.Message.Key, p.Message.To = key, to
		return nil
	})
	if err != nil {
		return rituals.Parcel{}, err
	}
	if p.ID == 0 {
		return rituals.Parcel{}, fmt.Errorf("message to %s: %w", to.Platform, rituals.ErrNotFound)
	}
	s.mu.Lock()
	s.heads[p.ID] = rev
	s.mu.Unlock()
	return p, nil
}

// Sent records that a message was delivered and the platform's id of it. The
// error wraps [rituals.ErrNotFound] if it was dropped on its way.
//
// If it was edited on its way, the edit is said after it.
func (s *Store) Sent(ctx context.Context, id int64, message string, now time.Time) error {
	s.mu.Lock()
	handed, known := s.heads[id]
	s.mu.Unlock()
	wakes := make([]rituals.Platform, 0, 1)
	j := &job{record: true}
	j.apply = func(w *conn) error {
		rev, p, err := sent(w, id, message, now)
		if err != nil || !known || rev == handed {
			return err
		}
		j.wakes = append(wakes, p)
		_, err = w.exec(`INSERT INTO outbox (platform, chat, state, waits, body, rev, edits, couple, check_in, at, retry_at, tries)
			SELECT platform, chat, 'pending', 0, body, 0, coalesce(edits, id), couple, check_in, at, 0, 0
			FROM outbox WHERE id = ?`, id)
		return err
	}
	if err := s.write(ctx, j); err != nil {
		return fmt.Errorf("message %d: %w", id, err)
	}
	s.mu.Lock()
	delete(s.heads, id)
	s.mu.Unlock()
	return nil
}

func sent(w *conn, id int64, message string, now time.Time) (rev int64, p rituals.Platform, err error) {
	found := false
	err = w.query(func(r *row) error {
		rev, p, found = r.int(), rituals.Platform(r.text()), true
		return nil
	}, "UPDATE outbox SET state = 'sent', message = ?, at = ? WHERE id = ? AND state = 'pending' RETURNING rev, platform",
		message, millis(now), id)
	if err == nil && !found {
		err = rituals.ErrNotFound
	}
	return rev, p, err
}

// Retry puts a message off; those behind it in its chat wait.
func (s *Store) Retry(ctx context.Context, id int64, at time.Time) error {
	return s.write(ctx, &job{record: true, apply: func(w *conn) error {
		_, err := w.exec("UPDATE outbox SET retry_at = ?, tries = tries + 1 WHERE id = ? AND state = 'pending'", millis(at), id)
		return err
	}})
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

// SetCursor remembers where an adapter stands with its platform.
func (s *Store) SetCursor(ctx context.Context, p rituals.Platform, name, value string) error {
	return s.write(ctx, &job{apply: func(w *conn) error {
		_, err := w.exec(`INSERT INTO cursor (platform, name, value) VALUES (?, ?, ?)
			ON CONFLICT (platform, name) DO UPDATE SET value = excluded.value`, string(p), name, value)
		return err
	}})
}
