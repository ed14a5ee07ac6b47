package rehearsal_test

import (
	"flag"
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
