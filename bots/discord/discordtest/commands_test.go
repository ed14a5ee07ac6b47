package discordtest

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/bwmarrin/discordgo"
)

// TestNamesRefused holds names and descriptions of commands to what Discord takes.
func TestNamesRefused(t *testing.T) {
	a := func(n int) string { return strings.Repeat("ü", n) }
	command := func(name, more string) string {
		return fmt.Sprintf(`{"name":%q,"description":"a"%s}`, name, more)
	}
	german := func(name string) string { return fmt.Sprintf(`,"name_localizations":{"de":%q}`, name) }
	about := func(text string) string { return fmt.Sprintf(`,"description_localizations":{"de":%q}`, text) }
	option := func(name, more string) string {
		return fmt.Sprintf(`,"options":[{"type":6,"name":%q,"description":"a"%s}]`, name, more)
	}
	tests := []struct {
		name, body string
		want       int
	}{
		{"a name", command("start", german("anfangen")), 0},
		{"as long as may be", command(a(32), german(a(32))+about(a(100))), 0},
		{"a name too long", command(a(33), ""), 50035},
		{"a German name too long", command("start", german(a(33))), 50035},
		{"a German name in capitals", command("start", german("Anfangen")), 50035},
		{"a German name in two words", command("start", german("jetzt anfangen")), 50035},
		{"an empty German name", command("start", german("")), 50035},
		{"a German description too long", command("start", about(a(101))), 50035},
		{"an empty German description", command("start", about("")), 50035},
		{"a description in no language", command("start", `,"description_localizations":{"xx":"a"}`), 50035},
		{"two of one German name", command("start", german("los")) + "," + command("begin", german("los")), 50035},
		{"a German name that is another's own", command("start", "") + "," + command("begin", german("start")), 50035},
		{"two that change their names", command("start", german("begin")) + "," + command("begin", german("start")), 0},
		{"a person to name", command("start", option("partner", german("wer")+about(a(100)))), 0},
		{"a person in capitals", command("start", option("Partner", "")), 50035},
		{"a person in German capitals", command("start", option("partner", german("Wer"))), 50035},
		{"a person described at too great a length", command("start", option("partner", about(a(101)))), 50035},
		{"two options of one German name", command("start", `,"options":[{"type":6,"name":"a","description":"a"`+german("los")+`},{"type":6,"name":"b","description":"a"`+german("los")+`}]`), 50035},
	}
	s := New(secret, app)
	for _, tt := range tests {
		if _, got := ask(t, s.Transport(), "Bot "+secret, http.MethodPut, api+"/applications/1000/commands", "["+tt.body+"]"); got != tt.want {
			t.Errorf("%s: got %d, want %d", tt.name, got, tt.want)
		}
	}
}

// TestNamed runs a command that names somebody, in German and in English.
func TestNamed(t *testing.T) {
	tests := []struct {
		name, command, option string
		private               bool
		there                 bool // whom it names is in the guild
		want                  string
	}{
		{"in English", "start", "partner", false, true, "start partner=2003 Robin, known as Bob"},
		{"in German", "anfangen", "wer", false, true, "start partner=2003 Robin, known as Bob"},
		{"somebody who is not in the guild", "start", "partner", false, false, "start partner=2003 Robin"},
		{"in direct messages", "anfangen", "wer", true, true, "start partner=2003 Robin"},
		{"nobody", "anfangen", "", false, true, "start"},
		{"in a language of others", "commencer", "wer", false, true, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, s *Server, c *client, _, sam *User) {
				german := map[discordgo.Locale]string{discordgo.German: "anfangen", discordgo.French: "commencer"}
				_, err := c.ApplicationCommandBulkOverwrite(app, "", []*discordgo.ApplicationCommand{{
					Name: "start", Description: "Begin", NameLocalizations: &german,
					Options: []*discordgo.ApplicationCommandOption{{
						Type: discordgo.ApplicationCommandOptionUser, Name: "partner", Description: "Who",
						NameLocalizations: map[discordgo.Locale]string{discordgo.German: "wer"},
					}},
				}})
				if err != nil {
					t.Fatal(err)
				}
				robin := s.User("2003", "Robin", "en-US")
				if g := s.Guild("3000", "Home"); tt.there {
					g.Join(robin)
					g.Call(robin, "Bob")
				}
				if !tt.private {
					sam = sam.In("3001")
				}
				options := map[string]any{}
				if tt.option != "" {
					options[tt.option] = robin
				}
				got := ""
				if sam.Run(tt.command, options) != nil {
					got = toldOf(c.last(t).ApplicationCommandData())
				}
				if got != tt.want {
					t.Errorf("command: got %q, want %q", got, tt.want)
				}
			})
		})
	}
}

// toldOf returns a command with whom it names, as the bot is told.
func toldOf(data discordgo.ApplicationCommandInteractionData) string {
	text := data.Name
	for _, o := range data.Options {
		id := o.UserValue(nil).ID
		text += fmt.Sprintf(" %s=%s", o.Name, id)
		if u := data.Resolved.Users[id]; u != nil {
			text += " " + u.GlobalName
		}
		if m := data.Resolved.Members[id]; m != nil {
			text += ", known as " + m.Nick
		}
	}
	return text
}
