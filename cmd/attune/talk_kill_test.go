package main

import (
	"context"
	"math/rand/v2"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"attune/bots/discord/discordtest"
	"attune/bots/telegram/telegramtest"
	"attune/rituals"
	"attune/store"
)

// hurried is the evening as it is kept, with parts of a few seconds.
func hurried(t *testing.T) []byte {
	t.Helper()
	evening, err := os.ReadFile("../../rituals/library/evening.yaml")
	if err != nil {
		t.Fatal(err)
	}
	lasts := regexp.MustCompile(`(?m)^( *lasts:) .*$`)
	if n := len(lasts.FindAll(evening, -1)); n < 8 {
		t.Fatalf("the evening has %d timed steps", n)
	}
	return lasts.ReplaceAll(evening, []byte("$1 5s"))
}

// ways are what one of a couple reads, part by part: Alex, who goes first, and Sam.
var ways = [2][]string{
	{
		"Lay the phone", "Your turn, Alex.", "Now Sam tells you", "Did Sam get it?", "Take it in.", "A breath, and you change: now you listen.",
		"Just listen, Alex.", "In your own words:", "Wait for Sam.", "Before any idea", "One thing about Sam", "That was ten minutes.",
	},
	{
		"Lay the phone", "Just listen, Sam.", "In your own words:", "Wait for Alex.", "Before any idea", "A breath, and you change: now it's your turn.",
		"Your turn, Sam.", "Now Alex tells you", "Did Alex get it?", "Take it in.", "One thing about Alex", "That was ten minutes.",
	},
}

// TestKilledTogether kills the program at ten random moments of an evening that several
// couples keep together, with one of each on Telegram and the other on Discord. All
// come to the same end: every part was there, in order, and in one chat at most as
// many were said twice as there were kills.
func TestKilledTogether(t *testing.T) {
	t.Parallel()
	const couples, kills, deadline = 8, 10, 3 * time.Minute
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	telegram, discord := telegramtest.New(testToken, "attune_bot"), discordtest.New(testDiscord, "1000")
	atTelegram, atDiscord := httptest.NewServer(telegram), httptest.NewServer(discord)
	t.Cleanup(atTelegram.Close)
	t.Cleanup(atDiscord.Close)
	talkers := make([]*talker, 2*couples)
	for n := range talkers {
		if n%2 == 0 {
			talkers[n] = onTheTelegram(telegram, n)
		} else {
			talkers[n] = onTheDiscord(discord, n)
		}
	}
	cfg := settleOn(t, couples, func(n int) rituals.Home { return talkers[n].home })
	if err := os.WriteFile(filepath.Join(cfg.Rituals, "evening.yaml"), hurried(t), 0o600); err != nil {
		t.Fatal(err)
	}
	p := &process{TB: t, binary: build(t), env: nightly(cfg, atTelegram.URL, atDiscord.URL)}
	ctx, cancel := context.WithTimeout(t.Context(), deadline)
	defer cancel()
	until := func(done func() bool) {
		for !done() && ctx.Err() == nil {
			<-time.After(10 * time.Millisecond)
		}
	}

	p.start()
	until(func() bool { return discord.Connected() > 0 })
	for n := 0; n < len(talkers); n += 2 {
		talkers[n].say("/together")
	}
	for n := 1; n < len(talkers); n += 2 {
		until(func() bool { return talkers[n].tap("Together") })
	}
	for n, u := range talkers {
		until(func() bool { return u.has("Sit where") && u.tap([]string{"Me", "You"}[n%2]) })
	}
	for n, u := range talkers {
		until(func() bool { return u.has(ways[n%2][0]) })
	}
	for range kills {
		<-time.After(time.Duration(500+random.IntN(7000)) * time.Millisecond)
		p.kill()
		<-time.After(time.Duration(random.IntN(1000)) * time.Millisecond)
		p.start()
	}
	for n, u := range talkers {
		until(func() bool { return u.has(ways[n%2][len(ways[0])-1]) })
	}
	hush(ctx, telegram.Changed, discord.Changed)
	p.stop()
	if ctx.Err() != nil {
		t.Errorf("after %v not all have come to the end", deadline)
	}
	twice := 0
	for n, u := range talkers {
		twice += follows(t, n, u, kills)
	}
	t.Logf("%d people, %d kills, %d messages read twice", len(talkers), kills, twice)
	over(t, cfg.Database, couples)
}

// follows checks that a person has read every part in order, and returns how many they
// have read twice.
func follows(t *testing.T, n int, u *talker, kills int) (twice int) {
	t.Helper()
	var read []string
	parts := ways[n%2]
	for _, h := range u.heard() {
		h = strings.TrimPrefix(h, "Back again. That was me.\n\n") // the program came back late into this part
		i := slices.IndexFunc(parts, func(part string) bool { return strings.HasPrefix(h, part) })
		switch {
		case i < 0:
		case len(read) > 0 && read[len(read)-1] == parts[i]:
			twice++
		default:
			read = append(read, parts[i])
		}
	}
	if !slices.Equal(read, parts) {
		t.Errorf("person %d reads %q, want every part in order", n, u.heard())
	}
	if twice > kills {
		t.Errorf("person %d reads %d parts twice, want at most %d", n, twice, kills)
	}
	return twice
}

// over checks that every couple's talk has come to its end, and that nothing of it is
// due any more.
func over(t *testing.T, database string, couples int) {
	t.Helper()
	s, err := store.Open(context.Background(), database, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for n := range couples {
		st, err := s.LoadCouple(context.Background(), rituals.CoupleID(n+1))
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range st.CheckIns {
			if c.Ritual.ID == "evening" && (c.State != rituals.Kept || c.Talk == nil || !c.Talk.Over) {
				t.Errorf("couple %d: the talk is %s, %+v, want kept and over", n+1, c.State, c.Talk)
			}
		}
	}
	due, _, err := s.Due(context.Background(), time.Now().Add(24*time.Hour), 1000)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range due {
		if a.Kind == rituals.AlarmTimer {
			t.Errorf("an alarm of a talk is set: %+v", a)
		}
	}
}
