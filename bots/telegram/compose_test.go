package telegram

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/go-telegram/bot/models"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"attune/bots"
	"attune/rituals"
)

// marked returns a part with its entities shown as <b>…</b> and <q>…</q>.
func marked(p part) string {
	u := utf16.Encode([]rune(p.text))
	var s strings.Builder
	tag := map[models.MessageEntityType]string{models.MessageEntityTypeBold: "b", models.MessageEntityTypeBlockquote: "q", models.MessageEntityTypeDateTime: "t"}
	from := 0
	for i := 0; i <= len(u); i++ {
		for _, e := range p.entities {
			if i == e.Offset || i == e.Offset+e.Length {
				s.WriteString(string(utf16.Decode(u[from:i])))
				from = i
				slash := ""
				if i != e.Offset {
					slash = "/"
				}
				s.WriteString("<" + slash + tag[e.Type] + ">")
			}
		}
	}
	return s.String() + string(utf16.Decode(u[from:]))
}

func TestCompose(t *testing.T) {
	quote := func(by, face, text string) rituals.Block {
		return rituals.Block{Kind: rituals.Quote, By: by, Face: face, Text: text}
	}
	tests := []struct {
		name   string
		blocks []rituals.Block
		want   string
	}{
		{"a heading is bold", []rituals.Block{{Kind: rituals.Heading, Text: "Tonight"}, rituals.Para("Ten minutes?")}, "<b>Tonight</b>\nTen minutes?"},
		{"a quote is set apart, behind emoji as well", []rituals.Block{rituals.Para("👩‍❤️‍👨"), quote("Alex", "😐", "So so 🧡."), quote("Sam", "", "Fine.")},
			"👩‍❤️‍👨\n\n<b>Alex 😐</b>\n<q>So so 🧡.</q>\n<b>Sam:</b>\n<q>Fine.</q>"},
		{"a face alone is a quote", []rituals.Block{quote("Alex", "😐", ""), quote("Sam", "😊", "")}, "<b>Alex 😐</b>\n<b>Sam 😊</b>"},
		{"a list has points", []rituals.Block{{Kind: rituals.List, Items: []string{"one", "two"}}}, "• one\n• two"},
		{"a link leads to the bot", []rituals.Block{{Kind: rituals.Link, Text: "a-b_c"}}, "https://t.me/attune_bot?start=a-b_c"},
		{"markup is words", []rituals.Block{rituals.Para("<b>*bold*</b> @everyone")}, "<b>*bold*</b> @everyone"},
		{"line ends are one kind, control characters go", []rituals.Block{rituals.Para("a\r\nb\rc\x00d\u2028e\x7f\tf")}, "a\nb\ncd\ne\tf"},
		{"broken bytes are shown as broken", []rituals.Block{rituals.Para("a\xff\xfeb")}, "a\ufffdb"},
		{"a countdown is a time that Telegram keeps live", []rituals.Block{{Kind: rituals.Countdown, Text: "This part ends", Label: "at 21:35:00", At: time.Unix(1795466100, 0)}},
			"This part ends <t>at 21:35:00</t>"},
		{"nothing is something", nil, "…"},
		{"what cannot be seen is something", []rituals.Block{rituals.Para("\x00 \u200b\n")}, "…"},
		{"an empty block leaves no gap in front", []rituals.Block{rituals.Para(""), rituals.Para("a")}, "a"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			parts := compose(rituals.Message{Blocks: tt.blocks}, "attune_bot")
			if len(parts) != 1 || marked(parts[0]) != tt.want {
				t.Errorf("compose(%v): got %q in %d parts, want %q in 1", tt.blocks, marked(parts[0]), len(parts), tt.want)
			}
		})
	}
}

func TestSplit(t *testing.T) {
	tests := []struct {
		name, text string
		limit      int
		want       []string
	}{
		{"what fits stays whole", "ten letters", 11, []string{"ten letters"}},
		{"at a paragraph's end", "one two\n\nthree\nfour", 14, []string{"one two", "three\nfour"}},
		{"at a line's end, if the paragraph is too short", "a\n\nbcdefgh\nijklm", 12, []string{"a\n\nbcdefgh", "ijklm"}},
		{"at a word's end", "one two three", 9, []string{"one two", "three"}},
		{"anywhere", "abcdefghij", 4, []string{"abcd", "efgh", "ij"}},
		{"not inside an emoji of two units", "abc🧡d", 4, []string{"abc", "🧡d"}},
		{"not inside an emoji of several characters", "ab👩‍❤️‍👨c", 10, []string{"ab👩‍❤️‍👨", "c"}},
		{"nor before its end", "abcd👩‍❤️‍👨c", 10, []string{"abcd", "👩‍❤️‍👨c"}},
		{"not between a letter and its accent", "abce\u0301f", 4, []string{"abc", "e\u0301f"}},
		{"not inside a flag", "abc🇩🇪", 5, []string{"abc", "🇩🇪"}},
		{"parts that cannot be seen are left out", strings.Repeat(" ", 9) + "a", 4, []string{" a"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, p := range split(part{text: tt.text}, tt.limit) {
				got = append(got, p.text)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("split(%q, %d): -want +got\n%s", tt.text, tt.limit, diff)
			}
		})
	}
}

