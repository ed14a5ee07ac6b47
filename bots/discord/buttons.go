package discord

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/bwmarrin/discordgo"

	"attune/bots"
	"attune/rituals"
)

const (
	rowButtons   = 5
	maxRows      = 5
	maxLabel     = 80 // UTF-16 units
	maxAction    = 64 // bytes
	defaultLabel = "Answer"
)

// buttons returns a message's buttons as rows, none of them nil. Those that Discord
// would refuse, and the whole message with them, are left out and counted.
//
// The id of a button is its action, and after it the row of the outbox: no two of a
// message are the same, and a message can be found again by it.
func buttons(m rituals.Message, row int64) (rows []discordgo.MessageComponent, refused int) {
	var all [][]discordgo.MessageComponent
	n := 0
	add := func(to []discordgo.MessageComponent, text, action string, form bool) []discordgo.MessageComponent {
		b := discordgo.Button{Label: face(text), Style: discordgo.SecondaryButton, CustomID: buttonID(action, row, n)}
		if form {
			b.Style, b.CustomID = discordgo.PrimaryButton, b.CustomID+asksMark
		}
		n++
		return append(to, b)
	}
	if m.Input != nil {
		text := m.Input.Label
		if bots.Blank(text) {
			text = defaultLabel
		}
		id := buttonID(shorten(oneLine(m.Input.Hint), maxHint), row, n) + formMark
		n++
		all = append(all, []discordgo.MessageComponent{discordgo.Button{Label: face(text), Style: discordgo.PrimaryButton, CustomID: id}})
	}
	for _, choices := range m.Choices {
		var row []discordgo.MessageComponent
		for _, c := range choices {
			switch {
			case c.Share != nil: // said in words
			case c.Action == "" || len(c.Action) > maxAction || !utf8.ValidString(c.Action):
				refused++
			default:
				row = add(row, c.Label, c.Action, c.Form)
			}
		}
		for len(row) > rowButtons {
			all, row = append(all, row[:rowButtons]), row[rowButtons:]
		}
		if len(row) > 0 {
			all = append(all, row)
		}
	}
	all, left := fit(all)
	rows = []discordgo.MessageComponent{}
	for _, r := range all {
		rows = append(rows, discordgo.ActionsRow{Components: r})
	}
	return rows, refused + left
}

// fit brings rows down to as many as Discord takes, and returns how many buttons
// there was no room for.
func fit(rows [][]discordgo.MessageComponent) (fitting [][]discordgo.MessageComponent, left int) {
	if len(rows) <= maxRows {
		return rows, 0
	}
	var flat []discordgo.MessageComponent
	for _, r := range rows {
		flat = append(flat, r...)
	}
	for len(flat) > 0 && len(fitting) < maxRows {
		n := min(len(flat), rowButtons)
		fitting, flat = append(fitting, flat[:n]), flat[n:]
	}
	return fitting, len(flat)
}

// face returns what stands on a button.
func face(s string) string {
	s = shorten(oneLine(s), maxLabel)
	if bots.Blank(s) {
		return unsaid
	}
	return s
}

// oneLine returns s as one line.
func oneLine(s string) string { return strings.Join(strings.Fields(bots.Clean(s)), " ") }

// rowMark is what buttonID puts behind an action.
var rowMark = regexp.MustCompile(`\|(-?[0-9a-z]+)\.[0-9]+$`)

// buttonID returns the id of a message's n-th button.
func buttonID(action string, row int64, n int) string {
	return action + "|" + strconv.FormatInt(row, 36) + "." + strconv.Itoa(n)
}

// parseID returns the action of a button, and the row of its message; 0 if there is
// none.
func parseID(id string) (action string, row int64) {
	m := rowMark.FindStringSubmatchIndex(id)
	if m == nil {
		return id, 0
	}
	row, err := strconv.ParseInt(id[m[2]:m[3]], 36, 64)
	if err != nil {
		return id, 0
	}
	return id[:m[0]], row
}
