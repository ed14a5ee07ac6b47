package host_test

import (
	"cmp"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
)

// families are plays in which one does different things that must look the same to the
// others. Each is held against the one in which they are silent.
var families = []string{"same", "same-far", "same-east", "same-day", "same-week", "same-place", "same-await", "same-less", "same-three", "given", "once-more", "same-card", "same-deep", "same-seen", "same-dealt", "alone/same-alone"}

// who does different things in the plays of a family: Alex, unless it says otherwise.
var who = map[string]string{"same-three": "Robin"}

// TestSameForTheOther holds that the others cannot tell why nothing opened: line for
// line, their side of the plays of a family is the same.
func TestSameForTheOther(t *testing.T) {
	for _, family := range families {
		one := cmp.Or(who[family], "Alex")
		want := sides(t, filepath.Join("testdata", family+"-silence.play"), one)
		files, err := filepath.Glob(filepath.Join("testdata", family+"-*.play"))
		if err != nil || len(files) < 2 {
			t.Fatalf("plays of %s: %v, %v", family, files, err)
		}
		for _, file := range files {
			name := strings.TrimSuffix(strings.TrimPrefix(filepath.ToSlash(file), "testdata/"), ".play")
			if familyOf(name) != family {
				continue
			}
			if diff := gocmp.Diff(want, sides(t, file, one)); diff != "" {
				t.Errorf("others can tell %s from %s-silence (-silence +%s):\n%s", name, family, name, diff)
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
var line = regexp.MustCompile(`^ +(Alex|Sam|Robin|both|all) +(.*)$`)

// people are those whom a line is about.
var people = map[string][]string{
	"Alex": {"Alex"}, "Sam": {"Sam"}, "Robin": {"Robin"}, "both": {"Alex", "Sam"}, "all": {"Alex", "Sam", "Robin"},
}

// sides returns what a play says to each person but one: all but notes and what others
// alone do and see.
func sides(t *testing.T, file, but string) map[string][]string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	side := make(map[string][]string)
	everybody := people["all"]
	whose := everybody
	for row := range strings.SplitSeq(string(data), "\n") {
		text := strings.TrimSpace(row)
		deep := len(row) - len(strings.TrimLeft(row, " "))
		switch m := line.FindStringSubmatch(row); {
		case text == "" || strings.HasPrefix(text, "#"):
			continue
		case m != nil && deep <= 8:
			whose = people[m[1]]
			words := strings.Fields(m[2])
			words[0] = strings.TrimSuffix(words[0], "s")
			text = strings.Join(words, " ")
		case deep <= 8:
			whose = everybody
		}
		for _, name := range whose {
			side[name] = append(side[name], text)
		}
	}
	delete(side, but)
	return side
}
