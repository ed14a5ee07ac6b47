package discordtest

import (
	"testing"
	"time"
)

// TestEditedOnce shows that a message was edited when it was, however often it is read.
func TestEditedOnce(t *testing.T) {
	inBubble(t, func(t *testing.T, _ *Server, c *client, alex, _ *User) {
		id := alex.Say("tea?")
		time.Sleep(time.Minute)
		alex.Edit(id, "tea")
		then := time.Now()
		m, err := c.ChannelMessageSend(alex.Channel(), "noted")
		if err != nil || m.EditedTimestamp != nil {
			t.Fatalf("ChannelMessageSend: got %+v, %v, want what was never edited", m, err)
		}
		if _, err := c.ChannelMessageEdit(alex.Channel(), m.ID, "kept"); err != nil {
			t.Fatal(err)
		}
		for range 3 {
			time.Sleep(time.Hour)
			for _, id := range []string{id, m.ID} {
				got, err := c.ChannelMessage(alex.Channel(), id)
				if err != nil || got.EditedTimestamp == nil || !got.EditedTimestamp.Equal(then) || id != m.ID && !got.Timestamp.Equal(then.Add(-time.Minute)) {
					t.Errorf("ChannelMessage: got %+v, %v, want it edited at %v", got, err, then)
				}
			}
		}
	})
}
