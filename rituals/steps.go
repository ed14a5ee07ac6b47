package rituals

import "slices"

// What a ritual is, by its steps.

// Act returns the first option of s that does an act, or nil.
func (s *Step) Act(a Act) *Option {
	for i := range s.Options {
		if s.Options[i].Act == a {
			return &s.Options[i]
		}
	}
	return nil
}

// Question reports whether s wants an answer before the walk goes on.
func (s *Step) Question() bool {
	switch s.Kind {
	case Ask, Mood, Choose, Check:
		return true
	case Draw:
		return s.Answer != NoAnswer
	}
	return false
}

// Asks reports whether s asks for words.
func (s *Step) Asks() bool { return s.Kind == Ask || (s.Kind == Draw && s.Question()) }

// Step returns the step of r with that id, or nil.
func (r *Ritual) Step(id string) *Step {
	for i := range r.Steps {
		if r.Steps[i].ID == id {
			return &r.Steps[i]
		}
	}
	return nil
}

// Before reports whether the step s comes before t in the ritual.
func (r *Ritual) Before(s, t *Step) bool {
	for i := range r.Steps {
		switch r.Steps[i].ID {
		case t.ID:
			return false
		case s.ID:
			return true
		}
	}
	return false
}

// OnlySays reports whether the ritual says something, and maybe something more later,
// and that is all.
func (r *Ritual) OnlySays() bool {
	return !slices.ContainsFunc(r.Steps, func(s Step) bool { return s.Kind != Say })
}

// Asks reports whether the ritual has a question, or answers that open.
func (r *Ritual) Asks() bool {
	return slices.ContainsFunc(r.Steps, func(s Step) bool { return s.Question() || s.Kind == Reveal })
}

// ToEach reports whether what the ritual says is another thing for each member.
func (r *Ritual) ToEach() bool {
	return !r.Asks() && slices.ContainsFunc(r.Steps, func(s Step) bool { return s.Each })
}

// Acts reports whether one of the ritual's options does that act.
func (r *Ritual) Acts(a Act) bool {
	return slices.ContainsFunc(r.Steps, func(s Step) bool {
		return slices.ContainsFunc(s.Options, func(o Option) bool { return o.Act == a })
	})
}

// RevealStep returns the step at which answers open, or nil if none does.
func (r *Ritual) RevealStep() *Step {
	i := slices.IndexFunc(r.Steps, func(s Step) bool { return s.Kind == Reveal })
	if i < 0 {
		return nil
	}
	return &r.Steps[i]
}
