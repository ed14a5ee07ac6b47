package library_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"attune/rituals"
	"attune/rituals/library"
)

func TestShippedRituals(t *testing.T) {
	l, err := library.Load("")
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, r := range l.All() {
		ids = append(ids, r.ID)
		if l.Ritual(r.ID) != r {
			t.Errorf("Ritual(%q) is not the one in All", r.ID)
		}
		if f := l.File(r.ID); f != "" {
			t.Errorf("File(%q) = %q, want none: it is shipped", r.ID, f)
		}
	}
	want := []string{"boundary", "card", "dream", "evening", "first", "gratitude", "memory", "morning", "notice", "patterns", "picture", "play",
		"questions", "repair", "repair-after", "repair-again", "seen", "sorry", "stress", "touch", "weekly", "win"}
	if !cmp.Equal(ids, want) {
		t.Errorf("ids = %v, want %v", ids, want)
	}
	if r := l.Ritual("nothing"); r != nil {
		t.Errorf(`Ritual("nothing") = %v, want nil`, r)
	}
}

func TestDefinitionsAreCanonical(t *testing.T) {
	l, err := library.Load("")
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range l.All() {
		d := l.Define(r)
		if len(d.Hash) != 64 || d.Hash != l.Hash(r) {
			t.Errorf("%s: hash %q and %q, want the same 64 characters", r.ID, d.Hash, l.Hash(r))
		}
		var back rituals.Ritual
		if err := json.Unmarshal(d.JSON, &back); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(*r, back); diff != "" {
			t.Errorf("%s read back (-want +got):\n%s", r.ID, diff)
		}
		if again := library.Define(&back); again.Hash != d.Hash || string(again.JSON) != string(d.JSON) {
			t.Errorf("%s read back is defined as %s, want %s", r.ID, again.JSON, d.JSON)
		}
		back.Streak = !back.Streak
		if library.Define(&back).Hash == d.Hash {
			t.Errorf("%s with another streak has the same hash", r.ID)
		}
	}
}

func TestFolderHoldsOverShipped(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "late.yml", "id: evening\ntitle: Late\nwindow: 2h\nsteps:\n  - { id: hi, say: Hello }\n")
	write(t, dir, "WALK.YAML", "id: walk\ntitle: Walk\nwindow: 2h\nsteps:\n  - { id: hi, say: Walk? }\n")
	write(t, dir, ".hidden.yaml", "not a ritual")
	write(t, dir, "notes.txt", "not a ritual")
	write(t, dir, "ünïcode.yaml", "\xef\xbb\xbfid: crlf\r\ntitle: From Windows\r\nwindow: 2h\r\nsteps:\r\n  - id: hi\r\n    say: |\r\n      One.\r\n      Two.\r\n")

	l, err := library.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	files := make(map[string]string)
	for _, r := range l.All() {
		if f := l.File(r.ID); f != "" {
			files[r.ID] = filepath.Base(f)
		}
	}
	want := map[string]string{"crlf": "ünïcode.yaml", "evening": "late.yml", "walk": "WALK.YAML"}
	if diff := cmp.Diff(want, files); diff != "" {
		t.Errorf("rituals and their files (-want +got):\n%s", diff)
	}
	if got, want := l.Ritual("crlf").Steps[0].Text.In("en"), "One.\nTwo."; got != want {
		t.Errorf("a text over two lines is %q, want %q", got, want)
	}
}

func TestDecksOfAFolderHoldOverShipped(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "decks"), 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, dir, "decks/dream.yaml", "id: dream\ntitle: Ours\ncards:\n  - { id: sea, text: Which sea? }\n")
	write(t, dir, "decks/garden.yml", "id: garden\ntitle: Garden\ncards:\n  - { id: bean, theme: beds, depth: medium, text: Beans? }\n")
	write(t, dir, "dig.yaml", "id: dig\ntitle: Dig\nwindow: 2h\nsteps:\n  - { id: card, draw: A card., deck: [garden, own] }\n  - { id: open, reveal: Read. }\n")
	l, err := library.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	for id, want := range map[string]int{"dream": 1, "garden": 1} {
		if d := l.Deck(id); d == nil || len(d.Cards) != want {
			t.Errorf("Deck(%q) = %+v, want %d card", id, d, want)
		}
	}
	if got := l.Deck("dream").Cards[0]; got.Depth != rituals.Light || got.Text.In("de") != "Which sea?" {
		t.Errorf("the card is %+v, want a light one", got)
	}
	if l.Deck("evening") == nil || l.Deck("nothing") != nil {
		t.Error("a shipped deck is not there, or one that is nowhere is")
	}
	if diff := cmp.Diff([]string{"garden", "own"}, l.Ritual("dig").Steps[0].Decks); diff != "" {
		t.Errorf("decks of the step (-want +got):\n%s", diff)
	}
}

