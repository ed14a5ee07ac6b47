package main

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"attune/bots/discord/discordtest"
	"attune/bots/telegram/telegramtest"
	"attune/rituals"
	"attune/store"
)

// A patient is an Attune that the doctor looks at: its files in a folder, and the
// platforms on loopback.
type patient struct {
	*testing.T
	dir   string        // with attune.db in it, closed in order
	ahead time.Duration // the platforms' clock
	down  bool          // the platforms refuse connections
}

// keep makes a database in which somebody has done something at an instant.
func (p *patient) keep(at time.Time) {
	p.Helper()
	s, err := store.Open(p.Context(), filepath.Join(p.dir, "attune.db"), store.Options{})
	if err != nil {
		p.Fatal(err)
	}
	c := rituals.Change{Now: at, Event: &rituals.Event{ID: strconv.FormatInt(at.UnixNano(), 10), Kind: rituals.Wrote, Person: rituals.Person{Platform: rituals.Telegram, ID: "1001"}}}
	if err := errors.Join(s.Commit(p.Context(), c), s.Close()); err != nil {
		p.Fatal(err)
	}
}

// write writes a file and returns its path.
func (p *patient) write(name, text string, mode os.FileMode) string {
	p.Helper()
	file := filepath.Join(p.dir, name)
	if err := errors.Join(os.WriteFile(file, []byte(text), mode), os.Chmod(file, mode)); err != nil {
		p.Fatal(err)
	}
	return file
}

// serve returns the address of a platform.
func (p *patient) serve(h http.Handler) string {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Date", time.Now().Add(p.ahead).UTC().Format(http.TimeFormat))
		h.ServeHTTP(w, r)
	}))
	if p.down {
		server.Close()
	} else {
		p.Cleanup(server.Close)
	}
	return server.URL
}

// ahead is a clock that is twenty seconds ahead, as far as can be told by a date that is
// cut to the second.
var ahead = regexp.MustCompile(`is (19|20|21)s ahead`)