// TestSplitKeepsAll splits texts of all sorts and holds the parts to what Telegram
// takes and a reader wants.
func TestSplitKeepsAll(t *testing.T) {
	bare := func(s string) string { return strings.NewReplacer(" ", "", "\n", "").Replace(s) }
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "word", "🧡", "👩‍❤️‍👨", "e\u0301", " ", "\n", "\n\n", "🇩🇪"}), 1, 60).Draw(t, "words")
		from := rapid.IntRange(0, len(words)-1).Draw(t, "from")
		to := rapid.IntRange(from+1, len(words)).Draw(t, "to")
		limit := rapid.IntRange(16, 40).Draw(t, "limit")
		var w writer
		w.plain(strings.Join(words[:from], ""))
		w.set(models.MessageEntityTypeBold, strings.Join(words[from:to], ""))
		w.plain(strings.Join(words[to:], ""))
		text, bold := "", ""
		for _, p := range split(part{text: w.String(), entities: w.entities}, limit) {
			u := utf16.Encode([]rune(p.text))
			if len(u) == 0 || len(u) > limit || bots.Blank(p.text) {
				t.Fatalf("split(%q, %d): got part %q of %d units", w.String(), limit, p.text, len(u))
			}
			text += p.text
			for _, e := range p.entities {
				if e.Offset < 0 || e.Length <= 0 || e.Offset+e.Length > len(u) {
					t.Fatalf("split(%q, %d): got entity %+v over %q", w.String(), limit, e, p.text)
				}
				bold += string(utf16.Decode(u[e.Offset : e.Offset+e.Length]))
			}
		}
		if bots.Blank(w.String()) {
			return
		}
		if bare(text) != bare(w.String()) || bare(bold) != bare(strings.Join(words[from:to], "")) {
			t.Fatalf("split(%q, %d): got %q with %q bold", w.String(), limit, text, bold)
		}
	})
}

func TestKeyboard(t *testing.T) {
	choose := func(labels ...string) (row []rituals.Choice) {
		for _, l := range labels {
			row = append(row, rituals.Choice{Label: l, Action: "a"})
		}
		return row
	}
	tests := []struct {
		name    string
		choices [][]rituals.Choice
		want    string
		refused int
	}{
		{"no buttons", nil, "", 0},
		{"faces stand in one row", [][]rituals.Choice{choose("😊", "🙂", "😐", "😕", "😞")}, "[😊 🙂 😐 😕 😞]", 0},
		{"labels that a phone would cut get rows of their own", [][]rituals.Choice{choose("Together", "By message", "Later", "It's a hard evening", "Not tonight")},
			"[Together By message Later] [It's a hard evening] [Not tonight]", 0},
		{"eight stand in a row at most", [][]rituals.Choice{choose("1", "2", "3", "4", "5", "6", "7", "8", "9")}, "[1 2 3 4 5 6 7 8] [9]", 0},
		{"an empty label is something", [][]rituals.Choice{choose(" \x00")}, "[…]", 0},
		{"what Telegram refuses is left out", [][]rituals.Choice{{{Label: "Long", Action: strings.Repeat("a", 65)}, {Label: "None"}}, choose("Good")}, "[Good]", 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			k, refused := keyboard(rituals.Message{Choices: tt.choices}, "attune_bot")
			var rows []string
			if k != nil {
				for _, row := range k.InlineKeyboard {
					var labels []string
					for _, b := range row {
						labels = append(labels, b.Text)
					}
					rows = append(rows, fmt.Sprint(labels))
				}
			}
			if got := strings.Join(rows, " "); got != tt.want || refused != tt.refused {
				t.Errorf("keyboard: got %q and %d refused, want %q and %d", got, refused, tt.want, tt.refused)
			}
		})
	}
}

func TestShareButton(t *testing.T) {
	k, _ := keyboard(rituals.Message{Choices: [][]rituals.Choice{{{Label: "Send", Share: &rituals.Share{Code: "a-b", Text: "Ten minutes & more?"}}}}}, "attune_bot")
	want := "https://t.me/share/url?url=https%3A%2F%2Ft.me%2Fattune_bot%3Fstart%3Da-b&text=Ten%20minutes%20%26%20more%3F"
	if got := k.InlineKeyboard[0][0].URL; got != want {
		t.Errorf("share button: got %s, want %s", got, want)
	}
}