func TestBrokenDecksOfAFolder(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "decks", "not a folder")
	if _, err := library.Load(dir); err == nil || !strings.Contains(err.Error(), "decks: this is a file") {
		t.Errorf("Load = %v, want an error about decks", err)
	}
	dir = t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "decks"), 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, dir, "decks/a.yaml", "id: a\ntitle: A\ncards: []\n")
	write(t, dir, "b.yaml", "id: b\n")
	_, err := library.Load(dir)
	for _, want := range []string{"a.yaml:3:", "b.yaml:1:"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Load = %v, want an error with %q", err, want)
		}
	}
}

// The evening deck has enough for half a year of evenings in which no question comes
// twice, and so have those who want no deep ones.
func TestEveningDeck(t *testing.T) {
	l, err := library.Load("")
	if err != nil {
		t.Fatal(err)
	}
	themes, shallow := make(map[string]int), 0
	d := l.Deck("evening")
	for _, c := range d.Cards {
		themes[c.Theme]++
		if c.Depth != rituals.Deep {
			shallow++
		}
	}
	if len(d.Cards) < 100 || len(themes) < 10 || shallow < 80 {
		t.Errorf("%d cards in %d themes, %d of them not deep; want 100 in 10, 80 of them", len(d.Cards), len(themes), shallow)
	}
	for theme, n := range themes {
		if n < 5 {
			t.Errorf("the theme %q has %d cards, want at least 5", theme, n)
		}
	}
}

func TestFolderThatIsNone(t *testing.T) {
	file := write(t, t.TempDir(), "file.yaml", "")
	for dir, want := range map[string]string{
		filepath.Join(t.TempDir(), "nowhere"): "there is no such folder",
		file:                                  "this is a file",
	} {
		if _, err := library.Load(dir); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Load(%q) = %v, want an error with %q", dir, err, want)
		}
	}
}

