package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"attune/config"
)

// A process is the program as it is shipped, killed and started again.
type process struct {
	testing.TB
	binary string
	env    []string
	cmd    *exec.Cmd
	ended  chan struct{} // closed when it has
	err    error         // how
	log    strings.Builder
}

// start starts the program, with more settings if there are any.
func (p *process) start(more ...string) {
	p.Helper()
	cmd, ended := exec.Command(p.binary), make(chan struct{})
	cmd.Env = append(slices.Clip(p.env), more...)
	cmd.Stderr = &p.log
	if err := cmd.Start(); err != nil {
		p.Fatal(err)
	}
	go func() {
		p.err = cmd.Wait()
		close(ended)
	}()
	p.Cleanup(func() { cmd.Process.Kill() }) // it has ended, unless the test failed
	p.cmd, p.ended = cmd, ended
}

func (p *process) kill() {
	p.Helper()
	if err := p.cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		p.Fatal(err)
	}
	<-p.ended
	if status, ok := p.cmd.ProcessState.Sys().(syscall.WaitStatus); !ok || status.Signal() != syscall.SIGKILL {
		p.Fatalf("the program ended by itself before it was killed: %v\n%s", p.cmd.ProcessState, p.log.String())
	}
}

func (p *process) stop() {
	p.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		p.Fatal(err)
	}
	if <-p.ended; p.err != nil {
		p.Errorf("the program ends with %v, want no error\n%s", p.err, p.log.String())
	}
}

// shipped are the flags with which the Dockerfile builds, beside those of [build].
var shipped = []string{"-trimpath", "-gcflags=attune/...=-l", "-gcflags=github.com/...=-l", "-gcflags=net/http=-l"}

// build builds the program, with more flags if there are any, and returns where it is.
func build(tb testing.TB, flags ...string) string {
	tb.Helper()
	binary := filepath.Join(tb.TempDir(), "attune.exe")
	cmd := exec.Command("go", append([]string{"build", "-ldflags", "-s -w", "-o", binary}, append(flags, ".")...)...)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		tb.Fatalf("go build: %v\n%s", err, out)
	}
	return binary
}

// environment returns the settings of a program that talks to a server at api.
func environment(cfg config.Config, api string) []string {
	env := slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "ATTUNE_") })
	return append(env, "ATTUNE_DATABASE="+cfg.Database, "ATTUNE_RITUALS="+cfg.Rituals,
		"ATTUNE_TELEGRAM_TOKEN="+testToken, "ATTUNE_TELEGRAM_API="+api, "ATTUNE_LOG=error")
}
