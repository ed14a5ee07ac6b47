package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"attune/bots/telegram/telegramtest"
	"attune/config"
	"attune/rituals"
	"attune/store"
)

// TestKilled kills the program again and again while fifty people answer three
// questions. In the end each text that was sent is stored once, and everything was
// said that was to be said: in one chat at most as often twice as there were kills.
func TestKilled(t *testing.T) {
	const people, kills, deadline = 50, 4, 60 * time.Second
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))

	cfg := settle(t, people/2)
	server := telegramtest.New(testToken, "attune_bot")
	loopback := httptest.NewServer(server)
	t.Cleanup(loopback.Close)
	p := &process{TB: t, binary: build(t), env: environment(cfg, loopback.URL)}
	ctx, cancel := context.WithTimeout(t.Context(), deadline)
	defer cancel()

	us := users(server, people)
	sent := make([][]string, people)
	var writing sync.WaitGroup
	p.start()
	for i, u := range us {
		source := rand.New(rand.NewPCG(seed, uint64(i+1)))
		writing.Go(func() { sent[i] = write(ctx, u, source) })
	}
	for range kills {
		after := time.After(time.Duration(200+random.IntN(1800)) * time.Millisecond)
		<-after
		p.kill()
		p.start()
	}
	writing.Wait()
	silence(ctx, server)
	p.stop()
	if ctx.Err() != nil {
		t.Errorf("after %v people still wait for what is to be said", deadline)
	}

	s, err := store.Open(context.Background(), cfg.Database, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if ws, err := s.Waiting(context.Background(), rituals.Telegram, 0, 1); err != nil || len(ws) > 0 {
		t.Errorf("Waiting = %v, %v, want nothing", ws, err)
	}
	total := 0
	for i, u := range us {
		total += len(sent[i])
		got := written(t, s, member(i))
		for _, text := range sent[i] {
			if got[text] != 1 {
				t.Errorf("%q of person %d is stored %d times, want once", text, u.ID(), got[text])
			}
		}
		said(t, u, kills)
	}
	t.Logf("%d texts of %d people, %d kills", total, people, kills)
}

// spoken are the beginnings of what everybody reads once.
var spoken = []string{"What was good?", "What was hard?", "What comes next?", "You have both answered."}

// said checks that a person has read everything, and little of it twice.
func said(t *testing.T, u *telegramtest.User, kills int) {
	t.Helper()
	heard, twice := u.Heard(), 0
	for _, text := range spoken {
		n := 0
		for _, h := range heard {
			if strings.HasPrefix(h, text) {
				n++
			}
		}
		if n == 0 {
			t.Errorf("person %d never reads %q", u.ID(), text)
		}
		twice += max(n-1, 0)
	}
	if twice > kills {
		t.Errorf("person %d reads %d messages twice, want at most %d", u.ID(), twice, kills)
	}
}

// write lets a person begin the talk and write on and on, and with less haste once
// they have read the last question, until the answers have opened. It returns what
// they wrote.
func write(ctx context.Context, u *telegramtest.User, random *rand.Rand) (sent []string) {
	u.Say("/talk")
	last := len(spoken) - 1
	for ctx.Err() == nil && !read(u, spoken[last]) {
		text := fmt.Sprintf("The way home with you, part %d of %d.", len(sent), u.ID())
		u.Say(text)
		sent = append(sent, text)
		pause := time.Duration(50+random.IntN(500)) * time.Millisecond
		if read(u, spoken[last-1]) {
			pause += 2 * time.Second
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
		}
	}
	return sent
}

// read reports whether a person has read a message that begins so.
func read(u *telegramtest.User, text string) bool {
	return slices.ContainsFunc(u.Heard(), func(h string) bool { return strings.HasPrefix(h, text) })
}

// silence waits until all updates are confirmed and nothing was said for a while.
func silence(ctx context.Context, server *telegramtest.Server) {
	for {
		changed := server.Changed()
		select {
		case <-ctx.Done():
			return
		case <-changed:
			continue
		case <-time.After(1500 * time.Millisecond):
		}
		if server.Unconfirmed() == 0 {
			return
		}
	}
}

// A process is the program as it is shipped, killed and started again.
type process struct {
	testing.TB
	binary string
	env    []string
	cmd    *exec.Cmd
	log    strings.Builder
}

func (p *process) start() {
	p.Helper()
	p.cmd = exec.Command(p.binary)
	p.cmd.Env = p.env
	p.cmd.Stderr = &p.log
	if err := p.cmd.Start(); err != nil {
		p.Fatal(err)
	}
	p.Cleanup(func() { p.cmd.Process.Kill() }) // it has ended, unless the test failed
}

func (p *process) kill() {
	p.Helper()
	if err := p.cmd.Process.Kill(); err != nil {
		p.Fatal(err)
	}
	if err := p.cmd.Wait(); err == nil {
		p.Fatal("the program ended by itself before it was killed")
	}
}

func (p *process) stop() {
	p.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		p.Fatal(err)
	}
	if err := p.cmd.Wait(); err != nil {
		p.Errorf("the program ends with %v, want no error\n%s", err, p.log.String())
	}
}

// build builds the program and returns where it is.
func build(tb testing.TB) string {
	tb.Helper()
	binary := filepath.Join(tb.TempDir(), "attune.exe")
	cmd := exec.Command("go", "build", "-ldflags", "-s -w", "-o", binary, ".")
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
