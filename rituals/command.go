package rituals

// A Command is something a person can ask for by name: "/evening". One table of
// commands feeds the platforms' menus and /help.
type Command struct {
	Name  string // without the slash
	About Text   // a few words for the menu
	Takes Text   // what may follow the name, such as a code, in a few words; nil: nothing does
}
