package discord_test

import (
	"context"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"attune/bots"
	"attune/bots/botstest"
	"attune/bots/discord"
	"attune/bots/discord/discordtest"
	"attune/rituals"
)

const (
	token = "secret.Of-the.bot"
	app   = "1000"
)

func TestConformance(t *testing.T) {
	botstest.Test(t, func(t *testing.T) botstest.World { return newWorld(t) })
}

// A world is the fake server with one bot, seen as the suite wants it.
type world struct {
	t       *testing.T
	server  *discordtest.Server
	guild   *discordtest.Guild
	cursors *cursors
	bot     *discord.Bot
	people  int
}

func newWorld(t *testing.T) *world {
	w := &world{t: t, server: discordtest.New(token, app), cursors: &cursors{values: map[string]string{}}}
	w.guild = w.server.Guild("500", "The two of them")
	w.Restart()
	return w
}

// newBot returns a bot that talks to a server in this process.
func newBot(t testing.TB, s *discordtest.Server, o discord.Options) *discord.Bot {
	t.Helper()
	o.Token, o.Transport, o.Dial = token, s.Transport(), s.Dial
	if o.Log == nil {
		o.Log = slog.New(slog.NewTextHandler(t.Output(), nil))
	}
	b, err := discord.New(o)
	if err != nil {
		t.Fatalf("New: got %v, want a bot", err)
	}
	return b
}

func (w *world) Bot() bots.Bot { return w.bot }
func (w *world) Restart()      { w.bot = newBot(w.t, w.server, discord.Options{Cursors: w.cursors}) }
func (w *world) CutBefore()    { w.server.Fail(discordtest.SendMessage, discordtest.CutBefore) }
func (w *world) CutAfter()     { w.server.Fail(discordtest.SendMessage, discordtest.CutAfter) }

func (w *world) Why(ability string) string {
	if ability == "Reactor" {
		return "the bot has not asked to hear of reactions"
	}
	return ""
}

// Shown leaves zero bytes out, and a byte order mark at the ends of words.
func (w *world) Shown(text string) string { return strings.ReplaceAll(text, "\x00", "") }

// Join returns somebody who has written to the bot before: Discord tells a bot of
// direct messages only when something is written there.
func (w *world) Join(name string) botstest.Someone {
	w.people++
	u := w.server.User(strconv.Itoa(2000+w.people), name, "en-US")
	w.guild.Join(u)
	w.cursors.know(u.Channel())
	return someone{u}
}

// A someone is a user of the fake server as the suite wants it.
type someone struct{ *discordtest.User }

func (s someone) Person() rituals.Person {
	return rituals.Person{Platform: rituals.Discord, ID: s.ID()}
}

func (s someone) Chat() rituals.Address {
	return rituals.Address{Platform: rituals.Discord, Chat: s.Channel()}
}

func (s someone) Write(text string) string     { return s.Say(text) }
func (s someone) Tap(id, label string)         { s.PressOn(last(id), label) }
func (s someone) Reply(to, text string) string { return s.User.Reply(last(to), text) }
func (s someone) Picture()                     { s.Attach("", &discordtest.File{Name: "sea.jpg", Type: "image/jpeg"}) }
func (s someone) Block()                       { s.CloseDMs() }
func (s someone) Unblock()                     { s.OpenDMs() }

func (s someone) Sees() (sights []botstest.Sight) {
	for _, m := range s.User.Sees() {
		if m.From == app && m.Only == "" {
			sights = append(sights, botstest.Sight{ID: m.ID, Text: read(m.Content), Buttons: m.Buttons()})
		}
	}
	return sights
}

func (s someone) Toasts() (toasts []string) {
	for _, m := range s.User.Sees() {
		if m.Only != "" {
			toasts = append(toasts, read(m.Content))
		}
	}
	return toasts
}

// Edit takes a moment: what was written and changed while the bot was away is heard
// as it is in the end.
func (s someone) Edit(id, text string) {
	time.Sleep(5 * time.Second)
	s.User.Edit(last(id), text)
}

// last returns the id of the last part of a message.
func last(id string) string { return id[strings.LastIndex(id, ",")+1:] }

// read returns what a reader sees of markup: quotes and bold words are set apart by
// more than letters, and a backslash only says that the next letter is one.
func read(markup string) string {
	var s strings.Builder
	for i, line := range strings.Split(markup, "\n") {
		if i > 0 {
			s.WriteByte('\n')
		}
		line = strings.TrimPrefix(line, "> ")
		for j := 0; j < len(line); j++ {
			switch {
			case line[j] == '\\' && j+1 < len(line):
				j++
				s.WriteByte(line[j])
			case line[j] == '`', strings.HasPrefix(line[j:], "**"):
				if line[j] == '*' {
					j++
				}
			default:
				s.WriteByte(line[j])
			}
		}
	}
	return s.String()
}

// Cursors remember in memory what outlives a bot.
type cursors struct {
	mu     sync.Mutex
	values map[string]string
	writes int
}

func (c *cursors) Cursor(_ context.Context, _ rituals.Platform, name string) (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.values[name], nil
}

func (c *cursors) SetCursor(_ context.Context, _ rituals.Platform, name, value string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.values[name] = value
	c.writes++
	return nil
}

// know writes down that a channel was settled up to its beginning.
func (c *cursors) know(channel string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.values["seen/"+channel] = "1"
	c.values["channels/0"] = strings.TrimPrefix(c.values["channels/0"]+","+channel, ",")
}
