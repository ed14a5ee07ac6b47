package discordtest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/bwmarrin/discordgo"
)

// TestWhoSees lets something happen to a channel that everybody can read, 3001, and to
// one that Alex can, 3002; then both are looked at by Alex, Sam and the bot.
func TestWhoSees(t *testing.T) {
	tests := []struct {
		name     string
		happened func(g *Guild, alex, sam *User)
		open     string // who sees 3001
		private  string // who sees 3002
	}{
		{"at first", func(*Guild, *User, *User) {}, "Alex Sam bot", "Alex bot"},
		{"Sam is let in", func(g *Guild, _, sam *User) { g.Let(sam, "3002") }, "Alex Sam bot", "Alex Sam bot"},
		{"Sam is let in and out", func(g *Guild, _, sam *User) { g.Let(sam, "3002"); g.Expel(sam, "3002") }, "Alex Sam bot", "Alex bot"},
		{"Sam owns the guild", func(g *Guild, _, sam *User) { g.Own(sam) }, "Alex Sam bot", "Alex Sam bot"},
		{"Sam is an administrator", func(g *Guild, _, sam *User) { g.Give(sam, "30002") }, "Alex Sam bot", "Alex Sam bot"},
		{"Sam was one", func(g *Guild, _, sam *User) { g.Give(sam, "30002"); g.Take(sam, "30002") }, "Alex Sam bot", "Alex bot"},
		{"Sam has a role that is let in", func(g *Guild, _, sam *User) { give(g, sam, "3002", ViewChannel, 0) }, "Alex Sam bot", "Alex Sam bot"},
		{"a role that sees channels sees no more of one that is closed to all", func(g *Guild, _, sam *User) { g.Give(sam, g.Role("Family", ViewChannel)) }, "Alex Sam bot", "Alex bot"},
		{"of two roles the one that is let in counts", func(g *Guild, _, sam *User) {
			give(g, sam, "3002", 0, ViewChannel)
			give(g, sam, "3002", ViewChannel, 0)
		}, "Alex Sam bot", "Alex Sam bot"},
		{"a member counts more than a role", func(g *Guild, _, sam *User) {
			give(g, sam, "3001", ViewChannel, 0)
			g.Overwrite("3001", sam.ID(), 0, ViewChannel)
		}, "Alex bot", "Alex bot"},
		{"an overwrite is taken back", func(g *Guild, _, sam *User) {
			g.Overwrite("3001", sam.ID(), 0, ViewChannel)
			g.Overwrite("3001", sam.ID(), 0, 0)
		}, "Alex Sam bot", "Alex bot"},
		{"everybody sees nothing", func(g *Guild, _, _ *User) { g.Empower(g.ID(), 0) }, "bot", "Alex bot"},
		{"the open channel is closed", func(g *Guild, _, _ *User) { g.Overwrite("3001", g.ID(), 0, ViewChannel) }, "bot", "Alex bot"},
		{"the private one is opened", func(g *Guild, _, _ *User) { g.Overwrite("3002", g.ID(), ViewChannel, 0) }, "Alex Sam bot", "Alex Sam bot"},
		{"the bot is shut out", func(g *Guild, _, _ *User) { g.Overwrite("3002", app, 0, ViewChannel) }, "Alex Sam bot", "Alex"},
		{"Alex leaves", func(g *Guild, alex, _ *User) { g.Leave(alex) }, "Sam bot", "bot"},
		{"Alex leaves and comes back", func(g *Guild, alex, _ *User) { g.Leave(alex); g.Join(alex) }, "Alex Sam bot", "Alex bot"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, s *Server, c *client, alex, sam *User) {
				g := s.Guild("3000", "Home")
				g.Private("3002", "ours", alex)
				for _, channel := range []string{"3001", "3002"} {
					if _, err := c.ChannelMessageSend(channel, "hello"); err != nil {
						t.Fatal(err)
					}
				}
				tt.happened(g, alex, sam)
				for channel, want := range map[string]string{"3001": tt.open, "3002": tt.private} {
					if got := whoSees(t, c, channel, alex, sam); got != want {
						t.Errorf("%s can be read by %q, want %q", channel, got, want)
					}
				}
			})
		})
	}
}

// give gives somebody a role for which a channel has an overwrite.
func give(g *Guild, u *User, channel string, allow, deny int) {
	r := g.Role("Family", 0)
	g.Give(u, r)
	g.Overwrite(channel, r, allow, deny)
}

// whoSees returns the names of those who can read a channel, and whether the bot can.
func whoSees(t *testing.T, c *client, channel string, people ...*User) string {
	t.Helper()
	var see []string
	for _, u := range people {
		if len(u.In(channel).Sees()) > 0 {
			see = append(see, u.Name())
		}
	}
	_, err := c.Channel(channel)
	switch got := code(t, err); got {
	case 0:
		see = append(see, "bot")
	case 50001:
	default:
		t.Errorf("Channel %s: got %d, want 50001", channel, got)
	}
	return strings.Join(see, " ")
}

