package store

import (
	"encoding/json"
	"fmt"

	"attune/rituals"
)

func (s *Store) writePeople(w *conn, c *change) error {
	for i := range c.Members {
		if err := writeMember(w, &c.Members[i]); err != nil {
			return err
		}
	}
	for i := range c.couples {
		if err := s.writeCouple(w, &c.couples[i]); err != nil {
			return err
		}
	}
	return writeHomes(w, c)
}

// writeHomes settles who is whose member. A person who is another's already stays
// so, and the change is a conflict, unless that member is in no couple any more.
func writeHomes(w *conn, c *change) error {
	for _, p := range c.Unlink {
		if _, err := w.exec("DELETE FROM person WHERE platform = ? AND id = ?", string(p.Platform), p.ID); err != nil {
			return err
		}
	}
	for _, h := range c.Homes {
		n, err := w.exec(`INSERT INTO person (platform, id, member, chat) VALUES (?, ?, ?, ?)
			ON CONFLICT (platform, id) DO UPDATE SET member = excluded.member, chat = excluded.chat
			WHERE person.member = excluded.member OR NOT EXISTS (
				SELECT 1 FROM bond b JOIN couple l ON l.id = b.couple WHERE b.member = person.member AND l.ended = 0)`,
			string(h.Person.Platform), h.Person.ID, int64(h.Member), h.Chat)
		if err := one(n, err); err != nil {
			return err
		}
	}
	return nil
}

func writeMember(w *conn, m *rituals.Member) error {
	private, err := list(m.Private)
	if err != nil {
		return err
	}
	if m.Version > 0 {
		n, err := w.exec(`UPDATE member SET platform = ?, chat = ?, name = ?, zone = ?, language = ?, agreed = ?,
				unreachable = ?, asked_check_in = ?, asked_step = ?, asked_at = ?, private = ?, version = version + 1
			WHERE id = ? AND version = ?`,
			string(m.Address.Platform), m.Address.Chat, m.Name, m.Zone, m.Language, millis(m.Agreed),
			flag(m.Unreachable), int64(m.Asked.CheckIn), m.Asked.Step, millis(m.Asked.At), private, int64(m.ID), m.Version)
		return one(n, err)
	}
	_, err = w.exec(`INSERT INTO member (id, person_platform, person_id, platform, chat, name, zone, language, agreed,
			unreachable, asked_check_in, asked_step, asked_at, private, version)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)`,
		int64(m.ID), string(m.Person.Platform), m.Person.ID, string(m.Address.Platform), m.Address.Chat, m.Name, m.Zone,
		m.Language, millis(m.Agreed), flag(m.Unreachable), int64(m.Asked.CheckIn), m.Asked.Step, millis(m.Asked.At), private)
	if err != nil {
		return taken(err)
	}
	_, err = w.exec("INSERT INTO person (platform, id, member, chat) VALUES (?, ?, ?, ?)",
		string(m.Person.Platform), m.Person.ID, int64(m.ID), m.Address.Chat)
	return taken(err)
}

// one turns a write that found no row of the version it assumed into a conflict.
func one(n int64, err error) error {
	if err == nil && n == 0 {
		return rituals.ErrConflict
	}
	return err
}

// A couple is a rituals.Couple with its lists encoded.
type couple struct {
	*rituals.Couple
	settings, proposals string
	cards, told         string
	place, placeAt      string
}

func encodeCouple(c *rituals.Couple) (couple, error) {
	e := couple{Couple: c}
	var err error
	if e.settings, err = list(c.Settings); err != nil {
		return e, err
	}
	if e.cards, err = list(c.Cards); err != nil {
		return e, err
	}
	if e.told, err = list(c.Told); err != nil {
		return e, err
	}
	if e.proposals, err = list(c.Proposals); err != nil || c.Place == nil {
		return e, err
	}
	e.placeAt = placeAt(c.Place.Address)
	e.place, err = object(c.Place)
	return e, err
}

// placeAt names a chat in one word.
func placeAt(a rituals.Address) string { return string(a.Platform) + "/" + a.Chat }

func (s *Store) writeCouple(w *conn, p *couple) error {
	if p.Version > 0 {
		n, err := w.exec(`UPDATE couple SET zone = ?, since = ?, ended = ?, settings = ?, proposals = ?, invite = ?,
				offered = ?, cards = ?, told = ?, place = ?, place_at = ?, lobby_platform = ?, lobby_chat = ?, version = version + 1
			WHERE id = ? AND version = ?`,
			p.Zone, millis(p.Since), millis(p.Ended), p.settings, p.proposals, p.Invite, millis(p.Offered),
			p.cards, p.told, p.place, p.placeAt, string(p.Lobby.Platform), p.Lobby.Chat, int64(p.ID), p.Version)
		if err := one(n, taken(err)); err != nil || s.cache.bonded(p.Couple) {
			return err
		}
		return writeBonds(w, p.Couple)
	}
	_, err := w.exec(`INSERT INTO couple (id, zone, since, ended, settings, proposals, invite, offered,
			cards, told, place, place_at, lobby_platform, lobby_chat, version)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)`,
		int64(p.ID), p.Zone, millis(p.Since), millis(p.Ended), p.settings, p.proposals, p.Invite, millis(p.Offered),
		p.cards, p.told, p.place, p.placeAt, string(p.Lobby.Platform), p.Lobby.Chat)
	if err != nil {
		return taken(err)
	}
	return writeBonds(w, p.Couple)
}

