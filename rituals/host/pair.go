package host

import (
	"context"
	"time"

	"attune/rituals"
)

// Pair makes a couple of members who are known to have agreed: the people of a
// play, the two seats of a terminal. It is meant for a database without people,
// in which it numbers couple and members from 1. Each member needs all but ID,
// Agreed and Version. The first member's zone is the couple's; it counts as having
// begun an hour ago, so that nothing waits for the first hour to pass.
func (h *Host) Pair(ctx context.Context, now time.Time, members ...rituals.Member) (rituals.CoupleID, error) {
	couple := rituals.Couple{ID: 1, Zone: members[0].Zone, Since: now.Add(-time.Hour)}
	for i := range members {
		m := &members[i]
		m.ID, m.Agreed = rituals.MemberID(i+1), now
		couple.Bonds = append(couple.Bonds, rituals.Bond{Member: m.ID, Joined: now})
	}
	if err := h.store.Commit(ctx, rituals.Change{Now: now, Members: members, Couple: &couple}); err != nil {
		return 0, err
	}
	return couple.ID, h.Begin(ctx, now, couple.ID)
}
