package discordtest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/bwmarrin/discordgo"
)

// TestReach lets the bot write to Alex after something has happened.
func TestReach(t *testing.T) {
	tests := []struct {
		name     string
		happened func(s *Server, g *Guild, alex *User)
		direct   int // the refusal in direct messages
		channel  int // and in the guild
	}{
		{"nothing", func(*Server, *Guild, *User) {}, 0, 0},
		{"closed direct messages", func(_ *Server, _ *Guild, alex *User) { alex.CloseDMs() }, 50007, 0},
		{"direct messages closed and open again", func(_ *Server, _ *Guild, alex *User) { alex.CloseDMs(); alex.OpenDMs() }, 0, 0},
		{"Alex has left the guild", func(_ *Server, g *Guild, alex *User) { g.Leave(alex) }, 50278, 0},
		{"Alex has left, but has the app", func(_ *Server, g *Guild, alex *User) { g.Leave(alex.Install()) }, 0, 0},
		{"the bot is thrown out", func(_ *Server, g *Guild, _ *User) { g.Kick() }, 50278, 50001},
		{"the bot is thrown out and let in again", func(_ *Server, g *Guild, _ *User) { g.Kick(); g.Invite() }, 0, 0},
		{"the channel is gone", func(s *Server, _ *Guild, _ *User) { s.Remove("3001") }, 0, 10003},
		{"the channel is hidden", func(s *Server, _ *Guild, _ *User) { s.Permit("3001", AllowAll&^ViewChannel) }, 0, 50001},
		{"the channel is for reading", func(s *Server, _ *Guild, _ *User) { s.Permit("3001", ViewChannel) }, 0, 50013},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, s *Server, c *client, alex, _ *User) {
				dm := alex.Channel()
				tt.happened(s, s.Guild("3000", "Home"), alex)
				_, direct := c.ChannelMessageSend(dm, "a")
				_, channel := c.ChannelMessageSend("3001", "a")
				if a, b := code(t, direct), code(t, channel); a != tt.direct || b != tt.channel {
					t.Errorf("messages: got %d and %d, want %d and %d", a, b, tt.direct, tt.channel)
				}
			})
		})
	}
}

// TestGatewayTellsOfPlaces shows what a bot with the intent for guilds hears.
func TestGatewayTellsOfPlaces(t *testing.T) {
	inBubble(t, func(t *testing.T, s *Server, c *client, alex, sam *User) {
		g := s.Guild("3000", "Home")
		g.Private("3002", "ours", alex)
		g.Let(sam, "3002")
		g.Expel(sam, "3002")
		s.Remove("3002")
		g.Kick()
		g.Invite()
		if list, err := c.UserGuilds(100, "", "", false); err != nil || len(list) != 1 || list[0].ID != g.ID() {
			t.Errorf("UserGuilds: got %v, %v, want %s", list, err, g.ID())
		}
		want := "CHANNEL_CREATE, CHANNEL_UPDATE, CHANNEL_UPDATE, CHANNEL_DELETE, GUILD_DELETE, GUILD_CREATE"
		if got := c.heard(); got != want {
			t.Errorf("events: got %q, want %q", got, want)
		}
	})
}

// TestForgeries sends what no client of Discord's would.
func TestForgeries(t *testing.T) {
	inBubble(t, func(t *testing.T, s *Server, c *client, alex, sam *User) {
		m, err := c.ChannelMessageSendComplex("3001", prompt("answer:7"))
		if err != nil {
			t.Fatal(err)
		}
		sam.In("3001").PressAs(m.ID, "answer:8")
		if got := c.last(t); got.MessageComponentData().CustomID != "answer:8" || got.Member.User.ID != sam.ID() || got.Message.ID != m.ID {
			t.Errorf("forged press: got %+v, want answer:8 of Sam", got.MessageComponentData())
		}
		alex.SubmitAs("words:9", map[string]string{"q1": "the sea"})
		if got := c.last(t); got.ModalSubmitData().CustomID != "words:9" || got.User.ID != alex.ID() {
			t.Errorf("forged modal: got %+v, want words:9 of Alex", got.ModalSubmitData())
		}
		s.Raw("INTERACTION_CREATE", `{"id":"5","type":5,"token":"t","data":{"custom_id":"a","components":[{"type":99}]}}`)
		s.Raw("NEWS", `["nobody","knows"]`)
		alex.Say("hello")
		if got := c.heard(); !strings.HasSuffix(got, "asked, NEWS, said hello") {
			t.Errorf("events: got %q, want what nobody can decode, and then hello", got)
		}
	})
}

// TestEphemeral shows that what is for Alex only is nowhere else.
func TestEphemeral(t *testing.T) {
	inBubble(t, func(t *testing.T, s *Server, c *client, alex, sam *User) {
		alex, sam = alex.In("3001"), sam.In("3001")
		if _, err := c.ChannelMessageSendComplex("3001", prompt("a")); err != nil {
			t.Fatal(err)
		}
		alex.Press("Answer")
		asked := c.last(t)
		answer := words(discordgo.InteractionResponseChannelMessageWithSource, "kept", discordgo.MessageFlagsEphemeral)
		answer.Data.Components = []discordgo.MessageComponent{discordgo.ActionsRow{Components: []discordgo.MessageComponent{
			discordgo.Button{Label: "Change", Style: discordgo.SecondaryButton, CustomID: "b"},
		}}}
		if err := c.InteractionRespond(asked, answer); err != nil {
			t.Fatal(err)
		}
		m, err := c.InteractionResponse(asked)
		if err != nil || m.Flags&discordgo.MessageFlagsEphemeral == 0 {
			t.Fatalf("InteractionResponse: got %+v, %v, want an ephemeral message", m, err)
		}
		if _, err := c.ChannelMessage("3001", m.ID); code(t, err) != 10008 {
			t.Errorf("ChannelMessage: got %v, want 10008", err)
		}
		if list, err := c.ChannelMessages("3001", 100, "", "", ""); err != nil || len(list) != 1 {
			t.Errorf("ChannelMessages: got %d messages, %v, want one", len(list), err)
		}
		if sam.PressOn(m.ID, "Change") != nil || alex.PressOn(m.ID, "Change") == nil {
			t.Error("Change can be pressed by Sam or cannot by Alex, want Alex only")
		}
		if err := c.InteractionResponseDelete(asked); err != nil {
			t.Fatalf("InteractionResponseDelete: %v", err)
		}
		if got := fmt.Sprint(alex.Heard()); got != "[how was it?]" {
			t.Errorf("Alex hears %s, want the question only", got)
		}
	})
}
