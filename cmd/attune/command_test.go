package main

import (
	"errors"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "rewrite what commands print in testdata")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"attune": main})
}

func TestCommandLine(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		UpdateScripts:       *update,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"ends": ends,
			"age":  age,
			"zone": zone,
		},
	})
}

// ends runs a command and checks what the process ends with: ends 2 attune run.
// What it prints is there for stdout and stderr as after exec.
func ends(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: ends status command [argument...]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("%q ends with %d, want %d", args[1:], got, want)
	}
}

// age makes a file look as if it was last written that long ago: age 10m file.
func age(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: age duration file")
	}
	d, err := time.ParseDuration(args[0])
	ts.Check(err)
	at := time.Now().Add(-d)
	ts.Check(os.Chtimes(ts.MkAbs(args[1]), at, at))
}

// zone writes a list of a zone in which it is always the time of Greenwich: zone file.
func zone(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: zone file")
	}
	file := ts.MkAbs(args[0])
	head := "TZif" + strings.Repeat("\x00", 16) // version 1
	counts := strings.Repeat("\x00\x00\x00\x00", 4) + "\x00\x00\x00\x01" + "\x00\x00\x00\x04"
	only := strings.Repeat("\x00", 6) + "UTC\x00"
	ts.Check(os.MkdirAll(filepath.Dir(file), 0o700))
	ts.Check(os.WriteFile(file, []byte(head+counts+only), 0o600))
}
