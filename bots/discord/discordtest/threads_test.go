package discordtest

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

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

// ours lets the bot make a thread for people in 3001, and returns its id.
func ours(t *testing.T, c *client, people ...*User) string {
	t.Helper()
	thread, err := c.ThreadStartComplex("3001", &discordgo.ThreadStart{Name: "ours", Type: discordgo.ChannelTypeGuildPrivateThread, AutoArchiveDuration: 1440})
	if err != nil {
		t.Fatalf("ThreadStartComplex: %v", err)
	}
	for _, u := range people {
		if err := c.ThreadMemberAdd(thread.ID, u.ID()); err != nil {
			t.Fatalf("ThreadMemberAdd: %v", err)
		}
	}
	return thread.ID
}

// TestThreadTold reads what a thread says of itself wherever it is told of.
func TestThreadTold(t *testing.T) {
	inBubble(t, func(t *testing.T, s *Server, c *client, alex, sam *User) {
		told := make(chan *discordgo.Channel, 9)
		c.AddHandler(func(_ *discordgo.Session, e *discordgo.ThreadUpdate) { told <- e.Channel })
		id := ours(t, c, alex, sam)
		got, err := c.Channel(id)
		if err != nil {
			t.Fatal(err)
		}
		active, err := c.GuildThreadsActive("3000")
		if err != nil || len(active.Threads) != 1 || len(active.Members) != 1 || active.Members[0].UserID != app {
			t.Fatalf("GuildThreadsActive: got %+v, %v, want one, with the bot in it", active, err)
		}
		s.Archive(id, false)
		synctest.Wait()
		for name, there := range map[string]*discordgo.Channel{"Channel": got, "GuildThreadsActive": active.Threads[0], "THREAD_UPDATE": <-told} {
			if there.ID != id || there.ParentID != "3001" || there.GuildID != "3000" || there.OwnerID != app || there.MemberCount != 3 ||
				there.ThreadMetadata.AutoArchiveDuration != 1440 || there.ThreadMetadata.Archived != (name == "THREAD_UPDATE") {
				t.Errorf("%s: got %+v with %+v, want the thread with three in it", name, there, there.ThreadMetadata)
			}
		}
		if active, err := c.GuildThreadsActive("3000"); err != nil || len(active.Threads) != 0 {
			t.Errorf("GuildThreadsActive: got %+v, %v, want none after it was put away", active, err)
		}
		if err := c.ThreadMemberAdd(id, alex.ID()); code(t, err) != 50083 {
			t.Errorf("ThreadMemberAdd to a thread put away: got %v, want 50083", err)
		}
		if _, err := c.ChannelMessageSend(id, "good evening"); err != nil {
			t.Errorf("ChannelMessageSend: got %v, want it taken out again", err)
		}
		synctest.Wait()
		if there := <-told; there.ThreadMetadata.Archived {
			t.Errorf("THREAD_UPDATE: got %+v, want it taken out again", there.ThreadMetadata)
		}
		away := true
		if there, err := c.ChannelEdit(id, &discordgo.ChannelEdit{Archived: &away}); err != nil || !there.ThreadMetadata.Archived || !s.Archived(id) {
			t.Errorf("ChannelEdit: got %+v, %v, want it put away", there, err)
		}
		if _, err := c.ChannelDelete(id); code(t, err) != 50013 {
			t.Errorf("ChannelDelete: got %v, want 50013 for who does not manage threads", err)
		}
		s.Guild("3000", "Home").Empower("30001", AllowAll|ManageThreads)
		if _, err := c.ChannelDelete(id); err != nil {
			t.Errorf("ChannelDelete: got %v, want nil for who manages threads", err)
		}
		if _, err := c.Channel(id); code(t, err) != 10003 || len(s.Threads("3001")) != 0 {
			t.Errorf("Channel: got %v, want 10003 of what was taken away", err)
		}
	})
}

