package telegram_test

import (
	"errors"
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

// A crowd is Alex and Sam in a group with a bot.
type crowd struct {
	*telegramtest.Server
	bot       *telegram.Bot
	alex, sam *telegramtest.User // in the group
	book      *botstest.Book
}

func newCrowd(t *testing.T) *crowd {
	s := telegramtest.New(token, "attune_bot")
	c := &crowd{Server: s, bot: newBot(t, s, telegram.Options{}), book: &botstest.Book{}}
	c.alex, c.sam = s.User(1001, "Alex", "en").Open().In(group), s.User(1002, "Sam", "en").Open().In(group)
	return c
}

// after returns, after some time, what was settled, in the order in which it
// happened: each as "kind people", or as "kind -" if nobody knows who can read it.
func (c *crowd) after(d time.Duration) (told []string) {
	time.Sleep(d)
	synctest.Wait()
	events := c.book.Settled()
	slices.SortFunc(events, func(a, b rituals.Event) int { return strings.Compare(a.ID, b.ID) })
	for _, e := range events {
		if e.Readers == nil {
			told = append(told, string(e.Kind)+" -")
			continue
		}
		told = append(told, string(e.Kind)+" "+e.Readers.Mark)
	}
	return told
}

// A readersRow is what people do in a group, who can read it by what the bot tells, and
// how often it was counted for that.
type readersRow struct {
	name  string
	does  func(c *crowd)
	want  []string
	calls int
}

func TestReaders(t *testing.T) {
	tests := []readersRow{
		{"are counted once for what happens within a minute", func(c *crowd) {
			c.alex.Say("/here")
			time.Sleep(30 * time.Second)
			c.sam.TapAs(0, "under what is gone")
			c.sam.Say("/here")
			time.Sleep(31 * time.Second)
			c.sam.Say("/here")
		}, []string{"wrote 2", "tapped -", "wrote 2", "wrote 2"}, 2},
		{"are counted at once when somebody comes", func(c *crowd) {
			c.alex.Say("/here")
			time.Sleep(time.Second)
			c.alex.Join(group)
			time.Sleep(time.Second)
			c.Server.User(1003, "Robin", "en").Join(group)
			time.Sleep(time.Second)
			c.alex.Say("/here")
		}, []string{"wrote 2", "changed 2", "changed 3", "wrote 3"}, 3},
		{"stay unknown where they cannot be counted", func(c *crowd) {
			c.Fail("getChatMemberCount", telegramtest.ServerError)
			c.alex.Say("/here")
		}, []string{"wrote -"}, 1},
		{"that may be others and cannot be counted are not told as none", func(c *crowd) {
			c.Fail("getChatMemberCount", telegramtest.Slow(time.Minute), telegramtest.TooMany(3))
			c.Server.User(1003, "Robin", "en").Join(group)
			time.Sleep(10 * time.Second)
			c.Server.User(1004, "Kim", "en").Join(group)
		}, nil, 2},
		{"are none once the bot is out", func(c *crowd) {
			c.Fail("getChatMemberCount", telegramtest.Refused(403, "Forbidden: bot was kicked from the supergroup chat"))
			c.Server.User(1003, "Robin", "en").Join(group)
			c.alex.Block()
		}, []string{"changed -", "changed -"}, 1},
		{"are told when the bot comes", func(c *crowd) { c.alex.Invite() }, []string{"changed 2"}, 1},
		{"are of no matter to talk", func(c *crowd) {
			c.alex.Say("Pass the salt.")
			c.alex.Say("/dice@other_bot")
			c.alex.Reply(1, "Thank you.")
			c.alex.Album("The sea.", &telegramtest.File{Kind: "photo"}, &telegramtest.File{Kind: "photo"})
		}, nil, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := newCrowd(t)
				stop := run(t, c.bot, c.book)
				synctest.Wait()
				tt.does(c)
				if got := c.after(time.Minute); !slices.Equal(got, tt.want) || c.Calls("getChatMemberCount") != tt.calls {
					t.Errorf("settled: got %q after %d counts, want %q after %d", got, c.Calls("getChatMemberCount"), tt.want, tt.calls)
				}
				if _, err := stop(); err != nil || c.Unconfirmed() != 0 {
					t.Errorf("Run: got %v and %d unconfirmed, want nil and 0", err, c.Unconfirmed())
				}
			})
		})
	}
}

// TestWhoCouldReadThen has two people change places while the bot is away. There are
// as many as before, and yet others: each event tells how many there were then.
func TestWhoCouldReadThen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCrowd(t)
		c.alex.Say("/here")
		c.sam.Leave()
		c.alex.Say("/here")
		c.Server.User(1003, "Robin", "en").Join(group)
		stop := run(t, c.bot, c.book)
		if got, want := c.after(time.Second), []string{"wrote 2", "changed 1", "wrote 1", "changed 2"}; !slices.Equal(got, want) {
			t.Errorf("settled: got %q, want %q", got, want)
		}
		stop()
	})
}

// TestTakingAwayInACrowd holds that what is not to be read by others can be taken away
// when they have come.
func TestTakingAwayInACrowd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCrowd(t)
		m := rituals.Message{To: rituals.Address{Platform: rituals.Telegram, Chat: "-100500"}, Readers: "2", Blocks: []rituals.Block{rituals.Para("For two.")}}
		id := send(t, c.bot, bots.Parcel{ID: 1, Message: m})
		robin := c.Server.User(1003, "Robin", "en").Join(group)
		var gone *bots.GoneError
		m.Edits = "first"
		if _, err := c.bot.Send(t.Context(), bots.Parcel{ID: 2, Message: m, Edits: id}); !errors.As(err, &gone) || gone.Readers == nil {
			t.Errorf("Send of a change with a third there: got %v, want it refused", err)
		}
		m.Blocks = nil
		send(t, c.bot, bots.Parcel{ID: 3, Message: m, Edits: id})
		if got := robin.Heard(); len(got) != 0 {
			t.Errorf("Robin sees: got %q, want nothing", got)
		}
	})
}

// TestFormLinks holds that a button which no link can carry is left out.
func TestFormLinks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCrowd(t)
		m := rituals.Message{To: rituals.Address{Platform: rituals.Telegram, Chat: "-100500"}, Blocks: []rituals.Block{rituals.Para("Ten minutes?")}}
		for label, action := range map[string]string{"as long": strings.Repeat("a", 45), "longer": strings.Repeat("a", 46), "empty": "", "broken": "a\xff"} {
			m.Choices = append(m.Choices, []rituals.Choice{{Label: label, Action: action, Form: true}})
		}
		send(t, c.bot, bots.Parcel{ID: 1, Message: m})
		if got := c.alex.Sees()[0].Buttons; len(got) != 1 || got[0][0].Text != "as long" || !strings.HasPrefix(got[0][0].URL, "https://t.me/attune_bot?start=") {
			t.Errorf("buttons: got %+v, want the one that fits", got)
		}
		if !c.alex.Tap("as long") {
			t.Error("Alex follows the link: got that it leads nowhere, want into the own chat")
		}
	})
}
