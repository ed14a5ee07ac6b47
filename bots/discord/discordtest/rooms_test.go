package discordtest

import (
	"bytes"
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"
)

func TestThreads(t *testing.T) {
	inBubble(t, func(t *testing.T, s *Server, c *client, alex, sam *User) {
		robin := s.User("2003", "Robin", "en-US")
		g := s.Guild("3000", "Home", robin)
		g.Private("3005", "ours", alex, sam)
		thread, err := c.ThreadStartComplex("3001", &discordgo.ThreadStart{Name: "ours", Type: discordgo.ChannelTypeGuildPrivateThread, AutoArchiveDuration: 10080})
		if err != nil {
			t.Fatalf("ThreadStartComplex: %v", err)
		}
		for _, u := range []*User{alex, sam} {
			if err := c.ThreadMemberAdd(thread.ID, u.ID()); err != nil {
				t.Fatalf("ThreadMemberAdd: %v", err)
			}
		}
		if _, err := c.ChannelMessageSend(thread.ID, "only you two"); err != nil {
			t.Fatal(err)
		}
		if got := len(robin.In(thread.ID).Sees()); got != 0 || s.Thread("3001") != thread.ID {
			t.Errorf("Robin sees %d messages of thread %s, want none of %s", got, s.Thread("3001"), thread.ID)
		}
		g.Let(robin, thread.ID)
		if there, err := c.Channel(thread.ID); err != nil || there.MemberCount != 4 {
			t.Errorf("Channel: got %+v, %v, want 4 members, the bot among them", there, err)
		}
		if _, err := c.ThreadMembers(thread.ID, 0, false, ""); code(t, err) != 50001 {
			t.Errorf("ThreadMembers: got %v, want 50001", err)
		}
		if got := len(robin.In(thread.ID).Sees()); got == 0 {
			t.Error("Robin sees nothing of the thread after coming in")
		}
		if got := len(robin.In("3005").Sees()); got != 0 {
			t.Errorf("Robin sees %d messages of a private channel, want none", got)
		}
		s.Archive(thread.ID, true)
		if _, err := c.ChannelMessageSend(thread.ID, "hello?"); code(t, err) != 160005 {
			t.Errorf("message to a locked thread: got %v, want 160005", err)
		}
	})
}

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
