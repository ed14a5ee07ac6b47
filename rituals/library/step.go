package library

import (
	"slices"

	"github.com/goccy/go-yaml/ast"

	"attune/rituals"
)

// A ritual has at most so many questions, for more would be an interview, and so many
// steps in all.
const (
	maxQuestions = 12
	maxSteps     = 40
)

// A step is one step of a ritual and where it stands.
type step struct {
	rituals.Step
	m mapping
}

// steps reads the steps of a ritual.
func (r *reader) steps(m mapping) []step {
	const want = "a list of steps, each beginning with `- id: …`"
	f, ok := m.field("steps", someSteps)
	if !ok {
		r.report(m.at, "a ritual needs steps; add `steps:` and below it %s", want)
		return nil
	}
	seq, ok := f.value.(*ast.SequenceNode)
	if !ok || len(seq.Values) == 0 {
		r.wrong(f, want)
		return nil
	}
	if len(seq.Values) > maxSteps {
		r.report(place(seq.Values[maxSteps]), "this is step %d of %d; a ritual has at most %d", maxSteps+1, len(seq.Values), maxSteps)
	}
	var steps []step
	lines := make(map[string]int)
	questions := 0
	for _, n := range seq.Values {
		st, ok := r.step(n)
		if !ok {
			continue
		}
		if first, twice := lines[st.ID]; twice && st.ID != "" {
			r.report(st.m.place("id"), "the step in line %d has the id %q too; give one of them another", first, st.ID)
		} else {
			lines[st.ID] = st.m.place("id").line
		}
		steps = append(steps, st)
		if st.Question() {
			if questions++; questions == maxQuestions+1 {
				r.report(st.m.at, "this is question %d; a ritual has at most %d", questions, maxQuestions)
			}
		}
	}
	return steps
}

// step reads one step. It reports false if there is too little to go on with.
func (r *reader) step(n ast.Node) (step, bool) {
	m, ok := r.mapping(n, "a step", stepKeys)
	if !ok {
		return step{}, false
	}
	st := step{m: m}
	st.ID = r.id(m, "mood")
	for _, k := range kinds {
		if !m.has(k) {
			continue
		}
		if st.Kind != "" {
			r.report(m.fields[k].keyAt, "a step does one thing, and this one has %q already; make %q a step of its own", string(st.Kind), k)
			continue
		}
		st.Kind = rituals.StepKind(k)
	}
	if st.Kind == "" {
		r.report(m.at, "a step needs a text; add a line such as `ask: \"…\"`; it may be %s", list(kinds, "or"))
		return st, st.ID != ""
	}
	st.Text = r.text(m, string(st.Kind))
	st.Skip = r.text(m, "skip")
	st.Label = r.text(m, "label")
	st.Head = r.text(m, "head")
	st.Same = r.text(m, "same")
	st.Aside = r.flag(m, "aside")
	st.Optional = r.flag(m, "optional")
	st.Listener = r.text(m, "listener")
	st.Between = r.flag(m, "between")
	st.Lasts = r.lasts(m)
	st.After = r.count(m, "after")
	st.Trend = r.flag(m, "trend")
	st.Recall = r.str(m, "recall", "the id of a step that asks for words, such as promise")
	st.Collect = r.str(m, "collect", "the id of a ritual, such as win")
	st.Wait = r.duration(m, "wait", "60m")
	st.Feelings = r.flag(m, "feelings")
	st.Morning = r.flag(m, "morning")
	st.Opens = rituals.Opens(r.choice(m, "opens", string(rituals.InTheMorning)))
	r.checkKeys(st)
	r.options(&st)
	r.drawing(&st)
	st.When = r.when(m)
	return st, true
}

// checkKeys notes keys that do nothing in a step of this kind.
func (r *reader) checkKeys(st step) {
	for _, k := range stepKeys {
		if f, ok := st.m.fields[k.name]; ok && k.kinds != nil && !slices.Contains(k.kinds, st.Kind) {
			r.report(f.keyAt, "%q does nothing in a step that is %q; it is for %s", k.name, string(st.Kind), list(words(k.kinds), "and"))
		}
	}
	if (st.Kind == rituals.Choose || st.Kind == rituals.Heard) && !st.m.has("options") {
		r.report(st.m.fields[string(st.Kind)].keyAt, "a step that is %q needs options; add `options:` and below it lines such as `- { id: walk, label: \"A walk\" }`", string(st.Kind))
	}
	if st.Kind == rituals.Mirror && !st.m.has("label") {
		r.report(st.m.fields[string(st.Kind)].keyAt, "a step that is \"mirror\" needs a label, the words on its button; add a line such as `label: Say what I heard`")
	}
}

