package host_test

import (
	"flag"
	"testing"

	"attune/rituals/library"
	"attune/rituals/rehearsal"
)

var update = flag.Bool("update", false, "rewrite what is seen in the plays")

// TestPlays runs every conversation Attune can have.
func TestPlays(t *testing.T) {
	lib, err := library.Load("")
	if err != nil {
		t.Fatal(err)
	}
	rehearsal.Test(t, "testdata/*.play", rehearsal.Options{Library: lib, Update: *update})
}

// TestOwnRituals runs plays with folders of rituals beside the ones we ship.
func TestOwnRituals(t *testing.T) {
	for _, folder := range []string{"own", "more"} {
		t.Run(folder, func(t *testing.T) {
			lib, err := library.Load("testdata/" + folder)
			if err != nil {
				t.Fatal(err)
			}
			rehearsal.Test(t, "testdata/"+folder+"/*.play", rehearsal.Options{Library: lib, Update: *update})
		})
	}
}
