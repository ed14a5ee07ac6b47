package store

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"attune/rituals"
)

// TestRecent holds that the last check-ins of a ritual come newest first, without
// those that asked nobody.
func TestRecent(t *testing.T) {
	ctx, s := context.Background(), paired(t)
	first := checkIn(1, "", at("21:30")).Walks[0].Member
	c := rituals.Change{Definitions: []rituals.Definition{definition(t, evening())}}
	for i := range 4 {
		k := checkIn(rituals.CheckInID(i+1), rituals.Day(fmt.Sprintf("2026-11-2%d", i)), at("21:30").AddDate(0, 0, i-5))
		k.State = rituals.Missed
		if i == 2 {
			k.State, k.Walks = rituals.Excused, nil
		}
		if i == 3 {
			k.Walks = slices.DeleteFunc(k.Walks, func(w rituals.Walk) bool { return w.Member == first })
		}
		c.CheckIns = append(c.CheckIns, k)
	}
	commit(t, s, c)
	for _, test := range []struct {
		couple rituals.CoupleID
		ritual string
		alone  rituals.MemberID
		limit  int
		want   string
	}{
		{pair().ID, evening().ID, 0, 2, "[4 2]"},
		{pair().ID, evening().ID, 0, 9, "[4 2 1]"},
		{pair().ID, evening().ID, first, 9, "[2 1]"},
		{pair().ID, evening().ID, first, 1, "[2]"},
		{pair().ID, "another", 0, 9, "[]"},
		{pair().ID + 1, evening().ID, 0, 9, "[]"},
	} {
		ks, err := s.Recent(ctx, test.couple, test.ritual, test.alone, test.limit)
		ids := []rituals.CheckInID{}
		for _, k := range ks {
			ids = append(ids, k.ID)
		}
		if err != nil || fmt.Sprint(ids) != test.want {
			t.Errorf("Recent(%d, %q, %d, %d) = %v, %v; want %s", test.couple, test.ritual, test.alone, test.limit, ids, err, test.want)
		}
	}
}
