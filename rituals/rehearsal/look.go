package rehearsal

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"attune/rituals"
)

// look returns what a check line would have to say to be right.
func (r *run) look(ctx context.Context, l *line) (string, error) {
	if r.down {
		return "(down)", nil
	}
	switch l.verb {
	case streak:
		outcomes, err := r.outcomes(ctx)
		return fmt.Sprintf("streak %d", rituals.StreakOf(outcomes).Current), err
	case outcome:
		outcomes, err := r.outcomes(ctx)
		state := rituals.Open
		for _, o := range outcomes {
			if string(o.Day) == l.object {
				state = o.State
			}
		}
		return string(state) + " " + l.object, err
	case stored:
		n, err := r.answers(ctx, r.named(l.object))
		return answers(l.object, n), err
	}
	return r.waits(ctx)
}

// outcomes returns those of the couple in the play; none if there is no couple.
func (r *run) outcomes(ctx context.Context) ([]rituals.Outcome, error) {
	for _, s := range r.seats {
		state, err := r.store.Load(ctx, s.who)
		if err != nil {
			return nil, err
		}
		if id := state.Couple.ID; id != 0 {
			return r.store.Outcomes(ctx, id)
		}
	}
	return nil, nil
}

// page is how many check-ins are read at once.
const page = 100

// answers counts somebody's own answers: those of past check-ins and of open
// ones.
func (r *run) answers(ctx context.Context, s *seat) (int, error) {
	state, err := r.store.Load(ctx, s.who)
	if err != nil || state.Member.ID == 0 {
		return 0, err
	}
	me, n := state.Member.ID, 0
	counted := map[rituals.CheckInID]bool{}
	count := func(id rituals.CheckInID, replies []rituals.Reply) {
		if counted[id] {
			return
		}
		counted[id] = true
		for _, reply := range replies {
			if reply.Member == me && !reply.Empty() {
				n++
			}
		}
	}
	for _, c := range state.CheckIns {
		count(c.ID, c.Replies)
	}
	for at := 0; ; at++ {
		notes, err := r.store.Notes(ctx, me, at, page)
		if errors.Is(err, rituals.ErrNotFound) {
			return n, nil
		}
		if err != nil {
			return 0, err
		}
		for _, note := range notes {
			count(note.CheckIn, note.Replies)
		}
		if len(notes) < page {
			return n, nil
		}
	}
}

// waits tells for whom messages wait in the outbox. A chat that was left waits
// under the name of who left it.
func (r *run) waits(ctx context.Context) (string, error) {
	var names []string
	for _, p := range r.platforms() {
		waiting, err := r.store.Waiting(ctx, p, 0, atOnce)
		if err != nil {
			return "", err
		}
		for _, w := range waiting {
			name := w.To.Chat
			if _, s := r.at(w.To); s != nil {
				name = s.name
			}
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return string(nothing), nil
	}
	slices.Sort(names)
	return "something waits for " + strings.Join(names, ", "), nil
}
