package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"

	"attune/bots"
	"attune/bots/discord/discordtest"
	"attune/config"
	"attune/rituals"
	"attune/store"
)

// BenchmarkDiscord is the way from what somebody writes on Discord to the reply that
// they read, on the same server behind a socket: by the whole program, which keeps it
// durably before it replies, and by the library alone, which keeps nothing. Its unit is
// one reply; "ratio" is the program's rate by that of the library replying the same,
// "to-words" by that of the library replying in words without the buttons, and
// "to-unpacked" by that of the library replying the same, but told like the program not to
// have each event packed.
func BenchmarkDiscord(b *testing.B) {
	for _, people := range []int{1, 50} {
		b.Run(fmt.Sprintf("people=%d", people), func(b *testing.B) {
			alone := talkTo(b, people, bare(reply, true))
			words := talkTo(b, people, bare(&discordgo.MessageSend{Content: reply.Content}, true))
			unpacked := talkTo(b, people, bare(reply, false))
			whole := talkTo(b, people, program)
			b.ReportMetric(alone, "library/s")
			b.ReportMetric(words, "words/s")
			b.ReportMetric(unpacked, "unpacked/s")
			b.ReportMetric(whole, "attune/s")
			b.ReportMetric(whole/alone, "ratio")
			b.ReportMetric(whole/words, "to-words")
			b.ReportMetric(whole/unpacked, "to-unpacked")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// talkTo lets people write to a bot, as many at a time as there are, the next whenever
// somebody had a reply, and returns how many replies a second there were.
func talkTo(b *testing.B, people int, bot func(b *testing.B, url string, us []*discordtest.User) (stop func())) float64 {
	b.Helper()
	server := discordtest.New(testDiscord, "1000")
	web := httptest.NewServer(server)
	defer web.Close()
	var us []*discordtest.User
	for n := range people {
		us = append(us, server.User(fmt.Sprint(3000+n), "Sam", "en-US").Install())
	}
	stop := bot(b, web.URL, us)
	defer stop()
	server.Listening()
	start := time.Now()
	said := 0
	say := func() {
		if said < b.N {
			us[said%people].Say("You called at lunch.")
			said++
		}
	}
	for range people {
		say()
	}
	for done := 0; done < b.N; {
		changed := server.Changed()
		replies := server.Calls(discordtest.SendMessage)
		for ; done < replies; done++ {
			say()
		}
		if done < b.N {
			<-changed
		}
	}
	return float64(b.N) / time.Since(start).Seconds()
}

// unpaced is a bot at whose platform there is no pace to keep.
type unpaced struct{ bots.Bot }

// program runs the whole program.
func program(b *testing.B, api string, us []*discordtest.User) func() {
	cfg := settleOn(b, (len(us)+1)/2, func(n int) rituals.Home {
		id := fmt.Sprint(3000 + n)
		if n < len(us) {
			return rituals.Home{Person: rituals.Person{Platform: rituals.Discord, ID: id}, Chat: us[n].Channel()}
		}
		return onTelegram(n)
	})
	cfg.TelegramToken, cfg.DiscordToken, cfg.DiscordAPI = config.Secret{}, config.NewSecret(testDiscord), api
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	connect := func(ctx context.Context, in house, t terminal) ([]connection, error) {
		all, err := through(wires{})(ctx, in, t)
		for i := range all {
			all[i].bot = unpaced{all[i].bot}
		}
		return all, err
	}
	go func() { done <- run(ctx, cfg, connect, nil, terminal{err: io.Discard}) }()
	return func() {
		cancel()
		if err := <-done; err != nil {
			b.Errorf("run = %v, want no error", err)
		}
		s, err := store.Open(context.Background(), cfg.Database, store.Options{})
		if err != nil {
			b.Fatal(err)
		}
		defer s.Close()
		if n := written(b, s, member(0))["You called at lunch."]; n == 0 {
			b.Error("nothing is kept")
		}
	}
}

// reply is what the program replies to words that nobody has asked for.
var reply = &discordgo.MessageSend{
	Content: "I haven't passed that on.",
	Components: []discordgo.MessageComponent{discordgo.ActionsRow{Components: []discordgo.MessageComponent{
		discordgo.Button{Label: "Send it to Sam", Style: discordgo.SecondaryButton, CustomID: "held:1000000:send|2s.0"},
		discordgo.Button{Label: "Let it go", Style: discordgo.SecondaryButton, CustomID: "held:1000000:drop|2s.1"},
	}}},
}

// bare returns what replies with discordgo alone, as its examples do; packed says whether
// it asks for packed events, as it does unless it is told not to.
func bare(with *discordgo.MessageSend, packed bool) func(*testing.B, string, []*discordtest.User) (stop func()) {
	return func(b *testing.B, api string, _ []*discordtest.User) func() {
		base, err := url.Parse(api)
		if err != nil {
			b.Fatal(err)
		}
		s, err := discordgo.New("Bot " + testDiscord)
		if err != nil {
			b.Fatal(err)
		}
		own := http.DefaultTransport.(*http.Transport).Clone()
		own.MaxIdleConnsPerHost = 64
		s.Client.Transport = rerouted{base, own}
		s.StateEnabled, s.Compress = false, packed
		s.Identify.Intents = discordgo.IntentsGuilds | discordgo.IntentsDirectMessages
		s.AddHandler(func(s *discordgo.Session, m *discordgo.MessageCreate) {
			if m.Author != nil && !m.Author.Bot {
				if _, err := s.ChannelMessageSendComplex(m.ChannelID, with); err != nil {
					b.Error(err)
				}
			}
		})
		if err := s.Open(); err != nil {
			b.Fatal(err)
		}
		return func() { _ = s.Close() }
	}
}

// rerouted sends calls to another server.
type rerouted struct {
	base *url.URL
	next http.RoundTripper
}

// RoundTrip is part of [http.RoundTripper].
func (r rerouted) RoundTrip(req *http.Request) (*http.Response, error) {
	req = req.Clone(req.Context())
	req.URL.Scheme, req.URL.Host, req.Host = r.base.Scheme, r.base.Host, ""
	return r.next.RoundTrip(req)
}
