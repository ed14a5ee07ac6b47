package discord_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"attune/bots"
	"attune/bots/discord"
	"attune/bots/discord/discordtest"
	"attune/rituals"
)

// ours lets the bot speak in a channel of Alex's and Sam's own, and returns what it has
// said there.
func ours(t *testing.T, s *stage) bots.Parcel {
	t.Helper()
	sam := s.server.User("2002", "Sam", "en-US")
	s.guild.Join(sam)
	s.guild.Private("601", "ours", s.alex, sam)
	before := len(s.book.Settled())
	s.alex.In("601").Run("evening", nil)
	s.wait()
	p := in("601")
	p.Message.Readers = s.book.Settled()[before].Readers.Mark
	id, err := s.bot.Send(t.Context(), p)
	if err != nil {
		t.Fatalf("Send: got %v, want nil", err)
	}
	p.Edits = id
	return p
}

// changes returns what the handler was told about who can read.
func changes(s *stage) []rituals.Event {
	return slices.DeleteFunc(s.book.Settled(), func(e rituals.Event) bool { return e.Kind != rituals.Changed })
}

func TestChanged(t *testing.T) {
	const channel = "GET /channels/{channel}"
	for _, tt := range []struct {
		name string
		do   func(*stage, *discordtest.User)
		want int
	}{
		{"another name for the bot's rights is no change", func(s *stage, _ *discordtest.User) {
			s.server.Permit("601", discordtest.AllowAll&^discordtest.AddReactions)
		}, 0},
		{"an outage is no change", func(s *stage, _ *discordtest.User) {
			s.server.Raw("GUILD_DELETE", `{"id":"500","unavailable":true}`)
		}, 0},
		{"a channel in which the bot does not speak is none of its business", func(s *stage, robin *discordtest.User) {
			s.guild.Private("602", "theirs", robin)
			s.guild.Let(s.alex, "602")
		}, 0},
		{"another reader is one", func(s *stage, robin *discordtest.User) { s.guild.Let(robin, "601") }, 1},
		{"another reader is one while Discord fails", func(s *stage, robin *discordtest.User) {
			s.server.Fail(channel, discordtest.ServerError, discordtest.CutBefore)
			s.guild.Let(robin, "601")
		}, 1},
		{"a reader who comes and goes is none or two", func(s *stage, robin *discordtest.User) {
			s.guild.Let(robin, "601")
			s.wait()
			s.guild.Expel(robin, "601")
		}, 2},
		{"the end of a channel is told once", func(s *stage, _ *discordtest.User) {
			s.server.Remove("601")
			s.wait()
			s.guild.Kick()
		}, 1},
		{"a bot that is thrown out speaks nowhere", func(s *stage, _ *discordtest.User) { s.guild.Kick() }, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			play(t, nil, func(t *testing.T, s *stage) {
				robin := s.server.User("2003", "Robin", "en-US")
				s.guild.Join(robin)
				ours(t, s)
				tt.do(s, robin)
				s.wait()
				if got := changes(s); len(got) != tt.want {
					t.Errorf("told of changes: got %+v, want %d", got, tt.want)
				}
			})
		})
	}
}

// TestChangedNotLost tells of a change again that could not be settled.
func TestChangedNotLost(t *testing.T) {
	fails := 2
	do := func(_ context.Context, e rituals.Event) (rituals.Answer, error) {
		if e.Kind == rituals.Changed && fails > 0 {
			fails--
			return rituals.Answer{}, errors.New("the disk is full")
		}
		return rituals.Answer{}, nil
	}
	play(t, do, func(t *testing.T, s *stage) {
		s.book.DoPark = func(context.Context, rituals.Event) error { return errors.New("the disk is full") }
		robin := s.server.User("2003", "Robin", "en-US")
		s.guild.Join(robin)
		ours(t, s)
		fails = 7
		s.guild.Let(robin, "601")
		for range 6 {
			s.wait()
		}
		if got := changes(s); len(got) != 1 {
			t.Errorf("told of changes: got %+v, want one", got)
		}
	})
}

// TestTakeAway takes a message away that others can read by then.
func TestTakeAway(t *testing.T) {
	play(t, nil, func(t *testing.T, s *stage) {
		robin := s.server.User("2003", "Robin", "en-US")
		s.guild.Join(robin)
		p := ours(t, s)
		s.guild.Let(robin, "601")
		p.ID, p.Message.Edits, p.Message.Blocks, p.Message.Choices = 8, "the question", nil, nil
		if _, err := s.bot.Send(t.Context(), p); err != nil {
			t.Errorf("Send of nothing in a message's place: got %v, want nil", err)
		}
		if all := s.server.Transcript("601"); len(all) != 0 {
			t.Errorf("in the channel: got %+v, want nothing", all)
		}
	})
}