// TestThreadMembers asks who is in a thread of Alex and Sam, and lets people in and out.
func TestThreadMembers(t *testing.T) {
	const put, get, del = http.MethodPut, http.MethodGet, http.MethodDelete
	tests := []struct {
		name, method, who string
		status, code      int
		count             int // who is in the thread then
	}{
		{"is Alex there", get, "2001", 200, 0, 3},
		{"is the bot", get, "@me", 200, 0, 3},
		{"is the bot, by its number", get, app, 200, 0, 3},
		{"is Robin", get, "2003", 404, 10007, 3},
		{"who is there", get, "", 403, 50001, 3},
		{"Robin is let in", put, "2003", 204, 0, 4},
		{"Alex is let in again", put, "2001", 204, 0, 3},
		{"somebody who cannot see the channel is let in", put, "2004", 403, 50001, 3},
		{"nobody is let in", put, "5", 404, 10013, 3},
		{"Sam is sent out", del, "2002", 204, 0, 2},
		{"Robin is sent out", del, "2003", 404, 10007, 3},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, s *Server, c *client, alex, sam *User) {
				s.Guild("3000", "Home", s.User("2003", "Robin", "en-US"))
				s.User("2004", "Robin", "en-US")
				id := ours(t, c, alex, sam)
				path := strings.TrimSuffix("/channels/"+id+"/thread-members/"+tt.who, "/")
				if status, code := ask(t, s.Transport(), "Bot "+secret, tt.method, api+path, ""); status != tt.status || code != tt.code {
					t.Errorf("answer: got %d %d, want %d %d", status, code, tt.status, tt.code)
				}
				if there, err := c.Channel(id); err != nil || there.MemberCount != tt.count {
					t.Errorf("Channel: got %+v, %v, want %d members", there, err, tt.count)
				}
			})
		})
	}
}

// TestThreadChanges shows which changes to a thread of Alex and Sam the bot hears of.
func TestThreadChanges(t *testing.T) {
	tests := []struct {
		name     string
		intents  discordgo.Intent
		happened func(*Server, *Guild, *client, string, *User)
		want     string
	}{
		{"somebody comes", 0, func(_ *Server, g *Guild, _ *client, id string, robin *User) { g.Let(robin, id) }, ""},
		{"somebody goes", 0, func(_ *Server, g *Guild, _ *client, id string, _ *User) { g.Expel(g.s.User("2001", "", ""), id) }, ""},
		{"somebody leaves the guild", 0, func(_ *Server, g *Guild, _ *client, _ string, _ *User) { g.Leave(g.s.User("2001", "", "")) }, ""},
		{"the bot makes another", 0, func(_ *Server, _ *Guild, c *client, _ string, _ *User) {
			_, _ = c.ThreadStart("3001", "more", discordgo.ChannelTypeGuildPrivateThread, 60)
		}, "THREAD_CREATE, THREAD_MEMBERS_UPDATE"},
		{"it is put away", 0, func(s *Server, _ *Guild, _ *client, id string, _ *User) { s.Archive(id, true) }, "THREAD_UPDATE"},
		{"it is taken away", 0, func(s *Server, _ *Guild, _ *client, id string, _ *User) { s.Remove(id) }, "THREAD_DELETE"},
		{"its channel is", 0, func(s *Server, _ *Guild, _ *client, _ string, _ *User) { s.Remove("3001") }, "CHANNEL_DELETE"},
		{"somebody comes, and the bot hears messages", discordgo.IntentGuildMessages,
			func(_ *Server, g *Guild, _ *client, id string, robin *User) { g.Let(robin, id) }, "said "},
		{"somebody comes and goes, and the bot hears of members", discordgo.IntentGuildMembers,
			func(_ *Server, g *Guild, _ *client, id string, robin *User) { g.Let(robin, id); g.Expel(robin, id) }, "THREAD_MEMBERS_UPDATE, THREAD_MEMBERS_UPDATE"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := New(secret, app)
				s.Grant(intentMembers)
				alex, robin := s.User("2001", "Alex", "en-US"), s.User("2003", "Robin", "en-US")
				g := s.Guild("3000", "Home", alex, robin)
				g.Channel("3001", "us")
				c := dial(s, discordgo.IntentGuilds|tt.intents)
				if err := c.Open(); err != nil {
					t.Fatal(err)
				}
				defer c.Close()
				id := ours(t, c, alex)
				before := c.heard()
				tt.happened(s, g, c, id, robin)
				if got := strings.TrimPrefix(strings.TrimPrefix(c.heard(), before), ", "); got != tt.want {
					t.Errorf("events: got %q, want %q", got, tt.want)
				}
			})
		})
	}
}