func TestDoctor(t *testing.T) {
	root := os.Geteuid() == 0
	for _, test := range []struct {
		name   string
		happen func(p *patient)
		want   string // what is to be fixed or minded; DIR and API stand for the folder and for Telegram's address
		status int
	}{
		{"nothing is wrong", func(*patient) {}, "", success},
		{"nothing was started yet", func(p *patient) {
			p.Setenv("ATTUNE_DATABASE", filepath.Join(p.dir, "below", "data", "attune.db"))
		}, "", success},
		{"a setting that is none", func(p *patient) { p.Setenv("ATTUNE_COLOUR", "blue") },
			"fix   settings   ATTUNE_COLOUR: there is no such setting; see the README for those there are\n", failure},
		{"anyone can use it", func(p *patient) { p.Setenv("ATTUNE_ALLOW", "") },
			"mind  settings   anyone who finds the bot can use it; ATTUNE_ALLOW names who may\n", success},
		{"tokens that are refused", func(p *patient) {
			p.Setenv("ATTUNE_TELEGRAM_TOKEN", "1000:qzw")
			p.Setenv("ATTUNE_DISCORD_TOKEN", "qzw.Of-the.bot")
		}, "fix   telegram   does not accept the token in ATTUNE_TELEGRAM_TOKEN: copy it again from @BotFather, who shows it with /mybots, API Token\n" +
			"fix   discord    does not accept the token in ATTUNE_DISCORD_TOKEN: in the developer portal, Bot, Reset Token shows another\n", failure},
		{"a token that cannot be one", func(p *patient) { p.Setenv("ATTUNE_TELEGRAM_TOKEN", "qzw") },
			"fix   telegram   does not accept the token in ATTUNE_TELEGRAM_TOKEN: copy it again from @BotFather, who shows it with /mybots, API Token\n", failure},
		{"no platform answers", func(p *patient) { p.down = true },
			"fix   telegram   API gives no answer that can be used (dial tcp HOST: connect: connection refused): see that this machine is online, and that no firewall or proxy is in the way\n" +
				"fix   discord    API gives no answer that can be used (dial tcp HOST: connect: connection refused): see that this machine is online, and that no firewall or proxy is in the way\n", failure},
		{"a clock that is an hour behind", func(p *patient) { p.ahead = time.Hour },
			"fix   clock      this machine's is 1h0m0s behind the one of telegram, and rituals come at another time than agreed: have it set by the network, such as with timedatectl set-ntp true\n" +
				"fix   clock      this machine's is 1h0m0s behind the one of discord, and rituals come at another time than agreed: have it set by the network, such as with timedatectl set-ntp true\n", failure},
		{"a clock that is some seconds ahead", func(p *patient) { p.ahead = -20 * time.Second },
			"mind  clock      this machine's is 20s ahead of the one of telegram: have it set by the network, such as with timedatectl set-ntp true\n" +
				"mind  clock      this machine's is 20s ahead of the one of discord: have it set by the network, such as with timedatectl set-ntp true\n", success},
		{"a clock that has gone back", func(p *patient) { p.keep(time.Now().Add(3 * time.Hour)) },
			"fix   clock      the database knows of something that was done 3h0m0s from now: this machine's clock was ahead then or is behind now; have it set by the network, and the bot goes on by itself\n", failure},
		{"a damaged database", func(p *patient) { p.write("attune.db", strings.Repeat("no database ", 1000), 0o600) },
			"fix   database   DIR/attune.db: " + store.ErrCorrupt.Error() + " (file is not a database (26))\n", failure},
		{"others can read it", func(p *patient) {
			if err := os.Chmod(filepath.Join(p.dir, "attune.db"), 0o644); err != nil {
				p.Fatal(err)
			}
		}, "fix   files      others on this machine can read DIR/attune.db: chmod 600 DIR/attune.db\n", failure},
		{"others can read the token", func(p *patient) {
			os.Unsetenv("ATTUNE_TELEGRAM_TOKEN")
			p.Setenv("ATTUNE_TELEGRAM_TOKEN_FILE", p.write("token", "1000:qzr\n", 0o640))
		}, "fix   files      others on this machine can read DIR/token: chmod 600 DIR/token\n", failure},
		{"a file where the folder should be", func(p *patient) {
			p.Setenv("ATTUNE_DATABASE", filepath.Join(p.write("data", "", 0o600), "attune.db"))
		}, "fix   files      nothing can be written in DIR/data: give it to the user that attune runs as (in the container, 65532), and mount it for writing\n", failure},
		{"a folder that cannot be written", func(p *patient) {
			if root {
				p.Skip("whoever is root can write there")
			}
			p.Cleanup(func() { os.Chmod(p.dir, 0o700) })
			if err := os.Chmod(p.dir, 0o500); err != nil {
				p.Fatal(err)
			}
		}, "fix   files      nothing can be written in DIR: give it to the user that attune runs as (in the container, 65532), and mount it for writing\n", failure},
		{"a broken ritual", func(p *patient) {
			p.Setenv("ATTUNE_RITUALS", p.dir)
			p.write("walk.yaml", "id: walk\ntilte: A walk\nwindow: 2h\nsteps: [{ id: hi, say: Walk? }]\n", 0o600)
		}, "fix   rituals    DIR/walk.yaml:2:1: a ritual has no field \"tilte\"; did you mean title?\n", failure},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := &patient{T: t, dir: t.TempDir()}
			p.keep(time.Now().Add(-time.Hour))
			t.Setenv("ATTUNE_DATABASE", filepath.Join(p.dir, "attune.db"))
			t.Setenv("ATTUNE_TELEGRAM_TOKEN", "1000:qzr")
			t.Setenv("ATTUNE_DISCORD_TOKEN", "qzr.Of-the.bot")
			t.Setenv("ATTUNE_ALLOW", "telegram:1001")
			test.happen(p)
			telegram, discord := p.serve(telegramtest.New("1000:qzr", "attune_bot")), p.serve(discordtest.New("qzr.Of-the.bot", "1000"))
			t.Setenv("ATTUNE_TELEGRAM_API", telegram)
			t.Setenv("ATTUNE_DISCORD_API", discord)
			status, all := consult(t)
			said := ahead.ReplaceAllString(all, "is 20s ahead")
			said = strings.NewReplacer(p.dir, "DIR", telegram, "API", discord, "API", telegram[7:], "HOST", discord[7:], "HOST").Replace(said)
			var got strings.Builder
			for line := range strings.Lines(said) {
				if !strings.HasPrefix(line, string(well)) {
					got.WriteString(line)
				}
			}
			if status != test.status {
				t.Errorf("attune doctor ends with %d, want %d", status, test.status)
			}
			if diff := cmp.Diff(test.want, got.String()); diff != "" {
				t.Errorf("attune doctor (-want +got):\n%s", diff)
			}
			if strings.Contains(all, "qz") {
				t.Errorf("attune doctor shows a token:\n%s", all)
			}
		})
	}
}

// consult returns what attune doctor ends with, and says.
func consult(t *testing.T) (int, string) {
	t.Helper()
	var out, errs strings.Builder
	status := attune(t.Context(), []string{"doctor"}, terminal{strings.NewReader(""), &out, &errs})
	if errs.Len() > 0 {
		t.Errorf("attune doctor writes %q beside what it finds", errs.String())
	}
	return status, out.String()
}

// TestDoctorBesideTheBot looks at a database that a running bot owns.
func TestDoctorBesideTheBot(t *testing.T) {
	cfg := configIn(t)
	log := make(lines, 100)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- run(ctx, cfg, with(until), nil, terminal{err: log}) }()
	log.wait(t, "msg=started")
	for tick := time.NewTicker(time.Millisecond); alive(cfg.Database, time.Now()) != nil; <-tick.C { // until its heart beats
	}
	t.Setenv("ATTUNE_DATABASE", cfg.Database)
	const owner = "database   is in use by process "
	for _, test := range []struct {
		name   string
		beat   time.Time
		begins string
		ends   string
		status int
	}{
		{"it is well", time.Now(), "ok    " + owner, ", and that is well\n", success},
		{"it stands still", time.Now().Add(-10 * time.Minute), "fix   " + owner, " has not been well for 10m", failure},
	} {
		t.Run(test.name, func(t *testing.T) {
			if err := touch(pulse(cfg.Database), test.beat); err != nil {
				t.Fatal(err)
			}
			status, said := consult(t)
			if status != test.status || !strings.Contains(said, test.begins) || !strings.Contains(said, test.ends) {
				t.Errorf("attune doctor ends with %d, want %d, and says, want %q … %q in it:\n%s", status, test.status, test.begins, test.ends, said)
			}
		})
	}
	stop()
	if err := <-done; err != nil {
		t.Errorf("run = %v, want no error", err)
	}
}
