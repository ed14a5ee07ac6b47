package discord_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"attune/bots"
	"attune/bots/botstest"
	"attune/bots/discord/discordtest"
	"attune/rituals"
)

// TestOnce lets every third send be stored and then answered with 502.
func TestOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.server.Every(discordtest.SendMessage, 3, discordtest.BadGatewayAfter)
		out := botstest.NewOutbox()
		var people []*discordtest.User
		for i := range 10 {
			u := w.server.User(fmt.Sprint(3000+i), "Sam", "en-US")
			w.guild.Join(u)
			people = append(people, u)
		}
		const sends = 200
		for n := range sends {
			m := rituals.Message{Key: fmt.Sprint(n), To: someone{people[n%len(people)]}.Chat(), Blocks: []rituals.Block{rituals.Para(fmt.Sprint("number ", n))}}
			out.Say(m)
		}
		deliver(t, w.bot, out, time.Hour)
		seen := map[string]int{}
		for _, u := range people {
			for _, text := range u.Heard() {
				seen[text]++
			}
		}
		twice := 0
		for _, n := range seen {
			if n > 1 {
				twice++
			}
		}
		t.Logf("%d calls for %d messages: %d stored, %d twice, %d lost", w.server.Calls(discordtest.SendMessage), sends, len(seen), twice, sends-len(seen))
		if len(seen) != sends || twice != 0 {
			t.Errorf("stored: got %d different messages, %d of them twice, want %d and 0", len(seen), twice, sends)
		}
	})
}

// TestOnceAfterRestart sends a row again long after Discord has forgotten its nonce.
func TestOnceAfterRestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		alex := w.Join("Alex")
		p := parcel(alex, 7, "Shall we?")
		p.Message.Input = &rituals.Input{}
		first, err := w.bot.Send(t.Context(), p)
		if err != nil {
			t.Fatalf("Send: got %v, want nil", err)
		}
		time.Sleep(time.Hour)
		w.Restart()
		again, err := w.bot.Send(t.Context(), p)
		if again != first || err != nil {
			t.Errorf("Send of the same row after a restart: got %q and %v, want %q", again, err, first)
		}
		p.ID = 8
		other, err := w.bot.Send(t.Context(), p)
		if other == first || err != nil {
			t.Errorf("Send of another row with the same words: got %q and %v, want an id of its own", other, err)
		}
		if got, want := len(alex.Sees()), 2; got != want {
			t.Errorf("Alex sees: got %d messages, want %d", got, want)
		}
	})
}

// TestLongMessageGoesOn lets the second part of a message fail for a long time.
func TestLongMessageGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		alex := w.Join("Alex")
		p := parcel(alex, 1, strings.Repeat("x", 2000)+"end")
		w.server.Fail(discordtest.SendMessage, discordtest.None, discordtest.Unavailable)
		if id, err := w.bot.Send(t.Context(), p); err == nil {
			t.Fatalf("Send: got %q, want an error", id)
		}
		time.Sleep(time.Hour)
		if _, err := w.bot.Send(t.Context(), p); err != nil {
			t.Fatalf("Send again: got %v, want nil", err)
		}
		if got := alex.Sees(); len(got) != 2 || got[1].Text != "end" {
			t.Errorf("Alex sees: got %d messages, want two, each once", len(got))
		}
	})
}

func parcel(to botstest.Someone, row int64, text string) bots.Parcel {
	return bots.Parcel{ID: row, Message: rituals.Message{To: to.Chat(), Blocks: []rituals.Block{rituals.Para(text)}}}
}

func TestSend(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		alex := w.Join("Alex").(someone)
		p := parcel(alex, 1, "@everyone <@2001> *look*")
		p.Message.Silent = true
		p.Message.Input = &rituals.Input{Label: "In words"}
		id, err := w.bot.Send(t.Context(), p)
		if err != nil {
			t.Fatalf("Send: got %v, want nil", err)
		}
		m := alex.User.Sees()[0]
		if m.ID != id || !m.Silent || len(m.Pings) > 0 || !slices.Equal(m.Buttons(), []string{"In words"}) {
			t.Errorf("message: got %q, silent %v, pings %q, buttons %q, want %q, silent, no pings and In words", m.ID, m.Silent, m.Pings, m.Buttons(), id)
		}

		long := parcel(alex, 2, strings.Repeat("word ", 800))
		parts, err := w.bot.Send(t.Context(), long)
		if n := strings.Count(parts, ",") + 1; err != nil || n != 2+1 && n != 2 {
			t.Fatalf("Send of a long text: got %q and %v, want two or three ids", parts, err)
		}
		short := parcel(alex, 3, "In short.")
		short.Edits, short.Message.Edits = parts, "key"
		if got, err := w.bot.Send(t.Context(), short); err != nil || got != parts[:strings.Index(parts, ",")] {
			t.Errorf("Send of a shorter text in its place: got %q and %v, want the first of %q", got, err, parts)
		}
		if got := alex.Heard(); len(got) != 2 || got[1] != "In short." {
			t.Errorf("Alex sees: got %q, want the shorter text and nothing left of the longer", got)
		}
		gone := bots.Parcel{ID: 4, Edits: id, Message: rituals.Message{To: alex.Chat(), Edits: "key"}}
		for range 2 {
			if got, err := w.bot.Send(t.Context(), gone); err != nil || got != id {
				t.Errorf("Send to take away: got %q and %v, want %q", got, err, id)
			}
		}
		if got := alex.Heard(); !slices.Equal(got, []string{"In short."}) {
			t.Errorf("Alex sees after taking away: got %q, want one message", got)
		}
		anew := parcel(alex, 5, "Said anew.")
		anew.Edits, anew.Message.Edits = id, "key"
		if got, err := w.bot.Send(t.Context(), anew); err != nil || got == id {
			t.Errorf("Send to change what is gone: got %q and %v, want an id of its own", got, err)
		}
	})
}

