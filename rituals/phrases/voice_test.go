package phrases_test

import (
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"attune/rituals"
	"attune/rituals/library"
	"attune/rituals/phrases"
)

// never holds, for each language, what is not said in it: what counts something
// against somebody, what sounds like a brochure, and "he" or "she", since a name
// does for everybody.
var never = map[string][]string{
	"en": {
		"missed", "forgot", "forgotten", "still", "finally", "don't forget", "waiting for you",
		"journey", "connection", "partner up", "nurture", "validate", "hold space", "love language", "reminder", "remind", "streak",
		"he", "she", "him", "her", "his", "hers",
	},
	"de": {
		"verpasst", "versäumt", "vergessen", "vergisst", "vergiss", "noch", "immer noch", "endlich", "wartet auf dich",
		"reise", "verbindung", "partnerschaft", "nähren", "validieren", "raum halten", "liebessprache", "erinnerung", "erinnern",
		"erinnere", "serie", "streak",
		"er", "ihm", "ihn", "ihnen",
	},
}

// brokenRules returns what the voice of Attune forbids in a text.
func brokenRules(code, text string) []string {
	var broken []string
	if strings.ContainsAny(text, "!¡") {
		broken = append(broken, "an exclamation mark")
	}
	for _, r := range text {
		if (unicode.Is(unicode.So, r) || r >= 0x1F000) && !isFace(r) {
			broken = append(broken, fmt.Sprintf("the symbol %c", r))
		}
	}
	text = strings.ReplaceAll(strings.ToLower(text), "’", "'")
	words := strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' && r != '/' })
	line := " " + strings.Join(words, " ") + " "
	for _, w := range never[code] {
		if strings.Contains(line, " "+w+" ") {
			broken = append(broken, fmt.Sprintf("%q", w))
		}
	}
	return broken
}

// isFace reports whether a character is one of the five that say how somebody is.
func isFace(r rune) bool {
	return slices.ContainsFunc(rituals.Faces, func(o rituals.Option) bool { return o.Label.In("") == string(r) })
}

// heard are the keys of words that are listened for, not said.
var heard = []string{"asks.about", "asks.begin", "name.streak"}

func TestVoice(t *testing.T) {
	for _, code := range phrases.Languages {
		if never[code] == nil {
			t.Errorf("no list here says what is never said in %q", code)
		}
		for key, forms := range sentences(t, code) {
			if slices.Contains(heard, key) {
				continue
			}
			for _, text := range forms {
				for _, rule := range brokenRules(code, text) {
					t.Errorf("%s.json: %s has %s: %s", code, key, rule, text)
				}
			}
		}
	}
	for where, text := range ritualTexts(t) {
		for code, said := range text {
			for _, rule := range brokenRules(code, said) {
				t.Errorf("%s has %s: %s", where, rule, said)
			}
		}
	}
}

func TestBrokenRules(t *testing.T) {
	for _, row := range []struct {
		name, code, text, want string
	}{
		{"plain words", "en", "Kept. /forget deletes it; their forgetting is fine, there.", "[]"},
		{"a face", "en", "Sam 🙂", "[]"},
		{"an exclamation mark", "en", "Well done!", "[an exclamation mark]"},
		{"a heart", "de", "Danke ❤", "[the symbol ❤]"},
		{"a party", "de", "Danke 🎉", "[the symbol 🎉]"},
		{"what counts against somebody", "en", "Still nothing from Sam.", `["still"]`},
		{"two words, a curly apostrophe", "en", "Don’t forget tonight.", `["don't forget"]`},
		{"a forbidden word in German", "de", "Du hast es noch nicht gesagt.", `["noch"]`},
		{"a word that only begins so", "de", "Nochmals, Ernst.", "[]"},
		{"he", "de", "Sam sagt, er kommt.", `["er"]`},
	} {
		if got := fmt.Sprint(brokenRules(row.code, row.text)); got != row.want {
			t.Errorf("%s: brokenRules(%q, %q) = %s, want %s", row.name, row.code, row.text, got, row.want)
		}
	}
}

