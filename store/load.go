package store

import (
	"context"

	"attune/rituals"
)

// Load returns all that is needed to decide for a person and their couple: of
// several couples the one they joined last that has not ended.
func (s *Store) Load(ctx context.Context, who rituals.Person) (rituals.State, error) {
	st, turn := s.cache.person(who)
	if st != nil {
		return *st, ctx.Err()
	}
	return s.fetch(ctx, rituals.State{Person: who}, turn)
}

// LoadCouple returns all that is needed to decide for a couple, ended or not.
func (s *Store) LoadCouple(ctx context.Context, id rituals.CoupleID) (rituals.State, error) {
	st, turn := s.cache.couple(id)
	if st != nil {
		return *st, ctx.Err()
	}
	return s.fetch(ctx, rituals.State{Couple: rituals.Couple{ID: id}}, turn)
}

// LoadPlace returns all that is needed to decide for the couple whose place a chat
// is; a state without a couple if it is nobody's.
func (s *Store) LoadPlace(ctx context.Context, at rituals.Address) (rituals.State, error) {
	var id rituals.CoupleID
	err := s.read(ctx, func(r *conn) error {
		return r.query(func(r *row) error {
			id = rituals.CoupleID(r.int())
			return nil
		}, "SELECT id FROM couple WHERE place_at = ?", placeAt(at))
	})
	if err != nil || id == 0 {
		return rituals.State{}, err
	}
	return s.LoadCouple(ctx, id)
}

// fetch reads the state of a person or, if none is given, of a couple, and keeps
// it for the next time.
func (s *Store) fetch(ctx context.Context, st rituals.State, turn int) (rituals.State, error) {
	err := s.read(ctx, func(r *conn) error {
		if err := r.begin(); err != nil {
			return err
		}
		defer r.end()
		return s.readState(r, &st)
	})
	if err != nil {
		return rituals.State{}, err
	}
	s.cache.keep(&st, turn)
	return st, nil
}

func (s *Store) readState(r *conn, st *rituals.State) (err error) {
	if st.Person != (rituals.Person{}) {
		err = readWho(r, st)
	} else {
		id := st.Couple.ID
		st.Couple.ID = 0
		err = readCouple(r, id, &st.Couple)
	}
	if err != nil {
		return err
	}
	if st.Couple.ID == 0 {
		if st.Member.ID == 0 {
			return nil
		}
		return readMember(r, &st.Member)
	}
	if err := readMembers(r, st); err != nil {
		return err
	}
	if m := st.MemberBy(st.Member.ID); m != nil {
		st.Member = *m
	}
	st.CheckIns, err = s.recentCheckIns(r, st.Couple.ID)
	return err
}
