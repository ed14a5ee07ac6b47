package main

import (
	"slices"
	"strings"

	"attune/rituals"
)

// once checks what the bot has said to somebody: all of it was recorded, in the order in
// which it was to be said. On Telegram the message that was on its way when the program
// was killed may be there twice, and then the same words come again and are recorded; on
// Discord nothing may.
func (t *truth) once(u *soul, c *checkIn) {
	t.Helper()
	f := t.of(u)
	chat := string(u.home.Person.Platform) + u.home.Chat
	var said []string
	nonces := map[string]bool{}
	lost := map[int]int{} // how many were not recorded, by the life of the program that has said them
	seen := u.sees()
	for i, m := range seen {
		switch discord := u.home.Person.Platform == rituals.Discord; {
		case discord && m.nonce == "", !discord && m.text == saysShort:
			continue // an answer, of which no row is kept
		case discord && nonces[m.nonce]:
			t.Errorf("%v reads twice: %q", u, m.text)
		}
		nonces[m.nonce] = true
		f.messages++
		if t.recorded[chat][m.id] {
			said = append(said, m.id)
			continue
		}
		life := t.life(m)
		lost[life]++
		again := slices.IndexFunc(seen[i+1:], func(n sight) bool { return t.recorded[chat][n.id] && n.text == m.text })
		switch {
		case again < 0 && (c == nil || c.state == rituals.Open): // else it was called back when the answers opened
			t.Errorf("%v reads %q, of which there is no record, and it does not come again", u, m.text)
		case again < 0:
		case u.home.Person.Platform == rituals.Discord:
			t.Errorf("%v reads twice: %q", u, m.text)
		case life == t.life(seen[i+1+again]):
			t.Errorf("%v reads %q twice, and the program was not killed between", u, m.text)
		default:
			f.twice++
		}
	}
	for life, n := range lost {
		if n > 1 {
			t.Errorf("%v reads %d messages in the life %d of the program that were not recorded, want at most the last", u, n, life)
		}
	}
	if want := t.order[chat]; !slices.Equal(said, want) {
		t.Errorf("%v reads the messages %v, want %v in this order", u, said, want)
	}
}

// shows checks that a list shows what is ticked, as long as it is open. Where somebody was
// asked twice, only the one that they tapped does.
func (t *truth) shows(u *soul, c *checkIn, what answer) {
	t.Helper()
	var lists []sight
	for _, m := range u.sees() {
		if t.recorded[string(u.home.Person.Platform)+u.home.Chat][m.id] && slices.Contains(m.labels, done) {
			lists = append(lists, m)
		}
	}
	if c == nil || c.state != rituals.Open || len(lists) != 1 {
		return
	}
	is := strings.Split(what.choice, ",")
	for name, option := range ticks {
		if got, want := slices.Contains(lists[0].labels, ticked+name), slices.Contains(is, option); got != want {
			t.Errorf("%v reads that %q is ticked: %v, want %v as it is stored", u, name, got, want)
		}
	}
}

// life returns which life of the program has said a message: the how manieth.
func (t *truth) life(m sight) (n int) {
	for n < len(t.starts) && !t.starts[n].After(m.at) {
		n++
	}
	return n
}

// asked checks that somebody has read the question that fell due, once and in time, and
// that it says so if it was late; and the nudge, if one was to come.
func (t *truth) asked(u *soul, c *checkIn) {
	t.Helper()
	if c != nil && c.opened.After(t.stopped.Add(-slack)) {
		return // it may be on its way
	}
	chat := string(u.home.Person.Platform) + u.home.Chat
	first, late, nudges, seven := 0, 0, 0, 0
	for _, m := range u.sees() {
		if !t.recorded[chat][m.id] {
			continue
		}
		switch {
		case strings.HasPrefix(m.text, saysNudge):
			nudges++
		case strings.HasPrefix(m.text, saysSeven):
			seven++
		case strings.Contains(m.text, questions[u.pair.ritual][0]):
			first++
			if strings.HasPrefix(m.text, saysLate) {
				late++
			}
			if m.at.After(c.closes.Add(slack)) {
				t.Errorf("%v is asked at %v, want nothing after %v", u, m.at, c.closes)
			}
		}
	}
	wantFirst, wantLate, wantNudge := 0, 0, 0
	if c != nil && c.state != rituals.Excused {
		wantFirst = 1
		if u.pair.late {
			wantLate = 1
		}
		if u.role == reads && u.pair.ritual == "hour" && c.opened.Add(nudged+slack).Before(t.stopped) {
			wantNudge = 1
		}
	}
	if first != wantFirst && !(u.pair.night.when.byHand() && first > 0) || late != wantLate {
		t.Errorf("%v is asked %d times, %d times late, want %d and %d", u, first, late, wantFirst, wantLate)
	}
	if nudges < wantNudge || nudges > 1 {
		t.Errorf("%v is nudged %d times, want %d, or 1 at most", u, nudges, wantNudge)
	}
	if want := t.sevenIn(u.pair, c); seven != want {
		t.Errorf("%v reads of seven evenings %d times, want %d", u, seven, want)
	}
	t.prompts, t.late, t.nudges = t.prompts+wantFirst, t.late+wantLate, t.nudges+nudges
}

// sevenIn returns how often a couple is told that it has kept seven evenings.
func (t *truth) sevenIn(p *pair, c *checkIn) int {
	kept := 0
	for _, o := range p.history {
		if o.State == rituals.Kept {
			kept++
		}
	}
	if kept == 6 && c != nil && c.state == rituals.Kept && p.ritual != "talk" {
		return 1
	}
	return 0
}
