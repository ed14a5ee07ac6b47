package discordtest

import (
	"bytes"
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"
)

func TestFiles(t *testing.T) {
	inBubble(t, func(t *testing.T, s *Server, c *client, alex, _ *User) {
		id := alex.Speak([]byte("la la"), 3*time.Second)
		m, err := c.ChannelMessage(alex.Channel(), id)
		if err != nil || len(m.Attachments) != 1 || m.Attachments[0].DurationSecs != 3 || m.Flags&discordgo.MessageFlagsIsVoiceMessage == 0 {
			t.Fatalf("ChannelMessage: got %+v, %v, want a voice message of 3 s", m, err)
		}
		fetch := func() string {
			resp, err := c.Client.Get(m.Attachments[0].URL)
			if err != nil {
				return err.Error()
			}
			defer resp.Body.Close()
			raw, err := io.ReadAll(resp.Body)
			if err != nil || resp.StatusCode != 200 {
				return fmt.Sprint(resp.StatusCode, err)
			}
			return string(raw)
		}
		if got := fetch(); got != "la la" {
			t.Errorf("download: got %q, want la la", got)
		}
		time.Sleep(linkLife + time.Minute)
		if got := fetch(); got != "404 <nil>" {
			t.Errorf("download a day later: got %q, want 404", got)
		}
		if m, err = c.ChannelMessage(alex.Channel(), id); err != nil || fetch() != "la la" {
			t.Errorf("download from an address asked for anew: got %q, %v, want la la", fetch(), err)
		}
		s.Lose(alex.Channel(), id)
		if got := fetch(); got != "404 <nil>" {
			t.Errorf("download of what is lost: got %q, want 404", got)
		}
		for size, want := range map[int]int{1: 0, 10*megabyte + 1: 40005} {
			_, err := c.ChannelFileSend(alex.Channel(), "sea.jpg", bytes.NewReader(make([]byte, size)))
			if got := code(t, err); got != want {
				t.Errorf("a file of %d bytes: got %d, want %d", size, got, want)
			}
		}
	})
}
