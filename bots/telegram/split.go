package telegram

import (
	"attune/bots"
	"strings"
	"unicode/utf8"

	"github.com/go-telegram/bot/models"
)

// maxUnits is how long a message may be, in UTF-16 units.
const maxUnits = 4096

// split cuts a text into parts of at most limit units, each with its share of the
// entities: after a paragraph if there is one that ends in the second half of what
// fits, else after a line, else after a word, else between two characters. Parts of
// which nothing can be seen are left out; if all are, one part says "…".
func split(p part, limit int) []part {
	var parts []part
	text, start := p.text, 0 // start counts the units before text
	for text != "" {
		piece := text[:cut(text, limit)]
		length := bots.Units(piece)
		if !bots.Blank(piece) {
			shown := strings.TrimRight(piece, " \n")
			parts = append(parts, part{text: shown, entities: clip(p.entities, start, bots.Units(shown))})
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
		n += bots.Width(r)
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
	return bots.Apart(text, end)
}
