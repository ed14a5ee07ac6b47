package library

import (
	"slices"
	"time"

	"attune/rituals"
)

// checkOrder notes what cannot come when the file says that it does.
func (r *reader) checkOrder(m mapping, steps []step) {
	if r.ritual.Off && !m.has("schedule") {
		r.report(m.place("off"), "only a ritual with a schedule can be off: without one it never comes by itself; leave this line out")
	}
	switch of := r.ritual.Instead; {
	case of == "":
	case !m.has("schedule"):
		r.report(m.place("instead"), "only a ritual with a schedule comes instead of another; add a line such as `schedule: \"30 20 * * 0\"`, or leave this one out")
	case of == r.ritual.ID:
		r.report(m.place("instead"), "a ritual cannot come instead of itself; write the id of another")
	default:
		r.named = append(r.named, named{m.place("instead"), of})
	}
	r.checkPrivate(m, steps)
	r.checkShown(m, steps)
	var growing *step
	for i, s := range steps {
		switch {
		case s.After > 0 && s.Kind == rituals.Reveal:
			r.report(s.m.place("after"), "a reveal is there from the first time on; leave this line out")
		case s.After > 0 && growing == nil:
			growing = &steps[i]
		}
	}
	if growing == nil || !slices.ContainsFunc(steps, asks) {
		return
	}
	first := r.ritual.Grown(0)
	if !slices.ContainsFunc(first.Steps, func(s rituals.Step) bool { return asks(step{Step: s}) }) {
		r.report(growing.m.place("after"), "in the beginning this leaves nothing to ask; let one step that asks something be there from the first time on")
	}
}

// checkPrivate notes what a ritual cannot do that each keeps alone.
func (r *reader) checkPrivate(m mapping, steps []step) {
	if !r.ritual.Private {
		for _, s := range steps {
			if s.Trend {
				r.report(s.m.place("trend"), "only a private ritual shows somebody their earlier answers; add a line `private: true` above the steps, or leave this one out")
			}
		}
		return
	}
	for _, key := range []string{"off", "streak", "nudge", "instead", "pairing"} {
		if m.has(key) {
			r.report(m.fields[key].keyAt, "%q does nothing in a private ritual: each keeps it alone; leave this line out", key)
		}
	}
	if r.ritual.Clock == rituals.ByCouple && m.has("clock") {
		r.report(m.place("clock"), "a private ritual follows its member's own clock; leave this line out")
	}
	r.ritual.Clock = rituals.ByMember
	asks := false
	for _, s := range steps {
		asks = asks || s.Question() || s.Kind == ""
		if s.Kind == rituals.Reveal {
			r.report(s.m.at, "nothing of a private ritual opens; leave this step out")
		}
		if slices.Contains(s.Decks, rituals.OwnDeck) {
			r.report(r.find(s.m.place("deck"), rituals.OwnDeck), "the cards a couple writes are for all of them, and this ritual is private; leave %q out here", rituals.OwnDeck)
		}
		if s.Each {
			r.report(s.m.place("each"), "in a private ritual everyone has a card of their own; leave \"each\" out")
		}
	}
	if !asks {
		r.report(m.place("private"), "a private ritual asks something; add a step such as `- { id: words, ask: \"How was it?\" }`")
	}
}

// checkBegin notes an option that begins nothing.
func (r *reader) checkBegin(m mapping, kind rituals.StepKind, o rituals.Option) {
	switch begins := o.Act == rituals.ActBegin; {
	case begins && o.Ritual == "" && !m.has("ritual"):
		r.report(m.place("act"), "an option that begins a ritual says which; add `ritual: evening`")
	case !begins && m.has("ritual"):
		r.report(m.fields["ritual"].keyAt, "\"ritual\" does nothing without `act: begin`; add that, or leave this out")
	case kind == rituals.Say && o.Act == "" && !m.has("act"):
		r.report(m.at, "nothing is answered in a step that is \"say\"; an option of it does something, such as `act: begin`")
	}
	if o.Ritual != "" {
		r.named = append(r.named, named{m.place("ritual"), o.Ritual})
	}
}

// checkShown notes what a say step cannot show, and when it cannot be said.
func (r *reader) checkShown(m mapping, steps []step) {
	var words []string
	for _, s := range steps {
		if s.Kind == rituals.Ask && s.ID != "" {
			words = append(words, s.ID)
		}
	}
	var waits time.Duration
	for i, s := range steps {
		switch {
		case s.Recall != "" && s.Collect != "":
			r.report(s.m.fields["collect"].keyAt, "a step shows one thing, and this one has \"recall\" already; make this a step of its own")
		case s.Recall != "" && len(words) == 0:
			r.report(s.m.place("recall"), "no step here asks for words; leave this line out")
		case s.Recall != "" && !slices.Contains(words, s.Recall):
			r.report(s.m.place("recall"), "no step %q asks for words; %s", s.Recall, instead(s.Recall, words))
		}
		asks := slices.ContainsFunc(steps, func(s step) bool { return s.Kind != rituals.Say })
		if asks && s.Kind == rituals.Say && s.Act(rituals.ActBegin) != nil {
			r.report(s.m.place("options"), "only in a ritual that asks nothing a step that is \"say\" begins another; make it a step that is \"choose\"")
		}
		if s.Wait == 0 {
			continue
		}
		if waits += s.Wait; i == 0 {
			r.report(s.m.place("wait"), "there is nothing before this step after which it could come; leave this line out")
		}
		if asks {
			r.report(s.m.place("wait"), "only in a ritual that asks nothing a step comes later; leave this line out")
			return
		}
		if m.has("window") && r.ritual.Window > 0 && waits >= r.ritual.Window {
			r.report(s.m.place("wait"), "the window has ended by then; write a longer one in line %d", m.place("window").line)
			return
		}
	}
}

// asks reports whether a step asks for something that opens.
func asks(s step) bool { return s.Question() && !s.Aside }

// A named is a place where a file names another ritual.
type named struct {
	at position
	id string
}

// checkNamed notes where rituals name one that is in no file.
func checkNamed(files []file, known []string) Problems {
	var problems Problems
	for _, f := range files {
		for _, n := range f.reader.named {
			if !slices.Contains(known, n.id) {
				f.reader.report(n.at, "there is no ritual %q; %s", n.id, instead(n.id, known))
			}
		}
		problems = append(problems, f.reader.sorted()...)
	}
	return problems
}
