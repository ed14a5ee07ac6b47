package discord_test

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"attune/bots/discord/discordtest"
	"attune/rituals"
)

var commands = []rituals.Command{
	{Name: "evening", About: rituals.Text{"en": "Tonight's check-in", "de": "Heute Abend", "eo": "ĉi-vespere"}},
	{Name: "join", About: rituals.Text{"en": "Accept an invitation"}, Takes: rituals.Text{"en": "the code"}},
	{Name: "start", Names: rituals.Text{"en": "start", "de": "anfangen"}, About: rituals.Text{"en": "Begin"}, Whom: rituals.Text{"en": "the other one"}},
	{Name: "Not One", About: rituals.Text{"en": "not offered"}},
}

// slowly returns a handler that takes some time and answers with a text.
func slowly(d time.Duration, text string) func(context.Context, rituals.Event) (rituals.Answer, error) {
	return func(ctx context.Context, e rituals.Event) (rituals.Answer, error) {
		if e.Text == "hello" {
			return rituals.Answer{}, nil
		}
		select {
		case <-time.After(d):
		case <-ctx.Done():
		}
		return rituals.Answer{Text: text}, ctx.Err()
	}
}

func TestAnswers(t *testing.T) {
	tests := []struct {
		name    string
		takes   time.Duration
		text    string
		command bool // a slash command, not a button
		way     int
		within  time.Duration
		toast   string
	}{
		{"a quick word beside a button", 0, "Noted_.", false, discordtest.WithMessage, time.Second, "Noted_."},
		{"nothing to say beside a button", 0, "", false, discordtest.WithDeferredUpdate, time.Second, ""},
		{"a slow word beside a button", 5 * time.Second, "Noted.", false, discordtest.WithDeferredUpdate, 2 * time.Second, "Noted."},
		{"slowly nothing beside a button", 5 * time.Second, "", false, discordtest.WithDeferredUpdate, 2 * time.Second, ""},
		{"a quick word to a command", 0, "Noted.", true, discordtest.WithMessage, time.Second, "Noted."},
		{"nothing to say to a command", 0, "", true, discordtest.WithDeferred, time.Second, ""},
		{"a slow word to a command", 14 * time.Minute, "Noted.", true, discordtest.WithDeferred, 2 * time.Second, "Noted."},
		{"slowly nothing to a command", 5 * time.Second, "", true, discordtest.WithDeferred, 2 * time.Second, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			play(t, slowly(tt.takes, tt.text), func(t *testing.T, s *stage) {
				p := parcel(someone{s.alex}, 1, "Shall we?")
				p.Message.Choices = [][]rituals.Choice{{{Label: "Yes", Action: "yes"}}}
				if _, err := s.bot.Send(t.Context(), p); err != nil {
					t.Fatalf("Send: got %v, want nil", err)
				}
				var i *discordtest.Interaction
				if tt.command {
					i = s.alex.Run("evening", nil)
				} else {
					i = s.alex.Press("Yes")
				}
				if i == nil {
					t.Fatal("interaction: got none, want one")
				}
				time.Sleep(tt.takes)
				s.wait()
				if i.Answered() != tt.way || i.Took() > tt.within {
					t.Errorf("answered: got %d after %v, want %d within %v", i.Answered(), i.Took(), tt.way, tt.within)
				}
				got := someone{s.alex}.Toasts()
				if (tt.toast == "" && len(got) > 0) || (tt.toast != "" && !slices.Equal(got, []string{tt.toast})) {
					t.Errorf("Alex sees for a moment: got %q, want %q", got, tt.toast)
				}
			})
		})
	}
}

func TestForm(t *testing.T) {
	play(t, nil, func(t *testing.T, s *stage) {
		p := parcel(someone{s.alex}, 1, "What was good today?")
		p.Message.Input = &rituals.Input{Hint: "a word is enough|7.1"}
		id, err := s.bot.Send(t.Context(), p)
		if err != nil {
			t.Fatalf("Send: got %v, want nil", err)
		}
		var seen []string
		for range 2 {
			i := s.alex.PressOn(id, "Answer")
			s.wait()
			m := i.Modal()
			if m == nil || i.Took() > time.Second {
				t.Fatalf("form: got %v after %v, want one at once", m, i.Took())
			}
			if in := m.Inputs[0]; m.Title != "Answer" || in.Placeholder != "a word is enough|7.1" || *in.MaxLength != 4000 {
				t.Errorf("form: got title %q, hint %q, at most %d, want Answer, the hint and 4000", m.Title, in.Placeholder, *in.MaxLength)
			}
			seen = append(seen, m.CustomID)
		}
		if seen[0] == seen[1] {
			t.Errorf("ids of two forms: got %q for both, want one for each", seen[0])
		}
		before := len(s.book.Settled())
		sent := s.alex.Modal().Submit(map[string]string{"words": "You *called*\nat lunch."})
		s.wait()
		if sent.Answered() != discordtest.WithDeferredUpdate {
			t.Errorf("answer to the form: got %d, want %d", sent.Answered(), discordtest.WithDeferredUpdate)
		}
		e := s.book.Settled()[before]
		if e.Kind != rituals.Wrote || e.Text != "You *called*\nat lunch." || e.ReplyTo != id || e.Source != e.ID || e.Chat != (someone{s.alex}).Chat() || e.Language != "de" {
			t.Errorf("event: got %+v, want words in reply to %s with the form as their source", e, id)
		}
	})
}

