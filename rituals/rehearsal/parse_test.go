package rehearsal

import (
	"strings"
	"testing"
)

const opening = "couple  Alex (telegram, Europe/Berlin, en) and Sam (telegram, America/New_York, en)\n" +
	"at      2026-11-23 21:30 Europe/Berlin\n"

func TestParseReadsWhatIsSaid(t *testing.T) {
	for _, test := range []struct {
		name, rows   string
		who          string
		verb         verb
		text, object string
		count        int
	}{
		{name: "words in columns", rows: "   Alex  says   Fine, thank you.", who: "Alex", verb: says, text: "Fine, thank you."},
		{name: "words without columns", rows: "Alex says Fine.", who: "Alex", verb: says, text: "Fine."},
		{name: "rows at the column of the text", rows: "  Alex  sees   One.\n               Two.\n\n                 Three.",
			who: "Alex", verb: sees, text: "One.\nTwo.\n\n  Three."},
		{name: "rows short of that column", rows: "  Alex  sees   One.\n    Two.\n     Three.", who: "Alex", verb: sees, text: "One.\nTwo.\n Three."},
		{name: "text that begins below", rows: "  Alex says\n    One.\n    # Two.", who: "Alex", verb: says, text: "One.\n# Two."},
		{name: "a remark at the line's own indentation ends it", rows: "  Alex says One.\n  # Two.", who: "Alex", verb: says, text: "One."},
		{name: "both in the plural", rows: "both see Hello.", who: both, verb: sees, text: "Hello."},
		{name: "seen again", rows: "Sam sees again Hello.", who: "Sam", verb: seesAgain, text: "Hello."},
		{name: "a stranger", rows: "a stranger taps Yes, I'm in", who: stranger, verb: taps, text: "Yes, I'm in", count: 1},
		{name: "an older button, twice", rows: `Sam taps Skip on "One thing" twice`, who: "Sam", verb: taps, text: "Skip", object: "One thing", count: 2},
		{name: "a label with the word on", rows: `Sam taps Go on`, who: "Sam", verb: taps, text: "Go on", count: 1},
		{name: "a label in quotes", rows: `Sam taps "Say it twice"`, who: "Sam", verb: taps, text: "Say it twice", count: 1},
		{name: "a reply", rows: `Alex replies "How are you" Well.`, who: "Alex", verb: replies, text: "Well.", object: "How are you"},
		{name: "an edit", rows: `Alex edits "Well" to Not so well.`, who: "Alex", verb: edits, text: "Not so well.", object: "Well"},
		{name: "words in quotes", rows: `Alex says "a\x00b"`, who: "Alex", verb: says, text: "a\x00b"},
		{name: "many words", rows: `Alex says "ab" 3 times`, who: "Alex", verb: says, text: "ababab"},
		{name: "words that only begin with a quote", rows: `Alex says "Well", you said.`, who: "Alex", verb: says, text: `"Well", you said.`},
		{name: "the newest link of somebody", rows: "Sam opens the link of Alex", who: "Sam", verb: opens, object: "Alex"},
		{name: "an older link", rows: "Sam opens link 2", who: "Sam", verb: opens, count: 2},
		{name: "somebody who is away", rows: "Sam cannot be reached", who: "Sam", verb: loses},
		{name: "and back", rows: "Sam can be reached again", who: "Sam", verb: finds},
		{name: "a receipt that is lost, for both", rows: "both get the next message unconfirmed", who: both, verb: misses},
		{name: "a death", rows: "dies    once it is kept", verb: dies, text: onceKept, count: 1},
		{name: "a full disk", rows: "disk full 2 times", verb: disk, count: 2},
		{name: "a disk that is full once", rows: "disk full 1 time", verb: disk, count: 1},
		{name: "others who are faster", rows: "overtaken 4 times", verb: overtaken, count: 4},
		{name: "a start", rows: "up", verb: up},
		{name: "a start with one platform first", rows: "up telegram first", verb: up, text: "telegram"},
		{name: "a day's outcome", rows: "kept  2026-11-23", verb: outcome, text: "kept 2026-11-23", object: "2026-11-23"},
	} {
		t.Run(test.name, func(t *testing.T) {
			p, err := Parse("test.play", []byte(opening+test.rows+"\n"))
			if err != nil {
				t.Fatalf("Parse(%q): %v", test.rows, err)
			}
			l := p.lines[2]
			if l.who != test.who || l.verb != test.verb || l.text != test.text || l.object != test.object || l.count != test.count {
				t.Errorf("Parse(%q) = %q %q %q about %q, %d times;\nwant %q %q %q about %q, %d times", test.rows,
					l.who, l.verb, l.text, l.object, l.count, test.who, test.verb, test.text, test.object, test.count)
			}
		})
	}
}

