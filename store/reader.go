package store

import (
	"context"
	"fmt"

	"attune/rituals"
)

// find reads what f finds; nothing found is an error wrapping
// [rituals.ErrNotFound].
func (s *Store) find(ctx context.Context, what string, f func(r *conn) (found bool, err error)) error {
	return s.read(ctx, func(r *conn) error {
		found, err := f(r)
		if err == nil && !found {
			err = fmt.Errorf("%s: %w", what, rituals.ErrNotFound)
		}
		return err
	})
}

// Invite returns the invite with that code.
func (s *Store) Invite(ctx context.Context, code string) (i rituals.Invite, err error) {
	err = s.find(ctx, "invite", func(r *conn) (bool, error) {
		err := r.query(func(r *row) error {
			i = rituals.Invite{Code: code, Couple: rituals.CoupleID(r.int()), By: rituals.MemberID(r.int()),
				Until: r.time(), Used: r.time(), Revoked: r.bool(), Link: r.bool(),
				For: rituals.Person{Platform: rituals.Platform(r.text()), ID: r.text()}}
			return nil
		}, "SELECT couple, inviter, until, used, revoked, link, for_platform, for_person FROM invite WHERE code = ?", code)
		return i.Code != "", err
	})
	return i, err
}

// CheckIn returns the check-in with that id.
func (s *Store) CheckIn(ctx context.Context, id rituals.CheckInID) (k rituals.CheckIn, err error) {
	err = s.find(ctx, "check-in", func(r *conn) (bool, error) {
		ks, err := s.checkIns(r, "c.id = ?", int64(id))
		if len(ks) > 0 {
			k = ks[0]
		}
		return len(ks) > 0, err
	})
	return k, err
}

// Held returns the words that are held for a member, oldest first.
func (s *Store) Held(ctx context.Context, m rituals.MemberID) (hs []rituals.Held, err error) {
	err = s.read(ctx, func(r *conn) error {
		return r.query(func(r *row) error {
			h := rituals.Held{ID: r.int(), Member: m, Couple: rituals.CoupleID(r.int()), Source: r.text(), Text: r.text(), Until: r.time()}
			h.Media, err = unlist[rituals.Media](r.text())
			hs = append(hs, h)
			return err
		}, "SELECT id, couple, source, text, until, media FROM held WHERE member = ? ORDER BY id", int64(m))
	})
	return hs, err
}

// Homes returns the addresses of members, the one that was added last at the end.
func (s *Store) Homes(ctx context.Context, members ...rituals.MemberID) (hs []rituals.Home, err error) {
	err = s.read(ctx, func(r *conn) error {
		for _, m := range members {
			err := r.query(func(r *row) error {
				p := rituals.Person{Platform: rituals.Platform(r.text()), ID: r.text()}
				hs = append(hs, rituals.Home{Member: m, Person: p, Chat: r.text()})
				return nil
			}, `SELECT p.platform, p.id, p.chat FROM person p JOIN member m ON m.id = p.member WHERE p.member = ?
				ORDER BY p.platform <> m.person_platform OR p.id <> m.person_id, p.platform, p.id`, int64(m))
			if err != nil {
				return err
			}
		}
		return nil
	})
	return hs, err
}

// MessageKey returns the key of the message that the platform knows by that id;
// of one that was changed in place, the key it was first said with.
func (s *Store) MessageKey(ctx context.Context, to rituals.Address, message string) (key string, err error) {
	err = s.find(ctx, "message", func(r *conn) (found bool, err error) {
		err = r.query(func(r *row) error {
			key, found = r.text(), true
			return nil
		}, `SELECT coalesce(t.key, o.key) FROM outbox o LEFT JOIN outbox t ON t.id = o.edits
			WHERE o.platform = ? AND o.chat = ? AND o.state = 'sent' AND o.message = ? ORDER BY o.id LIMIT 1`,
			string(to.Platform), to.Chat, message)
		return found, err
	})
	return key, err
}