// writeBonds writes the bonds that differ from what is stored.
func writeBonds(w *conn, c *rituals.Couple) error {
	stored, err := bonds(w, c.ID)
	if err != nil {
		return err
	}
	for i, b := range c.Bonds {
		if i < len(stored) && same(stored[i], b) {
			continue
		}
		_, err := w.exec(`INSERT INTO bond (couple, n, member, joined, rest_until) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (couple, n) DO UPDATE
			SET member = excluded.member, joined = excluded.joined, rest_until = excluded.rest_until`,
			int64(c.ID), int64(i), int64(b.Member), millis(b.Joined), millis(b.RestUntil))
		if err != nil {
			return err
		}
	}
	if len(stored) <= len(c.Bonds) {
		return nil
	}
	_, err = w.exec("DELETE FROM bond WHERE couple = ? AND n >= ?", int64(c.ID), int64(len(c.Bonds)))
	return err
}

func bonds(r *conn, id rituals.CoupleID) (bs []rituals.Bond, err error) {
	err = r.query(func(r *row) error {
		bs = append(bs, rituals.Bond{Member: rituals.MemberID(r.int()), Joined: r.time(), RestUntil: r.time()})
		return nil
	}, "SELECT member, joined, rest_until FROM bond WHERE couple = ? ORDER BY n", int64(id))
	return bs, err
}

func same(a, b rituals.Bond) bool {
	return a.Member == b.Member && millis(a.Joined) == millis(b.Joined) && millis(a.RestUntil) == millis(b.RestUntil)
}

// readWho reads the member a person is, and the newest couple of theirs that has
// not ended.
func readWho(r *conn, s *rituals.State) error {
	return r.query(func(r *row) error {
		s.Member.ID = rituals.MemberID(r.int())
		return scanCouple(r, &s.Couple)
	}, `SELECT p.member, c.id, c.zone, c.since, c.ended, c.settings, c.proposals, c.invite, c.offered,
			c.cards, c.told, c.place, c.lobby_platform, c.lobby_chat, c.version
		FROM person p
		LEFT JOIN couple c ON c.id = (
			SELECT b.couple FROM bond b JOIN couple l ON l.id = b.couple
			WHERE b.member = p.member AND l.ended = 0 ORDER BY b.joined DESC, b.couple DESC LIMIT 1)
		WHERE p.platform = ? AND p.id = ?`, string(s.Person.Platform), s.Person.ID)
}

func readCouple(r *conn, id rituals.CoupleID, c *rituals.Couple) error {
	return r.query(func(r *row) error { return scanCouple(r, c) },
		`SELECT id, zone, since, ended, settings, proposals, invite, offered, cards, told, place, lobby_platform, lobby_chat, version
			FROM couple WHERE id = ?`, int64(id))
}

func scanCouple(r *row, c *rituals.Couple) (err error) {
	c.ID, c.Zone, c.Since, c.Ended = rituals.CoupleID(r.int()), r.text(), r.time(), r.time()
	if c.Settings, err = unlist[rituals.Setting](r.text()); err != nil {
		return err
	}
	if c.Proposals, err = unlist[rituals.Proposal](r.text()); err != nil {
		return err
	}
	c.Invite, c.Offered = r.text(), r.time()
	if c.Cards, err = unlist[rituals.Card](r.text()); err != nil {
		return err
	}
	if c.Told, err = unlist[string](r.text()); err != nil {
		return err
	}
	if place := r.text(); place != "" {
		c.Place = new(rituals.Place)
		if err := json.Unmarshal([]byte(place), c.Place); err != nil {
			return fmt.Errorf("decode place: %w", err)
		}
	}
	c.Lobby = rituals.Address{Platform: rituals.Platform(r.text()), Chat: r.text()}
	c.Version = r.int()
	return nil
}

// readMembers reads the bonds and the members of the state's couple.
func readMembers(r *conn, s *rituals.State) error {
	return r.query(func(r *row) (err error) {
		b := rituals.Bond{Joined: r.time(), RestUntil: r.time()}
		m, err := scanMember(r)
		b.Member = m.ID
		s.Couple.Bonds, s.Members = append(s.Couple.Bonds, b), append(s.Members, m)
		return err
	}, `SELECT b.joined, b.rest_until, m.id, m.person_platform, m.person_id, m.platform, m.chat, m.name, m.zone,
			m.language, m.agreed, m.unreachable, m.asked_check_in, m.asked_step, m.asked_at, m.private, m.version
		FROM bond b JOIN member m ON m.id = b.member
		WHERE b.couple = ? ORDER BY b.n`, int64(s.Couple.ID))
}

func readMember(r *conn, m *rituals.Member) error {
	return r.query(func(r *row) (err error) {
		*m, err = scanMember(r)
		return err
	}, `SELECT id, person_platform, person_id, platform, chat, name, zone, language, agreed, unreachable,
			asked_check_in, asked_step, asked_at, private, version
		FROM member WHERE id = ?`, int64(m.ID))
}

func scanMember(r *row) (m rituals.Member, err error) {
	m = rituals.Member{
		ID:          rituals.MemberID(r.int()),
		Person:      rituals.Person{Platform: rituals.Platform(r.text()), ID: r.text()},
		Address:     rituals.Address{Platform: rituals.Platform(r.text()), Chat: r.text()},
		Name:        r.text(),
		Zone:        r.text(),
		Language:    r.text(),
		Agreed:      r.time(),
		Unreachable: r.bool(),
		Asked:       rituals.Asked{CheckIn: rituals.CheckInID(r.int()), Step: r.text(), At: r.time()},
	}
	m.Private, err = unlist[string](r.text())
	m.Version = r.int()
	return m, err
}
