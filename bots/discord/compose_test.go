package discord

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"
	"pgregory.net/rapid"

	"attune/bots"
	"attune/rituals"
)

func TestCompose(t *testing.T) {
	quote := func(by, face, text string) rituals.Block {
		return rituals.Block{Kind: rituals.Quote, By: by, Face: face, Text: text}
	}
	share := [][]rituals.Choice{{{Label: "Send it", Share: &rituals.Share{Code: "a-b_c", Text: "Have a look.\nI'm curious."}}}}
	tests := []struct {
		name    string
		blocks  []rituals.Block
		choices [][]rituals.Choice
		want    string
	}{
		{"a heading is bold", []rituals.Block{{Kind: rituals.Heading, Text: "Tonight"}, rituals.Para("Ten minutes?")}, nil, "**Tonight**\nTen minutes?"},
		{"two answers stand together", []rituals.Block{rituals.Para("Here."), quote("Alex", "😐", "So so.\n\nReally."), quote("Sam", "", "Fine.")}, nil,
			"Here.\n\n**Alex 😐**\n> So so.\n> \n> Really.\n**Sam:**\n> Fine."},
		{"a quote ends before what follows", []rituals.Block{quote("Sam", "", "Fine."), rituals.Para("Good night.")}, nil, "**Sam:**\n> Fine.\n\nGood night."},
		{"a face alone is a quote", []rituals.Block{quote("Alex", "😐", ""), quote("Sam", "😊", "")}, nil, "**Alex 😐**\n**Sam 😊**"},
		{"a list has points", []rituals.Block{{Kind: rituals.List, Items: []string{"one", "two"}}}, nil, "• one\n• two"},
		{"a countdown is a time that Discord keeps live", []rituals.Block{{Kind: rituals.Countdown, Text: "This part ends", Label: "at 21:35:00", At: time.Unix(1795466100, 0)}}, nil,
			"This part ends <t:1795466100:R>"},
		{"a code comes with what to write", []rituals.Block{{Kind: rituals.Link, Text: "a-b_c"}}, nil, "`/join a-b_c`"},
		{"an invitation can be copied", []rituals.Block{rituals.Para("For Sam:")}, share, "For Sam:\n\n> Have a look.\n> I'm curious.\n\n`/join a-b_c`"},
		{"its code is shown once", []rituals.Block{{Kind: rituals.Link, Text: "a-b_c"}}, share, "`/join a-b_c`\n\n> Have a look.\n> I'm curious."},
		{"markup is words", []rituals.Block{quote("*S*", "", "**b** @everyone")}, nil, `**\*S\*:**` + "\n" + `> \*\*b\*\* \@everyone`},
		{"nothing is something", nil, nil, "…"},
		{"what cannot be seen is something", []rituals.Block{rituals.Para("\x00 \u200b\n")}, nil, "…"},
		{"an empty block leaves no gap in front", []rituals.Block{rituals.Para(""), rituals.Para("a")}, nil, "a"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			parts := compose(rituals.Message{Blocks: tt.blocks, Choices: tt.choices}, maxUnits)
			if len(parts) != 1 || parts[0].text != tt.want {
				t.Errorf("compose: got %+v, want %q", parts, tt.want)
			}
		})
	}
}

func TestEscape(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"plain words stay", "Fine, thanks (really). It's 50% so-so!", "Fine, thanks (really). It's 50% so-so!"},
		{"markup", "*a* _b_ ~~c~~ ||d|| `e`", `\*a\* \_b\_ \~\~c\~\~ \|\|d\|\| \` + "`e\\`"},
		{"a masked link", "[here](x)", `\[here\](x)`},
		{"mentions and times", "<@1> <#2> <t:0:R> @here", `\<\@1\> \<\#2\> \<t\:0:R\> \@here`},
		{"quotes, headings and lists", "> a\n# b\n-# c\n- d\n+ e\n12. f\n3) g", "\\> a\n\\# b\n-\\# c\n\\- d\n\\+ e\n12\\. f\n3\\) g"},
		{"a dash in a line and a year in front", "a - b\n2026 was good.\n-5 degrees", "a - b\n2026 was good.\n-5 degrees"},
		{"a backslash", `\*`, `\\\*`},
		{"a smiley by name, not a time", ":smile: at 21:30, you: me", `\:smile: at 21:30, you: me`},
		{"a link keeps its underscores", "see https://example.org/a_b_c?d=1&e=2. And_this", `see https://example.org/a_b_c?d=1&e=2. And\_this`},
		{"a link in brackets ends there", "(https://example.org/a)_", `(https://example.org/a)\_`},
		{"a link with a star is not one", "https://example.org/*a*", `https://example.org/\*a\*`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := escape(tt.text); got != tt.want {
				t.Errorf("escape(%q): got %q, want %q", tt.text, got, tt.want)
			}
		})
	}
}

// plain takes markup away again.
func plain(s string) string {
	s = regexp.MustCompile(`(?m)^> `).ReplaceAllString(s, "")
	return regexp.MustCompile(`\\([^0-9A-Za-z\s])`).ReplaceAllString(s, "$1")
}