// TestThreadWords reads by REST what a thread says of who came and who was sent out.
func TestThreadWords(t *testing.T) {
	inBubble(t, func(t *testing.T, _ *Server, c *client, alex, sam *User) {
		id := ours(t, c, alex, sam)
		if err := c.ThreadMemberRemove(id, sam.ID()); err != nil {
			t.Fatal(err)
		}
		list, err := c.ChannelMessages(id, 100, "", "", "")
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, m := range list {
			got = append(got, fmt.Sprint(m.Type, " ", m.Mentions[0].GlobalName))
		}
		if want := []string{"2 Sam", "1 Sam", "1 Alex"}; !slices.Equal(got, want) {
			t.Errorf("messages: got %q, want %q", got, want)
		}
	})
}

// TestCrowdedThread fills a thread.
func TestCrowdedThread(t *testing.T) {
	inBubble(t, func(t *testing.T, s *Server, c *client, _, _ *User) {
		id := ours(t, c)
		g := s.Guild("3000", "Home")
		for i := range mostInThread {
			u := s.User(fmt.Sprint(5000+i), "Robin", "en-US")
			g.Join(u)
			want := 0
			if i == mostInThread-1 {
				want = 30033
			}
			if got := code(t, c.ThreadMemberAdd(id, u.ID())); got != want {
				t.Fatalf("ThreadMemberAdd of %d: got %d, want %d", i+1, got, want)
			}
		}
		if there, err := c.Channel(id); err != nil || there.MemberCount != 50 {
			t.Errorf("Channel: got %+v, %v, want no more than 50 counted", there, err)
		}
	})
}

// TestThreadReaders shows who reads a thread in which Alex is, by what they may do in
// its channel; it is gone with that.
func TestThreadReaders(t *testing.T) {
	inBubble(t, func(t *testing.T, s *Server, c *client, alex, sam *User) {
		g := s.Guild("3000", "Home")
		id := ours(t, c, alex)
		for _, tt := range []struct {
			name     string
			happened func()
			want     string
		}{
			{"at first", func() {}, "Alex bot"},
			{"Sam manages threads", func() { g.Overwrite("3001", sam.ID(), ManageThreads, 0) }, "Alex Sam bot"},
			{"Sam does not see the channel", func() { g.Overwrite("3001", sam.ID(), ManageThreads, ViewChannel) }, "Alex bot"},
			{"Sam owns the guild", func() { g.Own(sam) }, "Alex Sam bot"},
			{"Alex does not see the channel", func() { g.Overwrite("3001", alex.ID(), 0, ViewChannel) }, "Sam bot"},
		} {
			tt.happened()
			if got := whoSees(t, c, id, alex, sam); got != tt.want {
				t.Errorf("%s: can be read by %q, want %q", tt.name, got, tt.want)
			}
		}
		s.Remove("3001")
		if _, err := c.Channel(id); code(t, err) != 10003 || len(sam.In(id).Sees()) != 0 || s.Thread("3001") != "" {
			t.Errorf("Channel: got %v, want 10003 of a thread whose channel is gone", err)
		}
	})
}
