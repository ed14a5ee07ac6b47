package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"attune/bots/telegram/telegramtest"
	"attune/config"
	"attune/store"
)

// A stage is the program as it is shipped, with people who write to it on Telegram.
type stage struct {
	*process
	cfg    config.Config
	server *telegramtest.Server
}

func onStage(t *testing.T, couples int) *stage {
	t.Helper()
	cfg := settle(t, couples)
	server := telegramtest.New(testToken, "attune_bot")
	loopback := httptest.NewServer(server)
	t.Cleanup(loopback.Close)
	return &stage{&process{TB: t, binary: build(t), env: environment(cfg, loopback.URL)}, cfg, server}
}

// settled waits until every update so far is confirmed.
func (s *stage) settled(ctx context.Context) {
	s.Helper()
	for s.server.Unconfirmed() > 0 {
		select {
		case <-ctx.Done():
			s.Fatalf("%d updates are not confirmed\n%s", s.server.Unconfirmed(), s.log.String())
		case <-time.After(time.Millisecond):
		}
	}
}

// also runs the program beside itself and returns what it prints and ends with.
func (s *stage) also(args ...string) (string, int) {
	s.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, s.binary, args...)
	cmd.Env = s.env
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return string(out), success
	case errors.As(err, &exit):
		return string(out), exit.ExitCode()
	}
	s.Fatal(err)
	return "", 0
}

// TestOneProcessAtATime starts the program on a database that another process has, and
// again once that one was killed.
func TestOneProcessAtATime(t *testing.T) {
	s := onStage(t, 1)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	s.start()
	us := users(s.server, 1)
	us[0].Say("/talk")
	s.settled(ctx)

	host, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	owner := fmt.Sprintf("attune: %s: the database is in use by process %d on %s since 20", s.cfg.Database, s.cmd.Process.Pid, host)
	file := filepath.Join(t.TempDir(), "backup.db")
	if out, status := s.also("backup", file); status != success {
		t.Errorf("attune backup: got %d, %q, want it made", status, out)
	}
	for _, args := range [][]string{{"run"}, {"restore", "--replace", file}} {
		out, status := s.also(args...)
		if status != failure || !strings.HasPrefix(out, owner) || strings.Count(out, "\n") != 1 {
			t.Errorf("attune %s: got %d, %q, want %d, one line: %s", args, status, out, failure, owner)
		}
	}
	s.kill()
	s.start()
	us[0].Say("/talk")
	s.settled(ctx) // it has the database
	s.stop()
	if out, status := s.also("restore", "--replace", file); status != success {
		t.Errorf("attune restore after the stop: got %d, %q, want it done", status, out)
	}
}

// TestBackupUnderLoad makes backups while many write, on the same database, and looks
// for everything that was confirmed to its writer before each began.
func TestBackupUnderLoad(t *testing.T) {
	t.Parallel()
	const people, backups = 20, 4
	s := onStage(t, people/2)
	key, err := store.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	keys, err := store.ParseKeys(key)
	if err != nil {
		t.Fatal(err)
	}
	s.env = append(s.env, "ATTUNE_KEYS="+key)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	s.start()

	var mu sync.Mutex
	sent := make([][]string, people)
	writing, stop := context.WithCancel(ctx)
	var writers sync.WaitGroup
	for i, u := range users(s.server, people) {
		u.Say("/talk")
		writers.Go(func() {
			for n := 0; writing.Err() == nil; n++ {
				text := fmt.Sprintf("The way home with you, part %d of %d.", n, u.ID())
				mu.Lock()
				u.Say(text)
				sent[i] = append(sent[i], text)
				mu.Unlock()
				<-time.After(time.Duration(20+rand.IntN(60)) * time.Millisecond)
			}
		})
	}
	dir := t.TempDir()
	for n := range backups {
		<-time.After(300 * time.Millisecond)
		mu.Lock() // a moment in which nobody writes
		s.settled(ctx)
		confirmed := slices.Clone(sent)
		mu.Unlock()
		file := filepath.Join(dir, fmt.Sprint(n, ".db.age"))
		if out, status := s.also("backup", file); status != success || !strings.Contains(out, keys.Public()) {
			t.Fatalf("attune backup: got %d, %q, want it made and encrypted", status, out)
		}
		holds(t, file, keys, confirmed)
	}
	stop()
	writers.Wait()
	s.stop()
}

// holds restores a backup and looks for texts, by who has written them.
func holds(t *testing.T, file string, keys store.Keys, texts [][]string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "attune.db")
	if _, err := store.Restore(t.Context(), path, file, store.Restoring{Keys: keys, Now: time.Now()}); err != nil {
		t.Fatalf("Restore: %v", err)
	}
	s, err := store.Open(t.Context(), path, store.Options{})
	if err != nil {
		t.Fatalf("Open of what was restored: %v", err)
	}
	defer s.Close()
	total := 0
	for i := range texts {
		got := written(t, s, member(i))
		for _, text := range texts[i] {
			total++
			if got[text] != 1 {
				t.Errorf("%s: %q of person %d is in it %d times, want once", filepath.Base(file), text, i, got[text])
			}
		}
	}
	t.Logf("%s: %d texts were confirmed before it was begun", filepath.Base(file), total)
}
