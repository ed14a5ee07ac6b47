package rehearsal

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// Whatever a file holds, it is a play or it is told on which line it is none. A play
// that is written anew, as it is when what was seen is rewritten, says the same.
func FuzzParse(f *testing.F) {
	for _, pattern := range []string{"start*", "place-*", "together*", "commands*", "down*", "naughty", "blocked*", "edit*", "media*", "three-*", "server/*", "taps*", "own-words*"} {
		files, err := filepath.Glob("../host/testdata/" + pattern + ".play")
		if err != nil || len(files) == 0 {
			f.Fatalf("Glob(%s) = %v, %v, want plays", pattern, files, err)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := Parse("fuzz.play", data)
		if err != nil {
			places(t, err, data)
			return
		}
		var raw []string
		for _, l := range p.lines {
			raw = append(raw, l.raw...)
		}
		if got, want := strings.Join(raw, "\n"), strings.TrimSuffix(strings.ReplaceAll(string(data), "\r\n", "\n"), "\n"); got != want {
			t.Fatalf("the lines of a play are %q, want all of %q", got, want)
		}
		again := anew(t, p)
		if diff := cmp.Diff(saying(p.lines), saying(again.lines)); diff != "" {
			t.Errorf("a play written anew, -before +after:\n%s\nfrom %q", diff, data)
		}
		if once, twice := written(p), written(again); once != twice {
			t.Errorf("a play written anew is\n%s\nand once more it is\n%s\nwant no change", once, twice)
		}
	})
}

// Whatever somebody sees can be written into a play and is read from it again.
func FuzzSeen(f *testing.F) {
	for _, text := range []string{"Fine.", "One.\n\n  Two.", "👩‍❤️‍👨", "a\x00b", "again", "# 1", `"quoted"`, "\u202eturned", "a\n\u2003\nb", strings.Repeat("é", 3000)} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		shown := display(text)
		if shown == "" {
			return // nothing is seen
		}
		if got := unquote(shown); got != text && utf8.RuneCountInString(text) <= longest {
			t.Errorf("unquote(display(%q)) = %q; display gave %q", text, got, shown)
		}
		for _, v := range []verb{sees, seesAgain, isTold} {
			for _, who := range []string{"Alex", both, stranger} {
				p, err := Parse("fuzz.play", []byte(opening))
				if err != nil {
					t.Fatal(err)
				}
				rows := (&run{play: p}).write(8, who, heard{v, shown})
				p, err = Parse("fuzz.play", []byte(opening+strings.Join(rows, "\n")+"\n"))
				if err != nil {
					t.Fatalf("Parse of %q = %v, want no error", rows, err)
				}
				if l := p.lines[2]; len(p.lines) != 3 || l.verb != v || l.who != who || l.text != shown {
					t.Errorf("Parse of %q = %q %q %q in %d lines, want %q %q %q in 3", rows, l.who, l.verb, l.text, len(p.lines), who, v, shown)
				}
			}
		}
	})
}

var place = regexp.MustCompile(`^fuzz\.play:(\d+): .`)

// places holds that each row of an error names a line.
func places(t *testing.T, err error, data []byte) {
	t.Helper()
	rows := strings.Count(string(data), "\n") + 1
	for row := range strings.SplitSeq(err.Error(), "\n") {
		m := place.FindStringSubmatch(row)
		if m == nil {
			t.Errorf("Parse(%q) = %q, want a line named", data, row)
			continue
		}
		if n, err := strconv.Atoi(m[1]); err != nil || n < 1 || n > rows {
			t.Errorf("Parse(%q) = %q, want one of its %d lines named", data, row, rows)
		}
	}
}

// anew parses what written writes.
func anew(t *testing.T, p *Play) *Play {
	t.Helper()
	text := written(p)
	again, err := Parse("fuzz.play", []byte(text))
	if err != nil {
		t.Fatalf("Parse of a play written anew = %v, want no error; it is\n%s", err, text)
	}
	return again
}

// written writes a play as a run does in which all is seen as the play says.
func written(p *Play) string {
	r := &run{play: p}
	var rows []string
	for _, l := range p.lines {
		if l.kind == sight && l.verb != hearsNone {
			rows = append(rows, r.write(l.indent, l.who, heard{l.verb, l.text})...)
			continue
		}
		rows = append(rows, l.raw...)
	}
	return strings.Join(rows, "\n") + "\n"
}

// saying is what lines say, wherever they stand.
func saying(lines []*line) []string {
	var all []string
	for _, l := range lines {
		if l.kind == remark && strings.TrimSpace(strings.Join(l.raw, "")) == "" {
			continue // empty rows at the end of a text
		}
		all = append(all, fmt.Sprintf("%d %q: %q %q about %q in %q, %d earlier, %d times, at %s; %q",
			l.kind, l.who, l.verb, l.text, l.object, l.place, l.earlier, l.count, l.when, saying(l.inner)))
	}
	return all
}
