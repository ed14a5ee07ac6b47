package telegram_test

import (
	"log/slog"
	"strconv"
	"strings"
	"testing"

	"attune/bots"
	"attune/bots/botstest"
	"attune/bots/telegram"
	"attune/bots/telegram/telegramtest"
	"attune/rituals"
)

const token = "1000:secret-Of_the_bot"

func TestConformance(t *testing.T) {
	botstest.Test(t, func(t *testing.T) botstest.World { return newWorld(t) })
}

// A world is the fake server with one bot, seen as the suite wants it.
type world struct {
	t      *testing.T
	server *telegramtest.Server
	bot    *telegram.Bot
	people int64
}

func newWorld(t *testing.T) *world {
	w := &world{t: t, server: telegramtest.New(token, "attune_bot")}
	w.Restart()
	return w
}

// newBot returns a bot that talks to a server in this process.
func newBot(t testing.TB, s *telegramtest.Server, o telegram.Options) *telegram.Bot {
	t.Helper()
	o.Token, o.Transport = token, s.Transport()
	if o.Log == nil {
		o.Log = slog.New(slog.NewTextHandler(t.Output(), nil))
	}
	b, err := telegram.New(o)
	if err != nil {
		t.Fatalf("New: got %v, want a bot", err)
	}
	return b
}

func (w *world) Bot() bots.Bot { return w.bot }
func (w *world) Restart()      { w.bot = newBot(w.t, w.server, telegram.Options{}) }
func (w *world) CutBefore()    { w.server.Fail("sendMessage", telegramtest.CutBefore) }
func (w *world) CutAfter()     { w.server.Fail("sendMessage", telegramtest.CutAfter) }

// Why gives no reasons: Telegram can do all that the suite asks for.
func (w *world) Why(string) string { return "" }

// Shown leaves zero bytes out, as the bot does because Telegram would refuse them.
func (w *world) Shown(text string) string { return strings.ReplaceAll(text, "\x00", "") }

func (w *world) Join(name string) botstest.Someone {
	w.people++
	return someone{w.server.User(1000+w.people, name, "en").Open()}
}

// A someone is a user of the fake server as the suite wants it.
type someone struct{ *telegramtest.User }

func (s someone) Person() rituals.Person {
	return rituals.Person{Platform: rituals.Telegram, ID: strconv.FormatInt(s.ID(), 10)}
}

func (s someone) Chat() rituals.Address {
	return rituals.Address{Platform: rituals.Telegram, Chat: strconv.FormatInt(s.ID(), 10)}
}

func (s someone) Write(text string) string     { return strconv.Itoa(s.Say(text)) }
func (s someone) Tap(id, label string)         { s.TapOn(last(id), label) }
func (s someone) Edit(id, text string)         { s.User.Edit(last(id), text) }
func (s someone) Reply(to, text string) string { return strconv.Itoa(s.User.Reply(last(to), text)) }
func (s someone) React(id, emoji string)       { s.User.React(last(id), emoji) }
func (s someone) Picture() {
	s.Attach("", &telegramtest.File{Kind: "photo", Data: []byte("waves")})
}

func (s someone) Sees() (sights []botstest.Sight) {
	for _, m := range s.User.Sees() {
		if m.From != 0 {
			continue
		}
		sight := botstest.Sight{ID: strconv.Itoa(m.ID), Text: m.Text}
		for _, row := range m.Buttons {
			for _, b := range row {
				sight.Buttons = append(sight.Buttons, b.Text)
			}
		}
		sights = append(sights, sight)
	}
	return sights
}

// last returns the number of the last part of a message.
func last(id string) int {
	n, err := strconv.Atoi(id[strings.LastIndex(id, ",")+1:])
	if err != nil {
		panic("not an id: " + id)
	}
	return n
}
