package main

import (
	"context"
	"database/sql"
	"io"
	"math/rand/v2"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	_ "modernc.org/sqlite"

	"attune/bots/telegram/telegramtest"
	"attune/rituals"
	"attune/store"
)

// TestFaultOfTheDatabase has the program as it is shipped lose its database for some
// seconds while eight people answer three questions: each text is stored once, nobody
// reads anything twice, and the log says what is wrong, once, and when it is over.
func TestFaultOfTheDatabase(t *testing.T) {
	binary := build(t)
	for _, tt := range []struct {
		name  string
		small bool
		fault func(t *testing.T, database string, d disk)
		says  string
	}{
		{"another process holds it for seven seconds", false, func(t *testing.T, database string, _ disk) { hold(t, database, 7*time.Second) }, "another program holds the database: end it;"},
		{"the disk is full for three seconds", true, func(_ *testing.T, _ string, d disk) {
			d.fill()
			<-time.After(3 * time.Second)
			d.free()
		}, "the disk is full: make room;"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			const people = 8
			cfg := settle(t, people/2)
			var d disk
			if tt.small {
				d = smallDisk(t)
				cfg.Database = moved(t, cfg.Database, d.dir)
			}
			server := telegramtest.New(testToken, "attune_bot")
			loopback := httptest.NewServer(server)
			t.Cleanup(loopback.Close)
			p := &process{TB: t, binary: binary, env: append(environment(cfg, loopback.URL), "ATTUNE_LOG=info")}
			p.start()
			us := users(server, people)
			sent := make([][]string, people)
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			var writing sync.WaitGroup
			for i, u := range us {
				writing.Go(func() { sent[i] = write(ctx, u, rand.New(rand.NewPCG(1, uint64(i)))) })
			}
			<-time.After(time.Second)
			tt.fault(t, cfg.Database, d)
			writing.Wait()
			silence(ctx, server)
			p.stop()

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
				got := written(t, s, member(i))
				for _, text := range sent[i] {
					if total++; got[text] != 1 {
						t.Errorf("%q of person %d is stored %d times, want once", text, u.ID(), got[text])
					}
				}
				said(t, u, 0)
			}
			log := p.log.String()
			if n, m := strings.Count(log, tt.says), strings.Count(log, "the database works again"); n != 1 || m != 1 {
				t.Errorf("the log says %d times %q, and %d times that it is over, want once each:\n%s", n, tt.says, m, log)
			}
			t.Logf("%d texts of %d people", total, people)
		})
	}
}

// hold holds the database as another process would that writes to it.
func hold(t *testing.T, database string, d time.Duration) {
	t.Helper()
	db, err := sql.Open("sqlite", database)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	for _, statement := range []string{"PRAGMA busy_timeout = 5000", "BEGIN EXCLUSIVE"} {
		if _, err := db.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	<-time.After(d)
	if _, err := db.Exec("ROLLBACK"); err != nil {
		t.Fatal(err)
	}
}

// moved copies a database that nobody uses into a folder, and returns where it is.
func moved(t *testing.T, database, dir string) string {
	t.Helper()
	from, err := os.Open(database)
	if err != nil {
		t.Fatal(err)
	}
	defer from.Close()
	to, err := os.Create(filepath.Join(dir, "attune.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer to.Close()
	if _, err := io.Copy(to, from); err != nil {
		t.Fatal(err)
	}
	return to.Name()
}
