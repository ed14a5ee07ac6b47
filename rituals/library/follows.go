package library

import (
	"slices"
	"time"

	"attune/rituals"
)

// The hour at which a ritual that follows another comes if its file names none, and
// how long it may wait at most.
const (
	followsAt   = "18:00"
	longestWait = 30 * 24 * time.Hour
)

// checkFollows notes what does not go with a ritual that comes after another.
func (r *reader) checkFollows(m mapping) {
	if r.ritual.Follows == "" {
		for _, key := range []string{"wait", "at", "when"} {
			if f, ok := m.fields[key]; ok && !m.has("follows") {
				r.report(f.keyAt, "%q is for a ritual that comes after another; add a line such as `follows: repair`, or leave this one out", key)
			}
		}
		return
	}
	for _, key := range []string{"schedule", "command", "pairing"} {
		if f, ok := m.fields[key]; ok {
			r.report(f.keyAt, "this ritual comes by itself after %s; leave %q out", r.ritual.Follows, key)
		}
	}
	switch {
	case r.ritual.Follows == r.ritual.ID:
		r.report(m.place("follows"), "a ritual that comes after itself would never end; name another one")
	case r.ritual.Reveal == rituals.Given:
		r.report(m.place("reveal"), "nobody starts this ritual by hand, so nobody gives it; write `reveal: together`")
	case r.ritual.Clock == rituals.ByMember:
		r.report(m.place("clock"), "what comes after another ritual comes to all at one moment; leave \"clock\" out")
	}
	switch wait := r.ritual.Wait; {
	case !m.has("wait"):
		r.report(m.at, "nothing says how long after %s this comes; add a line such as `wait: 72h`", r.ritual.Follows)
	case wait == 0 && r.clean(m.place("wait")) || wait > longestWait:
		r.report(m.place("wait"), "a wait is at least 1m and at most 720h, which is 30 days")
	}
	if r.ritual.At == "" {
		r.ritual.At = followsAt
	}
	if _, err := time.Parse("15:04", r.ritual.At); err != nil {
		r.report(m.place("at"), "%q is no time of day; write one in quotes, such as \"18:00\"", r.ritual.At)
	}
}

// checkAfter notes, in files of a folder, what comes after a ritual that there is not,
// or on answers that it does not ask for.
func checkAfter(found []file, l *Library) error {
	var problems Problems
	for _, f := range found {
		r := f.reader
		if r.ritual.Follows == "" {
			continue
		}
		if before := l.Ritual(r.ritual.Follows); before != nil {
			r.checkAnswers(before)
		} else {
			var ids []string
			for _, other := range l.All() {
				ids = append(ids, other.ID)
			}
			r.report(r.head.place("follows"), "there is no ritual %q; %s", r.ritual.Follows, instead(r.ritual.Follows, ids))
		}
		problems = append(problems, r.sorted()...)
	}
	if len(problems) > 0 {
		return problems
	}
	return nil
}

// checkAnswers notes conditions that no answer to a ritual can meet.
func (r *reader) checkAnswers(before *rituals.Ritual) {
	var asks []string
	for i := range before.Steps {
		if before.Steps[i].Question() {
			asks = append(asks, before.Steps[i].ID)
		}
	}
	for _, w := range r.ritual.When {
		at := r.find(r.head.fields["when"].keyAt, w.Step)
		if !slices.Contains(asks, w.Step) {
			r.report(at, "%s has no step %q that asks something; %s", before.ID, w.Step, instead(w.Step, asks))
			continue
		}
		r.checkOptions(at, w, step{Step: *before.Step(w.Step)})
	}
}
