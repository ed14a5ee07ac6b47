package phrases_test

import (
	"encoding/json"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"

	"attune/rituals/phrases"
)

// A sentence is what a language's file holds under a key: its forms by plural
// category, or the one form under "".
type sentence map[string]string

// sentences reads the file of a language.
func sentences(t *testing.T, code string) map[string]sentence {
	t.Helper()
	data, err := os.ReadFile(code + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var raw map[string]any
	if err := json.Unmarshal(data, &raw); err != nil {
		t.Fatalf("%s.json: %v", code, err)
	}
	all := make(map[string]sentence, len(raw))
	for key, v := range raw {
		all[key] = make(sentence)
		switch v := v.(type) {
		case string:
			all[key][""] = v
		case map[string]any:
			for category, form := range v {
				all[key][category], _ = form.(string)
			}
		default:
			t.Fatalf("%s.json: %s is a %T, want a text or a text for each plural category", code, key, v)
		}
	}
	return all
}

var placeholder = regexp.MustCompile(`\{[^{}]*\}`)

// placeholders returns the {name}s in a text, sorted, each once, but for those that
// every voice fills in by itself: a language may do without.
func placeholders(text string) []string {
	found := slices.DeleteFunc(placeholder.FindAllString(text, -1), func(name string) bool {
		return name == "{both}" || name == "{two}"
	})
	slices.Sort(found)
	return slices.Compact(found)
}

// categories returns the plural categories that a language needs to count.
func categories(code string) []string {
	names := map[plural.Form]string{
		plural.Zero: "zero", plural.One: "one", plural.Two: "two",
		plural.Few: "few", plural.Many: "many", plural.Other: "other",
	}
	needed := map[string]bool{"other": true}
	for n := range 1000 { // more evenings than most couples will count
		needed[names[plural.Cardinal.MatchPlural(language.Make(code), n, 0, 0, 0, 0)]] = true
	}
	return slices.Sorted(maps.Keys(needed))
}

func TestEveryLanguageSaysTheSame(t *testing.T) {
	english := sentences(t, "en")
	for _, code := range phrases.Languages {
		said := sentences(t, code)
		keys := slices.Sorted(maps.Keys(said))
		if diff := cmp.Diff(slices.Sorted(maps.Keys(english)), keys); diff != "" {
			t.Errorf("keys of %s.json (-English +%[1]s):\n%s", code, diff)
		}
		for _, key := range keys {
			want, ok := english[key]
			if !ok {
				continue
			}
			forms := slices.Sorted(maps.Keys(said[key]))
			needed := []string{""}
			if _, plain := want[""]; !plain {
				needed = categories(code)
			}
			if !slices.Equal(forms, needed) {
				t.Errorf("%s.json: %s has the forms %q, want %q", code, key, forms, needed)
			}
			names := placeholders(want[""] + want["other"])
			for form, text := range said[key] {
				if got := placeholders(text); !slices.Equal(got, names) {
					t.Errorf("%s.json: %s %s holds %v, want %v as in English", code, key, form, got, names)
				}
				if strings.TrimSpace(text) != text || text == "" {
					t.Errorf("%s.json: %s %s = %q, want words without space around them", code, key, form, text)
				}
			}
		}
	}
}

func TestLanguages(t *testing.T) {
	if want := []string{"en", "de"}; !slices.Equal(phrases.Languages, want) {
		t.Errorf("Languages = %v, want %v", phrases.Languages, want)
	}
	for code, speaks := range map[string]bool{"en": true, "de": true, "fr": false, "": false, "de-AT": false} {
		if got := phrases.Speaks(code); got != speaks {
			t.Errorf("Speaks(%q) = %v, want %v", code, got, speaks)
		}
		want := code
		if !speaks {
			want = "en"
		}
		if got := phrases.In(code).Language; got != want {
			t.Errorf("In(%q) speaks %q, want %q", code, got, want)
		}
	}
}

func TestSaying(t *testing.T) {
	en, de := phrases.In("en"), phrases.In("de")
	for _, row := range []struct{ name, got, want string }{
		{"a date in English", en.Date("2026-11-30"), "Monday, 30 November"},
		{"a date in German", de.Date("2026-11-30"), "Montag, 30. November"},
		{"a Sunday in March", de.Date("2027-03-07"), "Sonntag, 7. März"},
		{"the first day of the week", en.Weekday(0), "Sunday"},
		{"one evening", en.Count("streak.total", 1), "1 evening in all."},
		{"no evenings", en.Count("streak.total", 0), "0 evenings in all."},
		{"one evening in German", de.Count("streak.current", 1), "1 Abend in Folge."},
		{"thirty evenings in German", de.Count("streak.current", 30), "30 Abende in Folge."},
		{"a name is filled in", de.Say("sent", "partner", "Sam"), "An Sam weitergegeben."},
		{"what looks like a {name} in a name stays", en.Say("sent", "partner", "{me}"), "Passed on to {me}."},
		{"a key that does not exist", de.Say("no.such.key"), "no.such.key"},
		{"a count that does not exist", de.Count("no.such.key", 2), "no.such.key"},
		{"to two", en.Of(2).Say("kept.first"), "Kept. It opens when you have both answered."},
		{"to one who waits for another", en.Of(1).Say("kept.first"), "Kept. It opens when you have both answered."},
		{"to three", en.Of(3).Say("kept.first"), "Kept. It opens when you have all answered."},
		{"to three in German", de.Of(3).Say("evenings.7"), "Sieben Abende, ihr drei."},
		{"to more than there are words for", en.Of(9).Say("evenings.7"), "Seven evenings, the 9 of you."},
		{"to three and back", en.Of(3).Of(2).Say("kept.first"), "Kept. It opens when you have both answered."},
		{"about several", de.Of(3).Say("help.now.partner", "partner", "Sam und Robin"), "Sam und Robin erfahren davon nichts."},
		{"names", de.List([]string{"Alex", "Sam", "Robin"}), "Alex, Sam und Robin"},
		{"two names", en.List([]string{"Alex", "Sam"}), "Alex and Sam"},
		{"one name", en.List([]string{"Alex"}), "Alex"},
		{"a menu in German", phrases.Text("command.leave")["de"], "Aufhören, sofort"},
	} {
		if row.got != row.want {
			t.Errorf("%s: got %q, want %q", row.name, row.got, row.want)
		}
	}
}
