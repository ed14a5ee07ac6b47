package bots

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// What every adapter has to know about text: platforms count in UTF-16 units, and
// refuse or take out what cannot be shown.

// Clean returns s without what platforms refuse or take out: bytes that are no
// UTF-8 are shown as such, line ends become "\n", other control characters go.
func Clean(s string) string {
	if !strings.ContainsFunc(s, func(r rune) bool { return r == utf8.RuneError || unruly(r) }) {
		return s
	}
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\ufffd"), "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\r', r == '\v', r == '\f', r == '\u2028', r == '\u2029', r == '\u0085':
			return '\n'
		case unruly(r):
			return -1
		}
		return r
	}, s)
}

// unruly reports whether Clean has to do something about r.
func unruly(r rune) bool {
	return (unicode.IsControl(r) && r != '\n' && r != '\t') || r == '\u2028' || r == '\u2029'
}

// Blank reports whether nothing of s can be seen.
func Blank(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool {
		switch r {
		case '\u115f', '\u1160', '\u2800', '\u3164', '\uffa0':
			return false
		}
		return !unicode.IsSpace(r) && !unicode.IsControl(r) && !unicode.Is(unicode.Cf, r)
	})
}

// Units returns the length of s in UTF-16 units.
func Units(s string) int {
	n := 0
	for _, r := range s {
		n += Width(r)
	}
	return n
}

// Width returns how many UTF-16 units a character takes.
func Width(r rune) int {
	if r > 0xffff {
		return 2
	}
	return 1
}

// Apart returns the last place up to end where text can be cut without taking a
// visible character to pieces. It gives up after a while: there may be none.
func Apart(text string, end int) int {
	at := end
	for range 64 {
		before, size := utf8.DecodeLastRuneInString(text[:at])
		after, _ := utf8.DecodeRuneInString(text[at:])
		if !joined(before, after) || size == at {
			return at
		}
		at -= size
	}
	return end
}

// joined reports whether two characters are shown as one, or as parts of one.
func joined(before, after rune) bool {
	const joiner = '\u200d'
	flag := func(r rune) bool { return r >= 0x1f1e6 && r <= 0x1f1ff }
	return before == joiner || after == joiner || unicode.Is(unicode.M, after) ||
		(after >= 0x1f3fb && after <= 0x1f3ff) || // tones of skin
		(flag(before) && flag(after))
}

// PersonName returns the first of a person's names that can be seen, without what
// would turn the words beside it around. There are accounts that have none.
func PersonName(names ...string) string {
	for _, name := range names {
		name = strings.TrimSpace(strings.Map(func(r rune) rune {
			if unicode.IsControl(r) || (r >= 0x202a && r <= 0x202e) || (r >= 0x2066 && r <= 0x2069) {
				return -1
			}
			return r
		}, name))
		if !Blank(name) {
			return name
		}
	}
	return "Friend"
}

// Language returns a platform's language code as two letters, or nothing.
func Language(code string) string {
	first, _, _ := strings.Cut(strings.ToLower(code), "-")
	if len(first) != 2 || strings.ContainsFunc(first, func(r rune) bool { return r < 'a' || r > 'z' }) {
		return ""
	}
	return first
}
