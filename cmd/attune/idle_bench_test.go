package main

import (
	"fmt"
	"net/http/httptest"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"attune/bots/discord/discordtest"
	"attune/bots/telegram/telegramtest"
	"attune/rituals"
	"attune/store"
)

// BenchmarkStart is the time from the start of the program, after it was stopped in
// order, to its first poll.
func BenchmarkStart(b *testing.B) {
	const couples = 100_000
	p, server := idle(b, couples)
	b.ResetTimer()
	for range b.N {
		before := server.Calls("getUpdates")
		p.start()
		polled(b, server, before)
		b.StopTimer()
		p.stop()
		b.StartTimer()
	}
}

// BenchmarkIdle is the memory of the program ten seconds after its start, when
// nothing is due.
func BenchmarkIdle(b *testing.B) {
	if _, err := os.Stat("/proc/self/status"); err != nil {
		b.Skip("there is no /proc here to read the memory of a process from")
	}
	const couples = 10_000
	p, server := idle(b, couples)
	for range b.N {
		before := server.Calls("getUpdates")
		p.start()
		polled(b, server, before)
		<-time.After(10 * time.Second)
		b.ReportMetric(resident(b, p.cmd.Process.Pid), "MB")
		p.stop()
	}
}

// BenchmarkAtRest is the memory of the program with both platforms connected, half
// of the couples on each, when nothing is due: ten seconds after its start, and once it
// has looked into all direct messages on Discord for what it may have missed, which
// takes seven minutes.
func BenchmarkAtRest(b *testing.B) {
	if _, err := os.Stat("/proc/self/status"); err != nil {
		b.Skip("there is no /proc here to read the memory of a process from")
	}
	const couples = 10_000
	chat, friends := telegramtest.New(testToken, "attune_bot"), discordtest.New(testDiscord, "1000")
	var channels []string
	people := make([]rituals.Home, 2*couples)
	for n := range people {
		people[n] = onTelegram(n)
		if n/2%2 == 1 {
			people[n] = onTheDiscord(friends, n).home
			channels = append(channels, people[n].Chat)
		}
	}
	cfg := settleOn(b, couples, func(n int) rituals.Home { return people[n] })
	known(b, cfg.Database, channels)
	telegram, discord := httptest.NewServer(chat), httptest.NewServer(friends)
	b.Cleanup(telegram.Close)
	b.Cleanup(discord.Close)
	p := &process{TB: b, binary: build(b, shipped...), env: nightly(cfg, telegram.URL, discord.URL)}
	for range b.N {
		polls, looks := chat.Calls("getUpdates"), friends.Calls(discordtest.ListMessages)
		p.start()
		polled(b, chat, polls)
		<-time.After(10 * time.Second)
		b.ReportMetric(resident(b, p.cmd.Process.Pid), "MB")
		for friends.Calls(discordtest.ListMessages) < looks+len(channels) {
			<-time.After(100 * time.Millisecond)
		}
		<-time.After(10 * time.Second)
		b.ReportMetric(resident(b, p.cmd.Process.Pid), "MB-caught-up")
		p.stop()
	}
}

// known lets the bot on Discord know channels, as if somebody had once written in each.
func known(b testing.TB, database string, channels []string) {
	b.Helper()
	s, err := store.Open(b.Context(), database, store.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	const page = 200 // as the adapter keeps them
	var all errgroup.Group
	all.SetLimit(256)
	note := func(name, value string) {
		all.Go(func() error { return s.SetCursor(b.Context(), rituals.Discord, name, value) })
	}
	for n, some := range slices.Collect(slices.Chunk(channels, page)) {
		note("channels/"+strconv.Itoa(n), strings.Join(some, ","))
		for _, c := range some {
			note("seen/"+c, "1")
		}
	}
	if err := all.Wait(); err != nil {
		b.Fatal(err)
	}
}

// idle returns a program with so many couples to whom nothing is due, and the
// server that it talks to.
func idle(b *testing.B, couples int) (*process, *telegramtest.Server) {
	b.Helper()
	cfg := settle(b, couples)
	server := telegramtest.New(testToken, "attune_bot")
	loopback := httptest.NewServer(server)
	b.Cleanup(loopback.Close)
	return &process{TB: b, binary: build(b, shipped...), env: environment(cfg, loopback.URL)}, server
}

// polled waits until the program has polled once more than before.
func polled(b *testing.B, server *telegramtest.Server, before int) {
	b.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	end := time.After(time.Minute)
	for server.Calls("getUpdates") == before {
		select {
		case <-tick.C:
		case <-end:
			b.Fatal("the program does not poll within a minute")
		}
	}
}

// resident returns how much memory a process holds, in millions of bytes.
func resident(b *testing.B, pid int) float64 {
	b.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		b.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(status), "VmRSS:")
	field, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
	kb, err := strconv.Atoi(field)
	if err != nil {
		b.Fatalf("VmRSS in /proc/%d/status: %v", pid, err)
	}
	return float64(kb) * 1024 / 1e6
}
