package store

import (
	"encoding/json"
	"fmt"
	"time"

	"attune/rituals"
)

// encodeBody encodes what a message says. Where it goes and its key are columns
// of their own.
func encodeBody(m *rituals.Message) (string, error) {
	b := unaddressed(m)
	b.Key = ""
	return object(b)
}

// unaddressed returns a message as it is read again, but for where it goes.
func unaddressed(m *rituals.Message) rituals.Message {
	b := *m
	b.To, b.Edits, b.Wait = rituals.Address{}, "", false
	return b
}

func (s *Store) say(w *conn, c *change) error {
	for i := range c.Say {
		m := &c.Say[i]
		var err error
		if m.Edits != "" {
			err = s.edit(w, c, m, c.bodies[i])
		} else {
			c.rows[i], err = s.put(w, c, m, m.To, nil, c.bodies[i])
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// put adds a row and returns its id. A message whose key is there was said before: it
// is left out, and the id is 0.
func (s *Store) put(w *conn, c *change, m *rituals.Message, to rituals.Address, edits any, body string) (int64, error) {
	id, err := s.rows.id(w)
	if err != nil {
		return 0, err
	}
	var key any
	if m.Key != "" {
		key = m.Key
	}
	n, err := w.exec(`INSERT INTO outbox (id, key, platform, chat, state, waits, body, rev, edits, couple, check_in, at, retry_at, tries)
		VALUES (?, ?, ?, ?, 'pending', ?, ?, 0, ?, ?, ?, ?, 0, 0) ON CONFLICT (key) DO NOTHING`,
		id, key, string(to.Platform), to.Chat, flag(m.Wait), body, edits, int64(m.Couple), int64(m.CheckIn), millis(c.Now))
	if err != nil || n == 0 {
		return 0, err
	}
	return id, nil
}

// edit changes a message that was said before: the row itself while it is not
// sent, else by a row that edits it, of which there is at most one. What failed,
// is not there any more or was said at another address is not edited.
func (s *Store) edit(w *conn, c *change, m *rituals.Message, body string) error {
	var id, root int64
	var state string
	var to rituals.Address
	err := w.query(func(r *row) error {
		id, state, root = r.int(), r.text(), r.int()
		to = rituals.Address{Platform: rituals.Platform(r.text()), Chat: r.text()}
		return nil
	}, "SELECT id, state, coalesce(edits, id), platform, chat FROM outbox WHERE key = ? AND platform = ? AND chat = ?",
		m.Edits, string(m.To.Platform), m.To.Chat)
	if err != nil {
		return err
	}
	switch state {
	case "pending":
		_, err := w.exec("UPDATE outbox SET body = ?, rev = rev + 1 WHERE id = ?", body, id)
		return err
	case "sent":
		n, err := w.exec(`UPDATE outbox SET body = ?, rev = rev + 1
			WHERE edits = ? AND state = 'pending'`, body, root)
		if err != nil || n > 0 {
			return err
		}
		_, err = s.put(w, c, m, to, root, body)
		return err
	}
	return nil
}

func release(w *conn, c *change) error {
	for _, a := range c.Release {
		_, err := w.exec(`UPDATE outbox SET waits = 0, at = ?, body = CASE WHEN ? THEN json_set(body, '$.silent', json('true')) ELSE body END
			WHERE platform = ? AND chat = ? AND state = 'pending' AND waits = 1`,
			millis(c.Now), flag(a.Silent), string(a.To.Platform), a.To.Chat)
		if err != nil {
			return err
		}
	}
	return nil
}

func drop(w *conn, c *change) error {
	for _, d := range c.Drop {
		var err error
		const unsent = "DELETE FROM outbox WHERE state = 'pending'"
		couple, checkIn := int64(d.Couple), int64(d.CheckIn)
		switch {
		case d.To != rituals.Address{}:
			_, err = w.exec(unsent+` AND platform = ? AND chat = ? AND (?3 = 0 OR couple = ?3) AND (?4 = 0 OR check_in = ?4)`,
				string(d.To.Platform), d.To.Chat, couple, checkIn)
		case couple != 0 && checkIn != 0:
			_, err = w.exec(unsent+" AND couple = ? AND check_in = ?", couple, checkIn)
		case couple != 0:
			_, err = w.exec(unsent+" AND couple = ?", couple)
		case checkIn != 0:
			_, err = w.exec(unsent+" AND check_in = ?", checkIn)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// fail gives a message up, and what would have changed it.
func fail(w *conn, id int64, now time.Time) error {
	_, err := w.exec("UPDATE outbox SET state = 'failed', body = '', at = ? WHERE id = ? AND state <> 'sent'", millis(now), id)
	if err != nil {
		return err
	}
	_, err = w.exec("DELETE FROM outbox WHERE edits = ? AND state = 'pending'", id)
	return err
}

// move sends what waits for a chat to where the chat has moved: what a couple has to
// say there, if it is known whose chat it is.
func move(w *conn, e *rituals.Event) error {
	_, err := w.exec("UPDATE outbox SET chat = ?1 WHERE platform = ?2 AND chat = ?3 AND state = 'pending' AND (?4 = 0 OR couple = ?4)",
		e.Text, string(e.Chat.Platform), e.Chat.Chat, int64(e.Message.Couple))
	return err
}

// forgetSent deletes messages that were sent or failed, of check-ins closed
// before t, and of no check-in and older than t.
func forgetSent(w *conn, t time.Time) error {
	_, err := w.exec(`DELETE FROM outbox WHERE state IN ('sent', 'failed') AND at < ?1 AND (check_in = 0
		OR check_in NOT IN (SELECT id FROM check_in WHERE state = 'open' OR closes >= ?1))`, millis(t))
	if err != nil {
		return err
	}
	_, err = w.exec(`DELETE FROM outbox WHERE edits IS NOT NULL
		AND NOT EXISTS (SELECT 1 FROM outbox t WHERE t.id = outbox.edits)`)
	return err
}

// decodeBody is the other way of encodeBody.
func decodeBody(body string, m *rituals.Message) error {
	if body == "" {
		return nil
	}
	if err := json.Unmarshal([]byte(body), m); err != nil {
		return fmt.Errorf("decode message: %w", err)
	}
	return nil
}
