package main

import (
	"regexp"
	"slices"
	"strings"

	"attune/rituals/rehearsal"
)

// What is seen in the theatre, beside what a play says is seen.

// Sights returns what somebody has seen since the last call.
func (th *theatre) Sights(name string) []rehearsal.Sight {
	i := slices.IndexFunc(th.cast, func(p *player) bool { return p.Name == name })
	if i < 0 {
		return nil
	}
	p := th.cast[i]
	var sights []rehearsal.Sight
	for _, t := range p.passing() {
		sights = append(sights, rehearsal.Sight{Text: t, Told: true})
	}
	there := map[string]bool{}
	for _, m := range p.sees() {
		there[m.id] = true
		before, known := p.seen[m.id]
		switch {
		case m.told && !known:
			sights = append(sights, rehearsal.Sight{Text: m.text, Told: true})
		case !known:
			sights = append(sights, rehearsal.Sight{Text: m.text})
		case before != m.text:
			sights = append(sights, rehearsal.Sight{Text: m.text, Again: true})
		}
		p.seen[m.id] = m.text
		th.learn(m.text)
	}
	for id, text := range p.seen {
		if !there[id] && text != gone {
			p.seen[id] = gone
			sights = append(sights, rehearsal.Sight{Text: gone, Again: true})
		}
	}
	return sights
}

// gone is what plays say of a message that was taken away.
const gone = "(taken away)"

var invitation = regexp.MustCompile(`(?:\?start=|/join )([A-Za-z0-9_-]{22})`)

// learn remembers the invitations that a message shows.
func (th *theatre) learn(text string) {
	for _, m := range invitation.FindAllStringSubmatch(text, -1) {
		if !slices.Contains(th.codes, m[1]) {
			th.codes = append(th.codes, m[1])
		}
	}
}

var (
	marks   = regexp.MustCompile("https://t\\.me/attune_bot\\?start=[A-Za-z0-9_-]+|`?/join [A-Za-z0-9_-]{22}`?|\\(link \\d+\\)")
	markers = strings.NewReplacer("**", "", "\\", "", "`", "", "•", "-")
	clocks  = regexp.MustCompile(`at \d+:\d+:\d+|<t:\d+:R>|\d+:\d+ left`)
	folded  = regexp.MustCompile(`\s+`)
)

// Same reports whether what a play says is seen is what a platform shows: bold words
// and quotes are set apart by more than letters, and rows of buttons are broken where
// a phone needs it. A clock that runs tells another second where a tap takes its time,
// and each platform shows it in its own way. Of an invitation the words above the link are compared: what can
// be done with it differs.
func (th *theatre) Same(written, shown string) bool {
	a, b := plain(written), plain(shown)
	if at := strings.Index(a, "(link)"); at >= 0 {
		return strings.HasPrefix(b, a[:at])
	}
	return a == b
}

// plain returns a text without what only sets it.
func plain(s string) string {
	s = clocks.ReplaceAllString(marks.ReplaceAllString(s, "(link)"), "(clock)")
	var rows []string
	for row := range strings.SplitSeq(s, "\n") {
		rows = append(rows, strings.TrimPrefix(row, "> "))
	}
	s = markers.Replace(strings.Join(rows, "\n"))
	return folded.ReplaceAllString(s, "")
}
