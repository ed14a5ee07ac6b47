package store

import (
	"context"

	"attune/rituals"
)

// Load returns all that is needed to decide for a person and their couple: of
// several couples the one they joined last that has not ended.
func (s *Store) Load(ctx context.Context, who rituals.Person) (rituals.State, error) {
	return s.state(ctx, rituals.State{Person: who}, readWho)
}

// LoadCouple returns all that is needed to decide for a couple, ended or not.
func (s *Store) LoadCouple(ctx context.Context, id rituals.CoupleID) (rituals.State, error) {
	return s.state(ctx, rituals.State{}, func(r *conn, st *rituals.State) error {
		return readCouple(r, id, &st.Couple)
	})
}

// state fills in a state that begins with what first finds.
func (s *Store) state(ctx context.Context, st rituals.State, first func(*conn, *rituals.State) error) (rituals.State, error) {
	err := s.read(ctx, func(r *conn) error {
		if err := r.begin(); err != nil {
			return err
		}
		defer r.end()
		if err := first(r, &st); err != nil {
			return err
		}
		if st.Couple.ID == 0 {
			if st.Member.ID == 0 {
				return nil
			}
			return readMember(r, &st.Member)
		}
		if err := readMembers(r, &st); err != nil {
			return err
		}
		if m := st.MemberBy(st.Member.ID); m != nil {
			st.Member = *m
		}
		var err error
		st.CheckIns, err = s.recentCheckIns(r, st.Couple.ID)
		return err
	})
	if err != nil {
		return rituals.State{}, err
	}
	return st, nil
}
