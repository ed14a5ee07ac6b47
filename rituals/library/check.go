package library

import (
	"slices"

	"attune/rituals"
)

// checkReveal notes what keeps answers from opening, and settles whether they do.
func (r *reader) checkReveal(m mapping, steps []step) {
	at := slices.IndexFunc(steps, func(s step) bool { return s.Kind == rituals.Reveal })
	mode := r.ritual.Reveal
	switch {
	case at < 0 && (mode == rituals.Together || mode == rituals.Given):
		r.report(m.place("reveal"), "nothing opens without a step that is \"reveal\"; add one at the end, or write `reveal: never`")
	case at >= 0 && mode == rituals.Never:
		r.report(steps[at].m.at, "this step would open the answers, but line %d says `reveal: never`; leave one of them out", m.place("reveal").line)
	case at >= 0 && mode == rituals.Given:
	case at >= 0:
		r.ritual.Reveal = rituals.Together
	default:
		r.ritual.Reveal = rituals.Never
	}
	if at < 0 {
		return
	}
	if !slices.ContainsFunc(steps[:at], func(s step) bool { return s.Question() && !s.Aside && s.Opens == "" }) {
		r.report(steps[at].m.at, "there is nothing to open here; put a step that asks something before it")
	}
	r.checkMutual(steps[:at], steps[at])
	for _, s := range steps[at+1:] {
		if mode == rituals.Given && (s.Kind == rituals.Timer || s.Kind == rituals.Say) {
			continue // the others may listen, then
		}
		if s.Kind != rituals.Mirror && s.Kind != rituals.Heard && s.Kind != "" {
			r.report(s.m.at, "after the reveal in line %d come only steps that are \"mirror\" or \"heard\"; move this step before it", steps[at].m.at.line)
		}
	}
}

// checkAfter notes what can never be asked because of where it stands.
func (r *reader) checkAfter(steps []step) {
	at := slices.IndexFunc(steps, func(s step) bool { return s.Kind == rituals.Reveal })
	mirror := -1
	for i, s := range steps {
		switch {
		case s.Kind == rituals.Mirror && (at < 0 || i < at):
			r.report(s.m.at, "there is nothing to say back here; move this step after the one that is \"reveal\"")
		case s.Kind == rituals.Mirror && mirror >= 0:
			r.report(s.m.at, "the mirror in line %d is the only one that a ritual can have; leave this one out", steps[mirror].m.at.line)
		case s.Kind == rituals.Mirror:
			mirror = i
			if !s.m.has("when") {
				r.report(s.m.at, "a mirror is for who asked for it; add a line such as `when: { want: hear }`")
			}
		case s.Kind == rituals.Heard && mirror < 0:
			r.report(s.m.at, "there is nothing here that was said back; put a step that is \"mirror\" before it")
		case s.Opens != "" && at < 0:
			r.report(s.m.place("opens"), "nothing opens in this ritual; leave \"opens\" out, or add a step that is \"reveal\"")
		}
	}
}

// checkWhen notes conditions that can never hold.
func (r *reader) checkWhen(steps []step) {
	index := func(id string) int {
		return slices.IndexFunc(steps, func(s step) bool { return s.ID == id })
	}
	for i, s := range steps {
		var earlier []string
		for _, e := range steps[:i] {
			if answerable(e) && e.ID != "" {
				earlier = append(earlier, e.ID)
			}
		}
		for _, w := range s.When {
			at := r.find(s.m.fields["when"].keyAt, w.Step)
			switch on := index(w.Step); {
			case on < 0 && len(earlier) == 0:
				r.report(at, "there is no step %q, and none before this one that asks something; leave \"when\" out", w.Step)
			case on < 0:
				r.report(at, "there is no step %q; %s", w.Step, instead(w.Step, earlier))
			case on >= i:
				r.report(at, "the step %q comes later; \"when\" can look only at steps before this one", w.Step)
			case !answerable(steps[on]):
				r.report(at, "the step %q asks nothing; \"when\" needs one that does", w.Step)
			default:
				r.checkOptions(at, w, steps[on])
			}
		}
	}
}

// answerable reports whether a condition can look at a step.
func answerable(s step) bool {
	return s.Question() || (s.Kind == rituals.Timer && len(s.Options) > 0)
}

// checkTimers notes what keeps a talk from being kept.
func (r *reader) checkTimers(steps []step) {
	first := slices.IndexFunc(steps, func(s step) bool { return s.Kind == rituals.Timer })
	for i, s := range steps {
		if s.Kind == rituals.Reveal && s.Act(rituals.ActTogether) != nil && (first < i || r.ritual.Reveal != rituals.Given) {
			r.report(s.m.place("options"), "after this reveal nothing is kept together; put timed steps behind it and write `reveal: given`, or leave `act: together` out")
		}
	}
	if first < 0 {
		return
	}
	last := len(steps) - 1
	for steps[last].Kind != rituals.Timer {
		last--
	}
	for _, s := range steps[first : last+1] {
		switch {
		case s.Kind != rituals.Timer:
			r.report(s.m.at, "timed steps follow each other; move this step before the one in line %d or behind the last of them", steps[first].m.at.line)
		case !s.m.has("lasts"):
			r.report(s.m.at, "a timed step needs a length; add a line such as `lasts: 2m30s`")
		case s.Between && !s.m.has("listener"):
			r.report(s.m.place("between"), "only a step with a text for the \"listener\" can be between two turns")
		}
	}
	leads := func(s step) bool { return s.Act(rituals.ActTogether) != nil }
	if !slices.ContainsFunc(steps[:first], leads) {
		r.report(steps[first].m.at, "nothing leads to this timed step; give a \"choose\" before it an option with `act: together`")
	}
}

// checkOptions notes options that the step does not have.
func (r *reader) checkOptions(at position, w rituals.When, on step) {
	var known []string
	for _, o := range on.Choices() {
		known = append(known, o.ID)
	}
	known = append(known, rituals.Said)
	after := position{at.line, at.column + len(w.Step)}
	for _, id := range w.Options {
		if !slices.Contains(known, id) {
			r.report(r.find(after, id), "the step %q has no option %q; %s", w.Step, id, instead(id, known))
		}
	}
}
