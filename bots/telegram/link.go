package telegram

import (
	"encoding/base64"
	"net/url"
	"strings"
	"unicode/utf8"
)

// link returns the address that opens a chat with the bot and hands it a code.
func link(bot, code string) string {
	return "https://t.me/" + bot + "?start=" + url.QueryEscape(code)
}

// A link that leads from a group into one's own chat with the bot carries an action.
const (
	actMark   = "do-"
	codeChars = 22 // of an invitation's code
	mostLead  = 45 // bytes of an action that fit into a link
)

// payload returns an action as a link carries it. It never has the length of an
// invitation's code, so that neither can be taken for the other.
func payload(action string) string {
	p := actMark + base64.RawURLEncoding.EncodeToString([]byte(action))
	if len(p) == codeChars {
		p = actMark + "-" + p[len(actMark):] // no action begins with a byte that would look so
	}
	return p
}

// led returns the action that a link has carried.
func led(p string) (action string, ok bool) {
	rest, ok := strings.CutPrefix(p, actMark)
	if !ok || len(p) == codeChars {
		return "", false
	}
	raw, err := base64.RawURLEncoding.DecodeString(strings.TrimPrefix(rest, "-"))
	return string(raw), err == nil && len(raw) > 0 && utf8.Valid(raw)
}
