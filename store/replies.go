package store

func writeReplies(w *conn, c *change) error {
	for i := range c.Replies {
		r := &c.Replies[i]
		_, err := w.exec(`INSERT INTO reply (check_in, member, step, choice, words, skipped, mine, at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (check_in, member, step) DO UPDATE SET choice = excluded.choice, words = excluded.words,
				skipped = excluded.skipped, mine = excluded.mine, at = excluded.at`,
			int64(r.CheckIn), int64(r.Member), r.Step, r.Choice, c.words[i], flag(r.Skipped), flag(r.Mine), millis(r.At))
		if err != nil {
			return err
		}
	}
	return nil
}

// writeInvites makes invites, revokes them and marks them used. One that was
// used stays as it is, and one that was revoked cannot be used.
func writeInvites(w *conn, c *change) error {
	for i := range c.Invites {
		v := &c.Invites[i]
		n, err := w.exec(`INSERT INTO invite (code, couple, inviter, until, used, revoked, link, for_platform, for_person)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (code) DO UPDATE SET until = excluded.until, used = excluded.used, revoked = excluded.revoked
			WHERE invite.used = 0 AND (excluded.used = 0 OR invite.revoked = 0)`,
			v.Code, int64(v.Couple), int64(v.By), millis(v.Until), millis(v.Used), flag(v.Revoked), flag(v.Link),
			string(v.For.Platform), v.For.ID)
		if err := one(n, err); err != nil {
			return err
		}
	}
	return nil
}

// writeHeld keeps words and lets go of words.
func writeHeld(w *conn, c *change) error {
	for i := range c.Hold {
		h := &c.Hold[i]
		n, err := w.exec(`INSERT INTO held (id, member, couple, source, text, until, media) VALUES (?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (id) DO UPDATE SET text = excluded.text WHERE member = excluded.member`,
			h.ID, int64(h.Member), int64(h.Couple), h.Source, h.Text, millis(h.Until), c.held[i])
		if err := one(n, err); err != nil {
			return err
		}
	}
	for _, id := range c.LetGo {
		if _, err := w.exec("DELETE FROM held WHERE id = ?", id); err != nil {
			return err
		}
	}
	return nil
}

// erase deletes every word these members wrote: their replies, the cards of their own,
// what is held for them, what could not be settled, and the messages that could quote
// them.
func erase(w *conn, c *change) error {
	for _, m := range c.Erase {
		if err := eraseCards(w, m); err != nil {
			return err
		}
		for _, q := range []string{
			"DELETE FROM reply WHERE member = ?",
			"DELETE FROM held WHERE member = ?",
			`DELETE FROM outbox WHERE state = 'pending' AND json_extract(body, '$.from') = ?1
				AND couple IN (SELECT couple FROM bond WHERE member = ?1)`,
			`DELETE FROM parked WHERE EXISTS (SELECT 1 FROM person p WHERE p.member = ?
				AND p.platform = json_extract(event, '$.Person.platform') AND p.id = json_extract(event, '$.Person.id'))`,
			`UPDATE outbox SET body = '' WHERE state <> 'pending'
				AND couple IN (SELECT couple FROM bond WHERE member = ?)`,
		} {
			if _, err := w.exec(q, int64(m)); err != nil {
				return err
			}
		}
	}
	return nil
}
