package main

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http/httptest"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"attune/bots/discord/discordtest"
	"attune/bots/telegram/telegramtest"
	"attune/rituals"
)

var (
	crashes   = flag.Int("crashes", 40, "how often TestCrash kills the program")
	crashSeed = flag.Uint64("seed", 0, "of what happens at random in TestCrash; 0: another each time")
)

// points are where the program can be told to kill itself, see crash.go and
// store/crash.go; each is about every how manieth thing that it does.
var points = []string{
	"commit", "committed",
	"telegram-claimed", "telegram-sent", "telegram-recorded", "telegram-settled",
	"discord-claimed", "discord-sent", "discord-recorded", "discord-settled",
}

const (
	perCrash = 900 * time.Millisecond // of the campaign
	anywhere = "at any instant"
	longest  = 2 * time.Minute // until all is said once the killing has stopped
)

// A campaign is the program on a Telegram and a Discord, killed again and again while
// people write, tap and edit as their rituals fall due.
type campaign struct {
	*testing.T
	random  *rand.Rand
	process *process
	chats   *telegramtest.Server
	friends *discordtest.Server
	pairs   []*pair
	starts  []time.Time
	left    time.Time // when people did nothing more
	deaths  map[string]int
	killed  int                // the sum of them
	polls   chan time.Duration // from a start to the first poll
	polling sync.WaitGroup
}

// TestCrash kills the program at random instants and at chosen points between two steps,
// half of the time each. In the end all that was sent is stored once, all that fell due
// was said, nothing more often than once for each kill, and nothing is left over.
func TestCrash(t *testing.T) {
	began := time.Now()
	seed := *crashSeed
	if seed == 0 {
		seed = uint64(began.UnixNano())
	}
	t.Logf("-seed %d", seed)
	c := &campaign{T: t, random: rand.New(rand.NewPCG(seed, 0)), deaths: map[string]int{}, polls: make(chan time.Duration, *crashes+1),
		chats: telegramtest.New(testToken, "attune_bot"), friends: discordtest.New(testDiscord, "1000")}
	atTelegram, atDiscord := httptest.NewServer(c.chats), httptest.NewServer(c.friends)
	t.Cleanup(atTelegram.Close)
	t.Cleanup(atDiscord.Close)
	binary := build(t, "-tags", "crash")
	begin, length := time.Now(), max(time.Duration(*crashes)*perCrash, 20*time.Second)
	c.pairs = cast(t, c.random, 20+*crashes/2, begin, length, c.chats, c.friends)
	cfg := furnish(t, c.pairs, begin)
	c.process = &process{TB: t, binary: binary, env: nightly(cfg, atTelegram.URL, atDiscord.URL)}

	stopped := c.run(begin, length)
	truth := &truth{
		inventory: takeInventory(t, cfg.Database, begin), starts: c.starts, left: c.left, stopped: stopped,
		platforms: map[rituals.Platform]*figures{}, states: map[rituals.CheckInState]int{},
	}
	truth.sound()
	for _, p := range c.pairs {
		truth.holds(p)
	}
	truth.streaks(c.pairs, cfg.Database)
	t.Logf("%s%v in all", c.report(truth), time.Since(began).Round(time.Second))
}

// run lets people live and the program die, and returns when it was stopped in order.
func (c *campaign) run(begin time.Time, length time.Duration) (stopped time.Time) {
	c.Helper()
	ctx, leave := context.WithCancel(c.Context())
	var living sync.WaitGroup
	for _, p := range c.pairs {
		for _, u := range p.people {
			living.Go(func() { u.live(ctx) })
		}
	}
	for n := range *crashes {
		c.live(begin.Add(length * time.Duration(n+1) / time.Duration(*crashes)))
	}
	c.start("")
	c.finish()
	c.left = time.Now()
	leave()
	living.Wait()
	c.calm()
	stopped = time.Now()
	c.process.stop()
	if log := c.process.log.String(); log != "" {
		c.Errorf("the program reports errors:\n%s", log)
	}
	return stopped
}

