package rituals

import (
	"encoding/json"
	"slices"
)

// A Difference is what is not the same in two definitions of a ritual.
type Difference struct {
	Gone []Step // of the first, that are not in the second as they were
	Here []Step // of the second, that were not in the first as they are

	Moved bool // the same steps come in another order
}

// Empty reports whether there is no difference.
func (d Difference) Empty() bool { return len(d.Gone) == 0 && len(d.Here) == 0 && !d.Moved }

// Differ returns how what b says and asks differs from a. When they come, and steps
// that come after more evenings than were kept, are no difference.
func Differ(a, b *Ritual) Difference {
	var d Difference
	same := func(s Step, in *Ritual) bool {
		t := in.Step(s.ID)
		return t != nil && s.equal(*t)
	}
	var left, right []string
	for _, s := range a.Steps {
		switch {
		case same(s, b):
			left = append(left, s.ID)
		case !slices.Contains(b.Ahead, s.ID):
			d.Gone = append(d.Gone, s)
		}
	}
	for _, s := range b.Steps {
		switch {
		case same(s, a):
			right = append(right, s.ID)
		case !slices.Contains(a.Ahead, s.ID):
			d.Here = append(d.Here, s)
		}
	}
	d.Moved = !slices.Equal(left, right)
	return d
}

// equal reports whether two steps say and ask the same.
func (s Step) equal(t Step) bool {
	s.After, t.After = 0, 0
	one, err1 := json.Marshal(s)
	two, err2 := json.Marshal(t)
	return err1 == nil && err2 == nil && string(one) == string(two)
}
