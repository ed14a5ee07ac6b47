package botstest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"

	"attune/bots"
	"attune/rituals"
)

// speaking returns the promises about what a bot says.
func speaking() []trial {
	return []trial{
		{"messages are shown in the order in which they were said", saysInOrder},
		{"messages to several chats at once each reach their own", saysSideBySide},
		{"a long message is split and nothing of it is lost", saysLong},
		{"whatever people write is shown as they wrote it", saysVerbatim},
		{"an invitation shows its code", saysLink},
		{"an edit changes a message in place or says it anew", saysEdit},
		{"a blocked chat is gone and others are not", saysToBlocked},
		{"a connection that breaks loses nothing", saysOverBrokenLines},
	}
}

func saysInOrder(s *stage) {
	alex := s.world.Join("Alex")
	var want, ids []string
	for i := range 10 {
		want = append(want, fmt.Sprintf("Line %d of ten.", i+1))
		ids = append(ids, s.say(alex, text(want[i])))
	}
	if got := texts(alex); !slices.Equal(got, want) {
		s.Errorf("Alex sees: got %q, want %q", got, want)
	}
	slices.Sort(ids)
	if n := len(slices.Compact(ids)); n != 10 {
		s.Errorf("ids of ten messages: got %d different ones, want 10", n)
	}
	if got, want := s.world.Bot().Platform(), alex.Chat().Platform; got != want {
		s.Errorf("Platform: got %q, want %q as in the address", got, want)
	}
}

func saysSideBySide(s *stage) {
	people := []Someone{s.world.Join("Alex"), s.world.Join("Sam"), s.world.Join("Robin")}
	bot := s.world.Bot()
	var wg sync.WaitGroup
	for i, who := range people {
		wg.Go(func() {
			m := text(fmt.Sprintf("For number %d only.", i))
			m.To = who.Chat()
			if _, err := bot.Send(s.Context(), bots.Parcel{ID: int64(i + 1), Message: m}); err != nil {
				s.Errorf("Send to number %d: got %v, want nil", i, err)
			}
		})
	}
	wg.Wait()
	for i, who := range people {
		if got, want := texts(who), []string{fmt.Sprintf("For number %d only.", i)}; !slices.Equal(got, want) {
			s.Errorf("number %d sees: got %q, want %q", i, got, want)
		}
	}
}

func saysLong(s *stage) {
	longs := map[string]string{
		"three paragraphs":            strings.Repeat("We talked until late. ", 150) + "\n\n" + strings.Repeat("Then it rained. ", 200) + "\n\n" + strings.Repeat("I was glad of you. ", 160),
		"one paragraph":               strings.Repeat("one long breath ", 700),
		"no space to split at":        strings.Repeat("x", 9000) + "end",
		"emoji of several units":      strings.Repeat("👩‍❤️‍👨🧡", 2000) + "end",
		"twenty-five thousand hearts": strings.Repeat("❤", 25000) + "end",
	}
	for name, long := range longs {
		who := s.world.Join("Alex " + name)
		m := text(long)
		m.Choices = [][]rituals.Choice{{{Label: "I read it", Action: "read"}}}
		s.say(who, m)
		sights := who.Sees()
		if got, want := bare(strings.Join(texts(who), "")), bare(s.shown(long)); got != want {
			s.Errorf("%s: got %d letters in %d messages, want the same %d letters as said", name, len([]rune(got)), len(sights), len([]rune(want)))
		}
		for i, sight := range sights {
			if last := i == len(sights)-1; last != slices.Contains(sight.Buttons, "I read it") {
				s.Errorf("%s, message %d of %d: got buttons %q, want them under the last only", name, i+1, len(sights), sight.Buttons)
			}
		}
	}
}

// bare returns a text without white space, which may change where it is split.
func bare(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, text)
}

