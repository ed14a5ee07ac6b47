package rehearsal

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"attune/rituals"
)

// leaks says which alarms belong to nothing that is alive.
func (w *world) leaks() {
	if w.down {
		return
	}
	due := w.house.due(w.couple)
	w.witness.mu.Lock()
	defer w.witness.mu.Unlock()
	for _, a := range due {
		if why := w.witness.dead(&a, w.now); why != "" {
			w.witness.broken("the alarm %s at %s leaks: %s", a.Name, a.At.UTC().Format(time.DateTime), why)
		}
	}
}

// dead says why an alarm should not be there; nothing if it belongs to something alive.
func (w *witness) dead(a *rituals.Alarm, now time.Time) string {
	switch {
	case a.Tries > 1: // but for the disk that is full now and then
		return "it was put off"
	case a.Couple != w.couple.ID || !w.couple.Ended.IsZero():
		return "its couple has ended"
	case a.Member != 0 && w.couple.Bond(a.Member) == nil:
		return "its member is not of the couple"
	case a.At.Before(now):
		return "it has not rung"
	}
	k := w.checkIns[a.CheckIn]
	if a.CheckIn != 0 && k == nil {
		return "its check-in is not there"
	}
	switch a.Kind {
	case rituals.AlarmOpen:
		f := w.lib.Ritual(a.Ritual)
		if f == nil {
			return "there is no such ritual"
		}
		if f.Private {
			return "" // its member has it for themselves
		}
		if r, ok := w.couple.Keeps(f); !ok || r.Schedule == "" || (r.Clock == rituals.ByMember) != (a.Member != 0) {
			return "the couple does not keep it"
		}
	case rituals.AlarmLater, rituals.AlarmNudge, rituals.AlarmSettle, rituals.AlarmClose:
		if k.State != rituals.Open {
			return "its check-in is " + string(k.State)
		}
		if a.Kind == rituals.AlarmNudge && k.Begun(a.Member) {
			return "its member has begun"
		}
	case rituals.AlarmTimer:
		if t := k.Talk; t == nil || t.Step == "" || t.Over || !a.At.Equal(t.Ends) {
			return "no step of a talk is over then"
		}
	case rituals.AlarmFree:
		if a.At.Sub(now) > time.Hour { // in which nothing is said
			return "nobody is in the middle of something for so long"
		}
	default:
		return w.over(a, k, now)
	}
	return ""
}

// over is dead for alarms that belong to no open check-in.
func (w *witness) over(a *rituals.Alarm, k *rituals.CheckIn, now time.Time) string {
	switch a.Kind {
	case rituals.AlarmResume:
		if until := w.couple.Rest(now); !until.Equal(a.At) {
			return fmt.Sprint("the rest ends at ", until)
		}
	case rituals.AlarmOwn:
		own := func(r rituals.Reply) bool { return r.Member == a.Member && r.Spoken() && comesOut(k, &r) }
		dawn := slices.ContainsFunc(k.Ritual.Steps, func(s rituals.Step) bool { return s.Opens != "" })
		if k.State == rituals.Open || k.State == rituals.Kept && !dawn {
			return "its check-in is " + string(k.State)
		}
		if !slices.ContainsFunc(k.Replies, own) && a.At.Sub(now) > 48*time.Hour {
			return "there are no words that did not open"
		}
	case rituals.AlarmOffer, rituals.AlarmWeekly:
		if a.At.Sub(now) > 72*time.Hour {
			return "that is too far"
		}
	case rituals.AlarmLetGo:
		for id := range w.held {
			if strings.HasSuffix(a.Name, "/"+base36(id)) {
				return ""
			}
		}
		return "nothing is held"
	default:
		if a.At.Sub(now) > 40*24*time.Hour {
			return "nothing is so far ahead"
		}
	}
	return ""
}

// streaks holds how the couple's evenings went, by the changes there were, against the
// database, and counts the streak from its end.
func (w *world) streaks(ctx context.Context) error {
	went := map[rituals.Day]rituals.CheckInState{}
	for _, k := range w.witness.checkIns {
		if before := went[k.Day]; k.Ritual.Streak && k.State != rituals.Open && before != rituals.Kept &&
			(k.State == rituals.Kept || before != rituals.Excused) {
			went[k.Day] = k.State
		}
	}
	days := slices.Sorted(maps.Keys(went))
	outcomes, err := w.store.Outcomes(ctx, w.couple)
	if err != nil {
		return err
	}
	if len(outcomes) != len(days) {
		return fmt.Errorf("%d evenings have ended, and %d are stored", len(days), len(outcomes))
	}
	streak, over := 0, false
	for i := len(days) - 1; i >= 0; i-- {
		if o := outcomes[i]; o.Day != days[i] || o.State != went[o.Day] {
			return fmt.Errorf("the evening of %s is stored as %s, and was %s on %s", o.Day, o.State, went[days[i]], days[i])
		}
		over = over || went[days[i]] == rituals.Missed
		if !over && went[days[i]] == rituals.Kept {
			streak++
		}
	}
	if got := rituals.StreakOf(outcomes).Current; got != streak {
		return fmt.Errorf("the streak is %d, and %d evenings were kept in a row", got, streak)
	}
	return nil
}
