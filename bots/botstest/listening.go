package botstest

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"attune/rituals"
)

// listening returns the promises about what a bot hears.
func listening() []trial {
	return []trial{
		{"what a person does arrives in order and tells who and where", hearsInOrder},
		{"whatever people write is heard as they wrote it", hearsVerbatim},
		{"a button comes back with its action", hearsTaps},
		{"an answer on the spot reaches only who tapped", toastsWhoTapped},
		{"changed words are heard with what they change", hearsEdits},
		{"a reply says what it replies to", hearsReplies},
		{"a reaction is not taken for words", hearsNoReactions},
		{"a picture is heard as something other than words", hearsPictures},
	}
}

func hearsInOrder(s *stage) {
	alex, sam := s.world.Join("Alex"), s.world.Join("Sam")
	s.run()
	want := map[Someone][]string{}
	sources := map[Someone][]string{}
	for i := range 12 {
		for _, who := range []Someone{alex, sam} {
			words := fmt.Sprintf("line %d of %s", i+1, who.Person().ID)
			sources[who] = append(sources[who], who.Write(words))
			want[who] = append(want[who], words)
		}
	}
	s.until("all that was written is settled", func() bool {
		return len(words(s.book.Settled(), alex)) >= 12 && len(words(s.book.Settled(), sam)) >= 12
	})
	ids := map[string]bool{}
	for _, who := range []Someone{alex, sam} {
		heard := of(s.book.Settled(), rituals.Wrote, who)
		if got := words(heard, who); !slices.Equal(got, want[who]) {
			s.Errorf("heard of %v: got %q, want %q", who.Person(), got, want[who])
			continue
		}
		for i, e := range heard {
			if e.Source != sources[who][i] || e.Chat != who.Chat() || !e.Private || e.Other {
				s.Errorf("event %q: got source %q, chat %v, private %v, other %v, want %q, %v, true, false",
					e.ID, e.Source, e.Chat, e.Private, e.Other, sources[who][i], who.Chat())
			}
			if e.ID == "" || ids[e.ID] {
				s.Errorf("event with %q: got id %q, want one of its own", e.Text, e.ID)
			}
			ids[e.ID] = true
		}
	}
}

func hearsVerbatim(s *stage) {
	alex := s.world.Join("Alex")
	s.run()
	var want []string
	for _, words := range append([]string{"/start abc", "/evening"}, naughty...) {
		words = strings.ReplaceAll(words, "\x00", "") // no client sends it
		alex.Write(words)
		want = append(want, words)
	}
	s.until("all that was written is settled", func() bool { return len(words(s.book.Settled(), alex)) >= len(want) })
	for i, got := range words(s.book.Settled(), alex) {
		if got != want[i] {
			s.Errorf("heard: got %q, want %q", got, want[i])
		}
	}
}

func hearsTaps(s *stage) {
	alex := s.world.Join("Alex")
	s.run()
	actions := []string{"a", "mood:123456:5", strings.Repeat("0123456789abcdef", 4), "ünï:" + strings.Repeat("✓", 19)}
	for i, action := range actions {
		m := text("What is it like?")
		m.Choices = [][]rituals.Choice{
			{{Label: "One", Action: action}, {Label: "Two", Action: "other"}},
			{{Label: "Three", Action: "third"}},
		}
		id := s.say(alex, m)
		for _, tap := range []struct{ label, want string }{{"One", action}, {"Three", "third"}} {
			before := len(of(s.book.Settled(), rituals.Tapped, alex))
			alex.Tap(id, tap.label)
			s.until("a tap is settled", func() bool { return len(of(s.book.Settled(), rituals.Tapped, alex)) > before })
			e := of(s.book.Settled(), rituals.Tapped, alex)[before]
			if e.Action != tap.want || e.Chat != alex.Chat() || !e.Private || e.ID == "" {
				s.Errorf("tap %d on %q: got id %q, action %q in %v, private %v, want action %q in %v, private",
					i, tap.label, e.ID, e.Action, e.Chat, e.Private, tap.want, alex.Chat())
			}
		}
	}
}

