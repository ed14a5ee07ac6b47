package library

import (
	"slices"

	"github.com/goccy/go-yaml/ast"

	"attune/rituals"
)

// mostTicks is how many options a tick list may have: a message has room for no more
// buttons.
const mostTicks = 20

// drawing reads what a step draws from, and the options that are a deck's cards.
func (r *reader) drawing(st *step) {
	st.Each = r.flag(st.m, "each")
	st.Mutual = r.flag(st.m, "mutual")
	if v := r.choice(st.m, "answer", "words", string(rituals.NoAnswer)); v == string(rituals.NoAnswer) {
		st.Answer = rituals.NoAnswer
	}
	ids := r.deckIDs(st)
	switch st.Kind {
	case rituals.Draw:
		st.Decks = ids
		if !st.m.has("deck") {
			r.report(st.m.fields[string(rituals.Draw)].keyAt, "a step that is \"draw\" needs a deck; add a line such as `deck: evening`, or `deck: [dream, play]`")
		}
	case rituals.Check:
		r.ticks(st, ids)
	}
}

// deckIDs reads the decks that a step names.
func (r *reader) deckIDs(st *step) []string {
	f, ok := st.m.field("deck", someDecks)
	if !ok {
		return nil
	}
	const want = "the id of a deck, or several such as `[dream, play]`"
	nodes := []ast.Node{f.value}
	if seq, ok := f.value.(*ast.SequenceNode); ok && len(seq.Values) > 0 {
		nodes = seq.Values
	}
	known := r.decks.ids()
	if st.Kind == rituals.Draw && st.Question() {
		known = append(known, rituals.OwnDeck)
	}
	var ids []string
	for _, n := range nodes {
		id, ok := scalar(n)
		switch {
		case !ok:
			r.wrong(field{"deck", f.keyAt, n}, want)
		case !slices.Contains(known, id) && id == rituals.OwnDeck:
			r.report(place(n), "the cards a couple writes ask for an answer; leave %q out here", id)
		case !slices.Contains(known, id):
			r.report(place(n), "there is no deck %q; %s", id, instead(id, known))
		case slices.Contains(ids, id):
			r.report(place(n), "the deck %q is there already; remove one of them", id)
		default:
			ids = append(ids, id)
		}
	}
	if len(ids) == 1 && ids[0] == rituals.OwnDeck {
		r.report(f.place(), "a couple may have written no cards; name another deck beside %q, such as `[evening, own]`", rituals.OwnDeck)
	}
	return ids
}

// ticks settles the options of a tick list.
func (r *reader) ticks(st *step, from []string) {
	at := st.m.fields[string(rituals.Check)].keyAt
	switch {
	case st.m.has("deck") && st.m.has("options"):
		r.report(st.m.fields["deck"].keyAt, "this step has options already; leave them or the deck out")
		return
	case !st.m.has("deck") && !st.m.has("options"):
		r.report(at, "a step that is \"check\" needs something to tick; add a line such as `deck: seen`, or `options:` and below it lines such as `- { id: walk, label: \"A walk\" }`")
		return
	}
	for _, id := range from {
		for _, c := range r.decks[id].Cards {
			if slices.ContainsFunc(st.Options, func(o rituals.Option) bool { return o.ID == c.ID }) {
				r.report(st.m.place("deck"), "two of these decks have a card %q; name one of them", c.ID)
				continue
			}
			st.Options = append(st.Options, rituals.Option{ID: c.ID, Label: c.Text, Depth: c.Depth})
		}
	}
	if len(st.Options) > mostTicks {
		r.report(at, "there are %d things to tick; there is room for %d", len(st.Options), mostTicks)
	}
}

// checkMutual notes what a reveal that is mutual cannot open.
func (r *reader) checkMutual(before []step, reveal step) {
	if !reveal.Mutual {
		return
	}
	ticks := false
	for _, s := range before {
		switch {
		case s.Kind == rituals.Check:
			ticks = true
		case s.Question() && !s.Aside:
			r.report(reveal.m.fields["mutual"].keyAt, "\"mutual\" opens what all have ticked, and the step %q asks for something else; leave one of them out", s.ID)
			return
		}
	}
	if !ticks {
		r.report(reveal.m.fields["mutual"].keyAt, "\"mutual\" opens what all have ticked, and nothing is ticked before; leave it out")
	}
}
