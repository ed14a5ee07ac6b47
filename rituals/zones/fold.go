package zones

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Fold returns a name as names are compared: in small letters, without accents
// and punctuation, with single spaces, "St." spelt out. "São Tomé" and "sao tome"
// fold alike.
func Fold(name string) string {
	var b strings.Builder
	gap := false
	for _, r := range norm.NFKD.String(name) {
		switch r = unicode.ToLower(r); {
		case unicode.Is(unicode.Mn, r) || r == '\'' || r == '’' || r == 'ʻ' || r == '`' || r == '.':
			continue
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			gap = b.Len() > 0
			continue
		}
		if gap {
			b.WriteByte(' ')
			gap = false
		}
		if s, ok := letters[r]; ok {
			b.WriteString(s)
		} else {
			b.WriteRune(r)
		}
	}
	return strings.ReplaceAll(" "+b.String(), " st ", " saint ")[1:]
}

// letters are those that do not come apart into a letter and an accent.
var letters = map[rune]string{
	'ß': "ss", 'ø': "o", 'ł': "l", 'đ': "d", 'ð': "d", 'þ': "th", 'æ': "ae", 'œ': "oe", 'ı': "i", 'ħ': "h", 'ə': "a",
}