// TestSlowForm sends words that take long to be kept: their writer sees that they are
// waited for, as long as they could still be lost.
func TestSlowForm(t *testing.T) {
	play(t, slowly(10*time.Second, ""), func(t *testing.T, s *stage) {
		p := parcel(someone{s.alex}, 1, "What was good today?")
		p.Message.Input = &rituals.Input{}
		if _, err := s.bot.Send(t.Context(), p); err != nil {
			t.Fatalf("Send: got %v, want nil", err)
		}
		s.alex.Press("Answer")
		s.wait()
		sent := s.alex.Modal().Submit(map[string]string{"words": "You called at lunch."})
		s.wait()
		if m, waits := sent.Reply(); sent.Answered() != discordtest.WithDeferred || !waits || !m.Loading || m.Only != s.alex.ID() {
			t.Errorf("answer before the words are kept: got %d and %+v, want Alex alone to see that it is waited", sent.Answered(), m)
		}
		time.Sleep(5 * time.Second)
		s.wait()
		if m, waits := sent.Reply(); waits {
			t.Errorf("once the words are kept: got %+v, want nothing left of the waiting", m)
		}
	})
}

func TestCommands(t *testing.T) {
	play(t, nil, func(t *testing.T, s *stage) {
		offered := s.server.Commands("")
		if len(offered) != 3 || offered[0].Name != "evening" || offered[1].Name != "join" {
			t.Fatalf("commands: got %+v, want evening and join", offered)
		}
		c := offered[0]
		if c.Descriptions["de"] != "Heute Abend" || !slices.Equal(c.Contexts, []int{0, 1}) || len(c.Options) != 0 || len(offered[1].Options) != 1 {
			t.Errorf("commands: got %+v, want German, in servers and direct messages, and one option of join", offered)
		}
		s.guild.Channel("600", "general")
		s.alex.Run("join", map[string]any{"with": "a-code"})
		s.alex.In("600").Run("evening", nil)
		s.alex.In("600").Say("not for the bot")
		s.wait()
		if got, want := s.heard(), []string{"hello", "/join a-code", "/evening"}; !slices.Equal(got, want) {
			t.Errorf("heard: got %q, want %q", got, want)
		}
		for _, e := range s.book.Settled() {
			if e.Aside && e.Chat.Chat == "600" && !e.Private && e.Readers != nil && e.Readers.Everyone {
				e.Chat, e.Private = e.Home, true // it was done in the channel, and Alex is at home where it was looked up
			}
			if e.Chat != (someone{s.alex}).Chat() || !e.Private || e.Person != (someone{s.alex}).Person() || e.Name != "Alex" {
				t.Errorf("event: got %+v, want it of Alex, in direct messages", e)
			}
		}
		set := s.server.Calls(discordtest.SetCommands)
		s.stop()
		s.start()
		if n := s.server.Calls(discordtest.SetCommands); set != 1 || n != 1 {
			t.Errorf("commands set: got %d times, and %d after a restart, want once", set, n)
		}
	})
}

// TestWhatCannotBeKept lets nothing be kept for a while: words are settled when it can be,
// and who has tapped is told so at once, because Discord does not tell of it again.
func TestWhatCannotBeKept(t *testing.T) {
	var bad atomic.Bool
	full := func(context.Context, rituals.Event) (rituals.Answer, error) {
		if bad.Load() {
			return rituals.Answer{}, fmt.Errorf("the disk is full: %w", rituals.ErrUnwritable)
		}
		return rituals.Answer{}, nil
	}
	play(t, full, func(t *testing.T, s *stage) {
		p := parcel(someone{s.alex}, 1, "Shall we?")
		p.Message.Choices = [][]rituals.Choice{{{Label: "Yes", Action: "yes"}}}
		if _, err := s.bot.Send(t.Context(), p); err != nil {
			t.Fatalf("Send: got %v, want nil", err)
		}
		bad.Store(true)
		s.alex.Say("one")
		time.Sleep(3 * time.Minute)
		for n := range 2 {
			i := s.alex.Press("Yes")
			s.wait()
			if got, want := len(someone{s.alex}.Toasts()), n+1; got != want || i.Took() > time.Second {
				t.Errorf("Alex is told that it was not kept: got %d times, after %v, want %d, at once", got, i.Took(), want)
			}
		}
		bad.Store(false)
		time.Sleep(time.Minute)
		s.alex.Press("Yes")
		s.wait()
		var got []string
		for _, e := range s.book.Settled() {
			got = append(got, string(e.Kind)+" "+e.Text)
		}
		if want := []string{"wrote hello", "wrote one", "tapped "}; !slices.Equal(got, want) {
			t.Errorf("settled: got %q, want %q", got, want)
		}
		if n := len(s.book.Parked()); n != 0 {
			t.Errorf("parked: got %d, want none", n)
		}
	})
}
