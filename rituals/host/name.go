package host

import (
	"strings"
	"unicode"
)

const (
	joiner = '\u200d' // holds emoji together
	nobody = "?"      // who has no name that can be read
)

// personName is a platform's name for somebody as others read it: one line, not
// long.
func personName(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) && r != joiner {
			return -1 // such as those that turn what stands around them about
		}
		return r
	}, s)
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) }), " ")
	s = clip(s, 40)
	if !strings.ContainsFunc(s, visible) {
		return nobody
	}
	return s
}
