package rehearsal

import (
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"attune/rituals"
)

// me returns what Alex is by now.
func (w *world) me() rituals.Member {
	for _, m := range w.witness.members {
		if m.Person == w.seats[0].who {
			return m
		}
	}
	return rituals.Member{}
}

// exposed returns a check-in, of those that are meant, in which something of Alex's
// would open if Sam's were there; nil if there is none.
func (w *world) exposed(but func(*rituals.CheckIn) bool) *rituals.CheckIn {
	me := w.me().ID
	for _, id := range slices.Sorted(maps.Keys(w.witness.checkIns)) {
		k := w.witness.checkIns[id]
		walk := k.Walk(me)
		if k.State != rituals.Open || but(k) || walk == nil || walk.Left {
			continue
		}
		at := k.At(me)
		if at != nil && !at.Optional {
			continue
		}
		if slices.ContainsFunc(k.Replies, func(r rituals.Reply) bool { return r.Member == me && comesOut(k, &r) }) {
			return k
		}
	}
	return nil
}

// buttons returns the taps that somebody can do on the buttons of open check-ins that
// are meant, the newest first.
func (w *world) buttons(s *seat, meant func(verb string, k *rituals.CheckIn, step string, o *rituals.Option) bool) []string {
	var rows []string
	for i := len(s.shown) - 1; i >= 0 && i > len(s.shown)-25; i-- {
		look := s.shown[i].looks[len(s.shown[i].looks)-1]
		for _, row := range look.Choices {
			for _, c := range row {
				parts := strings.Split(c.Action, ":")
				if len(parts) < 2 {
					continue
				}
				n, err := strconv.ParseInt(parts[1], 36, 64)
				k := w.witness.checkIns[rituals.CheckInID(n)]
				if err != nil || k == nil || k.State != rituals.Open {
					continue
				}
				var o *rituals.Option
				parts = append(parts, "")
				if parts[0] == "answer" && len(parts) == 5 {
					if q := k.Ritual.Step(parts[2]); q != nil {
						o = q.Option(parts[3])
					}
				}
				if meant(parts[0], k, parts[2], o) {
					if r := tapRow(s, i, c.Label); r != "" {
						rows = append(rows, r)
					}
				}
			}
		}
	}
	return rows
}

// wouldOpen reports whether something of Alex's would open by an act: Sam's are there,
// and with the act Alex has arrived.
func (w *world) wouldOpen(k *rituals.CheckIn, verb, step string, o *rituals.Option) bool {
	me := w.me().ID
	for _, b := range w.witness.couple.Bonds {
		if b.Member != me && !k.Arrived(b.Member) {
			return false
		}
	}
	then, r := k.Clone(), rituals.Reply{Step: step, Member: me}
	switch {
	case verb == "answer" && o != nil:
		r.Choice = o.ID
	case verb == "say":
		r.Words = []rituals.Words{{Text: "Well."}}
	case verb == "skip":
		r.Skipped = true
	case verb == "all":
		return true
	default:
		return false
	}
	then.Put(r)
	at := then.At(me)
	return (at == nil || at.Optional) && slices.ContainsFunc(then.Replies, func(r rituals.Reply) bool {
		return r.Member == me && comesOut(then, &r)
	})
}

// label returns what stands on the newest button that does something.
func (w *world) label(s *seat, action string) string {
	for i := len(s.shown) - 1; i >= 0; i-- {
		for _, row := range s.shown[i].looks[len(s.shown[i].looks)-1].Choices {
			for _, c := range row {
				if strings.HasPrefix(c.Action, action) {
					return c.Label
				}
			}
		}
	}
	return ""
}

// smaller leaves out what Sam can tell the worlds apart without.
func (p *twins) smaller(t *testing.T, dir, head string, problem error) story {
	key := p.busy.text()
	if m, ok := smallest.Load(key); ok {
		return m.(story)
	}
	best := p.story(problem)
	less(p.steps, func(try []step) bool {
		m, ok := replayTwins(t, dir, head, p.shares, try)
		if ok && m.problem != nil && sortOf(m.problem) == sortOf(problem) {
			best = m
			return true
		}
		return false
	})
	smallest.Store(key, best)
	return best
}

// replayTwins does what was done to other twins; false if that is not possible.
func replayTwins(t *testing.T, dir, head string, shares map[string]bool, steps []step) (story, bool) {
	p := newTwins(t, dir, head)
	defer p.end()
	p.shares = shares
	for i, s := range steps {
		one, two := len(p.silent.out), len(p.busy.out)
		err := p.do(t.Context(), s)
		alone := func(i int) bool { return i < len(steps) && steps[i].silent == nil }
		switch {
		case errors.Is(err, errAct):
			p.silent.out, p.busy.out = p.silent.out[:one], p.busy.out[:two]
		case errors.Is(err, errOne):
			return story{}, false
		case err != nil:
			return p.story(err), true
		case alone(i) && !alone(i+1) && p.busy.exposed(p.alexTook) != nil:
			return story{}, false
		}
	}
	return p.story(nil), true
}

// less leaves out of a list whatever can be left out so that it still fails, for half a
// minute at most.
func less[T any](list []T, fails func([]T) bool) []T {
	until := time.Now().Add(30 * time.Second)
	for size := max(1, len(list)/2); time.Now().Before(until); {
		fewer := false
		for from := 0; from < len(list) && time.Now().Before(until); {
			try := slices.Delete(slices.Clone(list), from, min(from+size, len(list)))
			if fails(try) {
				list, fewer = try, true
				continue
			}
			from += size
		}
		if size == 1 && !fewer {
			break
		}
		size = max(1, size/2)
	}
	return list
}