// TestGuildTold reads what a guild and a channel say of who can read.
func TestGuildTold(t *testing.T) {
	inBubble(t, func(t *testing.T, s *Server, c *client, alex, sam *User) {
		g := s.Guild("3000", "Home")
		family := g.Role("Family", SendMessages)
		g.Give(sam, family)
		g.Own(alex)
		g.Private("3002", "ours", alex)
		g.Overwrite("3002", family, ViewChannel, AddReactions)
		guild, err := c.GuildWithCounts("3000")
		if err != nil || guild.OwnerID != alex.ID() || guild.ApproximateMemberCount != 3 {
			t.Fatalf("GuildWithCounts: got %+v, %v, want one of Alex's with three in it", guild, err)
		}
		roles, err := c.GuildRoles("3000")
		if err != nil || len(roles) != len(guild.Roles) {
			t.Fatalf("GuildRoles: got %d, %v, want the %d of the guild", len(roles), err, len(guild.Roles))
		}
		var got []string
		for _, r := range roles {
			got = append(got, fmt.Sprintf("%s %d %v", r.Name, r.Permissions, r.Managed))
		}
		want := []string{fmt.Sprintf("@everyone %d false", AllowAll), fmt.Sprintf("attune %d true", AllowAll), "Admin 8 false", fmt.Sprintf("Family %d false", SendMessages)}
		if !slices.Equal(got, want) || roles[0].ID != guild.ID {
			t.Errorf("roles: got %q, want %q", got, want)
		}
		there, err := c.Channel("3002")
		if err != nil || there.GuildID != "3000" || there.Name != "ours" || there.Type != discordgo.ChannelTypeGuildText {
			t.Fatalf("Channel: got %+v, %v, want ours, of 3000", there, err)
		}
		got = nil
		for _, o := range there.PermissionOverwrites {
			got = append(got, fmt.Sprintf("%d %s +%d -%d", o.Type, o.ID, o.Allow, o.Deny))
		}
		want = []string{
			fmt.Sprintf("0 3000 +0 -%d", ViewChannel), fmt.Sprintf("1 2001 +%d -0", ViewChannel),
			fmt.Sprintf("1 1000 +%d -0", AllowAll), fmt.Sprintf("0 %s +%d -%d", family, ViewChannel, AddReactions),
		}
		if !slices.Equal(got, want) {
			t.Errorf("overwrites: got %q, want %q", got, want)
		}
		if m, err := c.GuildMember("3000", sam.ID()); err != nil || !slices.Equal(m.Roles, []string{family}) {
			t.Errorf("GuildMember: got %+v, %v, want Sam with the role", m, err)
		}
	})
}

// TestAskedInAGuild reads what the bot is told of a channel when a person presses a
// button there, who is called otherwise in the guild.
func TestAskedInAGuild(t *testing.T) {
	inBubble(t, func(t *testing.T, s *Server, c *client, alex, _ *User) {
		g := s.Guild("3000", "Home")
		g.Call(alex, "Lex")
		if _, err := c.ChannelMessageSendComplex("3001", prompt("a")); err != nil {
			t.Fatal(err)
		}
		s.Permit("3001", ViewChannel|SendMessages)
		g.Overwrite("3001", alex.ID(), 0, AttachFiles)
		alex.In("3001").Press("Answer")
		asked := c.last(t)
		if asked.GuildID != "3000" || asked.ChannelID != "3001" || asked.AppPermissions != ViewChannel|SendMessages {
			t.Errorf("press: got %+v, want it in 3001 of 3000, where the bot may read and write", asked)
		}
		if m := asked.Member; m == nil || m.User.ID != alex.ID() || m.Nick != "Lex" || m.User.GlobalName != "Alex" || m.Permissions != AllowAll&^AttachFiles {
			t.Errorf("member: got %+v, want Alex, called Lex, who may not attach files", m)
		}
	})
}

// TestTold shows which changes a bot hears of, with the intent for guilds and with the
// privileged one for members.
func TestTold(t *testing.T) {
	guilds := discordgo.IntentGuilds
	tests := []struct {
		name    string
		intents discordgo.Intent
		want    string
	}{
		{"guilds", guilds, "GUILD_ROLE_CREATE, GUILD_ROLE_UPDATE, GUILD_UPDATE, CHANNEL_UPDATE"},
		{"guilds and members", guilds | discordgo.IntentGuildMembers,
			"GUILD_ROLE_CREATE, GUILD_MEMBER_UPDATE, GUILD_MEMBER_UPDATE, GUILD_MEMBER_UPDATE, GUILD_ROLE_UPDATE, GUILD_UPDATE, CHANNEL_UPDATE, GUILD_MEMBER_REMOVE, GUILD_MEMBER_ADD"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := New(secret, app)
				s.Grant(intentMembers)
				alex := s.User("2001", "Alex", "en-US")
				g := s.Guild("3000", "Home", alex)
				g.Channel("3001", "us")
				c := dial(s, tt.intents)
				if err := c.Open(); err != nil {
					t.Fatal(err)
				}
				defer c.Close()
				synctest.Wait()
				c.events = nil
				r := g.Role("Family", 0)
				g.Give(alex, r)
				g.Take(alex, r)
				g.Call(alex, "Lex")
				g.Empower(r, ViewChannel)
				g.Own(alex)
				g.Overwrite("3001", r, ViewChannel, 0)
				g.Leave(alex)
				g.Join(alex)
				if got := c.heard(); got != tt.want {
					t.Errorf("events: got %q, want %q", got, tt.want)
				}
			})
		})
	}
}