// What the platforms let through, in characters.
const (
	mostButton  = 40  // read whole on a narrow phone
	mostAnswer  = 200 // an answer on the spot
	mostShort   = 120 // beside a shared link
	mostLong    = 512 // before anyone presses Start
	mostCommand = 100 // beside a command in a menu
)

func TestLengths(t *testing.T) {
	c := readCode(t)
	for _, code := range phrases.Languages {
		v := phrases.In(code)
		longest := v.Say("time.weekly", "time", "21:30", "day", v.Weekday(4))
		check := func(key string, most int) {
			text := v.Say(key, "partner", "Alex", "operator", "Robin", "from", longest)
			if n := utf8.RuneCountInString(text); n > most {
				t.Errorf("%s.json: %s has %d characters, want at most %d: %s", code, key, n, most, text)
			}
		}
		for key := range c.buttons {
			check(key, mostButton)
		}
		for key := range c.answers {
			check(key, mostAnswer)
		}
		check("about.short", mostShort)
		check("about.short.operator", mostShort)
		check("about.long", mostLong)
		for _, name := range prefixes(t)["command."] {
			check("command."+name, mostCommand)
		}
	}
	listed := listedOptions(t)
	for where, text := range ritualTexts(t) {
		for code, said := range text {
			if listed.MatchString(where) {
				continue // it stands in the text, and its number on the button
			}
			if n := utf8.RuneCountInString(said); strings.HasSuffix(where, ".Label") && n > mostButton {
				t.Errorf("%s in %s has %d characters, want at most %d: %s", where, code, n, mostButton, said)
			}
		}
	}
}

// listedOptions matches where the options of tick lists stand.
func listedOptions(t *testing.T) *regexp.Regexp {
	t.Helper()
	l, err := library.Load("")
	if err != nil {
		t.Fatal(err)
	}
	var steps []string
	for _, r := range l.All() {
		for i, s := range r.Steps {
			if s.Kind == rituals.Check {
				steps = append(steps, regexp.QuoteMeta(fmt.Sprintf("%s.Steps[%d].", r.ID, i)))
			}
		}
	}
	return regexp.MustCompile("^(" + strings.Join(steps, "|") + ")Options")
}

// ritualTexts returns every text of the rituals that come with Attune, by where
// it stands: "evening.Steps[0].Options[1].Label".
func ritualTexts(t *testing.T) map[string]rituals.Text {
	t.Helper()
	l, err := library.Load("")
	if err != nil {
		t.Fatal(err)
	}
	texts := make(map[string]rituals.Text)
	for _, r := range l.All() {
		collect(texts, r.ID, reflect.ValueOf(*r))
	}
	for _, d := range decks(t) {
		collect(texts, "decks/"+d.ID, reflect.ValueOf(*d))
	}
	if len(texts) < 50 {
		t.Fatalf("%d texts in the rituals: this test has lost sight of them", len(texts))
	}
	return texts
}

// collect adds every text that is not empty in v.
func collect(texts map[string]rituals.Text, where string, v reflect.Value) {
	if text, ok := v.Interface().(rituals.Text); ok {
		if len(text) > 0 {
			texts[where] = text
		}
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() {
				collect(texts, where+"."+f.Name, v.Field(i))
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			collect(texts, fmt.Sprintf("%s[%d]", where, i), v.Index(i))
		}
	}
}

func TestRitualsSpeakEveryLanguage(t *testing.T) {
	want := slices.Sorted(slices.Values(phrases.Languages))
	for where, text := range ritualTexts(t) {
		if _, any := text[""]; any && !strings.ContainsFunc(text[""], unicode.IsLetter) {
			continue // a face needs no translation
		}
		if got := slices.Sorted(maps.Keys(text)); !slices.Equal(got, want) {
			t.Errorf("%s is in %q, want %q", where, got, want)
		}
		for code, said := range text {
			if got, same := placeholders(said), placeholders(text["en"]); !slices.Equal(got, same) {
				t.Errorf("%s holds %v in %s, want %v as in English", where, got, code, same)
			}
			if (said == "") != (text["en"] == "") {
				t.Errorf("%s in %s = %q, in English %q: want words in both or in none", where, code, said, text["en"])
			}
		}
	}
}
