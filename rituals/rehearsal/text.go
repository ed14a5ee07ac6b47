package rehearsal

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A text longer than longest characters is shown by its first few.
const (
	longest = 2000
	few     = 60
)

// display writes a text so that reading it back gives the same: as it is if it
// can be seen whole, else in Go's quotes; and a very long one by its beginning.
func display(text string) string {
	if n := utf8.RuneCountInString(text); n > longest {
		return display(string([]rune(text)[:few])) + fmt.Sprintf(" … (%d characters)", n)
	}
	if plain(text) {
		return text
	}
	return strconv.Quote(text)
}

// plain reports whether a text in a play stands for itself.
func plain(text string) bool {
	if !utf8.ValidString(text) || strings.HasPrefix(text, `"`) {
		return false
	}
	if strings.TrimSpace(text) != text {
		return false
	}
	for row := range strings.SplitSeq(text, "\n") {
		if strings.TrimRight(row, " ") != row {
			return false
		}
	}
	for _, c := range text {
		// Emoji are joined by U+200D; any other invisible character is spelt out.
		if c != '\n' && c != '\u200d' && !unicode.IsGraphic(c) {
			return false
		}
	}
	return true
}

// ident returns a platform's id for somebody of that name.
func ident(name string) string { return strings.ToLower(strings.ReplaceAll(name, " ", "-")) }

// answers says how many answers of somebody are stored.
func answers(name string, n int) string {
	if n == 1 {
		return fmt.Sprintf("stored %s: 1 answer", name)
	}
	return fmt.Sprintf("stored %s: %d answers", name, n)
}

// pad fills a text up to a width in characters.
func pad(s string, width int) string {
	return s + strings.Repeat(" ", max(0, width-utf8.RuneCountInString(s)))
}