func TestParseReadsEveryField(t *testing.T) {
	data, err := os.ReadFile("testdata/whole.yaml")
	if err != nil {
		t.Fatal(err)
	}
	got, err := library.Parse("whole.yaml", data)
	if err != nil {
		t.Fatal(err)
	}
	text := func(s string) rituals.Text { return rituals.Text{"": s} }
	want := &rituals.Ritual{
		ID: "whole", Title: rituals.Text{"en": "Whole", "de": "Ganz"}, About: text("All there is."),
		Schedule: "30 21 * * *", Clock: rituals.ByMember, Window: 6*60*60e9 + 30*60e9, Nudge: 45 * 60e9,
		Streak: true, Reveal: rituals.Together, After: 3, Off: true, Instead: "evening", Pairing: true,
		Steps: []rituals.Step{
			{ID: "hello", Kind: rituals.Say, Text: text("Hello {me}, it is {time} on {day}.")},
			{ID: "way", Kind: rituals.Choose, Text: text("How?"), Aside: true, Options: []rituals.Option{
				{ID: "message", Label: text("By message"), Said: text("by message")},
				{ID: "not", Label: text("Not tonight"), Act: rituals.ActLeave},
			}},
			{ID: "mood", Kind: rituals.Mood, Text: text("How are you?"), When: []rituals.When{{Step: "way", Options: []string{"message"}}}},
			{ID: "why", Kind: rituals.Ask, Text: text("What is it?"), Skip: text("No words"), Label: text("Why"), Feelings: true, After: 7,
				When:    []rituals.When{{Step: "way", Options: []string{"message", "not"}}, {Step: "mood", Options: []string{"1", "2"}}},
				Options: []rituals.Option{{ID: "hug", Label: text("A hug"), Shown: text("{name} could use a hug.")}}},
			{ID: "then", Kind: rituals.Ask, Text: text("And then?"), Opens: rituals.InTheMorning},
			{ID: "open", Kind: rituals.Reveal, Text: text("Read slowly."), Head: text("Both."), Same: text("You both said {answer}."), Morning: true,
				Options: []rituals.Option{{ID: "back", Label: text("Write back"), Act: rituals.ActWrite}}},
			{ID: "say", Kind: rituals.Mirror, Text: text("What did you hear?"), Label: text("Say it back"),
				When: []rituals.When{{Step: "mood", Options: []string{"1"}}}},
			{ID: "is-it", Kind: rituals.Heard, Text: text("Is that it?"),
				Options: []rituals.Option{{ID: "almost", Label: text("Almost"), Act: rituals.ActAgain}}},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Parse (-want +got):\n%s", diff)
	}
}

func TestParseReadsWhatIsGiven(t *testing.T) {
	r, err := library.Parse("note.yaml", []byte("id: note\ntitle: Note\nwindow: 2h\nreveal: given\nlook: true\n"+
		"steps:\n  - { id: q, ask: What? }\n  - { id: open, reveal: Read., head: \"From {partner}:\" }\n"))
	if err != nil {
		t.Fatal(err)
	}
	if r.Reveal != rituals.Given || !r.Look {
		t.Errorf("reveal %q, look %t; want %q, true", r.Reveal, r.Look, rituals.Given)
	}
}

func TestParseReadsWhatFollows(t *testing.T) {
	r, err := library.Parse("later.yaml", []byte("id: later\ntitle: Later\nwindow: 2h\nfollows: walk\nwait: 48h\n"+
		"when: { how: [good, fine] }\nsteps:\n  - { id: q, ask: What? }\n"))
	if err != nil {
		t.Fatal(err)
	}
	when := []rituals.When{{Step: "how", Options: []string{"good", "fine"}}}
	if r.Follows != "walk" || r.Wait != 48*time.Hour || r.At != "18:00" || !cmp.Equal(r.When, when) || r.Startable() {
		t.Errorf("Parse = %+v; want it to come at 18:00, 48h after walk, when %v", r, when)
	}
}

// What comes after another ritual comes after one that is there, on answers it asks for.
func TestFolderNamesWhatFollowsNothing(t *testing.T) {
	const later = "id: %s\ntitle: Later\nwindow: 2h\nfollows: %s\nwait: 48h\nwhen: { %s }\nsteps:\n  - { id: hi, say: Hello }\n"
	for _, row := range []struct{ name, follows, when, want string }{
		{"a ritual that is not there", "repare", "now: yes", "4:10: there is no ritual \"repare\"; did you mean repair?"},
		{"a step that is not there", "repair-after", "agen: yes", "6:9: repair-after has no step \"agen\" that asks something; did you mean again?"},
		{"an option that is not there", "repair-after", "again: maybe", "6:16: the step \"again\" has no option \"maybe\"; it may be yes, no or said"},
		{"all of it there", "repair-after", "again: no", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			dir := t.TempDir()
			write(t, dir, "later.yaml", fmt.Sprintf(later, "later", row.follows, row.when))
			_, err := library.Load(dir)
			if got := fmt.Sprint(err); row.want == "" && err != nil || !strings.Contains(got, row.want) {
				t.Errorf("Load = %v, want an error with %q", err, row.want)
			}
		})
	}
}

func TestDefaults(t *testing.T) {
	for _, test := range []struct {
		name, steps string
		want        rituals.RevealMode
	}{
		{"answers open where a step reveals them", "  - { id: q, ask: What? }\n  - { id: open, reveal: Read. }\n", rituals.Together},
		{"answers stay closed without one", "  - { id: q, ask: What? }\n", rituals.Never},
	} {
		t.Run(test.name, func(t *testing.T) {
			r, err := library.Parse("a.yaml", []byte("id: a\ntitle: A\nwindow: 2h\nsteps:\n"+test.steps))
			if err != nil {
				t.Fatal(err)
			}
			if r.Reveal != test.want || r.Clock != rituals.ByCouple {
				t.Errorf("reveal %q, clock %q; want %q, %q", r.Reveal, r.Clock, test.want, rituals.ByCouple)
			}
		})
	}
}

func write(t *testing.T, dir, name, text string) string {
	t.Helper()
	file := filepath.Join(dir, name)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}