// Reached reports whether a message to an address whose key begins with prefix
// has been delivered.
func (s *Store) Reached(ctx context.Context, to rituals.Address, prefix string) (reached bool, err error) {
	err = s.read(ctx, func(r *conn) error {
		return r.query(func(r *row) error {
			reached = true
			return nil
		}, `SELECT 1 FROM outbox WHERE key >= ?1 AND key < ?1 || char(1114111)
			AND platform = ?2 AND chat = ?3 AND state = 'sent' LIMIT 1`, prefix, string(to.Platform), to.Chat)
	})
	return reached, err
}

// Outcomes returns the settled days of a couple's rituals that count, oldest
// first. A day that was kept in any of them is kept; else one that was excused
// in any of them is excused.
func (s *Store) Outcomes(ctx context.Context, couple rituals.CoupleID) (os []rituals.Outcome, err error) {
	err = s.read(ctx, func(r *conn) error {
		return r.query(func(r *row) error {
			o := rituals.Outcome{Day: rituals.Day(r.text()), State: rituals.Missed}
			switch r.int() {
			case 2:
				o.State = rituals.Kept
			case 1:
				o.State = rituals.Excused
			}
			os = append(os, o)
			return nil
		}, `SELECT day, max(CASE state WHEN 'kept' THEN 2 WHEN 'excused' THEN 1 ELSE 0 END)
			FROM check_in WHERE couple = ? AND streak = 1 AND state <> 'open' GROUP BY day ORDER BY day`, int64(couple))
	})
	return os, err
}

// Recent returns at most limit of the check-ins of a couple's ritual that asked the member
// named alone, or with 0 somebody, newest first.
func (s *Store) Recent(ctx context.Context, couple rituals.CoupleID, ritual string, alone rituals.MemberID, limit int) (ks []rituals.CheckIn, err error) {
	err = s.read(ctx, func(r *conn) error {
		if err := r.begin(); err != nil {
			return err
		}
		defer r.end()
		ks, err = s.checkIns(r, `c.couple = ?1 AND c.ritual = ?2
				AND EXISTS (SELECT 1 FROM walk w WHERE w.check_in = c.id AND (?3 = 0 OR w.member = ?3))
			ORDER BY c.opened DESC, c.id DESC LIMIT ?4`, int64(couple), ritual, int64(alone), int64(limit))
		return err
	})
	return ks, err
}

// Notes returns at most limit of a member's own past answers, newest first, beyond
// those to skip.
func (s *Store) Notes(ctx context.Context, m rituals.MemberID, skip, limit int) (notes []rituals.Note, err error) {
	err = s.find(ctx, "notes", func(r *conn) (bool, error) {
		if err := r.begin(); err != nil {
			return false, err
		}
		defer r.end()
		ks, err := s.checkIns(r, `c.id IN (
				SELECT check_in FROM reply WHERE member = ?1 AND skipped = 0 AND (choice <> '' OR words <> ''))
			ORDER BY c.opened DESC, c.id DESC LIMIT ?2 OFFSET ?3`, int64(m), int64(limit), int64(skip))
		for i := range ks {
			notes = append(notes, note(&ks[i], m))
		}
		return len(notes) > 0, err
	})
	return notes, err
}

// note returns what of a check-in its member may read again.
func note(k *rituals.CheckIn, m rituals.MemberID) rituals.Note {
	n := rituals.Note{CheckIn: k.ID, Ritual: k.Ritual, Day: k.Day, State: k.State, Walks: k.Walks}
	for _, r := range k.Replies {
		if r.Member == m && !r.Empty() {
			n.Replies = append(n.Replies, r)
		}
	}
	if k.State != rituals.Kept || k.Ritual.RevealStep() == nil {
		return n
	}
	for _, w := range k.Walks {
		if w.Member != m {
			n.Replies = append(n.Replies, k.Told(w.Member)...)
		}
	}
	return n
}
