package discord_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/bwmarrin/discordgo"

	"attune/bots"
	"attune/bots/discord"
	"attune/bots/discord/discordtest"
	"attune/rituals"
	"time"
)

// A crowd is people who write to a bot on a server behind a socket, each waiting
// for a reply before writing again.
type crowd struct {
	server *discordtest.Server
	url    string
	people []*discordtest.User
	done   chan string // the channel that had a reply
}

func newCrowd(b *testing.B) *crowd {
	c := &crowd{server: discordtest.New(token, app), done: make(chan string, 1024)}
	web := httptest.NewServer(c.server)
	b.Cleanup(web.Close)
	c.url = web.URL
	for i := range 64 {
		c.people = append(c.people, c.server.User(fmt.Sprint(3000+i), "Sam", "en-US").Install())
	}
	return c
}

// talk waits for the bot, lets people write and each be replied to.
func (c *crowd) talk(b *testing.B) {
	home := map[string]*discordtest.User{}
	for _, u := range c.people {
		home[u.Channel()] = u
	}
	c.server.Listening()
	b.ResetTimer()
	said := 0
	for ; said < min(b.N, len(c.people)); said++ {
		c.people[said].Say("Tired, but glad you called at lunch.")
	}
	for range b.N {
		channel := <-c.done
		if said < b.N {
			home[channel].Say("Tired, but glad you called at lunch.")
			said++
		}
	}
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "replies/s")
}

// A replier replies to every event at once, as far as it concerns an adapter.
type replier struct {
	bot  *discord.Bot
	rows atomic.Int64
	done chan string
}

func (r *replier) Handle(_ context.Context, _ time.Time, e rituals.Event) (rituals.Answer, error) {
	go func() {
		m := rituals.Message{To: e.Chat, Blocks: []rituals.Block{rituals.Para("Kept.")}}
		_, err := r.bot.Send(context.Background(), bots.Parcel{ID: r.rows.Add(1), Message: m})
		if err == nil {
			r.done <- e.Chat.Chat
		}
	}()
	return rituals.Answer{}, nil
}

func (r *replier) Park(context.Context, time.Time, rituals.Event, string) error { return nil }

// BenchmarkReply is the way from an event to a reply through the adapter, without
// a host and a store.
func BenchmarkReply(b *testing.B) {
	c := newCrowd(b)
	bot, err := discord.New(discord.Options{Token: token, API: c.url})
	if err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	over := make(chan error, 1)
	go func() { over <- bot.Run(ctx, &replier{bot: bot, done: c.done}) }()
	c.talk(b)
	cancel()
	if err := <-over; err != nil {
		b.Error(err)
	}
}

// BenchmarkLibrary is the same with the library alone.
func BenchmarkLibrary(b *testing.B) {
	c := newCrowd(b)
	s, err := discord.Bare(token, c.url)
	if err != nil {
		b.Fatal(err)
	}
	s.Identify.Intents = discordgo.IntentsGuilds | discordgo.IntentsDirectMessages
	s.AddHandler(func(s *discordgo.Session, m *discordgo.MessageCreate) {
		if m.Author == nil || m.Author.Bot {
			return
		}
		if _, err := s.ChannelMessageSend(m.ChannelID, "Kept."); err == nil {
			c.done <- m.ChannelID
		}
	})
	if err := s.Open(); err != nil {
		b.Fatal(err)
	}
	c.talk(b)
	if err := s.Close(); err != nil {
		b.Error(err)
	}
}
