package discord_test

import (
	"bytes"
	"context"
	"errors"
	"io"
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

func TestRoom(t *testing.T) {
	play(t, nil, func(t *testing.T, s *stage) {
		sam := s.server.User("2002", "Sam", "en-US")
		s.guild.Join(sam)
		s.guild.Channel("600", "general")
		p := in("room/600/2001")
		p.Message.For = []rituals.Person{(someone{s.alex}).Person(), (someone{sam}).Person()}
		var made [2]string
		for i := range made {
			_, err := s.bot.Send(t.Context(), p)
			var gone *bots.GoneError
			if !errors.As(err, &gone) || gone.Moved == "" || gone.Readers == nil {
				t.Fatalf("Send to a room: got %v, want where the thread is", err)
			}
			made[i] = gone.Moved
			if r := gone.Readers; r.Kind != rituals.Thread || r.People != 2 || r.Mark != "2" {
				t.Errorf("readers of the thread: got %+v, want the two", r)
			}
		}
		if made[0] != made[1] || s.server.Thread("600") != made[0] {
			t.Errorf("threads: got %q, want one for both tries", made)
		}
		p.Message.To.Chat, p.Message.Readers = made[0], "2"
		if _, err := s.bot.Send(t.Context(), p); err != nil {
			t.Fatalf("Send to the thread: got %v, want nil", err)
		}
		if heard := sam.In(made[0]).Heard(); !strings.HasSuffix(heard[len(heard)-1], "Ten minutes?") {
			t.Errorf("Sam hears in the thread: got %q, want the question last", heard)
		}
		robin := s.server.User("2003", "Robin", "en-US")
		s.guild.Join(robin)
		s.guild.Let(robin, made[0])
		var gone *bots.GoneError
		if _, err := s.bot.Send(t.Context(), p); !errors.As(err, &gone) || gone.Readers == nil || gone.Readers.People != 3 {
			t.Errorf("Send with a third in the thread: got %v, want it refused with three", err)
		}
		stranger := rituals.Person{Platform: rituals.Discord, ID: "2999"}
		p.Message.To.Chat, p.Message.For = "room/600/2001", []rituals.Person{(someone{s.alex}).Person(), stranger}
		if _, err := s.bot.Send(t.Context(), p); !errors.As(err, &gone) || gone.Moved != "" || !gone.Chat {
			t.Errorf("Send to a room for somebody who is not there: got %v, want it refused", err)
		}
		if id := s.server.Thread("600"); id == made[0] || !s.server.Archived(id) {
			t.Errorf("the thread for nobody: got %q, want it put away", id)
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

func TestMedia(t *testing.T) {
	picture := rituals.Media{Kind: rituals.Picture, Platform: rituals.Telegram, File: "abc", Type: "image/png", Name: "holiday.png"}
	var fail error
	files := func(_ context.Context, m rituals.Media) (io.ReadCloser, error) {
		if fail != nil {
			return nil, fail
		}
		return io.NopCloser(strings.NewReader("pixels of " + m.File)), nil
	}
	play(t, nil, func(t *testing.T, s *stage) {
		s.stop()
		s.files = files
		s.start()
		id := s.alex.Attach("The sea.", &discordtest.File{Name: "sea.jpg", Type: "image/jpeg", Data: []byte("waves")})
		s.alex.Speak([]byte("hm"), 3*time.Second)
		s.wait()
		events := s.book.Settled()
		sea, voice := events[len(events)-2], events[len(events)-1]
		if sea.Text != "The sea." || len(sea.Media) != 1 || len(voice.Media) != 1 || voice.Media[0].Kind != rituals.Voice || voice.Media[0].Seconds != 3 {
			t.Fatalf("events: got %+v and %+v, want a picture with words, and a voice message", sea, voice)
		}
		time.Sleep(48 * time.Hour) // any address that was given has ended
		r, err := s.bot.Open(t.Context(), sea.Media[0])
		if err != nil {
			t.Fatalf("Open: got %v, want nil", err)
		}
		if data, _ := io.ReadAll(r); string(data) != "waves" {
			t.Errorf("Open: got %q, want what was sent", data)
		}
		r.Close()
		var gone *bots.GoneError
		s.alex.Delete(id)
		if _, err := s.bot.Open(t.Context(), sea.Media[0]); !errors.As(err, &gone) {
			t.Errorf("Open of what was deleted: got %v, want it gone", err)
		}
		s.server.Lose(s.alex.Channel(), voice.Source)
		if _, err := s.bot.Open(t.Context(), voice.Media[0]); !errors.As(err, &gone) {
			t.Errorf("Open of what was lost: got %v, want it gone", err)
		}

		p := parcel(someone{s.alex}, 1, "")
		p.Message.Blocks = []rituals.Block{{Kind: rituals.Carried, By: "Sam", Media: &picture, Text: "A picture belongs here."}}
		if _, err := s.bot.Send(t.Context(), p); err != nil {
			t.Fatalf("Send of a picture: got %v, want nil", err)
		}
		sees := s.alex.Sees()
		last := sees[len(sees)-1]
		if last.Content != "**Sam:**" || len(last.Files) != 1 || last.Files[0].Name != "picture.png" || !bytes.Equal(last.Files[0].Data, []byte("pixels of abc")) {
			t.Errorf("Alex sees: got %+v, want Sam's picture under a name of ours", last)
		}
		for _, tt := range []struct {
			name string
			fail error
			want bool // said in words
		}{
			{"gone", &bots.GoneError{Err: errors.New("gone")}, true},
			{"not to be had just now", &bots.RetryError{Err: errors.New("later")}, false},
		} {
			fail = tt.fail
			p.ID++
			before := len(s.alex.Sees())
			_, err := s.bot.Send(t.Context(), p)
			sees := s.alex.Sees()
			if tt.want != (err == nil) || tt.want != (len(sees) == before+1) {
				t.Errorf("Send of a picture that is %s: got %v and %d messages more, want words: %v", tt.name, err, len(sees)-before, tt.want)
			}
			if tt.want && sees[len(sees)-1].Content != "A picture belongs here." {
				t.Errorf("in place of a picture: got %q, want the words for it", sees[len(sees)-1].Content)
			}
		}
	})
}

func TestScan(t *testing.T) {
	play(t, nil, func(t *testing.T, s *stage) {
		p := parcel(someone{s.alex}, 1, "This link is for the one you'd like to share it with.")
		p.Message.Blocks = append(p.Message.Blocks, rituals.Block{Kind: rituals.Scan, Text: "the-code"})
		p.Message.Choices = [][]rituals.Choice{{{Label: "Withdraw it", Action: "invite:withdraw"}}}
		if _, err := s.bot.Send(t.Context(), p); err != nil {
			t.Fatalf("Send: got %v, want nil", err)
		}
		sees := s.alex.Sees()
		picture, words := sees[len(sees)-2], sees[len(sees)-1]
		if len(picture.Files) != 1 || picture.Files[0].Type != "image/png" || !bytes.HasPrefix(picture.Files[0].Data, []byte("\x89PNG")) {
			t.Errorf("Alex sees: got %+v, want a picture to scan", picture)
		}
		if !strings.HasPrefix(words.Content, "This link") || !slices.Equal(words.Buttons(), []string{"Withdraw it"}) {
			t.Errorf("Alex sees: got %+v, want the words and the button", words)
		}
	})
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
