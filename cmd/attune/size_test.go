package main

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TestProgramIsSmall builds the program. What packages make before main stays in memory,
// nearly all of it, whether or not anybody needs it.
func TestProgramIsSmall(t *testing.T) {
	const (
		mostOnDisk  = 20 << 20
		mostToBegin = 3 << 19 // 1.5 MiB
	)
	binary := build(t)
	info, err := os.Stat(binary)
	if err != nil {
		t.Fatal(err)
	}
	if info.Size() > mostOnDisk {
		t.Errorf("the program has %d bytes, want at most %d", info.Size(), mostOnDisk)
	}
	cmd := exec.Command(binary, "version")
	cmd.Env = append(os.Environ(), "GODEBUG=inittrace=1")
	var trace bytes.Buffer
	cmd.Stderr = &trace
	if err := cmd.Run(); err != nil {
		t.Fatalf("attune version: %v\n%s", err, trace.String())
	}
	made, inits := 0, 0
	for lines := bufio.NewScanner(&trace); lines.Scan(); {
		name, rest, _ := strings.Cut(strings.TrimPrefix(lines.Text(), "init "), " @")
		_, rest, _ = strings.Cut(rest, "clock, ")
		var n int
		if _, err := fmt.Sscanf(rest, "%d bytes", &n); err != nil {
			t.Fatalf("init of %s: %q", name, lines.Text())
		}
		made += n
		inits++
	}
	if inits < 10 {
		t.Fatalf("%d packages begin with something: this test has lost sight of them", inits)
	}
	if made > mostToBegin {
		t.Errorf("packages begin by making %d bytes, want at most %d; GODEBUG=inittrace=1 tells which", made, mostToBegin)
	}
	t.Logf("%.1f MB, %.1f MB to begin with", float64(info.Size())/1e6, float64(made)/1e6)
}
