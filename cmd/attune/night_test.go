package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"attune/bots/discord/discordtest"
	"attune/bots/telegram/telegramtest"
	"attune/config"
	"attune/rituals"
	"attune/store"
)

// A talker is one of many people who answer while the program is killed.
type talker struct {
	home  rituals.Home
	say   func(text string) (id string)
	edit  func(id, text string)
	heard func() []string
	tap   func(label string) bool
}

// TestKilledOnDiscord kills the program in the middle of a night on Discord, lets people
// write and change what they wrote while it is down, and starts it again.
func TestKilledOnDiscord(t *testing.T) {
	night(t, func(int) rituals.Platform { return rituals.Discord })
}

// TestKilledAcross is the same with one of each couple on Telegram.
func TestKilledAcross(t *testing.T) {
	night(t, func(n int) rituals.Platform {
		if n%2 == 0 {
			return rituals.Telegram
		}
		return rituals.Discord
	})
}

const (
	nightPeople = 40
	nightKills  = 3
	nightEnds   = 90 * time.Second
)

func night(t *testing.T, platform func(n int) rituals.Platform) {
	t.Parallel()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	telegram, discord := telegramtest.New(testToken, "attune_bot"), discordtest.New(testDiscord, "1000")
	atTelegram, atDiscord := httptest.NewServer(telegram), httptest.NewServer(discord)
	t.Cleanup(atTelegram.Close)
	t.Cleanup(atDiscord.Close)
	talkers := make([]*talker, nightPeople)
	for n := range talkers {
		if platform(n) == rituals.Telegram {
			talkers[n] = onTheTelegram(telegram, n)
		} else {
			talkers[n] = onTheDiscord(discord, n)
		}
	}
	cfg := settleOn(t, nightPeople/2, func(n int) rituals.Home { return talkers[n].home })
	p := &process{TB: t, binary: build(t), env: nightly(cfg, atTelegram.URL, atDiscord.URL)}
	ctx, cancel := context.WithTimeout(t.Context(), nightEnds)
	defer cancel()

	p.start()
	for discord.Connected() == 0 && ctx.Err() == nil {
		<-time.After(10 * time.Millisecond)
	}
	sent := make([]*sayings, nightPeople)
	var writing sync.WaitGroup
	for i, u := range talkers {
		sent[i] = &sayings{}
		source := rand.New(rand.NewPCG(seed, uint64(i+1)))
		writing.Go(func() { sent[i].talk(ctx, u, source, i) })
	}
	for range nightKills {
		<-time.After(time.Duration(300+random.IntN(1500)) * time.Millisecond)
		p.kill()
		for i, u := range talkers {
			sent[i].change(u) // while nobody listens
		}
		<-time.After(time.Duration(300+random.IntN(700)) * time.Millisecond)
		p.start()
	}
	writing.Wait()
	hush(ctx, telegram.Changed, discord.Changed)
	p.stop()
	if ctx.Err() != nil {
		t.Errorf("after %v people have not read all that is to be said", nightEnds)
	}
	tally(t, cfg, talkers, sent)
}

// testDiscord is the token of the bot on Discord.
const testDiscord = "secret.Of-the.bot"

// nightly returns the settings of a program on both platforms.
func nightly(cfg config.Config, telegram, discord string) []string {
	return append(environment(cfg, telegram), "ATTUNE_DISCORD_TOKEN="+testDiscord, "ATTUNE_DISCORD_API="+discord)
}

func onTheTelegram(s *telegramtest.Server, n int) *talker {
	u := s.User(int64(1000+n), []string{"Alex", "Sam"}[n%2], "en").Open()
	return &talker{
		home:  onTelegram(n),
		say:   func(text string) string { return fmt.Sprint(u.Say(text)) },
		edit:  func(id, text string) { u.Edit(number(id), text) },
		heard: u.Heard,
		tap:   u.Tap,
	}
}

func onTheDiscord(s *discordtest.Server, n int) *talker {
	u := s.User(fmt.Sprint(3000+n), []string{"Alex", "Sam"}[n%2], "en-US").Install()
	return &talker{
		home:  rituals.Home{Person: rituals.Person{Platform: rituals.Discord, ID: u.ID()}, Chat: u.Channel()},
		say:   u.Say,
		edit:  u.Edit,
		heard: u.Heard,
		tap:   func(label string) bool { return u.Press(label) != nil },
	}
}

// hush waits until nothing was said for a while.
func hush(ctx context.Context, changed ...func() <-chan struct{}) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-changed[0]():
		case <-changed[1]():
		case <-time.After(4 * time.Second):
			return
		}
	}
}

// Sayings are what one person has written, each with the words it had one after the
// other.
type sayings struct {
	mu    sync.Mutex
	texts [][]string
	ids   []string
}

// talk lets a person begin the talk and write until the answers have opened.
func (s *sayings) talk(ctx context.Context, u *talker, random *rand.Rand, n int) {
	u.say("/talk")
	last := len(spoken) - 1
	for ctx.Err() == nil && !u.has(spoken[last]) {
		s.mu.Lock()
		text := fmt.Sprintf("The way home with you, part %d of %d.", len(s.texts), n)
		s.texts, s.ids = append(s.texts, []string{text}), append(s.ids, u.say(text))
		s.mu.Unlock()
		pause := time.Duration(100+random.IntN(700)) * time.Millisecond
		if u.has(spoken[last-1]) {
			pause += 2 * time.Second
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
		}
	}
}

// change lets a person change what they wrote last.
func (s *sayings) change(u *talker) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := len(s.texts) - 1; i >= 0 && !u.has(spoken[len(spoken)-1]) {
		text := fmt.Sprintf("%s Change %d.", s.texts[i][0], len(s.texts[i]))
		s.texts[i] = append(s.texts[i], text)
		u.edit(s.ids[i], text)
	}
}

// has reports whether a person has read a message that begins so.
func (u *talker) has(text string) bool {
	return slices.ContainsFunc(u.heard(), func(h string) bool { return strings.HasPrefix(h, text) })
}

// tally checks that each text is stored once, as it was written in the end, and that
// nobody has read more twice than there were kills. What is changed after it has opened
// stays as it was read.
func tally(t *testing.T, cfg config.Config, talkers []*talker, sent []*sayings) {
	t.Helper()
	s, err := store.Open(context.Background(), cfg.Database, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	total, late, twice := 0, 0, 0
	for n, u := range talkers {
		got := written(t, s, member(n))
		for _, versions := range sent[n].texts {
			total++
			stored := 0
			for _, text := range versions {
				stored += got[text]
			}
			switch last := versions[len(versions)-1]; {
			case stored == 1 && got[last] == 1:
			case stored == 1 && u.has("That had opened already"):
				late++
			default:
				t.Errorf("%q of person %d is stored %d times, and %d times in other words, want once", last, n, got[last], stored-got[last])
			}
		}
		again := 0
		for _, text := range spoken {
			count := 0
			for _, h := range u.heard() {
				if strings.HasPrefix(h, text) {
					count++
				}
			}
			if count == 0 {
				t.Errorf("person %d never reads %q", n, text)
			}
			again += max(count-1, 0)
		}
		if again > nightKills {
			t.Errorf("person %d reads %d messages twice, want at most %d", n, again, nightKills)
		}
		twice += again
	}
	t.Logf("%d texts of %d people, %d kills: %d changed too late, %d messages read twice", total, len(talkers), nightKills, late, twice)
}
