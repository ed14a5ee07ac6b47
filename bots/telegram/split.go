package telegram

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/go-telegram/bot/models"
)

// maxUnits is how long a message may be, in UTF-16 units.
const maxUnits = 4096

// units returns the length of s in UTF-16 units.
func units(s string) int {
	n := 0
	for _, r := range s {
		n += width(r)
	}
	return n
}

// width returns how many UTF-16 units a character takes.
func width(r rune) int {
	if r > 0xffff {
		return 2
	}
	return 1
}

// split cuts a text into parts of at most limit units, each with its share of the
// entities: after a paragraph if there is one that ends in the second half of what
// fits, else after a line, else after a word, else between two characters. Parts of
// which nothing can be seen are left out; if all are, one part says "…".
func split(p part, limit int) []part {
	var parts []part
	text, start := p.text, 0 // start counts the units before text
	for text != "" {
		piece := text[:cut(text, limit)]
		length := units(piece)
		if !blank(piece) {
			shown := strings.TrimRight(piece, " \n")
			parts = append(parts, part{text: shown, entities: clip(p.entities, start, units(shown))})
		}
		text, start = text[len(piece):], start+length
		rest := strings.TrimLeft(text, "\n")
		text, start = rest, start+len(text)-len(rest)
	}
	if len(parts) == 0 {
		return []part{{text: unsaid}}
	}
	return parts
}

// clip returns the entities over length units from start, counted from there.
func clip(all []models.MessageEntity, start, length int) []models.MessageEntity {
	var own []models.MessageEntity
	for _, e := range all {
		from, to := max(e.Offset-start, 0), min(e.Offset+e.Length-start, length)
		if from < to {
			e.Offset, e.Length = from, to-from
			own = append(own, e)
		}
	}
	return own
}

// cut returns how many bytes of text go into a part of at most limit units.
func cut(text string, limit int) int {
	end, half := 0, 0 // in bytes: where limit is reached, and its half
	n := 0
	for i, r := range text {
		n += width(r)
		if n > limit {
			end = i
			break
		}
		if n <= limit/2 {
			half = i + utf8.RuneLen(r)
		}
	}
	if n <= limit {
		return len(text)
	}
	for _, sep := range []string{"\n\n", "\n", " "} {
		if at := strings.LastIndex(text[:end], sep); at >= half {
			return at + len(sep)
		}
	}
	return apart(text, end)
}

// apart returns the last place up to end where text can be cut without taking a
// visible character to pieces. It gives up after a while: there may be none.
func apart(text string, end int) int {
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
