package main

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"attune/bots/discord/discordtest"
	"attune/bots/telegram/telegramtest"
	"attune/config"
	"attune/rituals"
)

// A cable leads to a platform; it can be cut, and the clock at its other end be set.
type cable struct {
	next  http.RoundTripper
	cut   atomic.Bool
	ahead time.Duration
}

func (c *cable) RoundTrip(r *http.Request) (*http.Response, error) {
	if c.cut.Load() {
		return nil, errors.New("no route to host")
	}
	resp, err := c.next.RoundTrip(r)
	if err == nil {
		resp.Header.Set("Date", time.Now().Add(c.ahead).UTC().Format(http.TimeFormat))
	}
	return resp, err
}

// A visited program is one in a bubble that is asked how it is.
type visited struct {
	*testing.T
	cfg      config.Config
	telegram *telegramtest.Server
	discord  *discordtest.Server
	cable    *cable // to Telegram
	log      strings.Builder
	keeper   doorkeeper
}

// visit runs the program on both platforms for as long as ask takes.
func visit(t *testing.T, ask func(v *visited)) {
	t.Helper()
	v := &visited{cfg: configIn(t)}
	v.cfg.TelegramToken, v.cfg.TelegramAPI = config.NewSecret("1000:secret"), "https://telegram.test"
	v.cfg.DiscordToken, v.cfg.DiscordAPI = config.NewSecret("secret.Of-the.bot"), "https://discord.test"
	synctest.Test(t, func(t *testing.T) {
		v.T, v.telegram, v.discord = t, telegramtest.New("1000:secret", "attune_bot"), discordtest.New("secret.Of-the.bot", "1000")
		v.cable = &cable{next: v.telegram.Transport()}
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error)
		connect := func(ctx context.Context, in house, at terminal) ([]connection, error) {
			cs, err := through(wires{telegram: v.cable, discord: v.discord.Transport(), gateway: v.discord.Dial})(ctx, in, at)
			v.keeper = doorkeeper{in, cs}
			return cs, err
		}
		go func() { done <- run(ctx, v.cfg, connect, nil, terminal{err: &v.log}) }()
		v.pass(10 * time.Second)
		ask(v)
		stop()
		if err := <-done; err != nil {
			t.Errorf("run = %v, want no error", err)
		}
		time.Sleep(5 * time.Second) // the fake gateway outlasts its client
	})
}

func (v *visited) pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// ask returns what the program answers.
func (v *visited) ask(path string) (int, string) {
	status, body := v.keeper.answer(v.Context(), httptest.NewRequest(http.MethodGet, path, nil))
	return status, string(body)
}

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
		}, 503, writes + rings + "fix   telegram   last heard 0s ago; it is tried again by itself, and attune doctor says why it fails\n" + discord},
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
		}, 503, writes + rings + telegram + "fix   discord    last heard 0s ago; it is tried again by itself, and attune doctor says why it fails\n"},
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

