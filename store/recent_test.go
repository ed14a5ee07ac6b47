package store

import (
	"context"
	"fmt"
	"testing"

	"attune/rituals"
)

// TestRecent holds that the last check-ins of a ritual come newest first, without
// those that asked nobody.
func TestRecent(t *testing.T) {
	ctx, s := context.Background(), paired(t)
	c := rituals.Change{Definitions: []rituals.Definition{definition(t, evening())}}
	for i := range 4 {
		k := checkIn(rituals.CheckInID(i+1), rituals.Day(fmt.Sprintf("2026-11-2%d", i)), at("21:30").AddDate(0, 0, i-5))
		k.State = rituals.Missed
		if i == 2 {
			k.State, k.Walks = rituals.Excused, nil
		}
		c.CheckIns = append(c.CheckIns, k)
	}
	commit(t, s, c)
	for _, test := range []struct {
		couple rituals.CoupleID
		ritual string
		limit  int
		want   string
	}{
		{pair().ID, evening().ID, 2, "[4 2]"},
		{pair().ID, evening().ID, 9, "[4 2 1]"},
		{pair().ID, "another", 9, "[]"},
		{pair().ID + 1, evening().ID, 9, "[]"},
	} {
		ks, err := s.Recent(ctx, test.couple, test.ritual, test.limit)
		ids := []rituals.CheckInID{}
		for _, k := range ks {
			ids = append(ids, k.ID)
		}
		if err != nil || fmt.Sprint(ids) != test.want {
			t.Errorf("Recent(%d, %q, %d) = %v, %v; want %s", test.couple, test.ritual, test.limit, ids, err, test.want)
		}
	}
}
