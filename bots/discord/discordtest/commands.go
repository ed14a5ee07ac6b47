package discordtest

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// A Command is a slash command.
type Command struct {
	ID           string            `json:"id"`
	App          string            `json:"application_id"`
	Version      string            `json:"version"`
	Type         int               `json:"type"`
	Name         string            `json:"name"`
	Names        map[string]string `json:"name_localizations"`
	Description  string            `json:"description"`
	Descriptions map[string]string `json:"description_localizations"`
	Options      []CommandOption   `json:"options,omitempty"`
	Contexts     []int             `json:"contexts"`          // 0 guild, 1 direct messages with the bot, 2 others
	Installs     []int             `json:"integration_types"` // 0 guild, 1 person
}

// A CommandOption is what can be said with a command.
type CommandOption struct {
	Type         int               `json:"type"` // 3 words, 4 integer, 5 truth, 6 person
	Name         string            `json:"name"`
	Names        map[string]string `json:"name_localizations,omitempty"`
	Description  string            `json:"description"`
	Descriptions map[string]string `json:"description_localizations,omitempty"`
	Required     bool              `json:"required,omitempty"`
	Choices      []struct {
		Name  string `json:"name"`
		Value any    `json:"value"`
	} `json:"choices,omitempty"`
	MinLength *int `json:"min_length,omitempty"`
	MaxLength *int `json:"max_length,omitempty"`
}

const optionUser = 6

var commandName = regexp.MustCompile(`^[-_'\p{L}\p{N}]{1,32}$`)

// locales are the languages that Discord has.
var locales = strings.Fields("id da de en-GB en-US es-ES es-419 fr hr it lt hu nl no pl pt-BR ro fi sv-SE vi tr cs el bg ru uk hi th zh-CN ja zh-TW ko")

// Commands returns the commands of a guild, or those that are everywhere, of "".
func (s *Server) Commands(guild string) []Command {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.commands[guild])
}

func (s *Server) getCommands(q *request) (any, *apiError) {
	return append([]Command{}, s.commands[q.path("guild")]...), nil
}

// setCommands puts a list of commands in place of the one that there is.
func (s *Server) setCommands(q *request) (any, *apiError) {
	if q.path("app") != s.app {
		return nil, &apiError{status: 403, code: 20012, text: "You are not authorized to perform this action on this application"}
	}
	var list []Command
	if e := q.decode("", &list); e != nil {
		return nil, e
	}
	if len(list) > 100 {
		return nil, &apiError{status: 400, code: 30032, text: "Maximum number of application commands reached (100)"}
	}
	seen := taken{}
	for i := range list {
		c := &list[i]
		if c.Type == 0 {
			c.Type = 1
		}
		if e := c.check(fmt.Sprint(i)); e != nil {
			return nil, e
		}
		if !seen.take(c.Name, c.Names) {
			return nil, invalid(fmt.Sprint(i), "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique")
		}
		c.ID, c.App, c.Version = s.id(), s.app, s.id()
		for _, old := range s.commands[q.path("guild")] {
			if old.Name == c.Name {
				c.ID = old.ID
			}
		}
	}
	s.commands[q.path("guild")] = list
	return append([]Command{}, list...), nil
}

// check refuses a command that is not well-formed.
func (c *Command) check(at string) *apiError {
	sum := utf8.RuneCountInString(c.Name + c.Description)
	if c.Type != 1 {
		return invalid(at+".type", "BASE_TYPE_CHOICES", "This server knows slash commands only: {1}.")
	}
	if e := check(at, c.Name, c.Description, c.Names, c.Descriptions); e != nil {
		return e
	}
	for _, n := range append(slices.Clone(c.Contexts), c.Installs...) {
		if n < 0 || n > 2 {
			return invalid(at+".contexts", "BASE_TYPE_CHOICES", "Value must be one of {0, 1, 2}.")
		}
	}
	if len(c.Options) > 25 {
		return invalid(at+".options", "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
	}
	optional := false
	seen := taken{}
	for i, o := range c.Options {
		in := fmt.Sprintf("%s.options.%d", at, i)
		if e := check(in, o.Name, o.Description, o.Names, o.Descriptions); e != nil {
			return e
		}
		switch {
		case o.Type < 1 || o.Type > 11:
			return invalid(in+".type", "BASE_TYPE_CHOICES", "Value must be one of {1, …, 11}.")
		case o.Required && optional:
			return invalid(in, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", "Required options must be placed before non-required options")
		case !seen.take(o.Name, o.Names):
			return invalid(in, "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", "Option name already exists")
		case len(o.Choices) > 25:
			return invalid(in+".choices", "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
		}
		optional = optional || !o.Required
		sum += utf8.RuneCountInString(o.Name + o.Description)
	}
	if sum > 8000 {
		return invalid(at, "APPLICATION_COMMAND_TOO_LARGE", "Command exceeds maximum size (8000)")
	}
	return nil
}

// A taken holds the names that stand in a menu, by language; "" is where a name is not
// translated.
type taken map[string]map[string]bool

// take adds a name in all languages, and reports whether it was free in each.
func (t taken) take(name string, names map[string]string) bool {
	free := true
	for _, l := range append([]string{""}, locales...) {
		shown := name
		if n, ok := names[l]; ok {
			shown = n
		}
		if t[l] == nil {
			t[l] = map[string]bool{}
		}
		free = free && !t[l][shown]
		t[l][shown] = true
	}
	return free
}

// check refuses a name or a description, or one in another language.
func check(at, name, description string, names, descriptions map[string]string) *apiError {
	all := map[string]string{".name": name}
	for l, n := range names {
		if !slices.Contains(locales, l) {
			return invalid(at+".name_localizations", "BASE_TYPE_CHOICES", "There is no locale "+l)
		}
		all[".name_localizations."+l] = n
	}
	for field, n := range all {
		if !commandName.MatchString(n) || strings.ToLower(n) != n {
			return invalid(at+field, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")
		}
	}
	all = map[string]string{".description": description}
	for l, d := range descriptions {
		if !slices.Contains(locales, l) {
			return invalid(at+".description_localizations", "BASE_TYPE_CHOICES", "There is no locale "+l)
		}
		all[".description_localizations."+l] = d
	}
	for field, d := range all {
		if n := utf8.RuneCountInString(d); n == 0 || n > 100 {
			return invalid(at+field, "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.")
		}
	}
	return nil
}
