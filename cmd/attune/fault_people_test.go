package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"attune/bots/telegram/telegramtest"
)

// Those who answer three questions while the database cannot be written.

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
