package discord_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"attune/bots"
	"attune/bots/discord/discordtest"
	"attune/rituals"
)

// formed returns what opens a form for every tap; nil says that it has passed.
func formed(f *rituals.Form) func(context.Context, time.Time, rituals.Event) (rituals.Answer, error) {
	return func(_ context.Context, _ time.Time, e rituals.Event) (rituals.Answer, error) {
		if f == nil {
			return rituals.Answer{Text: "That has passed. " + e.Action}, nil
		}
		return rituals.Answer{Form: f}, nil
	}
}

// in returns a message to a channel with a button that opens a form.
func in(channel string) bots.Parcel {
	return bots.Parcel{ID: 7, Message: rituals.Message{
		To:      rituals.Address{Platform: rituals.Discord, Chat: channel},
		Blocks:  []rituals.Block{rituals.Para("Ten minutes?")},
		Choices: [][]rituals.Choice{{{Label: "Answer", Action: "form:5:way:message", Form: true}, {Label: "Not tonight", Action: "answer:5:way:not"}}},
	}}
}

var evening = &rituals.Form{Action: "form:5:way:message", Title: "Ten-minute check-in", Fields: []rituals.Field{
	{ID: "mood", Text: "How are you now?", Options: []rituals.Pick{{ID: "5", Label: "😊"}, {ID: "3", Label: "😐"}}, Value: "5"},
	{ID: "heart", Text: "One thing that's on your heart. You could begin with: I feel … about …", Value: "Tired."},
	{ID: "glad", Text: "One thing Samantha-Josephine did today that you're glad of. Small counts."},
}}

func TestFormInAChannel(t *testing.T) {
	var answer rituals.Answer
	do := func(context.Context, rituals.Event) (rituals.Answer, error) { return answer, nil }
	play(t, do, func(t *testing.T, s *stage) {
		s.book.Forms = formed(evening)
		s.guild.Channel("600", "evenings")
		if _, err := s.bot.Send(t.Context(), in("600")); err != nil {
			t.Fatalf("Send: got %v, want nil", err)
		}
		alex := s.alex.In("600")
		first := alex.Press("Answer")
		s.wait()
		m := first.Modal()
		if m == nil || first.Took() > time.Second || m.Title != "Ten-minute check-in" || len(m.Inputs) != 3 {
			t.Fatalf("form: got %+v after %v, want one with three fields at once", m, first.Took())
		}
		labels := []string{m.Inputs[0].Label, m.Inputs[1].Label, m.Inputs[2].Label}
		want := []string{"How are you now?", "One thing that's on your heart.", "One thing Samantha-Josephine did today that …"}
		if !slices.Equal(labels, want) || m.Inputs[1].About != evening.Fields[1].Text {
			t.Errorf("labels: got %q with %q below, want %q", labels, m.Inputs[1].About, want)
		}
		if m.Inputs[1].Value != "Tired." || !m.Inputs[0].Options[0].Default || m.Inputs[0].Options[1].Default {
			t.Errorf("form: got %+v, want what was answered before", m.Inputs)
		}
		again := alex.Press("Answer")
		s.wait()
		if again.Modal().CustomID == m.CustomID {
			t.Errorf("ids of two openings: got %q for both, want one for each", m.CustomID)
		}
		before := len(s.book.Settled())
		answer = rituals.Answer{Blocks: []rituals.Block{rituals.Para("Kept."), rituals.Para(strings.Repeat("x", 1999))},
			Choices: [][]rituals.Choice{{{Label: "See mine", Action: "see:5"}, {Label: "Change", Action: "form:5", Form: true}}}}
		sent := again.Modal().Submit(map[string]string{"mood": "😐", "heart": "", "glad": "The stairs, @everyone."})
		s.wait()
		e := s.book.Settled()[before]
		wantEntries := []rituals.Entry{{Field: "mood", Value: "3"}, {Field: "heart"}, {Field: "glad", Value: "The stairs, @everyone."}}
		if e.Kind != rituals.Filled || e.Action != evening.Action || !slices.Equal(e.Entries, wantEntries) || !e.Aside || e.Source == "" {
			t.Errorf("event: got %+v, want the form filled in", e)
		}
		if e.Home.Chat != (someone{s.alex}).Chat().Chat || e.Readers == nil || !e.Readers.Everyone || e.Readers.Room != "room/600/2001" {
			t.Errorf("event: got home %v and readers %+v, want Alex's own chat, and everyone", e.Home, e.Readers)
		}
		if sent.Answered() != discordtest.WithMessage {
			t.Errorf("answered: got %d, want %d", sent.Answered(), discordtest.WithMessage)
		}
		seen := alex.Sees()
		if last := seen[len(seen)-1]; last.Only != s.alex.ID() || !slices.Equal(last.Buttons(), []string{"See mine", "Change"}) || len(seen) != 3 {
			t.Errorf("Alex sees: got %d messages, the last for %q with %q, want an answer in two parts for Alex alone, with buttons under the last", len(seen), last.Only, last.Buttons())
		}
		if all := s.server.Transcript("600"); len(all) != 1 {
			t.Errorf("others see: got %d messages, want the question only", len(all))
		}
		alex.Press("See mine")
		s.wait()
		if e := s.book.Settled()[before+1]; e.Action != "see:5" || !e.Aside {
			t.Errorf("tap under an answer: got %+v, want it", e)
		}
		alex.Press("Change")
		s.wait()
		if s.alex.Modal() == nil {
			t.Error("Change under an answer opens no form, want one")
		}
	})
}

