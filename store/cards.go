package store

import (
	"context"
	"slices"
	"time"

	"attune/rituals"
)

// Drawn returns the cards that a couple's check-ins were dealt that were opened since an
// instant: by [rituals.CardKey], the last day of each. A card that a member has asked for
// in place of another is among them only if the answers opened: else nobody else knows.
// What was dealt in private rituals, also in place of another card, is among what was dealt
// to that member alone, and nowhere else; alone is 0 for what was dealt to all.
func (s *Store) Drawn(ctx context.Context, couple rituals.CoupleID, alone rituals.MemberID, since time.Time) (map[string]rituals.Day, error) {
	last := make(map[string]rituals.Day)
	err := s.read(ctx, func(r *conn) error {
		return r.query(func(r *row) error {
			day, kept := rituals.Day(r.text()), r.text() == string(rituals.Kept)
			cards, err := unlist[rituals.Drawn](r.text())
			for _, c := range cards {
				if c.Again == 0 || kept || alone != 0 {
					last[c.Key()] = max(last[c.Key()], day)
				}
			}
			return err
		}, `SELECT c.day, c.state, w.cards FROM check_in c JOIN walk w ON w.check_in = c.id JOIN definition d ON d.hash = c.hash
			WHERE c.couple = ?1 AND c.opened >= ?2 AND w.cards <> ''
				AND coalesce(json_extract(d.json, '$.private'), 0) = (?3 <> 0) AND (?3 = 0 OR w.member = ?3)`,
			int64(couple), millis(since), int64(alone))
	})
	return last, err
}

// eraseCards takes away the cards that a member wrote for their couples, and the text
// of those where they were drawn.
func eraseCards(w *conn, m rituals.MemberID) error {
	own := make(map[int64][]rituals.Card)
	err := w.query(func(r *row) (err error) {
		own[r.int()], err = unlist[rituals.Card](r.text())
		return err
	}, "SELECT id, cards FROM couple WHERE cards <> '' AND id IN (SELECT couple FROM bond WHERE member = ?)", int64(m))
	if err != nil {
		return err
	}
	for id, cards := range own {
		kept := slices.DeleteFunc(cards, func(c rituals.Card) bool { return c.By == m })
		text, err := list(kept)
		if err != nil {
			return err
		}
		if _, err := w.exec("UPDATE couple SET cards = ? WHERE id = ?", text, id); err != nil {
			return err
		}
	}
	return eraseDrawn(w, m)
}

// eraseDrawn takes away the text of cards that a member wrote where they were drawn.
func eraseDrawn(w *conn, m rituals.MemberID) error {
	type at struct{ checkIn, n int64 }
	drawn := make(map[at][]rituals.Drawn)
	err := w.query(func(r *row) error {
		a := at{r.int(), r.int()}
		cards, err := unlist[rituals.Drawn](r.text())
		if slices.ContainsFunc(cards, func(c rituals.Drawn) bool { return c.By == m }) {
			drawn[a] = cards
		}
		return err
	}, `SELECT w.check_in, w.n, w.cards FROM check_in c JOIN walk w ON w.check_in = c.id
		WHERE w.cards <> '' AND c.couple IN (SELECT couple FROM bond WHERE member = ?)`, int64(m))
	if err != nil {
		return err
	}
	for a, cards := range drawn {
		for i := range cards {
			if cards[i].By == m {
				cards[i].Text = nil
			}
		}
		text, err := list(cards)
		if err != nil {
			return err
		}
		if _, err := w.exec("UPDATE walk SET cards = ? WHERE check_in = ? AND n = ?", text, a.checkIn, a.n); err != nil {
			return err
		}
	}
	return nil
}
