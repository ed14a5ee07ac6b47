package telegramtest

import (
	"regexp"
	"strings"
	"unicode/utf16"
)

var commandForm = regexp.MustCompile(`^[a-z0-9_]{1,32}$`)

// Menu returns what was set for a language: "commands", one to a line as "name -
// description", those "in groups", "description" or "short_description".
func (s *Server) Menu(what, language string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.menus[what+"/"+language]
}

func (s *Server) setMyCommands(a args) (any, *apiError) {
	var list []struct {
		Command     string `json:"command"`
		Description string `json:"description"`
	}
	if e := a.decode("commands", &list); e != nil {
		return nil, e
	}
	if len(list) > 100 {
		return nil, bad("BOT_COMMANDS_TOO_MUCH")
	}
	var lines []string
	for _, c := range list {
		switch n := length(c.Description); {
		case !commandForm.MatchString(c.Command):
			return nil, bad("BOT_COMMAND_INVALID")
		case n == 0 || n > 256:
			return nil, bad("BOT_COMMAND_DESCRIPTION_INVALID")
		}
		lines = append(lines, c.Command+" - "+c.Description)
	}
	return s.keepCommands(a, strings.Join(lines, "\n"))
}

func (s *Server) deleteMyCommands(a args) (any, *apiError) { return s.keepCommands(a, "") }

// keepCommands remembers the commands of a scope.
func (s *Server) keepCommands(a args, value string) (any, *apiError) {
	var scope struct {
		Type string `json:"type"`
	}
	if e := a.decode("scope", &scope); e != nil {
		return nil, e
	}
	switch scope.Type {
	case "", "default":
		return s.keep(a, "commands", value)
	case "all_group_chats":
		return s.keep(a, "in groups", value)
	}
	return nil, bad("unsupported scope specified")
}

// text returns the method that sets a text of at most limit characters.
func (s *Server) text(name string, limit int) func(args) (any, *apiError) {
	return func(a args) (any, *apiError) {
		if length(a[name]) > limit {
			return nil, bad("%s is too long", name)
		}
		return s.keep(a, name, a[name])
	}
}

// keep remembers what was set for a language.
func (s *Server) keep(a args, what, value string) (any, *apiError) {
	language := a["language_code"]
	if language != "" && len(language) != 2 {
		return nil, bad("LANG_CODE_INVALID")
	}
	s.menus[what+"/"+language] = value
	return true, nil
}

func length(s string) int { return len(utf16.Encode([]rune(s))) }
