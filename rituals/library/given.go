package library

import (
	"slices"
	"strings"

	"attune/rituals"
)

// checkGiven notes what does not go with a ritual that one person starts and gives
// to the others.
func (r *reader) checkGiven(m mapping, steps []step) {
	if r.ritual.Reveal != rituals.Given {
		if r.ritual.Look {
			r.report(m.fields["look"].keyAt, "\"look\" is for what one gives to the other; add a line `reveal: given`, or leave this one out")
		}
		return
	}
	for _, key := range []string{"schedule", "nudge", "after", "pairing"} {
		if f, ok := m.fields[key]; ok {
			r.report(f.keyAt, "what one gives to the other is started by hand, and nobody else is asked; leave %q out, or write `reveal: together`", key)
		}
	}
	for _, st := range steps {
		if f, ok := st.m.fields["optional"]; ok {
			r.report(f.keyAt, "what one gives to the other goes only when they have answered or passed the question over; leave \"optional\" out")
		}
		switch {
		case st.Kind == rituals.Reveal:
			r.checkGift(st)
		case st.Question():
			r.checkGivenActs(st)
		}
	}
}

// checkGift notes what the others could not make sense of.
func (r *reader) checkGift(st step) {
	if f, ok := st.m.fields["same"]; ok {
		r.report(f.keyAt, "only one answers here, so that no two answers are the same; leave \"same\" out")
	}
	for _, text := range st.Head {
		if !strings.Contains(text, "{partner}") {
			r.report(st.m.place("head"), "this stands above what somebody was given, and does not say by whom; write it with {partner}, such as `head: \"From {partner}:\"`")
			return
		}
	}
	if st.Head == nil {
		r.report(st.m.at, "nothing says who gives this; add a line such as `head: \"From {partner}:\"`")
	}
}

// checkGivenActs notes acts of a check-in that all are asked in.
func (r *reader) checkGivenActs(st step) {
	for _, o := range st.Options {
		if slices.Contains([]rituals.Act{rituals.ActLater, rituals.ActLeave, rituals.ActMorning}, o.Act) {
			r.report(r.find(st.m.place("options"), string(o.Act)), "%q does nothing where one gives something to the other; leave it out", string(o.Act))
		}
	}
}
