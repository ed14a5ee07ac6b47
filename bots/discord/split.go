package discord

import (
	"attune/bots"
	"strings"
	"unicode/utf8"
)

// maxUnits is how long a message may be. Discord counts characters; UTF-16 units,
// of which there are at least as many, are on the safe side.
const maxUnits = 2000

// split packs lines into parts of at most limit units: after a paragraph if there
// is one that ends in the second half of what fits, else after a line; a line that
// is too long by itself is cut after a word, else between two characters. Parts of
// which nothing can be seen are left out; if all are, one part says "…".
func split(lines []line, limit int) []part {
	var p packer
	for _, l := range lines {
		for _, piece := range pieces(l, limit) {
			p.add(piece, limit)
		}
	}
	p.end(len(p.lines))
	if len(p.parts) == 0 {
		return []part{{text: unsaid}}
	}
	return p.parts
}

// A packer puts lines into parts.
type packer struct {
	parts []part
	lines []line // of the next part
	sizes []int  // of each, with the line end before it
	size  int
}

// add adds a line, which fits into a part by itself.
func (p *packer) add(l line, limit int) {
	size := bots.Units(l.markup()) + 1
	for p.size+size > limit+1 && len(p.lines) > 0 {
		p.end(p.paragraph(limit))
	}
	p.lines, p.sizes = append(p.lines, l), append(p.sizes, size)
	p.size += size
}

// paragraph returns how many lines go into the part that is full.
func (p *packer) paragraph(limit int) int {
	size := p.size
	for i := len(p.lines) - 1; i > 0 && size > limit/2; i-- {
		size -= p.sizes[i]
		if p.lines[i] == (line{}) && size > limit/2 {
			return i
		}
	}
	return len(p.lines)
}

// end ends a part after n lines.
func (p *packer) end(n int) {
	var texts []string
	seen := false
	for i, l := range p.lines[:n] {
		texts = append(texts, l.markup())
		seen = seen || !bots.Blank(l.text)
		p.size -= p.sizes[i]
	}
	p.lines, p.sizes = p.lines[n:], p.sizes[n:]
	for len(p.lines) > 0 && p.lines[0] == (line{}) { // a part does not begin with a gap
		p.size -= p.sizes[0]
		p.lines, p.sizes = p.lines[1:], p.sizes[1:]
	}
	if seen {
		p.parts = append(p.parts, part{text: strings.Trim(strings.Join(texts, "\n"), "\n")})
	}
}

// pieces cuts a line into lines of at most limit units each.
func pieces(l line, limit int) []line {
	var all []line
	for bots.Units(l.markup()) > limit {
		n := cut(l, limit)
		piece := l
		piece.text, l.text = l.text[:n], l.text[n:]
		all = append(all, piece)
	}
	return append(all, l)
}

// cut returns how many bytes of a line's text go into a part. It is at least one
// character.
func cut(l line, limit int) int {
	fits := func(n int) bool {
		head := l
		head.text = l.text[:n]
		return bots.Units(head.markup()) <= limit
	}
	// What is written in markup grows with the text: look for the longest that fits.
	low, high := 0, len(l.text)
	for low < high {
		mid := (low + high + 1) / 2
		for mid < high && !utf8.RuneStart(l.text[mid]) {
			mid++
		}
		if fits(mid) {
			low = mid
		} else {
			high = (low+high+1)/2 - 1
		}
	}
	for low > 0 && low < len(l.text) && !utf8.RuneStart(l.text[low]) {
		low--
	}
	if at := strings.LastIndexByte(l.text[:low], ' ') + 1; at > low/2 {
		return at
	}
	_, first := utf8.DecodeRuneInString(l.text)
	return max(bots.Apart(l.text, low), first)
}

// shorten returns s in at most limit UTF-16 units.
func shorten(s string, limit int) string {
	if bots.Units(s) <= limit {
		return s
	}
	n, end := 0, 0
	for i, r := range s {
		if n += bots.Width(r); n > limit-1 {
			break
		}
		end = i + utf8.RuneLen(r)
	}
	return s[:bots.Apart(s, end)] + "…"
}
