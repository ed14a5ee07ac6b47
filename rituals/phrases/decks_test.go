package phrases_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/goccy/go-yaml"

	"attune/rituals"
)

// A deck is a file of cards, as people will be able to write their own.
type deck struct {
	ID    string
	Title rituals.Text
	Cards []struct {
		ID, Theme, Depth string
		Text             rituals.Text
	}
}

// decks returns the decks that are there.
func decks(t *testing.T) []deck {
	t.Helper()
	paths, err := filepath.Glob("../library/decks/*.yaml")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no decks (%v): this test has lost sight of them", err)
	}
	var list []deck
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var d deck
		if err := yaml.NewDecoder(bytes.NewReader(data), yaml.Strict()).Decode(&d); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		if d.ID+".yaml" != filepath.Base(path) {
			t.Errorf("%s has the id %q", path, d.ID)
		}
		list = append(list, d)
	}
	return list
}

func TestDecks(t *testing.T) {
	for _, d := range decks(t) {
		ids := make(map[string]bool)
		themes := make(map[string]int)
		for _, c := range d.Cards {
			if c.ID == "" || len(c.ID) > 16 || ids[c.ID] {
				t.Errorf("%s: the id %q is empty, too long or there twice", d.ID, c.ID)
			}
			ids[c.ID] = true
			themes[c.Theme]++
			if !slices.Contains([]string{"light", "medium", "deep"}, c.Depth) {
				t.Errorf("%s/%s: the depth is %q", d.ID, c.ID, c.Depth)
			}
		}
		if d.ID == "evening" && (len(d.Cards) < 120 || len(themes) < 12) {
			t.Errorf("%s: %d cards in %d themes, want 120 in 12", d.ID, len(d.Cards), len(themes))
		}
	}
}
