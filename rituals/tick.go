package rituals

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
)

// What a member ticks in a [Check] step is the Choice of their reply: the ids of
// the options, joined by commas. While it begins with a comma they are at it, and it
// is no answer.

// Ticks returns the ids of the options that were ticked, in the order of the step.
func (r *Reply) Ticks(s *Step) []string {
	var ticks []string
	if r == nil || r.Skipped {
		return nil
	}
	ids := strings.Split(r.Choice, ",")
	for _, o := range s.Options {
		if slices.Contains(ids, o.ID) {
			ticks = append(ticks, o.ID)
		}
	}
	return ticks
}

// Ticking reports whether a member is in the middle of ticking.
func (r *Reply) Ticking() bool { return strings.HasPrefix(r.Choice, ",") }

// Toggled returns the reply of a member to a [Check] step once the option is ticked
// that was not, or the other way round. An answer stays one unless nothing is left
// of it.
func (c *CheckIn) Toggled(m MemberID, s *Step, option string) Reply {
	r := Reply{Step: s.ID, Member: m}
	old := c.Reply(m, s.ID)
	var ticks []string
	for _, o := range s.Options {
		if slices.Contains(old.Ticks(s), o.ID) != (o.ID == option) {
			ticks = append(ticks, o.ID)
		}
	}
	r.Choice = strings.Join(ticks, ",")
	if old == nil || old.Empty() || len(ticks) == 0 {
		r.Choice = "," + r.Choice
	}
	return r
}

// Ticked returns the reply of a member to a [Check] step who is done with it.
func (c *CheckIn) Ticked(m MemberID, s *Step) Reply {
	ticks := c.Reply(m, s.ID).Ticks(s)
	return Reply{Step: s.ID, Member: m, Choice: strings.Join(ticks, ","), Skipped: len(ticks) == 0}
}

// mostCommon is how much of what all have ticked opens.
const mostCommon = 5

// Common returns what opens of a [Check] step whose reveal is mutual, in the order of
// the step: some of what all members have ticked, never all of several. So nobody can
// tell from what does not open who has ticked it, even by ticking everything.
func (c *CheckIn) Common(s *Step) []string {
	var common []string
	for i, w := range c.Walks {
		r := c.Reply(w.Member, s.ID)
		if r == nil || r.Empty() || r.Mine || !c.Holds(w.Member, s) {
			return nil
		}
		ticks := r.Ticks(s)
		if i == 0 {
			common = ticks
		}
		common = slices.DeleteFunc(common, func(id string) bool { return !slices.Contains(ticks, id) })
	}
	some := slices.Clone(common)
	slices.SortFunc(some, func(a, b string) int {
		return strings.Compare(c.lot(s, a), c.lot(s, b))
	})
	some = some[:min(mostCommon, (len(some)+1)/2)]
	return slices.DeleteFunc(common, func(id string) bool { return !slices.Contains(some, id) })
}

// lot is what decides by chance, the same for all, about an option.
func (c *CheckIn) lot(s *Step, option string) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d %s %s", c.ID, s.ID, option))
	return string(sum[:])
}

// Opens returns what of a member's answers the others read: what is [CheckIn.Shown],
// and where the reveal is mutual, of what was ticked only what all have ticked.
func (c *CheckIn) Opens(m MemberID) []Reply {
	shown := c.Shown(m)
	if step := c.Ritual.RevealStep(); step == nil || !step.Mutual {
		return shown
	}
	var opens []Reply
	for _, r := range shown {
		if s := c.Ritual.Step(r.Step); s.Kind == Check {
			if r.Choice = strings.Join(c.Common(s), ","); r.Choice == "" {
				continue
			}
		}
		opens = append(opens, r)
	}
	return opens
}

// Shallow returns the ritual without options that are deep.
func (r *Ritual) Shallow() *Ritual {
	deep := func(o Option) bool { return o.Depth == Deep }
	if !slices.ContainsFunc(r.Steps, func(s Step) bool { return slices.ContainsFunc(s.Options, deep) }) {
		return r
	}
	shallow := *r
	shallow.Steps = slices.Clone(r.Steps)
	for i := range shallow.Steps {
		s := &shallow.Steps[i]
		s.Options = slices.DeleteFunc(slices.Clone(s.Options), deep)
	}
	return &shallow
}