func TestParseMovesTheClock(t *testing.T) {
	p, err := Parse("test.play", []byte(opening+"at 21:45\nlater 20m\nat 2026-11-24 08:00 America/New_York\nat 08:00:30\nback 1h\njumps 3h\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"2026-11-23 20:30:00", "2026-11-23 20:45:00", "2026-11-23 21:05:00",
		"2026-11-24 13:00:00", "2026-11-24 13:00:30", "2026-11-24 12:00:30", "2026-11-24 15:00:30"}
	for i, w := range want {
		if got := p.lines[i+1].when.UTC().Format("2006-01-02 15:04:05"); got != w {
			t.Errorf("line %d is at %s, want %s", i+2, got, w)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for _, test := range []struct{ name, play, want string }{
		{"a play without a time", "person Alex (telegram, en)\n", "test.play:1: a play needs a time"},
		{"an empty file", "", "test.play:1: a play needs a time"},
		{"what is no text", "person Alex (telegram, en)\nAlex says \x92\n", "test.play:2: save the play as UTF-8"},
		{"an act before the play begins", "person Alex (telegram, en)\nAlex says Hi.\n", "test.play:2: say first when the play begins"},
		{"somebody unknown", opening + "Aelx says Hi.\n", `test.play:3: "Aelx" is neither a word`},
		{"an unknown verb", opening + "Alex shouts Hi.\n", "test.play:3: Alex does nothing here that a play knows; write one of: sees again"},
		{"a clock that goes back unsaid", opening + "at 21:00\n", "test.play:3: that is before 2026-11-23 21:30:00"},
		{"a zone that is none", opening + "at 2026-11-24 21:00 Europe/Brelin\n", "test.play:3: "},
		{"a couple that is not told whole", "couple Alex and Sam\n", "test.play:1: write: couple Alex (telegram"},
		{"tabs", opening + "\tAlex says Hi.\n", "test.play:3: indent with spaces"},
		{"one act together", opening + "together\n  Alex taps Yes\n", "test.play:3: together takes two acts"},
		{"nothing seen", opening + "Alex sees\n", "test.play:3: write what is seen"},
		{"a picture of something", opening + "Alex sends a picture of it\n", "test.play:3: write: sends a picture"},
		{"a platform that is none", "person Alex (carrier, en)\n", "test.play:1: the platform is telegram"},
		{"a death at no moment", opening + "dies\n", "test.play:3: write when it dies"},
		{"a disk that is half full", opening + "disk half full\n", "test.play:3: write how often what comes next cannot be kept"},
		{"too many who are faster", opening + "overtaken 5 times\n", "test.play:3: write how often, up to four times"},
		{"a jump nowhere", opening + "jumps\n", "test.play:3: write, after an at line, how far the clock jumps"},
		{"a start with a platform that is none", opening + "up carrier first\n", "test.play:3: up stands alone"},
		{"a start of something", opening + "up soon\n", "test.play:3: up stands alone"},
		{"two problems at once", opening + "Alex shouts\nSam shouts\n", "test.play:4: "},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := Parse("test.play", []byte(test.play))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("Parse(%q) = %v, want an error with %q", test.play, err, test.want)
			}
		})
	}
}

func TestDisplayReadsBack(t *testing.T) {
	for _, text := range []string{"Fine.", "One.\n\n  Two.", "👩‍❤️‍👨", "a\x00b", " before", "after ", "row \nrow", `"quoted"`, "\u202eturned", "a\u200bb", "\n", ""} {
		shown := display(text)
		if got := unquote(shown); got != text {
			t.Errorf("unquote(display(%q)) = %q; display gave %q", text, got, shown)
		}
	}
	if got, want := display(strings.Repeat("é", 3000)), strings.Repeat("é", 60)+" … (3000 characters)"; got != want {
		t.Errorf("display of 3000 characters = %q, want %q", got, want)
	}
}
