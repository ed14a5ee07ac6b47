package library

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"attune/rituals"
)

var language = regexp.MustCompile(`^[a-z]{2}$`)

// text reads a sentence, in one or more languages; nil if there is none.
func (s *source) text(m mapping, key string) rituals.Text {
	f, ok := m.field(key, aText, anyText, aLabel, aCommand)
	if !ok {
		return nil
	}
	is := keyNamed(m.keys, key).is
	if v, ok := scalar(f.value); ok {
		return rituals.Text{"": s.sentence(f, is, v)}
	}
	values, ok := pairs(f.value)
	if !ok || len(values) == 0 {
		s.wrong(f, "a text in quotes, or one for each language such as `{ en: \"…\", de: \"…\" }`")
		return nil
	}
	text := make(rituals.Text)
	for _, v := range values {
		lang, _ := scalar(v.Key)
		in := field{key, place(v.Key), v.Value}
		said, ok := scalar(v.Value)
		switch {
		case !language.MatchString(lang):
			s.report(in.keyAt, "%q is no language; write its two letters, such as en", v.Key.GetToken().Value)
		case text[lang] != "":
			s.report(in.keyAt, "%q has two texts in %q; remove one of them", key, lang)
		case !ok:
			s.wrong(in, "a text in quotes")
		default:
			text[lang] = s.sentence(in, is, said)
		}
	}
	return text
}

var placeholder = regexp.MustCompile(`\{[^{}]*\}`)

// sentence returns a text as it will be said, and notes what cannot be.
func (s *source) sentence(f field, is shape, text string) string {
	text = strings.TrimSpace(text)
	if text == "" && is != anyText {
		s.report(f.place(), "%q has no text; write what is to be said", f.key)
	}
	if strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }) {
		s.report(f.place(), "%q holds a control character; write it without", f.key)
	}
	known := placeholdersOf(f.key)
	for _, found := range placeholder.FindAllString(text, -1) {
		switch at := s.find(f.place(), found); {
		case is == aLabel:
			s.report(at, "nothing is filled in here, so %s would stand there as it is; write it without", found)
		case !slices.Contains(known, found):
			s.report(at, "%s is not known; %s", found, instead(found, known))
		}
	}
	return text
}
