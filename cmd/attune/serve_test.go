package main

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"attune/bots/telegram/telegramtest"
	"attune/config"
)

func TestReady(t *testing.T) {
	const (
		writes   = "ok    database   can be written\n"
		rings    = "ok    alarms     are rung\n"
		telegram = "ok    telegram   last heard 0s ago\n"
		discord  = "ok    discord    last heard 0s ago\n"
	)
	seconds := regexp.MustCompile(`heard (\d+m)?\d+s ago`)
	for _, test := range []struct {
		name   string
		happen func(v *visited)
		status int
		want   string
	}{
		{"a minute after the start", func(v *visited) { v.pass(time.Minute) }, 200, writes + rings + telegram + discord},
		{"a quiet night", func(v *visited) { v.pass(8 * time.Hour) }, 200, writes + rings + telegram + discord},
		{"a bad gateway for a moment", func(v *visited) {
			v.telegram.Fail("getUpdates", telegramtest.BadGateway, telegramtest.BadGateway)
			v.pass(time.Minute)
		}, 200, writes + rings + telegram + discord},
		{"no way to Telegram for some minutes", func(v *visited) {
			v.cable.cut.Store(true)
			v.pass(3 * time.Minute)
		}, 503, writes + rings + "fix   telegram   last heard 0s ago; it is tried again by itself, and the log or attune doctor says why it fails\n" + discord},
		{"Telegram is back", func(v *visited) {
			v.cable.cut.Store(true)
			v.pass(3 * time.Minute)
			v.cable.cut.Store(false)
			v.pass(90 * time.Second) // a pause, and a poll in which nothing comes
		}, 200, writes + rings + telegram + discord},
		{"Discord's gateway is down", func(v *visited) {
			v.discord.Down(true)
			v.discord.Drop()
			v.pass(3 * time.Minute)
		}, 503, writes + rings + telegram + "fix   discord    last heard 0s ago; it is tried again by itself, and the log or attune doctor says why it fails\n"},
		{"the database was taken away", func(v *visited) {
			if err := os.Rename(v.cfg.Database, v.cfg.Database+".old"); err != nil {
				v.Fatal(err)
			}
		}, 503, "fix   database   cannot be written: the database's file was taken away or another was put in its place: stop attune and put it back\n" +
			rings + telegram + discord},
		{"nobody rings the alarms", func(v *visited) {
			v.keeper.in.meters.looked.Store(int64(-4 * time.Minute))
		}, 503, writes + "fix   alarms     nobody has looked for 4m10s at what is due; start attune again\n" + telegram + discord},
	} {
		t.Run(test.name, func(t *testing.T) {
			visit(t, func(v *visited) {
				test.happen(v)
				status, body := v.ask("/readyz")
				if status != test.status {
					v.Errorf("/readyz = %d, want %d", status, test.status)
				}
				if diff := cmp.Diff(test.want, seconds.ReplaceAllString(body, "heard 0s ago")); diff != "" {
					v.Errorf("/readyz (-want +got):\n%s", diff)
				}
				if status, _ := v.ask("/healthz"); status != 200 {
					v.Errorf("/healthz = %d, want 200", status)
				}
			})
		})
	}
}

// TestServe asks the program over a socket.
func TestServe(t *testing.T) {
	server := httptest.NewServer(telegramtest.New("1000:secret", "attune_bot"))
	defer server.Close()
	cfg := configIn(t)
	cfg.TelegramToken, cfg.TelegramAPI, cfg.Listen = config.NewSecret("1000:secret"), server.URL, "127.0.0.1:0"
	log := make(lines, 100)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- run(ctx, cfg, through(wires{}), nil, terminal{err: log}) }()
	_, address, _ := strings.Cut(strings.TrimSpace(log.wait(t, "msg=listening")), "address=")
	for _, test := range []struct {
		name, method, path string
		status             int
		want               string
	}{
		{"the process", http.MethodGet, "/healthz", 200, "ok\n"},
		{"its meters", http.MethodGet, "/metrics", 200, `attune_info{version="dev"} 1`},
		{"only the head", http.MethodHead, "/healthz", 200, ""},
		{"something else", http.MethodGet, "/", 404, "there are /healthz, /readyz and /metrics\n"},
		{"another method", http.MethodPost, "/healthz", 405, "only GET is answered\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			req, err := http.NewRequestWithContext(t.Context(), test.method, "http://"+address+test.path, nil)
			if err != nil {
				t.Fatal(err)
			}
			resp, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			body, err := io.ReadAll(resp.Body)
			if err != nil || resp.StatusCode != test.status || !strings.Contains(string(body), test.want) {
				t.Errorf("%s %s = %d %q, %v, want %d and %q", test.method, test.path, resp.StatusCode, body, err, test.status, test.want)
			}
		})
	}
	t.Run("who says nothing does not hold up the end", func(t *testing.T) {
		conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		told := time.Now()
		stop()
		if err := <-done; err != nil {
			t.Errorf("run = %v, want no error", err)
		}
		if took := time.Since(told); took > visitTime-time.Second {
			t.Errorf("stopping took %v, want less than the %v of a visit", took, visitTime)
		}
	})
}

func TestPortIsTaken(t *testing.T) {
	other, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	t.Setenv("ATTUNE_DATABASE", configIn(t).Database)
	t.Setenv("ATTUNE_LISTEN", other.Addr().String())
	var out, errs strings.Builder
	status := attune(t.Context(), nil, terminal{strings.NewReader(""), &out, &errs})
	want := "attune: ATTUNE_LISTEN: another program has the port, or the address is not this machine's: listen tcp " +
		other.Addr().String() + ": bind: address already in use\n"
	if status != failure || errs.String() != want {
		t.Errorf("attune ends with %d and says %q, want %d and %q", status, errs.String(), failure, want)
	}
}
