package library_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"attune/rituals"
	"attune/rituals/library"
)

// Whatever a file holds, it is a ritual that can be kept, or all that is wrong with it
// is told.
func FuzzParse(f *testing.F) {
	seed(f, "*.yaml", "testdata/*.yaml", "testdata/broken/*.yaml")
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := library.Parse("fuzz.yaml", data)
		if err != nil {
			told(t, err, "fuzz.yaml", data)
			return
		}
		whole(t, r)
	})
}

// The same holds for a deck.
func FuzzParseDeck(f *testing.F) {
	seed(f, "decks/*.yaml", "testdata/decks/*.yaml")
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := library.ParseDeck("fuzz.yaml", data)
		if err != nil {
			told(t, err, "fuzz.yaml", data)
			return
		}
		if len(d.Cards) == 0 || !slices.ContainsFunc(d.Cards, func(c rituals.Card) bool { return c.Depth != rituals.Deep }) {
			t.Errorf("ParseDeck(%q) = %+v, want something to draw for every couple", data, d)
		}
		said(t, "title", d.Title)
		var ids []string
		for _, c := range d.Cards {
			said(t, "card "+c.ID, c.Text)
			ids = append(ids, c.ID)
		}
		for _, tone := range d.Tones {
			said(t, "tone "+tone.ID, tone.Label)
			if !slices.ContainsFunc(d.Cards, func(c rituals.Card) bool { return c.Theme == tone.ID }) {
				t.Errorf("ParseDeck(%q): no card has the theme of the tone %q", data, tone.ID)
			}
		}
		unlike(t, "cards", ids)
	})
}

// What a folder of one's own holds takes its place among what is shipped, or nothing
// of it does.
func FuzzLoad(f *testing.F) {
	const walk = "id: walk\ntitle: Walk\nwindow: 2h\nsteps:\n  - { id: hi, draw: Where?, deck: ours }\n"
	const deck = "id: ours\ntitle: Ours\ncards:\n  - { id: sea, text: \"Where is the sea?\" }\n"
	f.Add([]byte(walk), []byte(deck))
	f.Add([]byte("id: evening\n"), []byte("id: card\n"))
	f.Add([]byte(walk+"follows: evening\nwait: 72h\nat: \"18:00\"\n"), []byte{})
	dir := f.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "decks"), 0o700); err != nil {
		f.Fatal(err)
	}
	shipped, err := library.Load("")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, ritual, deck []byte) {
		for name, data := range map[string][]byte{"own.yaml": ritual, "decks/own.yaml": deck} {
			if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		l, err := library.Load(dir)
		if err != nil {
			var all library.Problems
			if !errors.As(err, &all) {
				t.Fatalf("Load = %v, want problems", err)
			}
			for _, p := range all {
				if !strings.HasPrefix(p.File, dir) {
					t.Errorf("Load names the problem %v, want none of a file outside %s", p, dir)
				}
			}
			return
		}
		for _, r := range shipped.All() {
			if l.Ritual(r.ID) == nil {
				t.Errorf("Load left %s out, want all that is shipped", r.ID)
			}
		}
		for _, r := range l.All() {
			if l.File(r.ID) != "" {
				whole(t, r)
			}
			for _, s := range r.Steps {
				for _, id := range s.Decks {
					if id != rituals.OwnDeck && l.Deck(id) == nil {
						t.Errorf("%s draws from %q, want a deck that is there", r.ID, id)
					}
				}
			}
		}
	})
}

// seed gives a target the files that match, to begin with.
func seed(f *testing.F, patterns ...string) {
	f.Helper()
	for _, pattern := range patterns {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			f.Fatalf("Glob(%s) = %v, %v, want files", pattern, files, err)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(data)
		}
	}
}

// told holds that an error says where in the file what is wrong.
func told(t *testing.T, err error, name string, data []byte) {
	t.Helper()
	var all library.Problems
	if !errors.As(err, &all) || len(all) == 0 {
		t.Fatalf("parsing %q = %v, want problems", data, err)
	}
	lines := strings.Count(string(data), "\n") + 1
	for i, p := range all {
		if p.File != name || strings.TrimSpace(p.Message) == "" || !utf8.ValidString(p.Error()) {
			t.Errorf("parsing %q: problem %+v, want a message about %s", data, p, name)
		}
		if p.Line < 0 || p.Line > lines || (p.Line > 0 && (p.Column < 1 || !strings.HasSuffix(p.Excerpt, "^"))) {
			t.Errorf("parsing %q: problem %+v, want a place in its %d lines", data, p, lines)
		}
		if i > 0 && p.Line < all[i-1].Line {
			t.Errorf("parsing %q: line %d after line %d, want them in order", data, p.Line, all[i-1].Line)
		}
	}
}

// whole holds that a ritual can be kept by a couple.
func whole(t *testing.T, r *rituals.Ritual) {
	t.Helper()
	said(t, "title", r.Title)
	var ids []string
	for i := range r.Steps {
		s := &r.Steps[i]
		if s.Kind != rituals.Reveal && s.Kind != rituals.Timer { // they need not say anything
			said(t, "step "+s.ID, s.Text)
		}
		ids = append(ids, s.ID)
		var options []string
		for _, o := range s.Options {
			said(t, "option "+o.ID, o.Label)
			options = append(options, o.ID)
		}
		unlike(t, "options of "+s.ID, options)
		for _, w := range s.When {
			if !slices.Contains(ids[:i], w.Step) {
				t.Errorf("step %s hangs on %q, want one before it of %q", s.ID, w.Step, ids[:i])
			}
		}
	}
	if unlike(t, "steps", ids); len(ids) == 0 || r.Window < 0 || (r.RevealStep() != nil) == (r.Reveal == rituals.Never) {
		t.Errorf("ritual %+v, want steps, a window, and a reveal if answers open", r)
	}
	if r.Schedule != "" {
		s, err := rituals.ParseSchedule(r.Schedule)
		if err != nil {
			t.Fatalf("ParseSchedule(%q) = %v, want a schedule", r.Schedule, err)
		}
		if _, _, ok := s.After(time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC), time.UTC); !ok {
			t.Errorf("schedule %q never comes", r.Schedule)
		}
	}
	kept := library.Define(r)
	var again rituals.Ritual
	if err := json.Unmarshal(kept.JSON, &again); err != nil {
		t.Fatalf("Unmarshal of what is kept of it = %v, want the ritual", err)
	}
	if back := library.Define(&again); back.Hash != kept.Hash {
		t.Errorf("kept as %s and read again it is %s, want the same", kept.JSON, back.JSON)
	}
}

// said holds that a text can be said in every language it has.
func said(t *testing.T, what string, text rituals.Text) {
	t.Helper()
	if text.In("en") == "" {
		t.Errorf("%s has the text %q, want one", what, text)
	}
	for language, words := range text {
		if words == "" || !utf8.ValidString(words) || strings.ContainsRune(words, 0) {
			t.Errorf("%s in %q is %q, want a text", what, language, words)
		}
	}
}

// unlike holds that ids are names, each of which is there once.
func unlike(t *testing.T, what string, ids []string) {
	t.Helper()
	seen := make(map[string]bool)
	for _, id := range ids {
		if id == "" || len(id) > 16 || seen[id] {
			t.Errorf("%s are %q, want each there once, with at most 16 letters", what, ids)
		}
		seen[id] = true
	}
}