// live starts the program and sees to its death: at the point that it has died at least
// often, or from outside if that was as rare. It is back at about the time that is given.
func (c *campaign) live(until time.Time) {
	c.Helper()
	point := slices.MinFunc(points, func(a, b string) int { return c.deaths[a] - c.deaths[b] })
	if c.deaths[anywhere] <= c.killed-c.deaths[anywhere] {
		point = ""
	}
	polled := c.start(point)
	if c.killed%4 > 0 { // else it may die before it listens
		select {
		case <-polled:
		case <-c.process.ended:
		}
	}
	rest := max(time.Until(until), 300*time.Millisecond)
	down := time.Duration(c.random.Int64N(int64(rest / 4)))
	alive := rest - down
	if point == "" {
		alive = time.Duration(c.random.Int64N(int64(alive)))
	}
	select {
	case <-c.process.ended:
		c.deaths[point]++
	case <-time.After(alive):
		c.deaths[anywhere]++
	}
	c.killed++
	c.process.kill()
	c.friends.Forget() // nobody is there to take its session up again
	<-time.After(max(time.Until(until), down))
}

// start starts the program, and returns what is closed once it has polled for the first
// time.
func (c *campaign) start(point string) (polled <-chan struct{}) {
	c.Helper()
	var more []string
	if point != "" {
		more = append(more, fmt.Sprintf("CRASH=%s:%d", point, 1+c.random.IntN(3)))
	}
	before, began := c.chats.Calls("getUpdates"), time.Now()
	c.process.start(more...)
	c.starts = append(c.starts, began)
	ended, listens := c.process.ended, make(chan struct{})
	c.polling.Go(func() {
		for c.chats.Calls("getUpdates") == before {
			select {
			case <-ended:
				return
			case <-time.After(time.Millisecond):
			}
		}
		c.polls <- time.Since(began)
		close(listens)
	})
	return listens
}

// finish waits until all who answer have read what they are to read.
func (c *campaign) finish() {
	c.Helper()
	waits := func(p *pair) bool {
		return slices.Contains(p.ends, rituals.Kept) && p.due.Before(time.Now()) &&
			p.night.when != ending && !(p.people[0].done.Load() && p.people[1].done.Load())
	}
	if !within(longest, func() bool { return !slices.ContainsFunc(c.pairs, waits) }) {
		for _, p := range c.pairs {
			if waits(p) {
				c.Errorf("after %v %v has not read all that is to be said, but %.1000q and %.1000q", longest, p, p.people[0].heard(), p.people[1].heard())
			}
		}
	}
}

// calm waits until nothing was said for a while.
func (c *campaign) calm() {
	ctx, cancel := context.WithTimeout(c.Context(), longest)
	defer cancel()
	hush(ctx, c.chats.Changed, c.friends.Changed)
	if n := c.chats.Unconfirmed(); n > 0 {
		c.Errorf("%d updates are not confirmed, want none", n)
	}
}

// report tells the figures.
func (c *campaign) report(t *truth) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d crashes, %d couples\n", *crashes, len(c.pairs))
	for _, point := range append([]string{anywhere}, points...) {
		fmt.Fprintf(&b, "  %3d %s\n", c.deaths[point], point)
	}
	for _, p := range []rituals.Platform{rituals.Telegram, rituals.Discord} {
		f := t.platforms[p]
		fmt.Fprintf(&b, "%s: %d people, %d texts (%d in forms), %d edits, %d taps (%d of them counted); %d edits too late, %d forms unanswered; %d messages, %d of them twice\n",
			p, f.people, f.texts, f.forms, f.edits, f.taps, f.ticks, f.tooLate, f.unsure, f.messages, f.twice)
	}
	fmt.Fprintf(&b, "%d prompts fell due and were read, %d of them late and saying so; %d nudges; nights %v\n", t.prompts, t.late, t.nudges, t.states)
	c.polling.Wait()
	close(c.polls)
	var polls []time.Duration
	for p := range c.polls {
		polls = append(polls, p)
	}
	slices.Sort(polls)
	fmt.Fprintf(&b, "start to first poll %v (median of %d)\n", polls[len(polls)/2].Round(time.Millisecond), len(polls))
	return b.String()
}

// TestCrashPoints checks that the program as it is shipped has none of the points at which
// TestCrash can have it killed.
func TestCrashPoints(t *testing.T) {
	for _, tt := range []struct {
		name string
		tags string
		want int // files of the points
	}{
		{"the program as it is shipped", "", 0},
		{"the one that is killed", "crash", 2},
	} {
		out, err := exec.Command("go", "list", "-tags", tt.tags, "-deps", "-f", "{{.ImportPath}}: {{.GoFiles}}", ".").Output()
		if err != nil {
			t.Fatal(err)
		}
		got := 0
		for line := range strings.Lines(string(out)) {
			if strings.HasPrefix(line, "attune/") && strings.Contains(line, "crash.go") {
				got++
			}
		}
		if got != tt.want {
			t.Errorf("%s: crash.go is in %d packages, want %d", tt.name, got, tt.want)
		}
	}
}
