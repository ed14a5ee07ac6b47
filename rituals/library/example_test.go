package library_test

import (
	"bytes"
	"os"
	"regexp"
	"testing"

	"attune/rituals/library"
	"attune/rituals/rehearsal"
)

// TestWorkedExample loads the ritual in README.md and runs the play beside it.
func TestWorkedExample(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	part := func(language string) []byte {
		t.Helper()
		m := regexp.MustCompile("(?s)```"+language+"\n(.*?)```").FindAllSubmatch(readme, -1)
		if len(m) != 1 {
			t.Fatalf("README.md has %d parts in %s, want one worked example", len(m), language)
		}
		return m[0][1]
	}
	dir := t.TempDir()
	write(t, dir, "walk.yaml", string(part("yaml")))
	lib, err := library.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	written := part("play")
	play, err := rehearsal.Parse("README.md", written)
	if err != nil {
		t.Fatal(err)
	}
	result, err := play.Run(t.Context(), rehearsal.Options{Library: lib})
	if err != nil {
		t.Fatal(err)
	}
	if diff := result.Diff(); diff != "" && !*update {
		t.Errorf("seen otherwise than written; rewrite it with -update\n%s", diff)
	} else if diff != "" {
		golden(t, "README.md", string(bytes.Replace(readme, written, result.Text(), 1)))
	}
}
