package rituals

import (
	"strings"
)

// A Text is a sentence in one or more languages, keyed by two-letter code. The
// key "" holds a text that is the same in every language.
type Text map[string]string

// In returns the text in the language asked for, else in English, else in
// whichever comes first by code.
func (t Text) In(language string) string {
	for _, l := range []string{language, "", "en"} {
		if s, ok := t[l]; ok {
			return s
		}
	}
	var first string
	for l := range t {
		if first == "" || l < first {
			first = l
		}
	}
	return t[first]
}

// Fill puts values in place of {name}s: Fill("Hello {me}", "me", "Sam").
func Fill(text string, pairs ...string) string {
	if !strings.Contains(text, "{") {
		return text
	}
	old := make([]string, len(pairs))
	copy(old, pairs)
	for i := 0; i+1 < len(old); i += 2 {
		old[i] = "{" + old[i] + "}"
	}
	return strings.NewReplacer(old...).Replace(text)
}