func toastsWhoTapped(s *stage) {
	alex, sam := s.world.Join("Alex"), s.world.Join("Sam")
	ta, ok := can[Toasted](s, alex, "Toasted")
	if !ok {
		return
	}
	toast := "Noted, thank you."
	s.book.Do = func(_ context.Context, e rituals.Event) (rituals.Answer, error) {
		if e.Kind == rituals.Tapped && e.Person == alex.Person() {
			return rituals.Answer{Text: toast}, nil
		}
		return rituals.Answer{}, nil
	}
	s.run()
	for _, who := range []Someone{alex, sam} {
		m := text("Shall we?")
		m.Choices = [][]rituals.Choice{{{Label: "Yes", Action: "yes"}}}
		who.Tap(s.say(who, m), "Yes")
	}
	s.until("Alex is shown the answer", func() bool { return slices.Contains(ta.Toasts(), toast) })
	s.rest()
	if got := ta.Toasts(); len(got) != 1 {
		s.Errorf("Alex was shown: got %q, want %q once", got, toast)
	}
	if got := sam.(Toasted).Toasts(); slices.ContainsFunc(got, func(t string) bool { return t != "" }) {
		s.Errorf("Sam was shown: got %q, want nothing", got)
	}
	for _, who := range []Someone{alex, sam} {
		if got, want := texts(who), []string{"Shall we?"}; !slices.Equal(got, want) {
			s.Errorf("%v sees in the chat: got %q, want %q", who.Person(), got, want)
		}
	}
}

func hearsEdits(s *stage) {
	alex := s.world.Join("Alex")
	editor, ok := can[Editor](s, alex, "Editor")
	if !ok {
		return
	}
	s.run()
	source := alex.Write("I am tird.")
	editor.Edit(source, "I am tired.")
	s.until("the change is settled", func() bool { return len(of(s.book.Settled(), rituals.Edited, alex)) > 0 })
	e := of(s.book.Settled(), rituals.Edited, alex)[0]
	if e.Source != source || e.Text != "I am tired." || e.Chat != alex.Chat() {
		s.Errorf("changed words: got source %q, text %q in %v, want %q, %q in %v", e.Source, e.Text, e.Chat, source, "I am tired.", alex.Chat())
	}
	if got := words(s.book.Settled(), alex); !slices.Equal(got, []string{"I am tird."}) {
		s.Errorf("words: got %q, want the first ones only", got)
	}
}

func hearsReplies(s *stage) {
	alex := s.world.Join("Alex")
	replier, ok := can[Replier](s, alex, "Replier")
	if !ok {
		return
	}
	s.run()
	m := text("How are you?")
	m.Input = &rituals.Input{Hint: "a few words"}
	first := s.say(alex, m)
	s.say(alex, text("And how was the day?"))
	replier.Reply(first, "Fine.")
	alex.Write("Long.")
	s.until("both are settled", func() bool { return len(words(s.book.Settled(), alex)) == 2 })
	for i, want := range []rituals.Event{{Text: "Fine.", ReplyTo: first}, {Text: "Long."}} {
		if e := of(s.book.Settled(), rituals.Wrote, alex)[i]; e.Text != want.Text || e.ReplyTo != want.ReplyTo {
			s.Errorf("words %d: got %q to %q, want %q to %q", i+1, e.Text, e.ReplyTo, want.Text, want.ReplyTo)
		}
	}
}

func hearsNoReactions(s *stage) {
	alex := s.world.Join("Alex")
	reactor, ok := can[Reactor](s, alex, "Reactor")
	if !ok {
		return
	}
	s.run()
	reactor.React(s.say(alex, text("Sleep well.")), "❤")
	alex.Write("You too.")
	s.until("the words are settled", func() bool { return len(words(s.book.Settled(), alex)) > 0 })
	if got := words(s.book.Settled(), alex); !slices.Equal(got, []string{"You too."}) {
		s.Errorf("words: got %q, want %q only", got, "You too.")
	}
	if got := of(s.book.Settled(), rituals.Tapped, alex); len(got) > 0 {
		s.Errorf("taps: got %v, want none", got)
	}
}

func hearsPictures(s *stage) {
	alex := s.world.Join("Alex")
	p, ok := can[Picturer](s, alex, "Picturer")
	if !ok {
		return
	}
	s.run()
	p.Picture()
	s.until("the picture is settled", func() bool { return len(of(s.book.Settled(), rituals.Wrote, alex)) > 0 })
	e := of(s.book.Settled(), rituals.Wrote, alex)[0]
	if len(e.Media) != 1 && !e.Other || e.Source == "" {
		s.Errorf("picture: got media %v, other %v, source %q, want one of the two and its id", e.Media, e.Other, e.Source)
	}
	if len(e.Media) == 1 && (e.Media[0].Kind != rituals.Picture || e.Media[0].File == "" || e.Media[0].Platform != s.world.Bot().Platform()) {
		s.Errorf("picture: got %+v, want a picture of this platform with a name to find it by", e.Media[0])
	}
}
