package telegram_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"attune/bots"
	"attune/bots/botstest"
	"attune/bots/telegram"
	"attune/bots/telegram/telegramtest"
	"attune/rituals"
)

// A group is the chat of the two in these tests.
const group = -100500

// TestGroup lets two people and then a third be in a group with the bot.
func TestGroup(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := telegramtest.New(token, "attune_bot")
		alex, sam := server.User(1001, "Alex", "en").Open(), server.User(1002, "Sam", "en").Open()
		alex.In(group)
		sam.In(group)
		var book botstest.Book
		b := newBot(t, server, telegram.Options{})
		stop := run(t, b, &book)
		last := func() rituals.Event {
			time.Sleep(2 * time.Second)
			synctest.Wait()
			events := book.Settled()
			if len(events) == 0 {
				t.Fatal("settled: got nothing, want an event")
			}
			return events[len(events)-1]
		}
		alex.In(group).Say("What's for dinner?")
		alex.In(group).Say("/here@attune_bot")
		e := last()
		if n := len(book.Settled()); n != 1 || e.Text != "/here" || e.Private || e.Aside || e.Home != (someone{alex}).Chat() {
			t.Errorf("events: got %d, the last %+v, want the command alone", n, e)
		}
		if r := e.Readers; r == nil || r.Kind != rituals.Group || r.People != 2 || r.Mark == "" || r.Name == "" {
			t.Fatalf("readers: got %+v, want the two", r)
		}
		m := rituals.Message{To: e.Chat, Readers: e.Readers.Mark, Blocks: []rituals.Block{rituals.Para("Ten minutes?")},
			Choices: [][]rituals.Choice{{{Label: "Answer", Action: "form:abc:way:message", Form: true}, {Label: "Later", Action: "answer:abc:way:later"}}}}
		send(t, b, bots.Parcel{ID: 1, Message: m})
		if !sam.In(group).Tap("Answer") {
			t.Fatal("Sam has no button to answer, want one")
		}
		if e := last(); e.Kind != rituals.Tapped || e.Action != "form:abc:way:message" || !e.Private || e.Chat != (someone{sam}).Chat() {
			t.Errorf("event: got %+v, want the tap in Sam's own chat", e)
		}
		sam.In(group).Tap("Later")
		if e := last(); e.Action != "answer:abc:way:later" || e.Private || e.Readers == nil {
			t.Errorf("event: got %+v, want the tap in the group", e)
		}
		robin := server.User(1003, "Robin", "en").Join(group)
		if e := last(); e.Kind != rituals.Changed || e.Chat.Chat != "-100500" || e.Readers == nil || e.Readers.People != 3 {
			t.Errorf("event: got %+v, want that three can read the group", e)
		}
		var gone *bots.GoneError
		if _, err := b.Send(t.Context(), bots.Parcel{ID: 2, Message: m}); !errors.As(err, &gone) || gone.Readers == nil || gone.Readers.People != 3 || gone.Chat {
			t.Errorf("Send with a third in the group: got %v, want it refused with three", err)
		}
		robin.Leave()
		if e := last(); e.Kind != rituals.Changed || e.Readers == nil || e.Readers.People != 2 {
			t.Errorf("event: got %+v, want that two can read the group", e)
		}
		send(t, b, bots.Parcel{ID: 3, Message: m})
		alex.In(group).Block()
		if e := last(); e.Kind != rituals.Changed || e.Readers != nil {
			t.Errorf("event: got %+v, want that the bot is out", e)
		}
		stop()
	})
}

// TestFormInAPrivateChat holds that what opens a form elsewhere is a tap there.
func TestFormInAPrivateChat(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := telegramtest.New(token, "attune_bot")
		alex := server.User(1001, "Alex", "en").Open()
		b := newBot(t, server, telegram.Options{})
		m := to(alex, "Ten minutes?")
		m.Choices = [][]rituals.Choice{{{Label: "Answer", Action: strings.Repeat("a", 64), Form: true}}}
		send(t, b, bots.Parcel{ID: 1, Message: m})
		if got := alex.Sees()[0].Buttons[0][0]; got.Data != strings.Repeat("a", 64) || got.URL != "" {
			t.Errorf("button: got %+v, want a tap", got)
		}
	})
}

