package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"attune/bots/telegram/telegramtest"
	"attune/config"
	"attune/rituals"
	"attune/store"
)

const testToken = "1000:secret"

// talk is a ritual of three questions that begins when somebody wants it.
const talk = `id: talk
title: Three questions
window: 6h
reveal: together
steps:
  - { id: first, ask: "What was good?" }
  - { id: second, ask: "What was hard?" }
  - { id: third, ask: "What comes next?" }
  - { id: open, reveal: "That was all.", head: "You have both answered." }
`

// A seating says who the n-th person is, and their chat with the bot.
type seating func(n int) rituals.Home

// onTelegram seats people on Telegram, by the numbers 1000 + n.
func onTelegram(n int) rituals.Home {
	id := strconv.Itoa(1000 + n)
	return rituals.Home{Person: rituals.Person{Platform: rituals.Telegram, ID: id}, Chat: id}
}

// settle makes couples of two people each in a new database, all on Telegram, and a
// folder with the talk in it.
func settle(tb testing.TB, couples int) config.Config {
	tb.Helper()
	return settleOn(tb, couples, onTelegram)
}

// settleOn makes couples of two people each as they are seated: couple i of the people
// 2i and 2i + 1.
func settleOn(tb testing.TB, couples int, seat seating) config.Config {
	tb.Helper()
	dir := tb.TempDir()
	cfg := config.Config{
		Database: filepath.Join(dir, "attune.db"), Rituals: filepath.Join(dir, "rituals"),
		Language: "en", LogFormat: config.Text, TelegramToken: config.NewSecret(testToken),
	}
	if err := os.Mkdir(cfg.Rituals, 0o700); err != nil {
		tb.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(cfg.Rituals, "talk.yaml"), []byte(talk), 0o600); err != nil {
		tb.Fatal(err)
	}
	s, err := store.Open(context.Background(), cfg.Database, store.Options{})
	if err != nil {
		tb.Fatal(err)
	}
	defer s.Close()
	const together = 256
	places, errs := make(chan struct{}, together), make(chan error, couples)
	for i := range couples {
		places <- struct{}{}
		go func() {
			errs <- s.Commit(context.Background(), couple(i, seat))
			<-places
		}()
	}
	for range couples {
		if err := <-errs; err != nil {
			tb.Fatal(err)
		}
	}
	return cfg
}

// couple makes couple i, who live in Berlin, with an alarm in a year.
func couple(i int, seat seating) rituals.Change {
	now := time.Now()
	c := &rituals.Couple{ID: rituals.CoupleID(i + 1), Zone: "Europe/Berlin", Since: now}
	change := rituals.Change{Now: now, Couple: c}
	for n, name := range []string{"Alex", "Sam"} {
		h := seat(2*i + n)
		m := rituals.Member{ID: member(2*i + n), Person: h.Person, Name: name, Zone: c.Zone, Language: "en", Agreed: now,
			Address: h.Address()}
		change.Members = append(change.Members, m)
		c.Bonds = append(c.Bonds, rituals.Bond{Member: m.ID, Joined: now})
	}
	at := now.AddDate(1, 0, 0)
	change.Set = []rituals.Alarm{{Couple: c.ID, Name: "open/evening", Kind: rituals.AlarmOpen, At: at,
		Ritual: "evening", Day: rituals.Day(at.Format(time.DateOnly))}}
	return change
}

func member(n int) rituals.MemberID { return rituals.MemberID(n + 1) }

// users returns the people of settle as they are on Telegram.
func users(server *telegramtest.Server, n int) []*telegramtest.User {
	var us []*telegramtest.User
	for i := range n {
		us = append(us, server.User(int64(1000+i), []string{"Alex", "Sam"}[i%2], "en").Open())
	}
	return us
}

// BenchmarkUpdates has the whole program take updates in from a server on
// loopback, each handled durably before it is confirmed. An answer is a change of
// what its writer has answered; words are such that nobody has asked for, which
// are held and replied to. Its unit is one update.
func BenchmarkUpdates(b *testing.B) {
	for _, people := range []int{1, 50} {
		for _, kind := range []string{"answers", "words"} {
			b.Run(fmt.Sprintf("%s/people=%d", kind, people), func(b *testing.B) {
				cfg := settle(b, (people+1)/2)
				server := telegramtest.New(testToken, "attune_bot")
				loopback := httptest.NewServer(server)
				defer loopback.Close()
				cfg.TelegramAPI = loopback.URL
				ctx, stop := context.WithCancel(b.Context())
				done := make(chan error)
				go func() { done <- run(ctx, cfg, through(wires{}), nil, terminal{err: io.Discard}) }()

				us := users(server, people)
				const text = "You called at lunch, number %d."
				act := func(u *telegramtest.User, n int) { u.Say(fmt.Sprintf(text, n)) }
				if kind == "answers" {
					first := make(map[*telegramtest.User]int)
					for _, u := range us {
						u.Say("/talk")
						confirmed(server)
						first[u] = u.Say("You called at lunch.")
					}
					act = func(u *telegramtest.User, n int) { u.Edit(first[u], fmt.Sprintf(text, n)) }
				}
				confirmed(server)
				b.ResetTimer()
				for n := range b.N {
					act(us[n%people], n)
				}
				confirmed(server)
				b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "updates/s")
				b.StopTimer()
				stop()
				if err := <-done; err != nil {
					b.Errorf("run = %v, want no error", err)
				}
				s, err := store.Open(context.Background(), cfg.Database, store.Options{})
				if err != nil {
					b.Fatal(err)
				}
				defer s.Close()
				last := fmt.Sprintf(text, (b.N-1)/people*people)
				if n := written(b, s, member(0))[last]; n != 1 {
					b.Errorf("%q is stored %d times, want once", last, n)
				}
			})
		}
	}
}

// written returns how often each text is stored that a member has written: in
// answers, and in words that are held.
func written(tb testing.TB, s *store.Store, m rituals.MemberID) map[string]int {
	tb.Helper()
	texts := make(map[string]int)
	notes, err := s.Notes(context.Background(), m, 0, 1000)
	if err != nil && !errors.Is(err, rituals.ErrNotFound) {
		tb.Fatal(err)
	}
	for _, note := range notes {
		for _, r := range note.Replies {
			if r.Member != m {
				continue
			}
			for _, w := range r.Words {
				texts[w.Text]++
			}
		}
	}
	held, err := s.Held(context.Background(), m)
	if err != nil {
		tb.Fatal(err)
	}
	for _, h := range held {
		texts[h.Text]++
	}
	return texts
}

// confirmed waits until the bot has confirmed all that it was sent.
func confirmed(server *telegramtest.Server) {
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for server.Unconfirmed() > 0 {
		<-tick.C
	}
}

// BenchmarkSync is what the disk allows: a transaction with one row, on its own,
// that is durable before the next begins.
func BenchmarkSync(b *testing.B) {
	s, err := store.Open(b.Context(), filepath.Join(b.TempDir(), "attune.db"), store.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	b.ResetTimer()
	for n := range b.N {
		if err := s.SetCursor(b.Context(), rituals.Telegram, "n", strconv.Itoa(n)); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "commits/s")
}
