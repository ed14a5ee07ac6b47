package library

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// TestSchemasAreCurrent holds the schemas to the tables of keys.
func TestSchemasAreCurrent(t *testing.T) {
	ritual, deck := schemas(t)
	current(t, "ritual.schema.json", string(ritual))
	current(t, "deck.schema.json", string(deck))
}

// current holds a file to what it is generated as, or writes it anew with -update.
func current(t *testing.T, file, want string) {
	t.Helper()
	if flag.Lookup("update").Value.String() == "true" {
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("%s is not what the tables of keys make it; run go test ./rituals/library -update (-want +got):\n%s", file, diff)
	}
}

// schemas are the schema of a ritual and of a deck, as the tables make them.
func schemas(t *testing.T) (ritual, deck []byte) {
	t.Helper()
	ritual, err := generated(schemaOf("A ritual of Attune", ritualKeys))
	if err != nil {
		t.Fatal(err)
	}
	if deck, err = generated(schemaOf("A deck of Attune", deckKeys)); err != nil {
		t.Fatal(err)
	}
	return ritual, deck
}

// A validator reports what a schema has against a file; nil if nothing.
type validator func(data []byte) error

func validatorOf(t *testing.T, schema []byte) validator {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(schema))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("schema.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return func(data []byte) error {
		asJSON, err := yaml.YAMLToJSON(data)
		if err != nil {
			return err
		}
		v, err := jsonschema.UnmarshalJSON(bytes.NewReader(asJSON))
		if err != nil {
			return err
		}
		return s.Validate(v)
	}
}

func TestSchemasTakeWhatThereIs(t *testing.T) {
	ritual, deck := schemas(t)
	for _, row := range []struct {
		schema   []byte
		patterns []string
	}{
		{ritual, []string{"*.yaml", "testdata/*.yaml", "../host/testdata/*/*.yaml"}},
		{deck, []string{"decks/*.yaml"}},
	} {
		valid, seen := validatorOf(t, row.schema), 0
		for _, pattern := range row.patterns {
			files, err := filepath.Glob(pattern)
			if err != nil {
				t.Fatal(err)
			}
			for _, file := range files {
				seen++
				data, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				if err := valid(data); err != nil {
					t.Errorf("%s: %v", file, err)
				}
			}
		}
		if seen < 3 {
			t.Errorf("%v: %d files; this test has lost sight of them", row.patterns, seen)
		}
	}
}

const (
	wholeRitual = "id: walk\ntitle: Walk\nwindow: 2h\nsteps:\n  - { id: way, choose: How?, options: [{ id: far, label: Far }] }\n"
	wholeDeck   = "id: walks\ntitle: Walks\ncards:\n  - { id: far, theme: away, depth: light, text: How far? }\n"
)