// TestFormWhileBusy opens a form while a commit of the same person takes long.
func TestFormWhileBusy(t *testing.T) {
	play(t, slowly(time.Minute, ""), func(t *testing.T, s *stage) {
		s.book.Forms = formed(evening)
		s.guild.Channel("600", "evenings")
		if _, err := s.bot.Send(t.Context(), in("600")); err != nil {
			t.Fatalf("Send: got %v, want nil", err)
		}
		alex := s.alex.In("600")
		alex.Press("Not tonight")
		i := alex.Press("Answer")
		s.wait()
		if i.Modal() == nil || i.Took() > time.Second {
			t.Errorf("form: got %v after %v, want one at once", i.Modal(), i.Took())
		}
		s.book.Forms = formed(nil)
		i = alex.Press("Answer")
		s.wait()
		if r, ok := i.Reply(); !ok || r.Only == "" || !strings.Contains(r.Content, "That has passed.") {
			t.Errorf("in place of a form: got %+v, want a line for Alex alone", r)
		}
		s.book.Forms = nil
		i = alex.Press("Answer")
		s.wait()
		if i.Failed() {
			t.Error("a handler without forms lets the tap fail, want it to do nothing")
		}
	})
}

func TestReaders(t *testing.T) {
	play(t, nil, func(t *testing.T, s *stage) {
		sam := s.server.User("2002", "Sam", "en-US")
		robin := s.server.User("2003", "Robin", "en-US")
		s.guild.Join(sam)
		s.guild.Join(robin)
		s.guild.Channel("600", "general")
		s.guild.Private("601", "ours", s.alex, sam)
		s.guild.Shared("602", "family", "Family", s.alex)
		readers := func(channel string) *rituals.Readers {
			before := len(s.book.Settled())
			s.alex.In(channel).Run("evening", nil)
			s.wait()
			return s.book.Settled()[before].Readers
		}
		for _, tt := range []struct {
			channel, name string
			everyone      bool
			roles         []string
		}{{"600", "general", true, nil}, {"601", "ours", false, nil}, {"602", "family", false, []string{"Family"}}} {
			r := readers(tt.channel)
			if r == nil || r.Kind != rituals.Channel || r.Name != tt.name || r.Everyone != tt.everyone || !slices.Equal(r.Roles, tt.roles) || r.Room != "room/"+tt.channel+"/2001" {
				t.Errorf("readers of %s: got %+v, want %+v", tt.name, r, tt)
			}
		}
		ours := readers("601")
		if again := readers("601"); again.Mark != ours.Mark || again.Mark == readers("600").Mark || ours.Mark == "" {
			t.Errorf("marks: got %q and %q, want the same, and another elsewhere", ours.Mark, again.Mark)
		}
		p := in("601")
		p.Message.Readers, p.Message.For = ours.Mark, []rituals.Person{(someone{s.alex}).Person(), {Platform: rituals.Telegram, ID: "5"}}
		if _, err := s.bot.Send(t.Context(), p); err != nil {
			t.Fatalf("Send to those it is for: got %v, want nil", err)
		}
		said := s.server.Transcript("601")[0]
		if want := "<@2001>\nTen minutes?"; said.Content != want || !slices.Equal(said.Pings, []string{"2001"}) {
			t.Errorf("said: got %q, calling %q, want %q, calling Alex", said.Content, said.Pings, want)
		}
		s.guild.Let(robin, "601")
		s.wait()
		events := s.book.Settled()
		if e := events[len(events)-1]; e.Kind != rituals.Changed || e.Chat.Chat != "601" || e.Readers == nil || e.Readers.Mark == ours.Mark {
			t.Errorf("event: got %+v, want that others can read the channel", e)
		}
		p.ID = 8
		var gone *bots.GoneError
		if _, err := s.bot.Send(t.Context(), p); !errors.As(err, &gone) || gone.Readers == nil || gone.Chat {
			t.Errorf("Send to a channel that others can read: got %v, want it refused with who can", err)
		}
		if n := len(s.server.Transcript("601")); n != 1 {
			t.Errorf("in the channel: got %d messages, want 1", n)
		}
		s.server.Remove("601")
		s.wait()
		events = s.book.Settled()
		if e := events[len(events)-1]; e.Kind != rituals.Changed || e.Readers != nil {
			t.Errorf("event: got %+v, want that the channel is gone", e)
		}
	})
}

func TestStartWithSomebody(t *testing.T) {
	play(t, nil, func(t *testing.T, s *stage) {
		sam := s.server.User("2002", "Sam", "en-US")
		s.guild.Join(sam)
		s.guild.Channel("600", "general")
		s.alex.In("600").Run("anfangen", map[string]any{"partner": sam})
		s.wait()
		events := s.book.Settled()
		e := events[len(events)-1]
		if e.Text != "/start" || e.Mention == nil || e.Mention.Person != (someone{sam}).Person() || e.Mention.Name != "Sam" {
			t.Errorf("event: got %+v, want /start with Sam", e)
		}
	})
}