// TestHeartbeat looks whether somebody should start the program again.
func TestHeartbeat(t *testing.T) {
	for _, test := range []struct {
		name   string
		happen func(v *visited)
		fresh  bool
	}{
		{"all is well", func(*visited) {}, true},
		{"a platform is away, and to start again would not bring it back", func(v *visited) { v.cable.cut.Store(true) }, true},
		{"the database was taken away", func(v *visited) {
			if err := os.Rename(v.cfg.Database, v.cfg.Database+".old"); err != nil {
				v.Fatal(err)
			}
		}, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			visit(t, func(v *visited) {
				test.happen(v)
				v.pass(5 * time.Minute)
				info, err := os.Stat(pulse(v.cfg.Database))
				if err != nil {
					v.Fatal(err)
				}
				if age := time.Since(info.ModTime()); (age <= beatFresh) != test.fresh {
					v.Errorf("the heartbeat is %v old, want it within %v: %v", age, beatFresh, test.fresh)
				}
				if why := "msg=\"not well\""; strings.Contains(v.log.String(), why) == test.fresh {
					v.Errorf("the log has %q, want so: %v\n%s", why, !test.fresh, v.log.String())
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

// TestMeters lists every series, so that one that says more than how much is seen.
func TestMeters(t *testing.T) {
	visit(t, func(v *visited) {
		v.cable.ahead = time.Hour
		alex := v.telegram.User(1001, "Alex", "en")
		alex.Say("/start")
		v.pass(time.Hour + time.Minute) // the sweep is the first alarm
		v.telegram.Fail("sendMessage", telegramtest.TooMany(3))
		alex.Say("/help")
		v.pass(time.Minute)
		_, body := v.ask("/metrics")
		got := make(map[string]string)
		for row := range strings.Lines(body) {
			name, value, _ := strings.Cut(strings.TrimSpace(row), " ")
			if name, le, ok := strings.Cut(name, `le="`); !ok {
				got[name] = value
			} else if strings.HasPrefix(le, "+Inf") {
				got[strings.TrimSuffix(name, "{")+" +Inf"] = value
			}
		}
		want := map[string]string{
			`attune_info{version="dev"}`:                                "1",
			`attune_alarm_lateness_seconds_bucket +Inf`:                 "1",
			`attune_alarm_lateness_seconds_count`:                       "1",
			`attune_alarm_lateness_seconds_sum`:                         "any",
			`attune_alarms_put_off_total`:                               "0",
			`attune_commits_total`:                                      "any",
			`attune_commits_failed_total`:                               "0",
			`attune_commit_jobs_total`:                                  "any",
			`attune_events_total{platform="telegram",result="settled"}`: "2",
			`attune_sends_total{platform="telegram",result="sent"}`:     "any",
			`attune_sends_total{platform="telegram",result="put_off"}`:  "1",
			`attune_calls_total{platform="telegram",result="answered"}`: "any",
			`attune_calls_total{platform="telegram",result="too_many"}`: "1",
			`attune_calls_total{platform="discord",result="answered"}`:  "any",
			`attune_clock_skew_seconds{platform="telegram"}`:            "any",
			`attune_events_total{platform="discord",result="settled"}`:  "0",
			`attune_sends_total{platform="discord",result="sent"}`:      "0",
			`attune_sends_total{platform="discord",result="put_off"}`:   "0",
			`attune_calls_total{platform="discord",result="too_many"}`:  "0",
		}
		for _, p := range []rituals.Platform{rituals.Telegram, rituals.Discord} {
			for name, value := range map[string]string{
				"attune_events_total again": "0", "attune_events_total parked": "0", "attune_sends_total undelivered": "0",
				"attune_calls_total refused": "0", "attune_calls_total failed": "0",
			} {
				name, result, _ := strings.Cut(name, " ")
				want[series(name, "platform", string(p), "result", result)] = value
			}
			want[series("attune_outbox_messages", "platform", string(p))] = "0"
			want[series("attune_outbox_oldest_seconds", "platform", string(p))] = "0"
			want[series("attune_contact_seconds", "platform", string(p))] = "any"
		}
		for name, value := range want {
			if value == "any" && got[name] != "" {
				want[name] = got[name]
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			v.Errorf("/metrics (-want +got):\n%s", diff)
		}
		if ahead := got[`attune_clock_skew_seconds{platform="telegram"}`]; !slices.Contains([]string{"3600.5", "3600"}, ahead) {
			v.Errorf("the clock of Telegram is %s s ahead, want an hour", ahead)
		}
	})
}

// TestNothingAboutAnybody has two people do things, one on each platform, and looks for
// them in all that whoever runs the server is told.
func TestNothingAboutAnybody(t *testing.T) {
	var told []string
	var database string
	people := []string{"Alex", "Sam", "918273645", "887766554433221100", "zebra", "walrus", "1000:secret", "secret.Of"}
	visit(t, func(v *visited) {
		database = v.cfg.Database
		alex, sam := v.telegram.User(918273645, "Alex", "en"), v.discord.User("887766554433221100", "Sam", "en-US")
		v.discord.Guild("500", "Home", sam)
		people = append(people, sam.Channel())
		alex.Say("/start")
		sam.Say("/start")
		v.pass(time.Minute)
		alex.Say("A zebra.")
		sam.Say("A walrus.")
		v.pass(time.Minute)
		for _, heard := range []string{strings.Join(sam.Heard(), "\n"), v.telegram.Transcript(918273645)[1].Text} {
			if !strings.Contains(heard, "Hello") {
				v.Errorf("somebody hears %q, want a hello", heard)
			}
		}
		alex.Block()
		v.telegram.Fail("getUpdates", telegramtest.Refused(400, "Bad Request: Alex's zebra"))
		v.pass(2 * time.Minute)
		for _, path := range []string{"/metrics", "/readyz", "/healthz"} {
			_, body := v.ask(path)
			told = append(told, body)
		}
		if events := series("attune_events_total", "platform", "discord", "result", "settled"); !strings.Contains(told[0], events+" 2") {
			v.Errorf("/metrics does not show that two things were settled on Discord:\n%s", told[0])
		}
	})
	t.Setenv("ATTUNE_DATABASE", database)
	status, said := consult(t)
	if status != success {
		t.Errorf("attune doctor ends with %d, want %d", status, success)
	}
	for _, text := range append(told, said) {
		for _, p := range people {
			if strings.Contains(text, p) {
				t.Errorf("%q is in what is told:\n%s", p, text)
			}
		}
	}
}