// TestMedia takes in what Alex sends, opens it, and shows it to Sam beside what comes
// from elsewhere.
func TestMedia(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := telegramtest.New(token, "attune_bot")
		alex, sam := server.User(1001, "Alex", "en").Open(), server.User(1002, "Sam", "en").Open()
		var log notebook
		var book botstest.Book
		b := newBot(t, server, telegram.Options{Log: log.log(), Files: func(context.Context, rituals.Media) (io.ReadCloser, error) {
			return io.NopCloser(strings.NewReader("waves")), nil
		}})
		stop := run(t, b, &book)
		alex.Attach("The sea.", &telegramtest.File{Kind: "photo", Data: []byte("waves at night")})
		alex.Attach("", &telegramtest.File{Kind: "voice", Type: "audio/ogg", Data: []byte("hm")})
		time.Sleep(time.Second)
		synctest.Wait()
		events := book.Settled()
		if len(events) != 2 || events[0].Text != "The sea." || len(events[0].Media) != 1 || len(events[1].Media) != 1 {
			t.Fatalf("events: got %+v, want a picture with words and a voice message", events)
		}
		picture, voice := events[0].Media[0], events[1].Media[0]
		r, err := b.Open(t.Context(), picture)
		if err != nil {
			t.Fatalf("Open: got %v, want nil", err)
		}
		if data, _ := io.ReadAll(r); string(data) != "waves at night" {
			t.Errorf("Open: got %q, want what was sent", data)
		}
		r.Close()
		elsewhere := rituals.Media{Kind: rituals.Voice, Platform: rituals.Discord, File: "1/2/3", Type: "audio/ogg"}
		for i, m := range []rituals.Media{picture, voice, elsewhere} {
			send(t, b, bots.Parcel{ID: int64(i + 1), Message: carried(sam, m)})
			time.Sleep(2 * time.Second)
		}
		want := []string{"photo | Alex:", "voice | Alex:", "voice voice.ogg| Alex:"}
		if got := seen(sam); !slices.Equal(got, want) || string(sam.Sees()[2].File.Data) != "waves" {
			t.Errorf("Sam sees: got %q, want %q, the last under a name of ours", got, want)
		}
		if name := alexSends(alex, &book, &telegramtest.File{Kind: "photo", Size: 30 << 20}); name != "" {
			t.Errorf("a photo of which no size can be fetched: got %q, want that it is none", name)
		}
		if _, err := stop(); err != nil {
			t.Errorf("Run: got %v, want nil", err)
		}
		if strings.Contains(log.String(), token) {
			t.Error("the log shows the token")
		}
	})
}

// TestMediaGone holds that words stand in the place of what is gone, and that what
// cannot be had just now is tried again.
func TestMediaGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := telegramtest.New(token, "attune_bot")
		alex, sam := server.User(1001, "Alex", "en").Open(), server.User(1002, "Sam", "en").Open()
		var fail error
		var book botstest.Book
		b := newBot(t, server, telegram.Options{Files: func(context.Context, rituals.Media) (io.ReadCloser, error) { return nil, fail }})
		stop := run(t, b, &book)
		sea := &telegramtest.File{Kind: "photo"}
		alex.Attach("", sea)
		synctest.Wait()
		server.Lose(sea)
		fail = &bots.GoneError{Chat: true, Err: errors.New("gone")}
		elsewhere := rituals.Media{Kind: rituals.Voice, Platform: rituals.Discord, File: "1/2/3", Type: "audio/ogg"}
		send(t, b, bots.Parcel{ID: 1, Message: carried(sam, book.Settled()[0].Media[0])})
		send(t, b, bots.Parcel{ID: 2, Message: carried(sam, elsewhere)})
		if got, want := seen(sam), []string{"It belongs here.", "It belongs here."}; !slices.Equal(got, want) {
			t.Errorf("Sam sees: got %q, want %q", got, want)
		}
		fail = &bots.RetryError{After: time.Second, All: true, Err: errors.New("later")}
		var retry *bots.RetryError
		if _, err := b.Send(t.Context(), bots.Parcel{ID: 3, Message: carried(sam, elsewhere)}); !errors.As(err, &retry) || retry.After != time.Second || retry.All {
			t.Errorf("Send of what another platform does not give just now: got %v, want to try this alone again", err)
		}
		stop()
	})
}

// alexSends returns the name of the file that a bot finds in what Alex sends.
func alexSends(alex *telegramtest.User, book *botstest.Book, f *telegramtest.File) string {
	before := len(book.Settled())
	alex.Attach("", f)
	time.Sleep(time.Second)
	synctest.Wait()
	if m := book.Settled()[before].Media; len(m) > 0 && m[0].Size == f.Size {
		return m[0].File
	}
	return ""
}

func TestScan(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := telegramtest.New(token, "attune_bot")
		alex := server.User(1001, "Alex", "en").Open()
		b := newBot(t, server, telegram.Options{})
		m := to(alex, "This link is for the one you'd like to share it with.")
		m.Blocks = append(m.Blocks, rituals.Block{Kind: rituals.Link, Text: "the-code"}, rituals.Block{Kind: rituals.Scan, Text: "the-code"})
		m.Choices = [][]rituals.Choice{{{Label: "Withdraw it", Action: "invite:withdraw"}}}
		id := send(t, b, bots.Parcel{ID: 1, Message: m})
		sees := alex.Sees()
		if len(sees) != 1 || sees[0].File == nil || !bytes.HasPrefix(sees[0].File.Data, []byte("\x89PNG")) || !strings.Contains(sees[0].Text, "?start=the-code") || len(sees[0].Buttons) != 1 {
			t.Fatalf("Alex sees: got %+v, want one picture with the words and the button", sees)
		}
		if got := b.Link("x"); got != "https://t.me/attune_bot?start=x" {
			t.Errorf("Link: got %q, want the bot's", got)
		}
		m.Edits = "invite"
		m.Blocks[0] = rituals.Para("The link no longer works.")
		send(t, b, bots.Parcel{ID: 2, Message: m, Edits: id})
		if sees := alex.Sees(); len(sees) != 1 || !strings.HasPrefix(sees[0].Text, "The link no longer works.") {
			t.Errorf("Alex sees: got %+v, want the same picture with other words", sees)
		}
		m.Edits = ""
		m.Blocks[0] = rituals.Para(strings.Repeat("long ", 300))
		time.Sleep(2 * time.Second)
		send(t, b, bots.Parcel{ID: 3, Message: m})
		if sees := alex.Sees(); len(sees) != 3 || sees[1].File == nil || sees[2].File != nil || len(sees[2].Buttons) != 1 {
			t.Errorf("Alex sees: got %d messages, want the picture, and the long words below it", len(sees))
		}
	})
}