func TestSplit(t *testing.T) {
	para := strings.Repeat("Some words. ", 100) // 1200 characters
	tests := []struct {
		name  string
		text  string
		sizes []int
	}{
		{"a short text is one part", "Short.", []int{6}},
		{"as long as can be", strings.Repeat("x", 2000), []int{2000}},
		{"one more", strings.Repeat("x", 2001), []int{2000, 1}},
		{"after a paragraph in the second half", para + "\n\n" + para, []int{1200, 1200}},
		{"not after one in the first half", "A.\n" + "\n" + strings.Repeat("y", 1990) + "\n" + para, []int{1994, 1200}},
		{"after a word", strings.Repeat("word ", 500), []int{2000, 500}},
		{"stars take two places", strings.Repeat("*", 1500), []int{2000, 1000}},
		{"hearts take two units", strings.Repeat("🧡", 1500), []int{2000, 1000}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var sizes []int
			for _, p := range compose(rituals.Message{Blocks: []rituals.Block{rituals.Para(tt.text)}}, maxUnits) {
				sizes = append(sizes, bots.Units(p.text))
			}
			if !slices.Equal(sizes, tt.sizes) {
				t.Errorf("sizes of parts: got %d, want %d", sizes, tt.sizes)
			}
		})
	}
}

func TestSplitLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOf(rapid.OneOf(
			rapid.StringMatching(`[a-z*_ >#\\-]{0,400}`),
			rapid.SampledFrom([]string{"\n", "\n\n", "🧡", "👩‍❤️‍👨", strings.Repeat("x", 1990), strings.Repeat("*a", 900), "https://example.org/a_b"}),
		)).Draw(t, "pieces"), "")
		kind := rapid.SampledFrom([]rituals.BlockKind{rituals.Paragraph, rituals.Quote}).Draw(t, "kind")
		var all strings.Builder
		for i, p := range compose(rituals.Message{Blocks: []rituals.Block{{Kind: kind, Text: text}}}, maxUnits) {
			if n := bots.Units(p.text); n > maxUnits || n == 0 {
				t.Fatalf("part %d: got %d units, want 1 to %d", i, n, maxUnits)
			}
			fmt.Fprintln(&all, plain(p.text))
		}
		bare := func(s string) string { return strings.Join(strings.Fields(s), "") }
		if got, want := bare(all.String()), bare(text); got != want && !(want == "" && got == unsaid) {
			t.Fatalf("all parts: got %q, want %q", got, want)
		}
	})
}

func TestButtons(t *testing.T) {
	row := func(n int) (cs []rituals.Choice) {
		for i := range n {
			cs = append(cs, rituals.Choice{Label: fmt.Sprint(i), Action: fmt.Sprint("a", i)})
		}
		return cs
	}
	tests := []struct {
		name    string
		m       rituals.Message
		want    string
		refused int
	}{
		{"none", rituals.Message{}, "", 0},
		{"rows as they are", rituals.Message{Choices: [][]rituals.Choice{row(2), row(1)}}, "0 1 / 0", 0},
		{"a row of seven is broken", rituals.Message{Choices: [][]rituals.Choice{row(7)}}, "0 1 2 3 4 / 5 6", 0},
		{"six rows are put together", rituals.Message{Choices: [][]rituals.Choice{row(1), row(1), row(1), row(1), row(1), row(2)}}, "0 0 0 0 0 / 0 1", 0},
		{"no more than twenty-five", rituals.Message{Choices: [][]rituals.Choice{row(27)}}, "0 1 2 3 4 / 5 6 7 8 9 / 10 11 12 13 14 / 15 16 17 18 19 / 20 21 22 23 24", 2},
		{"words are asked for in front", rituals.Message{Input: &rituals.Input{}, Choices: [][]rituals.Choice{row(1)}}, "Answer / 0", 0},
		{"what Discord would refuse is left out", rituals.Message{Choices: [][]rituals.Choice{{{Label: "x"}, {Label: "y", Action: strings.Repeat("a", 65)}, {Action: "b"}}}}, "…", 2},
		{"an invitation is no button", rituals.Message{Choices: [][]rituals.Choice{{{Label: "Send", Share: &rituals.Share{}}}}}, "", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			rows, refused := buttons(tt.m, 7)
			var got []string
			for _, r := range rows {
				var labels []string
				for _, c := range r.(discordgo.ActionsRow).Components {
					labels = append(labels, c.(discordgo.Button).Label)
				}
				got = append(got, strings.Join(labels, " "))
			}
			if s := strings.Join(got, " / "); s != tt.want || refused != tt.refused {
				t.Errorf("buttons: got %q and %d refused, want %q and %d", s, refused, tt.want, tt.refused)
			}
		})
	}
}

func TestButtonIDs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		action := rapid.StringN(0, 64, 64).Draw(t, "action")
		row := rapid.Int64().Draw(t, "row")
		id := buttonID(action, row, rapid.IntRange(0, 24).Draw(t, "n"))
		if got, of := parseID(id); got != action || of != row {
			t.Fatalf("parseID(%q): got %q of %d, want %q of %d", id, got, of, action, row)
		}
		if n := len([]rune(id)); n > 100 {
			t.Fatalf("buttonID: got %d characters, want at most 100", n)
		}
	})
	for id, want := range map[string]bool{
		buttonID("a hint", 7, 0) + formMark: true, buttonID("answer:5:way", 7, 0): false,
		buttonID("why?", 7, 0): false, "why?": false, "": false,
	} {
		i := interaction{Type: 3, Message: &message{}}
		if err := json.Unmarshal([]byte(fmt.Sprintf(`{"data":{"custom_id":%q}}`, id)), &i); err != nil {
			t.Fatalf("Unmarshal: got %v, want nil", err)
		}
		if got := opensForm(&i); got != want {
			t.Errorf("opensForm of %q: got %v, want %v", id, got, want)
		}
	}
	if got, row := parseID("evening:now"); got != "evening:now" || row != 0 {
		t.Errorf("parseID of a plain action: got %q of %d, want it as it is", got, row)
	}
}
