package rehearsal

import (
	"errors"
	"strconv"
	"strings"
)

// A verbRule is something that somebody does or sees. Each form but the first
// is another way to write it, mostly for "both".
type verbRule struct {
	verb  verb
	forms []string
	kind  kind
	long  bool // its text may go on over rows that are indented deeper
	parse func(l *line, rest string) error
}

// verbs are in an order in which a longer one comes before its beginning.
var verbs = []verbRule{
	{seesAgain, []string{"sees again", "see again"}, sight, true, seen},
	{sees, []string{"sees", "see"}, sight, true, seen},
	{isTold, []string{"is told", "are told"}, sight, true, seen},
	{hearsNone, []string{"hears nothing", "hear nothing"}, sight, false, alone},
	{says, []string{"says", "say"}, act, true, said},
	{tells, []string{"tells"}, act, true, told},
	{fills, []string{"fills in"}, act, true, said},
	{joins, []string{"joins"}, act, false, crowds},
	{leaves, []string{"leaves"}, act, false, crowds},
	{replies, []string{"replies to", "replies", "reply to", "reply"}, act, true, repliesTo},
	{edits, []string{"edits"}, act, true, editsTo},
	{taps, []string{"taps", "tap"}, act, false, tapped},
	{opens, []string{"opens", "open"}, act, false, opened},
	{sends, []string{"sends", "send"}, act, false, sent},
	{blocks, []string{"blocks the bot", "block the bot"}, act, false, blocked},
	{unblocks, []string{"unblocks the bot", "unblock the bot"}, act, false, alone},
	{moves, []string{"moves to another chat"}, act, false, alone},
	{loses, []string{"cannot be reached"}, act, false, alone},
	{finds, []string{"can be reached again"}, act, false, alone},
	{misses, []string{"gets the next message unconfirmed", "get the next message unconfirmed"}, act, false, alone},
}

// match cuts the verb off what somebody does.
func (v verbRule) match(s string) (rest string, ok bool) {
	for _, f := range v.forms {
		if s == f {
			return "", true
		}
		if rest, ok := strings.CutPrefix(s, f+" "); ok {
			return strings.TrimLeft(rest, " "), true
		}
	}
	return "", false
}

func verbList() string {
	var names []string
	for _, v := range verbs {
		names = append(names, v.forms[0])
	}
	return strings.Join(names, ", ")
}

func alone(l *line, rest string) error {
	if rest != "" {
		return errors.New("nothing comes after: " + string(l.verb))
	}
	return nil
}

func seen(l *line, rest string) error {
	if l.text = rest; rest == "" {
		return errors.New("write what is seen, or: hears nothing")
	}
	return nil
}

var timesSuffix = pattern(`^("(?:[^"\\]|\\.)*") (\d+) times$`)

func said(l *line, rest string) (err error) {
	if m := timesSuffix().FindStringSubmatch(rest); m != nil {
		n, err := strconv.Atoi(m[2])
		l.text = strings.Repeat(unquote(m[1]), n)
		return err
	}
	if l.text = unquote(rest); l.text == "" {
		return errors.New("write what is said")
	}
	return nil
}

// told reads in which chat of several people something is said.
func told(l *line, rest string) error {
	for _, chat := range []string{group, thread} {
		if words, ok := strings.CutPrefix(rest, chat+" "); ok {
			l.object = chat
			return said(l, strings.TrimLeft(words, " "))
		}
	}
	return errors.New("write where: tells the group /here")
}

// crowds reads which chat somebody comes into or leaves.
func crowds(l *line, rest string) error {
	rest, quietly := strings.CutSuffix(rest, " quietly")
	if quietly {
		l.text = "quietly"
	}
	if l.object = rest; rest != group && rest != thread {
		return errors.New("write: joins the group, joins the thread, or, if the platform does not tell: joins the group quietly")
	}
	return nil
}

var quoteFirst = pattern(`^("(?:[^"\\]|\\.)*")(?: +|\n)(?s:(.+))$`)

func repliesTo(l *line, rest string) error {
	m := quoteFirst().FindStringSubmatch(rest)
	if m == nil {
		return errors.New(`write how the message begins, then the words: replies "How are you" Fine`)
	}
	l.object, l.text = unquote(m[1]), unquote(m[2])
	return nil
}

func editsTo(l *line, rest string) error {
	m := quoteFirst().FindStringSubmatch(rest)
	if m == nil || !strings.HasPrefix(m[2], "to ") {
		return errors.New(`write how the old words begin, then the new: edits "Fine" to Not so fine`)
	}
	l.object, l.text = unquote(m[1]), unquote(strings.TrimLeft(m[2][3:], " "))
	return nil
}

var onSuffix = pattern(`^(.+?) +on +("(?:[^"\\]|\\.)*")(?:, (\d+) earlier)?$`)

func tapped(l *line, rest string) error {
	l.count = 1
	if one, ok := strings.CutSuffix(rest, " twice"); ok {
		rest, l.count = strings.TrimRight(one, " "), 2
	}
	for _, chat := range []string{group, thread} {
		if one, ok := strings.CutSuffix(rest, " in "+chat); ok {
			rest, l.place = strings.TrimRight(one, " "), chat
		}
	}
	if m := onSuffix().FindStringSubmatch(rest); m != nil {
		rest, l.object = m[1], unquote(m[2])
		l.earlier, _ = strconv.Atoi(m[3])
	}
	if l.text = unquote(rest); l.text == "" {
		return errors.New("write the words on the button: taps By message")
	}
	return nil
}

var linkPhrase = pattern(`^(?:the link(?: of (\pL+))?|link (\d+))$`)

func opened(l *line, rest string) error {
	m := linkPhrase().FindStringSubmatch(rest)
	if m == nil {
		return errors.New("write: opens the link, opens the link of Alex, or for an older one: opens link 1")
	}
	l.object = m[1]
	if m[2] != "" {
		n, err := strconv.Atoi(m[2])
		l.count = n
		return err
	}
	return nil
}

func blocked(l *line, rest string) error {
	if l.text = rest; rest != "" && rest != "quietly" {
		return errors.New("write: blocks the bot, or, if the platform tells only when a message comes: blocks the bot quietly")
	}
	return nil
}

// unquote returns what a text in Go's quotes stands for, and any other as it is.
func unquote(s string) string {
	if strings.HasPrefix(s, `"`) {
		if t, err := strconv.Unquote(s); err == nil {
			return t
		}
	}
	return s
}
