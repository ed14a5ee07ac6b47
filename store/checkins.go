package store

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"attune/rituals"
)

// writeCheckIns writes definitions and check-ins, all but their replies.
func (s *Store) writeCheckIns(w *conn, c *change) error {
	for _, d := range c.Definitions {
		_, err := w.exec("INSERT INTO definition (hash, json) VALUES (?, ?) ON CONFLICT DO NOTHING", d.Hash, string(d.JSON))
		if err != nil {
			return err
		}
	}
	for i := range c.CheckIns {
		k := &c.CheckIns[i]
		if err := s.writeCheckIn(w, k); err != nil {
			return err
		}
		if err := writeWalks(w, k); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) writeCheckIn(w *conn, k *rituals.CheckIn) error {
	talk, err := encodeTalk(k.Talk)
	if err != nil {
		return err
	}
	n, err := w.exec("UPDATE check_in SET state = ?, opened = ?, closes = ?, morning = ?, talk = ? WHERE id = ? AND couple = ?",
		string(k.State), millis(k.Opened), millis(k.Closes), millis(k.Morning), talk, int64(k.ID), int64(k.Couple))
	if err != nil || n > 0 {
		return err
	}
	r := k.Ritual
	if r == nil {
		if r, err = s.definition(w, k.Hash); err != nil {
			return err
		}
	}
	_, err = w.exec(`INSERT INTO check_in (id, couple, ritual, day, n, hash, streak, state, opened, closes, morning,
			starter, talk)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		int64(k.ID), int64(k.Couple), r.ID, string(k.Day), int64(k.N), k.Hash, flag(r.Streak),
		string(k.State), millis(k.Opened), millis(k.Closes), millis(k.Morning), int64(k.Starter), talk)
	return taken(err)
}

func encodeTalk(t *rituals.Talk) (string, error) {
	if t == nil {
		return "", nil
	}
	return object(t)
}

func decodeTalk(s string) (*rituals.Talk, error) {
	if s == "" {
		return nil, nil
	}
	t := new(rituals.Talk)
	if err := json.Unmarshal([]byte(s), t); err != nil {
		return nil, fmt.Errorf("decode talk: %w", err)
	}
	return t, nil
}

func writeWalks(w *conn, k *rituals.CheckIn) error {
	for i := range k.Walks {
		a := &k.Walks[i]
		cards, err := list(a.Cards)
		if err != nil {
			return err
		}
		_, err = w.exec(`INSERT INTO walk (check_in, n, member, opens, closes, done, gone, morning, cards)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (check_in, n) DO UPDATE SET member = excluded.member, opens = excluded.opens,
				closes = excluded.closes, done = excluded.done, gone = excluded.gone,
				morning = excluded.morning, cards = excluded.cards`,
			int64(k.ID), int64(i), int64(a.Member), millis(a.Opens), millis(a.Closes),
			flag(a.Done), flag(a.Left), flag(a.Morning), cards)
		if err != nil {
			return err
		}
	}
	_, err := w.exec("DELETE FROM walk WHERE check_in = ? AND n >= ?", int64(k.ID), int64(len(k.Walks)))
	return err
}

// recent is how long after its opening a check-in is part of a state.
const recent = 36 * time.Hour

// recentCheckIns returns a couple's check-ins that are open or not older than
// recent, oldest first. Age is counted from the newest: that reaches back at
// least as far as counting from now would, and the store need not know what now
// is.
func (s *Store) recentCheckIns(r *conn, couple rituals.CoupleID) ([]rituals.CheckIn, error) {
	return s.checkIns(r, `c.id IN (
			SELECT id FROM check_in WHERE couple = ?1 AND state = 'open'
			UNION ALL
			SELECT id FROM check_in WHERE couple = ?1
				AND opened >= (SELECT max(opened) FROM check_in WHERE couple = ?1) - ?2)
		ORDER BY c.opened, c.id`, int64(couple), recent.Milliseconds())
}

// checkIns returns the check-ins that where selects, whole.
func (s *Store) checkIns(r *conn, where string, args ...driver.Value) (ks []rituals.CheckIn, err error) {
	err = r.query(func(r *row) (err error) {
		ks = append(ks, rituals.CheckIn{
			ID:      rituals.CheckInID(r.int()),
			Couple:  rituals.CoupleID(r.int()),
			Hash:    r.text(),
			Day:     rituals.Day(r.text()),
			N:       int(r.int()),
			State:   rituals.CheckInState(r.text()),
			Opened:  r.time(),
			Closes:  r.time(),
			Morning: r.time(),
			Starter: rituals.MemberID(r.int()),
		})
		ks[len(ks)-1].Talk, err = decodeTalk(r.text())
		return err
	}, `SELECT c.id, c.couple, c.hash, c.day, c.n, c.state, c.opened, c.closes, c.morning, c.starter, c.talk
		FROM check_in c WHERE `+where, args...)
	if err != nil || len(ks) == 0 {
		return nil, err
	}
	byID := make(map[rituals.CheckInID]*rituals.CheckIn, len(ks))
	ids := make([]byte, 0, 64)
	for i := range ks {
		k := &ks[i]
		byID[k.ID] = k
		ids = strconv.AppendInt(append(ids, ','), int64(k.ID), 10)
		if k.Ritual, err = s.definition(r, k.Hash); err != nil {
			return nil, err
		}
	}
	ids[0] = '['
	ids = append(ids, ']')
	if err := readWalks(r, byID, string(ids)); err != nil {
		return nil, err
	}
	return ks, readReplies(r, byID, string(ids))
}

// readWalks reads the walks of check-ins; ids is the JSON list of their ids. Each
// column read costs about as much as a step of the query, so flags come as one.
func readWalks(r *conn, ks map[rituals.CheckInID]*rituals.CheckIn, ids string) error {
	return r.query(func(r *row) (err error) {
		k := ks[rituals.CheckInID(r.int())]
		w := rituals.Walk{Member: rituals.MemberID(r.int()), Opens: r.time(), Closes: r.time()}
		flags := r.int()
		w.Done, w.Left, w.Morning = flags&1 != 0, flags&2 != 0, flags&4 != 0
		w.Cards, err = unlist[rituals.Drawn](r.text())
		k.Walks = append(k.Walks, w)
		return err
	}, `SELECT w.check_in, w.member, w.opens, w.closes, w.done + 2 * w.gone + 4 * w.morning, w.cards
		FROM json_each(?) j JOIN walk w ON w.check_in = j.value ORDER BY w.check_in, w.n`, ids)
}

func readReplies(r *conn, ks map[rituals.CheckInID]*rituals.CheckIn, ids string) error {
	return r.query(func(r *row) (err error) {
		k := ks[rituals.CheckInID(r.int())]
		p := rituals.Reply{CheckIn: k.ID, Member: rituals.MemberID(r.int()), Step: r.text(), Choice: r.text()}
		p.Words, err = decodeWords(r.text())
		flags := r.int()
		p.Skipped, p.Mine, p.At = flags&1 != 0, flags&2 != 0, r.time()
		k.Replies = append(k.Replies, p)
		return err
	}, `SELECT r.check_in, r.member, r.step, r.choice, r.words, r.skipped + 2 * r.mine, r.at
		FROM json_each(?) j JOIN reply r ON r.check_in = j.value ORDER BY r.check_in, r.member, r.step`, ids)
}

// definition returns the ritual with that hash. It is decoded once.
func (s *Store) definition(r *conn, hash string) (*rituals.Ritual, error) {
	if d, ok := s.definitions.Load(hash); ok {
		return d.(*rituals.Ritual), nil
	}
	var d *rituals.Ritual
	err := r.query(func(r *row) error {
		d = new(rituals.Ritual)
		return json.Unmarshal([]byte(r.text()), d)
	}, "SELECT json FROM definition WHERE hash = ?", hash)
	if err != nil {
		return nil, fmt.Errorf("definition %s: %w", hash, err)
	}
	if d == nil {
		return nil, fmt.Errorf("definition %s: %w", hash, rituals.ErrNotFound)
	}
	s.definitions.Store(hash, d)
	return d, nil
}