func TestSchemasRefuse(t *testing.T) {
	ritual, deck := schemas(t)
	from, _ := ownDecks()
	for _, row := range []struct{ name, whole, old, new string }{
		{"a key that nobody knows", wholeRitual, "window:", "widnow:"},
		{"an id that cannot be one", wholeRitual, "id: walk", "id: A walk"},
		{"no title", wholeRitual, "title: Walk\n", ""},
		{"a title without words", wholeRitual, "title: Walk", "title: ''"},
		{"a title in no language", wholeRitual, "title: Walk", "title: { english: Walk }"},
		{"a title that is a number", wholeRitual, "title: Walk", "title: 5"},
		{"a window that is a number", wholeRitual, "2h", "2"},
		{"a window in words", wholeRitual, "2h", "two hours"},
		{"four fields of a schedule", wholeRitual, "window:", "schedule: 30 21 * *\nwindow:"},
		{"a clock of nobody", wholeRitual, "window:", "clock: mine\nwindow:"},
		{"a flag that is a word", wholeRitual, "window:", "streak: often\nwindow:"},
		{"a number below nothing", wholeRitual, "window:", "after: -1\nwindow:"},
		{"no steps", wholeRitual, "steps:", "steps: []\n#"},
		{"a step of no kind", wholeRitual, "choose: How?, ", ""},
		{"a step of two kinds", wholeRitual, "choose:", "say: Hello, choose:"},
		{"a choice without options", wholeRitual, ", options: [{ id: far, label: Far }]", ""},
		{"a key of another kind of step", wholeRitual, "choose:", "optional: true, choose:"},
		{"an option without a label", wholeRitual, ", label: Far", ""},
		{"an act that nobody knows", wholeRitual, "label:", "act: fly, label:"},
		{"an act of another kind of step", wholeRitual, "label:", "act: write, label:"},
		{"a condition on nothing", wholeRitual, "choose:", "when: {}, choose:"},
		{"a card without a text", wholeDeck, ", text: How far?", ""},
		{"a depth that nobody knows", wholeDeck, "light", "shallow"},
		{"a deck without cards", wholeDeck, "cards:", "cards: []\n#"},
		{"a key that no card has", wholeDeck, "theme:", "topic:"},
		{"a card to draw from no deck", wholeRitual, "choose: How?, options: [{ id: far, label: Far }]", "draw: A card."},
		{"a tick list of nothing", wholeRitual, "choose: How?, options: [{ id: far, label: Far }]", "check: What?"},
		{"a tick list of two kinds", wholeRitual, "choose:", "deck: seen, check:"},
		{"a deck without an id", wholeRitual, "choose: How?, options: [{ id: far, label: Far }]", "draw: A card., deck: []"},
		{"a tone without a label", wholeDeck, "cards:", "tones: [{ id: away }]\ncards:"},
	} {
		t.Run(row.name, func(t *testing.T) {
			schema := ritual
			if row.whole == wholeDeck {
				schema = deck
			}
			valid := validatorOf(t, schema)
			if err := valid([]byte(row.whole)); err != nil {
				t.Fatalf("the file as a whole: %v", err)
			}
			broken := strings.Replace(row.whole, row.old, row.new, 1)
			if broken == row.whole {
				t.Fatalf("%q is not in %q", row.old, row.whole)
			}
			if err := valid([]byte(broken)); err == nil {
				t.Errorf("the schema takes:\n%s", broken)
			}
			loader := func() (*reader, Problems) { return parse("broken.yaml", []byte(broken), from) }
			if row.whole == wholeDeck {
				loader = func() (*reader, Problems) { return parseDeck("broken.yaml", []byte(broken)) }
			}
			if _, problems := loader(); problems == nil {
				t.Errorf("the loader takes:\n%s", broken)
			}
		})
	}
}

// TestSchemaAgreesWithLoader writes every kind of value under every key: what one of
// them takes for what the key asks for, the other does.
func TestSchemaAgreesWithLoader(t *testing.T) {
	ritual, _ := schemas(t)
	from, _ := ownDecks()
	valid := validatorOf(t, ritual)
	values := []string{"''", "walk", "Two words", "5", "-5", "0", "1.5", "true", "null", "[]", "{}", "[walk]", "2h", "'0 9 * * *'",
		"together", "couple", "{ en: Hello, de: Hallo }", "{ en: abend }", "{ English: Hello }", "{ en: 5 }", "{ way: far }", "{ way: [far, 5] }", "{ way: [] }", "{ way: {} }"}
	for _, table := range []struct {
		what, frame string
		keys        []key
	}{
		{"a ritual", "%s\n", ritualKeys},
		{"a step", "steps:\n  - { id: way, choose: How?, options: [{ id: far, label: Far }] }\n  - { %s }\n", stepKeys},
		{"an option", "steps:\n  - { id: way, choose: How?, options: [{ %s }] }\n", optionKeys},
	} {
		for _, k := range table.keys {
			for _, v := range values {
				line := k.name + ": " + v
				file := []byte(fmt.Sprintf(table.frame, line))
				err := valid(file)
				_, problems := parse("file.yaml", file, from)
				refused := false // as what the key cannot be, not as what does not fit the rest
				for _, p := range problems {
					said, about := strings.CutPrefix(p.Message, fmt.Sprintf("%q ", k.name))
					refused = refused || about && (strings.HasPrefix(said, "is ") && !strings.HasPrefix(said, "is for ") || strings.HasPrefix(said, "cannot be "))
				}
				switch against := schemaRefuses(err, k.name); {
				case refused && !against:
					t.Errorf("%s with %s: the loader takes it for what it cannot be, and the schema does not", table.what, line)
				case against && len(problems) == 0:
					t.Errorf("%s with %s: the loader takes it, and the schema says %v", table.what, line, err)
				}
			}
		}
	}
}

// schemaRefuses reports whether an error of a schema is about the value of a key, or
// what is in it.
func schemaRefuses(err error, key string) bool {
	return err != nil && (strings.Contains(err.Error(), "/"+key+"'") || strings.Contains(err.Error(), "/"+key+"/"))
}
