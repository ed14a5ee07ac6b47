package rituals

import "slices"

// Given reports whether the check-in is one that its starter gives to the others,
// who are asked nothing.
func (c *CheckIn) Given() bool { return c.Ritual.Reveal == Given }

// Giveable reports whether there is something to give: the starter has arrived and
// shares at least one answer.
func (c *CheckIn) Giveable() bool {
	return c.Given() && c.Arrived(c.Starter) && len(c.Shown(c.Starter)) > 0
}

// AllMet reports whether conditions are met by what each of those who were asked
// answered.
func (c *CheckIn) AllMet(when []When) bool {
	for _, w := range c.Walks {
		if slices.ContainsFunc(when, func(cond When) bool { return !c.Met(w.Member, cond) }) {
			return false
		}
	}
	return true
}