func TestRefusals(t *testing.T) {
	const retry, gone, chat = "retry", "gone", "chat gone"
	tests := []struct {
		name  string
		fault discordtest.Fault
		want  string
		after time.Duration
		all   bool
	}{
		{"one message too many", discordtest.TooMany(2 * time.Second), retry, 2 * time.Second, false},
		{"too many of all", discordtest.TooManyOverall(3 * time.Second), retry, 3 * time.Second, true},
		{"banned by the edge", discordtest.Banned, retry, time.Second, true},
		{"a bad gateway", discordtest.BadGateway, retry, 0, false},
		{"a bad gateway that had passed it on", discordtest.BadGatewayAfter, retry, 0, false},
		{"unavailable", discordtest.Unavailable, retry, 0, false},
		{"an error of Discord's", discordtest.ServerError, retry, 0, false},
		{"cut before", discordtest.CutBefore, retry, 0, false},
		{"cut after", discordtest.CutAfter, retry, 0, false},
		{"closed direct messages", discordtest.Refused(403, 50007, "Cannot send messages to this user"), chat, 0, false},
		{"no server in common", discordtest.Refused(403, 50278, "no mutual guilds"), chat, 0, false},
		{"an unknown channel", discordtest.Refused(404, 10003, "Unknown Channel"), chat, 0, false},
		{"no access", discordtest.Refused(403, 50001, "Missing Access"), chat, 0, false},
		{"opened too fast", discordtest.Refused(403, 40003, "too fast"), retry, 30 * time.Second, false},
		{"a bad form", discordtest.Refused(400, 50035, "Invalid Form Body"), gone, 0, false},
		{"a token that is refused", discordtest.Refused(401, 0, "401: Unauthorized"), retry, time.Minute, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				alex := w.Join("Alex")
				w.server.Fail(discordtest.SendMessage, tt.fault)
				_, err := w.bot.Send(t.Context(), parcel(alex, 1, "a secret"))
				var r *bots.RetryError
				var g *bots.GoneError
				switch {
				case errors.As(err, &r) && tt.want == retry:
					if r.After.Round(time.Second) != tt.after || r.All != tt.all {
						t.Errorf("Send: got to wait %v, all %v, want %v, %v", r.After, r.All, tt.after, tt.all)
					}
				case errors.As(err, &g) && (tt.want == gone || tt.want == chat):
					if g.Chat != (tt.want == chat) {
						t.Errorf("Send: got chat gone %v, want %v", g.Chat, tt.want == chat)
					}
				default:
					t.Fatalf("Send: got %v, want %s", err, tt.want)
				}
				for _, secret := range []string{token, "a secret", "://"} {
					if strings.Contains(err.Error(), secret) {
						t.Errorf("error: got %q, want it without %q", err, secret)
					}
				}
			})
		})
	}
}

// TestWithoutNonce sends a message without buttons again when its nonce is long
// forgotten: it is known by its words, and only if it was said after what was recorded
// last.
func TestWithoutNonce(t *testing.T) {
	play(t, nil, func(t *testing.T, s *stage) {
		alex := someone{s.alex}
		recorded := ""
		s.stop()
		s.last = func(context.Context, rituals.Address) (string, error) { return recorded, nil }
		s.start()
		first, err := s.bot.Send(t.Context(), parcel(alex, 1, "All right. Rest well."))
		if err != nil {
			t.Fatalf("Send: got %v, want nil", err)
		}
		recorded = first
		time.Sleep(time.Hour)
		if _, err = s.bot.Send(t.Context(), parcel(alex, 2, "All right. Rest well.")); err != nil {
			t.Fatalf("Send: got %v, want nil", err)
		}
		time.Sleep(time.Hour)
		s.stop()
		s.start()
		if _, err = s.bot.Send(t.Context(), parcel(alex, 2, "All right. Rest well.")); err != nil {
			t.Fatalf("Send after a crash: got %v, want nil", err)
		}
		if n := len(alex.Sees()); n != 2 {
			t.Errorf("Alex sees: got %d messages, want two: each row once", n)
		}
	})
}
