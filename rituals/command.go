package rituals

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Command is something a person can ask for by name: "/evening". One table of
// commands feeds the platforms' menus and /help.
type Command struct {
	Name  string // without the slash; the same in every language
	Names Text   // what it is called in a language, where that is not Name
	About Text   // a few words for the menu
	Takes Text   // what may follow the name, such as a code, in a few words; nil: nothing does
	Whom  Text   // whom it may name, in a few words; nil: nobody
}

const maxCommandName = 32 // characters, as on Telegram and Discord

// IsCommand reports whether a word can be what a command is called in a language: small
// letters and digits of any script, and _.
func IsCommand(name string) bool {
	// A regular expression that counts letters of all scripts holds 0.7 MB for good.
	return name != "" && utf8.RuneCountInString(name) <= maxCommandName && name == strings.ToLower(name) &&
		!strings.ContainsFunc(name, func(r rune) bool { return r != '_' && !unicode.IsLetter(r) && !unicode.IsNumber(r) })
}