// naughty is what people write, by accident and on purpose.
var naughty = []string{
	`<b>bold</b> <script>alert(1)</script> &amp; &lt;`,
	"*bold* _it_ __u__ ~~s~~ ||spoiler|| `code` [link](https://example.org) # not a heading",
	"> not a quote\n- not a list\n1. not a list either\n```\nnot code\n```",
	"@everyone @here <@123456> <#123> <t:0:R> /start",
	`\*backslashes\_ and \\ more \`,
	"right to left: \u202eabc\u202c שלום مرحبا",
	"zero\u200bwidth\u200djoin\ufeffmark",
	"👩‍❤️‍💋‍👨 🏳️‍🌈 🇩🇪 👍🏽 ☺️",
	"a zero byte \x00 in between",
	"Robert'); DROP TABLE member;-- {{.Name}} ${HOME} %s %d",
	"zalgo: h̷̢̛e̸͖ ̶l̴o",
	"tab\tand    spaces",
}

func saysVerbatim(s *stage) {
	alex := s.world.Join("Alex")
	for _, words := range naughty {
		places := map[string]rituals.Block{
			"paragraph": rituals.Para(words),
			"heading":   {Kind: rituals.Heading, Text: words},
			"quote":     {Kind: rituals.Quote, By: "Sam", Text: words},
			"list":      {Kind: rituals.List, Items: []string{"first", words}},
		}
		for place, b := range places {
			s.say(alex, rituals.Message{Blocks: []rituals.Block{b, rituals.Para("The end.")}})
			sights := alex.Sees()
			got := sights[len(sights)-1].Text
			if want := s.shown(words); !strings.Contains(got, want) || !strings.Contains(got, "The end.") {
				s.Errorf("%s: got %q, want %q in it, and the end", place, got, want)
			}
		}
	}
	label := "<b>*@everyone*</b>"
	s.say(alex, rituals.Message{
		Blocks:  []rituals.Block{{Kind: rituals.Quote, By: "<i>*Sam*</i>", Face: "🙂", Label: "_Glad_ of", Text: "you"}},
		Choices: [][]rituals.Choice{{{Label: label, Action: "a"}}},
	})
	sights := alex.Sees()
	last := sights[len(sights)-1]
	for _, want := range []string{"<i>*Sam*</i>", "🙂", "_Glad_ of", "you"} {
		if !strings.Contains(last.Text, want) {
			s.Errorf("quote: got %q, want %q in it", last.Text, want)
		}
	}
	if !slices.Equal(last.Buttons, []string{label}) {
		s.Errorf("buttons: got %q, want %q", last.Buttons, label)
	}
}

func saysLink(s *stage) {
	alex := s.world.Join("Alex")
	code := "Zm9yIHlvdSBhbmQgbWUgMg"
	s.say(alex, rituals.Message{
		Blocks:  []rituals.Block{rituals.Para("For your person:"), {Kind: rituals.Link, Text: code}},
		Choices: [][]rituals.Choice{{{Label: "Send it", Share: &rituals.Share{Code: code, Text: "Ten minutes?"}}}},
	})
	if got := strings.Join(texts(alex), "\n"); !strings.Contains(got, code) {
		s.Errorf("Alex sees: got %q, want the code %s in it", got, code)
	}
}

func saysEdit(s *stage) {
	alex := s.world.Join("Alex")
	bot := s.world.Bot()
	m := text("Shall we?")
	m.Choices = [][]rituals.Choice{{{Label: "Yes", Action: "yes"}, {Label: "Later", Action: "later"}}}
	first := s.say(alex, m)
	s.say(alex, text("Something else."))

	change := func(m rituals.Message, edits string) string {
		m.To, m.Edits = alex.Chat(), "key"
		id, err := bot.Send(s.Context(), bots.Parcel{ID: time.Now().UnixNano(), Message: m, Edits: edits})
		if err != nil || id == "" {
			s.Fatalf("Send an edit: got id %q and error %v, want an id", id, err)
		}
		time.Sleep(2 * time.Second)
		return id
	}
	id := change(text("Yes, gladly."), first)
	want := []string{"Yes, gladly.", "Something else."}
	if id != first {
		want = []string{"Shall we?", "Something else.", "Yes, gladly."}
	}
	if got := texts(alex); !slices.Equal(got, want) {
		s.Errorf("Alex sees after the edit: got %q, want %q", got, want)
	}
	for _, sight := range alex.Sees() {
		if sight.ID == id && len(sight.Buttons) > 0 {
			s.Errorf("buttons after the edit: got %q, want none", sight.Buttons)
		}
	}
	if id != first {
		return
	}
	if again := change(text("Yes, gladly."), id); again != id {
		s.Errorf("an edit that changes nothing: got id %q, want %q", again, id)
	}
	if got := texts(alex); !slices.Equal(got, want) {
		s.Errorf("Alex sees after an edit that changes nothing: got %q, want %q", got, want)
	}
}

func saysToBlocked(s *stage) {
	alex, sam := s.world.Join("Alex"), s.world.Join("Sam")
	b, ok := can[Blocker](s, alex, "Blocker")
	if !ok {
		return
	}
	s.say(alex, text("Good evening."))
	b.Block()
	m := text("Are you there?")
	m.To = alex.Chat()
	_, err := s.world.Bot().Send(s.Context(), bots.Parcel{ID: 2, Message: m})
	var gone *bots.GoneError
	if !errors.As(err, &gone) || !gone.Chat {
		s.Errorf("Send to who blocked the bot: got %v, want a GoneError of the chat", err)
	}
	s.say(sam, text("Good evening, Sam."))
	b.Unblock()
	s.say(alex, text("Welcome back."))
	if got, want := texts(alex), []string{"Good evening.", "Welcome back."}; !slices.Equal(got, want) {
		s.Errorf("Alex sees: got %q, want %q", got, want)
	}
}

func saysOverBrokenLines(s *stage) {
	c, ok := can[Cutter](s, s.world, "Cutter")
	if !ok {
		return
	}
	tests := []struct {
		name string
		cut  func()
		most int // how often the message may be shown
	}{
		{"before the platform had it", c.CutBefore, 1},
		{"after the platform had it", c.CutAfter, 2},
	}
	for _, tt := range tests {
		who := s.world.Join("Alex, cut off " + tt.name)
		out := NewOutbox()
		want := []string{"One.", "Two.", "Three."}
		for i, words := range want {
			m := text(words)
			m.Key, m.To = fmt.Sprint(tt.name, i), who.Chat()
			out.Say(m)
		}
		tt.cut()
		s.deliver(out)
		got := texts(who)
		if n := len(got) - len(want) + 1; n > tt.most {
			s.Errorf("cut %s: got %q, want the first at most %d times", tt.name, got, tt.most)
		}
		if got := slices.Compact(got); !slices.Equal(got, want) {
			s.Errorf("cut %s: got %q, want %q", tt.name, got, want)
		}
	}
	if got := s.book.Settled(); len(got) > 0 {
		s.Errorf("events: got %v, want none, since a broken connection is not for good", got)
	}
}
