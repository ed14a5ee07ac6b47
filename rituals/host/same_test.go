package host_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// families are plays in which Alex does different things that must look the same
// to Sam. Each is held against the one in which Alex is silent.
var families = []string{"same", "same-far", "same-day", "same-week", "same-place"}

// TestSameForTheOther holds that Sam cannot tell why nothing opened: line for
// line, Sam's side of the plays of a family is the same.
func TestSameForTheOther(t *testing.T) {
	for _, family := range families {
		want := sideOfSam(t, filepath.Join("testdata", family+"-silence.play"))
		files, err := filepath.Glob(filepath.Join("testdata", family+"-*.play"))
		if err != nil || len(files) < 2 {
			t.Fatalf("plays of %s: %v, %v", family, files, err)
		}
		for _, file := range files {
			name := strings.TrimSuffix(filepath.Base(file), ".play")
			if familyOf(name) != family {
				continue
			}
			if diff := cmp.Diff(want, sideOfSam(t, file)); diff != "" {
				t.Errorf("Sam can tell %s from %s-silence (-silence +%s):\n%s", name, family, name, diff)
			}
		}
	}
}

// familyOf returns the longest family that a play's name begins with.
func familyOf(name string) string {
	longest := ""
	for _, f := range families {
		if strings.HasPrefix(name, f+"-") && len(f) > len(longest) {
			longest = f
		}
	}
	return longest
}

// line is a statement about a person: who, and what they do or see.
var line = regexp.MustCompile(`^ +(Alex|Sam|both) +(.*)$`)

// sideOfSam returns what a play says but for notes and what Alex alone does and
// sees. What both do or see is Sam's too.
func sideOfSam(t *testing.T, file string) []string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var side []string
	alex := false
	for row := range strings.SplitSeq(string(data), "\n") {
		text := strings.TrimSpace(row)
		switch m := line.FindStringSubmatch(row); {
		case text == "" || strings.HasPrefix(text, "#"):
		case m != nil && len(row)-len(strings.TrimLeft(row, " ")) <= 8:
			if alex = m[1] == "Alex"; !alex {
				words := strings.Fields(m[2])
				words[0] = strings.TrimSuffix(words[0], "s")
				side = append(side, "Sam "+strings.Join(words, " "))
			}
		case len(row)-len(strings.TrimLeft(row, " ")) > 8: // goes on
			if !alex {
				side = append(side, text)
			}
		default:
			alex = false
			side = append(side, text)
		}
	}
	return side
}
