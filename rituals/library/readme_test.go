package library

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestReference holds the tables in README.md to the tables of keys.
func TestReference(t *testing.T) {
	data, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	text := string(data)
	for _, part := range []struct{ name, want string }{
		{"keys of a ritual", keyTable(ritualKeys)},
		{"kinds of steps", kindTable()},
		{"keys of a step", keyTable(stepKeys[:len(stepKeys)-len(stepKinds)])},
		{"keys of an option", keyTable(optionKeys)},
		{"acts", actTable()},
		{"keys of a deck", keyTable(deckKeys)},
		{"keys of a tone", keyTable(toneKeys)},
		{"keys of a card", keyTable(cardKeys)},
		{"what is filled in", fillTable()},
	} {
		between := regexp.MustCompile(`(?s)(<!-- ` + part.name + ` -->).*?(<!-- end -->)`)
		if !between.MatchString(text) {
			t.Errorf("README.md has no place for the %s", part.name)
		}
		text = between.ReplaceAllString(text, "${1}"+strings.ReplaceAll(part.want, "$", "$$")+"${2}")
	}
	current(t, "README.md", text)
}

// keyTable is a table of keys as the reference has it.
func keyTable(keys []key) string {
	var b strings.Builder
	var limited bool
	for _, k := range keys {
		limited = limited || k.kinds != nil
	}
	if b.WriteString("\n| key | value | what it means |\n|---|---|---|\n"); limited {
		b.Reset()
		b.WriteString("\n| key | for | value | what it means |\n|---|---|---|---|\n")
	}
	for _, k := range keys {
		is := string(k.is)
		if k.is == aWord {
			is = "`" + strings.Join(k.words, "`, `") + "`"
		}
		name := "`" + k.name + "`"
		if k.need {
			name = "**" + name + "**"
		}
		fmt.Fprintf(&b, "| %s ", name)
		switch {
		case limited && k.kinds == nil:
			b.WriteString("| all ")
		case limited:
			fmt.Fprintf(&b, "| `%s` ", strings.Join(words(k.kinds), "`, `"))
		}
		fmt.Fprintf(&b, "| %s | %s |\n", is, k.about)
	}
	return b.String()
}

func kindTable() string {
	var b strings.Builder
	b.WriteString("\n| kind | what it does |\n|---|---|\n")
	for _, k := range stepKinds {
		fmt.Fprintf(&b, "| `%s` | %s |\n", k.kind, k.about)
	}
	return b.String()
}

func actTable() string {
	var b strings.Builder
	b.WriteString("\n| act | on | what it does |\n|---|---|---|\n")
	for _, a := range optionActs {
		fmt.Fprintf(&b, "| `%s` | `%s` | %s |\n", a.act, strings.Join(words(a.kinds), "`, `"), a.about)
	}
	return b.String()
}

func fillTable() string {
	var b strings.Builder
	b.WriteString("\n| in a text | what stands there |\n|---|---|\n")
	for _, f := range fills {
		about := f.about
		if f.keys != nil {
			about = fmt.Sprintf("In `%s`: %s", strings.Join(f.keys, "`, `"), strings.ToLower(about[:1])+about[1:])
		}
		fmt.Fprintf(&b, "| `%s` | %s |\n", f.name, about)
	}
	return b.String()
}
