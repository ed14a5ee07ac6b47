package host

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"attune/rituals"
)

const (
	atOnce    = 64             // couples that decide side by side
	batch     = 512            // alarms asked for at a time
	checkTime = time.Minute    // timers ignore a suspended machine and a clock that jumps
	putOff    = time.Minute    // a failing alarm, at first
	putOffMax = time.Hour      // and at most
	sweepHour = 24 * time.Hour // how often what is old is forgotten
	forgetFor = 7 * 24 * time.Hour

	middleOfTalk = 5 * time.Minute // timed steps that end within it are told after a start
	mostBack     = 4096            // alarms looked through for them
)

// stir wakes the loop: something may be due earlier than it knew.
func (h *Host) stir() {
	select {
	case h.wake <- struct{}{}:
	default:
	}
}

// Run rings alarms as they fall due, until ctx ends.
func (h *Host) Run(ctx context.Context) error {
	if err := h.setSweep(ctx, time.Now()); err != nil && ctx.Err() == nil {
		h.log.Error("sweep not set", "err", err)
	}
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-timer.C:
		case <-h.wake:
		}
		next, err := h.Ring(ctx, time.Now())
		wait := checkTime
		if err != nil {
			if ctx.Err() != nil {
				return nil
			}
			if !errors.Is(err, rituals.ErrUnwritable) {
				h.log.Error("alarms not rung", "err", err)
			}
			wait = 5 * time.Second
		} else if !next.IsZero() {
			wait = min(max(time.Until(next), 0), checkTime)
		}
		timer.Reset(wait)
	}
}

// Ring settles every alarm due at now, and returns when the next one is; the
// zero time if there is none. Couples are settled side by side, one couple's
// alarms in order. An alarm that cannot be settled is put off.
func (h *Host) Ring(ctx context.Context, now time.Time) (next time.Time, err error) {
	if !h.back.Load() {
		if err := h.comeBack(ctx, now); err != nil {
			return time.Time{}, err
		}
	}
	for {
		due, next, err := h.store.Due(ctx, now, batch)
		if err != nil {
			return time.Time{}, err
		}
		if len(due) == 0 {
			return next, nil
		}
		var order []rituals.CoupleID
		byCouple := map[rituals.CoupleID][]rituals.Alarm{}
		for _, a := range due {
			if byCouple[a.Couple] == nil {
				order = append(order, a.Couple)
			}
			byCouple[a.Couple] = append(byCouple[a.Couple], a)
		}
		g, ctx := errgroup.WithContext(ctx)
		g.SetLimit(atOnce)
		for _, couple := range order {
			g.Go(func() error { return h.ringAll(ctx, now, byCouple[couple]) })
		}
		if err := g.Wait(); err != nil {
			return time.Time{}, err
		}
	}
}

// comeBack tells those who are in the middle of a talk that the program is there
// again: it rings the alarms of timed steps that are soon due.
func (h *Host) comeBack(ctx context.Context, now time.Time) error {
	soon, _, err := h.store.Due(ctx, now.Add(middleOfTalk), mostBack)
	if err != nil {
		return err
	}
	h.back.Store(true)
	for _, a := range soon {
		if a.Kind == rituals.AlarmTimer && a.At.After(now) {
			if err := h.ringOne(ctx, now, a); err != nil {
				return err
			}
		}
	}
	return nil
}

// ringAll settles one couple's alarms in order. Of what is due at the same instant
// what was comes before what is next: answers open before a new question is asked.
func (h *Host) ringAll(ctx context.Context, now time.Time, alarms []rituals.Alarm) error {
	opens := func(a rituals.Alarm) int {
		if a.Kind == rituals.AlarmOpen || a.Kind == rituals.AlarmFollow {
			return 1
		}
		return 0
	}
	slices.SortStableFunc(alarms, func(a, b rituals.Alarm) int {
		return cmp.Or(a.At.Compare(b.At), opens(a)-opens(b))
	})
	for _, a := range alarms {
		if err := h.ringOne(ctx, now, a); err != nil {
			return err
		}
	}
	return nil
}

// ringOne settles an alarm or puts it off. Its error is that not even this could
// be committed.
func (h *Host) ringOne(ctx context.Context, now time.Time, a rituals.Alarm) error {
	if a.Couple == 0 {
		return h.sweep(ctx, now, a)
	}
	load := func() (rituals.State, error) { return h.store.LoadCouple(ctx, a.Couple) }
	_, err := h.settle(ctx, now, load, nil, &a)
	switch {
	case err == nil, ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, rituals.ErrUnwritable):
		return err // nor could it be put off
	}
	h.log.Error("alarm put off", "couple", a.Couple, "alarm", a.Name, "tries", a.Tries+1, "err", err)
	again := a
	again.At = now.Add(min(putOff<<min(a.Tries, 10), putOffMax))
	again.Tries++
	err = h.store.Commit(ctx, rituals.Change{Now: now, Alarm: &a, Set: []rituals.Alarm{again}})
	if errors.Is(err, rituals.ErrSettled) {
		return nil
	}
	return err
}

const sweepName = "sweep"

// sweep forgets what is kept for some days only, and sets the next sweep.
func (h *Host) sweep(ctx context.Context, now time.Time, a rituals.Alarm) error {
	old := now.Add(-forgetFor)
	err := h.store.Commit(ctx, rituals.Change{
		Now:    now,
		Alarm:  &a,
		Set:    []rituals.Alarm{{Name: sweepName, Kind: rituals.AlarmSweep, At: now.Add(sweepHour)}},
		Forget: &rituals.Forget{Handled: old, Sent: old, Invites: old},
	})
	if errors.Is(err, rituals.ErrSettled) {
		return nil
	}
	return err
}

// setSweep sets the first sweep after a start.
func (h *Host) setSweep(ctx context.Context, now time.Time) error {
	return h.store.Commit(ctx, rituals.Change{
		Now: now,
		Set: []rituals.Alarm{{Name: sweepName, Kind: rituals.AlarmSweep, At: now.Add(time.Hour)}},
	})
}
