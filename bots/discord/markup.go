package discord

import (
	"regexp"
	"strings"
)

// special are the characters that mean something to Discord wherever they stand.
const special = "\\*_~`|<>[]#@"

var (
	// link is what Discord makes a link of by itself. A backslash inside would be
	// part of the address.
	link = regexp.MustCompile("https?://[^\\s<>\\[\\]\\\\*~`|@#]*[^\\s<>\\[\\]\\\\*~`|@#.,:;!?\"')_]")

	listMark = regexp.MustCompile(`^\s*([-+]|[0-9]+[.)])(\s|$)`)
	smiley   = regexp.MustCompile(`^:[\p{L}\p{N}_+-]+:`)
)

// escape returns one or more lines so that Discord shows them as they are.
func escape(s string) string {
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		lines[i] = escapeLine(l)
	}
	return strings.Join(lines, "\n")
}

func escapeLine(s string) string {
	var w strings.Builder
	if m := listMark.FindStringSubmatchIndex(s); m != nil { // it would begin a list
		w.WriteString(s[:m[3]-1] + `\` + s[m[3]-1:m[3]])
		s = s[m[3]:]
	}
	links := link.FindAllStringIndex(s, -1)
	at := 0
	for _, l := range links {
		escapeWords(&w, s[at:l[0]])
		w.WriteString(s[l[0]:l[1]])
		at = l[1]
	}
	escapeWords(&w, s[at:])
	return w.String()
}

// escapeWords writes a text that has no links in it.
func escapeWords(w *strings.Builder, s string) {
	for i, r := range s {
		if strings.ContainsRune(special, r) || (r == ':' && smiley.MatchString(s[i:])) {
			w.WriteByte('\\')
		}
		w.WriteRune(r)
	}
}