// TestSendBeforeRun says something before Discord has told who the bot is.
func TestSendBeforeRun(t *testing.T) {
	play(t, nil, func(t *testing.T, s *stage) {
		p := ours(t, s)
		s.stop()
		b := newBot(t, s.server, discord.Options{Cursors: s.cursors})
		p.ID, p.Edits = 8, ""
		if _, err := b.Send(t.Context(), p); err != nil {
			t.Errorf("Send: got %v, want nil", err)
		}
	})
}

// pages answer calls, by their path.
type pages map[string]string

// RoundTrip is part of [http.RoundTripper].
func (p pages) RoundTrip(r *http.Request) (*http.Response, error) {
	body, status := p[strings.TrimPrefix(r.URL.Path, "/api/v9")], http.StatusOK
	if body == "" {
		body, status = `{"code":0,"message":"404: Not Found"}`, http.StatusNotFound
	}
	return &http.Response{
		StatusCode: status, Request: r, Body: io.NopCloser(strings.NewReader(body)),
		Header: http.Header{"Content-Type": {"application/json"}},
	}, nil
}

// TestWhoCanRead works out who can read from what Discord tells of roles and channels.
func TestWhoCanRead(t *testing.T) {
	const (
		view   = "1024"
		admin  = "8"
		closed = `{"id":"500","type":0,"allow":"0","deny":"1024"}`
		family = `{"id":"501","type":0,"allow":"1024","deny":"0"}`
		alone  = `{"id":"502","type":0,"allow":"0","deny":"1024"}`
		paying = `{"id":"505","type":0,"allow":"1024","deny":"0"}`
		open   = `{"id":"500","type":0,"allow":"1024","deny":"0"}`
	)
	for _, tt := range []struct {
		name       string
		base       string // of everyone
		kind       string
		own, above string // overwrites
		everyone   bool
		roles      []string
	}{
		{name: "a channel is read by everyone", base: view, kind: "0", everyone: true},
		{name: "a closed one by nobody", base: view, kind: "0", own: closed},
		{name: "a closed one by a role that is let in", base: view, kind: "0", own: closed + "," + family, roles: []string{"Family"}},
		{name: "a role that people are given by Discord itself is no bot's", base: view, kind: "0", own: closed + "," + paying, roles: []string{"Boosters"}},
		{name: "where nobody sees anything a role that does", base: "0", kind: "0", roles: []string{"Guests"}},
		{name: "but not if it is shut out", base: "0", kind: "0", own: alone},
		{name: "where nobody sees anything one may be open", base: "0", kind: "0", own: open, everyone: true},
		{name: "where everyone runs the server nothing is closed", base: admin, kind: "0", own: closed, everyone: true},
		{name: "a public thread by who can read what is above", base: view, kind: "11", above: closed + "," + family, roles: []string{"Family"}},
		{name: "a public thread of an open channel by everyone", base: "0", kind: "11", above: open, everyone: true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			guests := "0"
			if tt.base == "0" {
				guests = view
			}
			b, err := discord.New(discord.Options{Token: token, Transport: pages{
				"/users/@me":    `{"id":"1000"}`,
				"/channels/601": `{"id":"601","type":` + tt.kind + `,"guild_id":"500","parent_id":"600","name":"here","permission_overwrites":[` + tt.own + `]}`,
				"/channels/600": `{"id":"600","type":0,"guild_id":"500","name":"above","permission_overwrites":[` + tt.above + `]}`,
				"/guilds/500": `{"id":"500","roles":[{"id":"500","name":"@everyone","permissions":"` + tt.base + `"},` +
					`{"id":"501","name":"Family","permissions":"0"},{"id":"502","name":"Guests","permissions":"` + guests + `"},` +
					`{"id":"503","name":"Moderators","permissions":"8"},{"id":"504","name":"Another bot","permissions":"1024","managed":true,"tags":{"bot_id":"1001"}},` +
					`{"id":"505","name":"Boosters","permissions":"0","managed":true,"tags":{"premium_subscriber":null}}]}`,
			}})
			if err != nil {
				t.Fatalf("New: got %v, want a bot", err)
			}
			p := in("601")
			p.Message.Readers = "others"
			_, err = b.Send(t.Context(), p)
			var gone *bots.GoneError
			if !errors.As(err, &gone) || gone.Readers == nil {
				t.Fatalf("Send: got %v, want who can read", err)
			}
			if r := gone.Readers; r.Everyone != tt.everyone || !slices.Equal(r.Roles, tt.roles) {
				t.Errorf("readers: got %+v, want everyone %v or %q", r, tt.everyone, tt.roles)
			}
		})
	}
}
