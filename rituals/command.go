package rituals

// A Command is something a person can ask for by name: "/evening". One table of
// commands feeds the platforms' menus and /help.
type Command struct {
	Name  string // without the slash; the same in every language
	Names Text   // what it is called in a language, where that is not Name
	About Text   // a few words for the menu
	Takes Text   // what may follow the name, such as a code, in a few words; nil: nothing does
	Whom  Text   // whom it may name, in a few words; nil: nobody
}
