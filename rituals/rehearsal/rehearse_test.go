package rehearsal_test

import (
	"flag"
	"os"
	"strings"
	"testing"

	"attune/rituals/library"
	"attune/rituals/rehearsal"
)

var update = flag.Bool("update", false, "rewrite what is seen in the plays")

func TestPlays(t *testing.T) {
	rehearsal.Test(t, "testdata/*.play", rehearsal.Options{Library: shipped(t), Update: *update})
}

func shipped(t testing.TB) *library.Library {
	t.Helper()
	l, err := library.Load("")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// The format is described where the plays of the house are; its example is one.
func TestExampleInTheDescription(t *testing.T) {
	page, err := os.ReadFile("../host/testdata/README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, example, _ := strings.Cut(string(page), "\n```\n")
	example, _, _ = strings.Cut(example, "```\n")
	p, err := rehearsal.Parse("README.md", []byte(example))
	if err != nil {
		t.Fatal(err)
	}
	r, err := p.Run(t.Context(), rehearsal.Options{Library: shipped(t)})
	if err != nil {
		t.Fatal(err)
	}
	if diff := r.Diff(); diff != "" {
		t.Errorf("the example goes otherwise than written:\n%s", diff)
	}
}
