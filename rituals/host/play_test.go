package host_test

import (
	"flag"
	"testing"

	"attune/rituals"
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
	for _, folder := range []string{"own", "more", "sunday", "alone", "offers", "weekly", "server"} {
		t.Run(folder, func(t *testing.T) {
			lib, err := library.Load("testdata/" + folder)
			if err != nil {
				t.Fatal(err)
			}
			if folder == "more" {
				lib = withoutSpare(lib)
			}
			rehearsal.Test(t, "testdata/"+folder+"/*.play", rehearsal.Options{Library: lib, Update: *update})
		})
	}
}

// withoutSpare returns a library without the rituals we ship that are off: plays about
// what a couple could switch on are about those of their folder.
func withoutSpare(l *library.Library) *library.Library {
	var kept []*rituals.Ritual
	for _, r := range l.All() {
		if !r.Off || l.File(r.ID) != "" {
			kept = append(kept, r)
		}
	}
	return library.New(kept...)
}
