package rehearsal_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"attune/rituals"
	"attune/rituals/library"
	"attune/rituals/rehearsal"
)

// one returns a library of one ritual whose texts are the tests' own.
func one() *library.Library {
	text := func(s string) rituals.Text { return rituals.Text{"": s} }
	return library.New(&rituals.Ritual{
		ID: "evening", Title: text("Evening"), Schedule: "30 21 * * *", Clock: rituals.ByCouple,
		Window: 6 * time.Hour, Streak: true, Reveal: rituals.Together,
		Steps: []rituals.Step{
			{ID: "way", Kind: rituals.Choose, Text: text("Shall we?"), Aside: true, Options: []rituals.Option{
				{ID: "yes", Label: text("Yes")}, {ID: "gladly", Label: text("Gladly")}}},
			{ID: "place", Kind: rituals.Choose, Text: text("Where?"), Aside: true, Options: []rituals.Option{
				{ID: "here", Label: text("Here")}, {ID: "there", Label: text("There")}}},
			{ID: "words", Kind: rituals.Ask, Text: text("What was it like?"), Skip: text("Pass")},
			{ID: "open", Kind: rituals.Reveal, Text: text("That is all."), Head: text("Both of you:")},
		},
	})
}

// evening is a play as it goes with that ritual.
const evening = `couple  Alex (telegram, Europe/Berlin, en) and Sam (telegram, Europe/Berlin, en)
at      2026-11-23 21:30 Europe/Berlin
        both  see    Shall we?
                     [Yes] [Gladly]
`

func run(t *testing.T, play string) (*rehearsal.Result, error) {
	t.Helper()
	p, err := rehearsal.Parse("test.play", []byte(play))
	if err != nil {
		t.Fatal(err)
	}
	return p.Run(t.Context(), rehearsal.Options{Library: one()})
}

// The format is described where the plays of the house are; its example is one.
func TestExampleInTheDescription(t *testing.T) {
	page, err := os.ReadFile("../host/testdata/README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, example, _ := strings.Cut(string(page), "\n```\n")
	example, _, _ = strings.Cut(example, "```\n")
	shipped, err := library.Load("")
	if err != nil {
		t.Fatal(err)
	}
	p, err := rehearsal.Parse("README.md", []byte(example))
	if err != nil {
		t.Fatal(err)
	}
	r, err := p.Run(t.Context(), rehearsal.Options{Library: shipped})
	if err != nil {
		t.Fatal(err)
	}
	if diff := r.Diff(); diff != "" {
		t.Errorf("the example goes otherwise than written:\n%s", diff)
	}
}
