package phrases_test

import (
	"testing"

	"attune/rituals"
	"attune/rituals/library"
)

// decks returns the decks that come with Attune.
func decks(t *testing.T) []*rituals.Deck {
	t.Helper()
	l, err := library.Load("")
	if err != nil {
		t.Fatal(err)
	}
	list := l.Decks()
	if len(list) < 10 {
		t.Fatalf("%d decks: this test has lost sight of them", len(list))
	}
	return list
}
