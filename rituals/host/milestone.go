package host

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"attune/rituals"
)

// milestones are the numbers of kept evenings that are said.
var milestones = []int{7, 30, 100}

// milestone says, to all, that many evenings were kept, if this was one of them.
func (d *decision) milestone(c *rituals.CheckIn) {
	outcomes, ok := d.outcomes()
	if !ok {
		return
	}
	streak := rituals.StreakOf(withOutcome(outcomes, rituals.Outcome{Day: c.Day, State: rituals.Kept}))
	if !slices.Contains(milestones, streak.Total) {
		return
	}
	for i := range d.s.Members {
		m := &d.s.Members[i]
		d.say(m, rituals.Message{
			Key:    fmt.Sprintf("evenings/%s/%d/%s", id(d.s.Couple.ID), streak.Total, id(m.ID)), // however often the day is kept
			Blocks: paragraphs(d.voice(m).Say(fmt.Sprintf("evenings.%d", streak.Total))),
		})
	}
}

// outcomes returns how the couple's settled days went.
func (d *decision) outcomes() ([]rituals.Outcome, bool) {
	couple := d.s.Couple.ID
	return find(d, "outcomes", func(ctx context.Context, r Reader, _ Store) ([]rituals.Outcome, error) {
		return r.Outcomes(ctx, couple)
	})
}

// withOutcome returns outcomes with one more in its place. A day that was kept
// stays kept.
func withOutcome(outcomes []rituals.Outcome, o rituals.Outcome) []rituals.Outcome {
	outcomes = slices.Clone(outcomes)
	i, found := slices.BinarySearchFunc(outcomes, o, func(a, b rituals.Outcome) int {
		return strings.Compare(string(a.Day), string(b.Day))
	})
	switch {
	case !found:
		return slices.Insert(outcomes, i, o)
	case o.State == rituals.Kept || outcomes[i].State == rituals.Excused:
		outcomes[i] = o
	}
	return outcomes
}
