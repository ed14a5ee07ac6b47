package main

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// The arrows of the house: what each package may import of the others. A package
// that is not here may not be.
var arrows = map[string][]string{
	"attune/config":            {},
	"attune/rituals":           {},
	"attune/rituals/zones":     {},
	"attune/rituals/library":   {"attune/rituals"},
	"attune/rituals/phrases":   {"attune/rituals"},
	"attune/rituals/keepsake":  {"attune/rituals", "attune/rituals/phrases"},
	"attune/rituals/host":      {"attune/rituals", "attune/rituals/library", "attune/rituals/phrases", "attune/rituals/zones"},
	"attune/rituals/rehearsal": {"attune/rituals", "attune/rituals/host", "attune/rituals/library", "attune/store"},
	"attune/store":             {"attune/rituals"},
	"attune/bots":              {"attune/rituals"},
	"attune/bots/botstest":     {"attune/bots", "attune/rituals"},
	"attune/bots/console":      {"attune/bots", "attune/rituals"},
	"attune/bots/discord":      {"attune/bots", "attune/rituals"},
	"attune/bots/telegram":     {"attune/bots", "attune/rituals"},

	// Servers for tests, which know the platform and nothing of ours.
	"attune/bots/telegram/telegramtest": {},
	"attune/bots/discord/discordtest":   {},
}

// Where a library may be imported: in this package and, where it ends in "/...",
// in those below it.
var homes = map[string]string{
	"database/sql":                      "attune/store",
	"modernc.org/sqlite":                "attune/store",
	"github.com/pressly/goose":          "attune/store",
	"filippo.io/age":                    "attune/store",
	"github.com/go-telegram/bot":        "attune/bots/telegram/...",
	"github.com/bwmarrin/discordgo":     "attune/bots/discord/...",
	"github.com/robfig/cron":            "attune/rituals",
	"github.com/goccy/go-yaml":          "attune/rituals/library",
	"github.com/kelseyhightower":        "attune/config",
	"github.com/alecthomas/kong":        "attune/cmd/...",
	"github.com/nicksnyder/go-i18n":     "attune/rituals/phrases",
	"github.com/go-analyze/charts":      "attune/rituals/keepsake",
	"github.com/VictoriaMetrics":        "attune/cmd/...",
	"github.com/google/go-cmp":          "none, but for tests",
	"pgregory.net/rapid":                "none, but for tests",
	"github.com/invopop/jsonschema":     "none, but for tests",
	"github.com/santhosh-tekuri":        "none, but for tests",
	"testing":                           "attune/bots/botstest",
	"attune/bots/telegram/telegramtest": "none, but for tests",
	"attune/bots/discord/discordtest":   "none, but for tests",
	"attune/bots/botstest":              "none, but for tests",
}

type goPackage struct {
	ImportPath string
	Imports    []string
}

func TestImportsFollowTheArrows(t *testing.T) {
	for _, p := range packages(t) {
		if strings.HasPrefix(p.ImportPath, "attune/cmd/") {
			continue // knows everything
		}
		allowed, ok := arrows[p.ImportPath]
		if !ok {
			t.Errorf("%s is no room of the house; give it a row in arrows", p.ImportPath)
			continue
		}
		for _, i := range p.Imports {
			if strings.HasPrefix(i, "attune/") && !slices.Contains(allowed, i) {
				t.Errorf("%s imports %s; it may import %v", p.ImportPath, i, allowed)
			}
		}
	}
}

func TestLibrariesStayAtHome(t *testing.T) {
	for _, p := range packages(t) {
		for _, i := range p.Imports {
			for lib, home := range homes {
				if below(i, lib) && !at(p.ImportPath, home) {
					t.Errorf("%s imports %s, whose home is %s", p.ImportPath, i, home)
				}
			}
		}
	}
}

// at reports whether a package is at a home.
func at(path, home string) bool {
	tree, all := strings.CutSuffix(home, "/...")
	return path == home || (all && below(path, tree))
}

// below reports whether path is that of tree or of something in it.
func below(path, tree string) bool {
	return path == tree || strings.HasPrefix(path, tree+"/")
}

// packages returns all packages of the house, without their tests.
func packages(t *testing.T) []goPackage {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports", "attune/...")
	out, err := cmd.Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			t.Fatalf("%v: %v\n%s", cmd, err, exit.Stderr)
		}
		t.Fatal(err)
	}
	var all []goPackage
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p goPackage
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	if len(all) < 5 {
		t.Fatalf("%v lists %d packages, want the whole house", cmd, len(all))
	}
	return all
}