func words(kinds []rituals.StepKind) []string {
	var ws []string
	for _, k := range kinds {
		ws = append(ws, string(k))
	}
	return ws
}

// options reads what can be tapped.
func (r *reader) options(st *step) {
	f, ok := st.m.field("options", someOptions)
	if !ok {
		return
	}
	seq, ok := f.value.(*ast.SequenceNode)
	if !ok || len(seq.Values) == 0 {
		r.wrong(f, "a list with lines such as `- { id: walk, label: \"A walk\" }`")
		return
	}
	lines := make(map[string]int)
	for _, n := range seq.Values {
		m, ok := r.mapping(n, "an option", optionKeys)
		if !ok {
			continue
		}
		o := rituals.Option{ID: r.id(m, "walk"), Label: r.text(m, "label"), Said: r.text(m, "said"), Shown: r.text(m, "shown")}
		if !m.has("label") {
			r.report(m.at, "an option needs a label, the words on its button; write it as `{ id: walk, label: \"A walk\" }`")
		}
		r.act(st, m, &o)
		o.Ritual = r.str(m, "ritual", "the id of a ritual, such as evening")
		r.checkBegin(m, st.Kind, o)
		o.Hard = r.flag(m, "hard")
		if o.Hard && st.Kind != rituals.Choose {
			r.report(m.fields["hard"].keyAt, "\"hard\" does nothing in a step that is %q; it is for choose", string(st.Kind))
		}
		if o.ID == rituals.Said {
			r.report(m.place("id"), "the id %q stands for any answer in words; give the option another", o.ID)
		}
		if first, twice := lines[o.ID]; twice && o.ID != "" {
			r.report(m.place("id"), "the option in line %d has the id %q too; give one of them another", first, o.ID)
			continue
		}
		lines[o.ID] = m.place("id").line
		st.Options = append(st.Options, o)
	}
}

// act reads what choosing an option does, and notes keys that do nothing in it.
func (r *reader) act(st *step, m mapping, o *rituals.Option) {
	known := actsOf(st.Kind)
	switch {
	case known != nil:
		o.Act = rituals.Act(r.choice(m, "act", known...))
	case m.has("act"):
		r.report(m.fields["act"].keyAt, "an option does nothing more in a step that is %q; leave \"act\" out", string(st.Kind))
	}
	if m.has("shown") && !st.Question() && st.Kind != rituals.Say {
		r.report(m.fields["shown"].keyAt, "\"shown\" is for options that are an answer; leave it out in a step that is %q", string(st.Kind))
	}
}

// when reads on which answers the step is said.
func (r *reader) when(m mapping) (all []rituals.When) {
	const want = "earlier steps and the options they hang on, such as `{ way: [message, together] }`"
	f, ok := m.field("when", someAnswers)
	if !ok {
		return nil
	}
	values, ok := pairs(f.value)
	if !ok || len(values) == 0 {
		r.wrong(f, want)
		return nil
	}
	for _, v := range values {
		name, ok := scalar(v.Key)
		if !ok {
			r.wrong(field{"when", place(v.Key), v.Key}, want)
			continue
		}
		nodes := []ast.Node{v.Value}
		if seq, ok := v.Value.(*ast.SequenceNode); ok {
			nodes = seq.Values
		}
		w := rituals.When{Step: name}
		for _, n := range nodes {
			id, ok := scalar(n)
			if number, isNumber := n.(*ast.IntegerNode); isNumber { // a face
				id, ok = number.GetToken().Value, true
			}
			if !ok {
				r.wrong(field{"when", place(v.Key), n}, want)
				continue
			}
			w.Options = append(w.Options, id)
		}
		if len(nodes) == 0 {
			r.report(place(v.Key), `"when" names no option of %q; write %s`, name, want)
		}
		all = append(all, w)
	}
	return all
}
