package discordtest

import (
	"testing"

	"github.com/bwmarrin/discordgo"
)

// BenchmarkBareLibrary measures what the library takes, with nothing of ours above
// it, from a person's words to the stored reply to them.
func BenchmarkBareLibrary(b *testing.B) {
	s := New(secret, app)
	alex := s.User("2001", "Alex", "en-US").Install()
	c := dial(s, discordgo.IntentDirectMessages)
	replied := make(chan error, 1)
	c.AddHandler(func(bare *discordgo.Session, m *discordgo.MessageCreate) {
		if m.Author.ID != app {
			_, err := bare.ChannelMessageSend(m.ChannelID, "noted")
			replied <- err
		}
	})
	c.SyncEvents = false
	if err := c.Open(); err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	for b.Loop() {
		alex.Say("hello")
		if err := <-replied; err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "replies/s")
}
