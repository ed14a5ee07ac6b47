package rituals

import "slices"

// Grown returns the ritual as a couple that has kept so many evenings has it: steps
// that come after more of them are left out, and with them those that hang on them.
func (r *Ritual) Grown(kept int) *Ritual {
	own := *r
	own.Steps, own.Ahead = nil, nil
	ahead := func(s Step) bool {
		return s.After > kept || slices.ContainsFunc(s.When, func(w When) bool { return slices.Contains(own.Ahead, w.Step) })
	}
	for _, s := range r.Steps {
		if ahead(s) {
			own.Ahead = append(own.Ahead, s.ID)
			continue
		}
		s.After = 0
		own.Steps = append(own.Steps, s)
	}
	return &own
}

// Grows reports whether the ritual has steps that are left out in the beginning.
func (r *Ritual) Grows() bool {
	return slices.ContainsFunc(r.Steps, func(s Step) bool { return s.After > 0 })
}
