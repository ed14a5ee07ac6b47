package library_test

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"attune/rituals/library"
)

var update = flag.Bool("update", false, "rewrite the texts of errors in testdata")

// Each broken file has beside it the text a person is shown for it.
func TestBrokenFiles(t *testing.T) {
	broken(t, "testdata/broken/*.yaml", library.Parse)
}

func TestBrokenDecks(t *testing.T) {
	broken(t, "testdata/decks/*.yaml", library.ParseDeck)
}

func broken[T any](t *testing.T, pattern string, parse func(string, []byte) (*T, error)) {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("Glob = %v, %v; want the broken files", files, err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			r, err := parse(filepath.Base(file), data)
			if err == nil {
				t.Fatalf("parsed as %v, want an error", r)
			}
			golden(t, strings.TrimSuffix(file, ".yaml")+".txt", err.Error()+"\n")
			var p library.Problem
			if !errors.As(err, &p) || p.Message == "" {
				t.Errorf("the error holds the problem %+v, want one with a message", p)
			}
		})
	}
}

func TestBrokenFolderNamesEveryProblem(t *testing.T) {
	dir := t.TempDir()
	const whole = "id: walk\ntitle: Walk\nwindow: 2h\nsteps:\n  - { id: hi, say: Walk? }\n"
	write(t, dir, "a.yaml", whole)
	write(t, dir, "b.yaml", strings.Replace(whole, "window", "widnow", 1))
	write(t, dir, "c.yaml", "")
	write(t, dir, "huge.yaml", whole+strings.Repeat("#\n", 1<<20))
	if err := os.Mkdir(filepath.Join(dir, "folder.yaml"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("nowhere", filepath.Join(dir, "link.yaml")); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(filepath.Join(dir, "pipe.yaml"), 0o600); err != nil {
		t.Fatal(err)
	}

	_, err := library.Load(dir)
	if err == nil {
		t.Fatal("Load gave no error")
	}
	golden(t, "testdata/folder.txt", strings.ReplaceAll(err.Error(), dir+string(filepath.Separator), "")+"\n")
}

func TestParseRefusesHugeFiles(t *testing.T) {
	_, err := library.Parse("huge.yaml", make([]byte, 1<<20))
	const want = "huge.yaml: the file has 1048576 bytes; a ritual has at most 65536"
	if err == nil || err.Error() != want {
		t.Errorf("Parse = %v, want %s", err, want)
	}
}

func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}
