package main

import (
	"fmt"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"attune/bots/telegram/telegramtest"
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

// idle returns a program with so many couples to whom nothing is due, and the
// server that it talks to.
func idle(b *testing.B, couples int) (*process, *telegramtest.Server) {
	b.Helper()
	cfg := settle(b, couples)
	server := telegramtest.New(testToken, "attune_bot")
	loopback := httptest.NewServer(server)
	b.Cleanup(loopback.Close)
	return &process{TB: b, binary: build(b), env: environment(cfg, loopback.URL)}, server
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
