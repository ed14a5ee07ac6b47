package main

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"attune/bots/telegram/telegramtest"
	"attune/config"
	"attune/rituals"
	"attune/store"
)

// TestTenDays lives through ten days of a couple on Telegram, with the whole
// program between them: from /start over the night clocks go forward in Berlin,
// with a restart every third day, to a streak of ten.
func TestTenDays(t *testing.T) {
	cfg := configIn(t)
	cfg.Rituals = grown(t)
	cfg.TelegramToken = config.NewSecret("1000:secret")
	cfg.TelegramAPI = "https://telegram.test"
	cfg.Operator = "Robin"
	berlin, err := rituals.Location("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		l := &life{T: t, cfg: cfg, server: telegramtest.New("1000:secret", "attune_bot"), zone: berlin}
		l.alex, l.sam = l.server.User(1001, "Alex", "en"), l.server.User(1002, "Sam", "en")
		l.at("2026-03-24 18:00")
		l.start()
		l.meet()
		for day := range 10 {
			date := time.Date(2026, 3, 24+day, 0, 0, 0, 0, berlin).Format(time.DateOnly)
			switch day {
			case 0:
			case 7: // in the place of the morning
				l.at(date + " 12:01")
				l.reads(l.alex, "Ten minutes together on Saturday")
				l.taps(l.alex, "By message is fine", "All right.")
			default:
				l.morning(date)
			}
			if day%3 == 2 {
				l.stop()
				l.start()
			}
			l.evening(date)
		}
		l.says(l.alex, "/streak", "10 evenings in a row.")
		l.stop()
		if n := l.server.Refusals(); n != 0 {
			t.Errorf("the server refused %d calls for being too many, want none", n)
		}
		l.recorded(10)
	})
}

// A life is a couple on Telegram and the program between them.
type life struct {
	*testing.T
	cfg       config.Config
	server    *telegramtest.Server
	zone      *time.Location
	alex, sam *telegramtest.User
	cancel    context.CancelFunc
	done      chan error
}

func (l *life) start() {
	ctx, cancel := context.WithCancel(l.Context())
	l.cancel, l.done = cancel, make(chan error, 1)
	go func() {
		l.done <- run(ctx, l.cfg, through(wires{telegram: l.server.Transport()}), nil, terminal{err: &strings.Builder{}})
	}()
	l.pass(10 * time.Second)
}

func (l *life) stop() {
	l.Helper()
	l.cancel()
	if err := <-l.done; err != nil {
		l.Fatalf("run = %v, want no error", err)
	}
}

func (l *life) pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// at lets time pass until the clocks in Berlin show that.
func (l *life) at(clock string) {
	l.Helper()
	t, err := time.ParseInLocation("2006-01-02 15:04", clock, l.zone)
	if err != nil {
		l.Fatal(err)
	}
	l.pass(time.Until(t))
}

// last is what somebody has read last.
func (l *life) last(u *telegramtest.User) string {
	heard := u.Heard()
	if len(heard) == 0 {
		return ""
	}
	return heard[len(heard)-1]
}

// reads checks that the last thing somebody has read begins so.
func (l *life) reads(u *telegramtest.User, want string) {
	l.Helper()
	if got := l.last(u); !strings.HasPrefix(got, want) {
		l.Fatalf("%s at %v reads %q, want %q", u.Name(), time.Now().In(l.zone), got, want)
	}
}

func (l *life) taps(u *telegramtest.User, label, want string) {
	l.Helper()
	if !u.Tap(label) {
		l.Fatalf("%s at %v has no button %q under %q", u.Name(), time.Now().In(l.zone), label, l.last(u))
	}
	l.pass(5 * time.Second)
	l.reads(u, want)
}

func (l *life) says(u *telegramtest.User, text, want string) {
	l.Helper()
	u.Say(text)
	l.pass(5 * time.Second)
	l.reads(u, want)
}

// meet is how Alex and Sam begin: five taps for Sam.
func (l *life) meet() {
	l.Helper()
	l.says(l.alex, "/start", "Hello Alex.")
	l.taps(l.alex, "Read one page, then decide", "Who can read this")
	l.taps(l.alex, "Yes, I'm in", "What would be good tonight?")
	l.taps(l.alex, "A walk", "What time is it for you now?")
	l.says(l.alex, "Berlin", "It's 18:0")
	code := ""
	for _, text := range l.alex.Heard() {
		if _, after, ok := strings.Cut(text, "https://t.me/attune_bot?start="); ok {
			code, _, _ = strings.Cut(after, "\n")
		}
	}
	l.says(l.sam, "/start "+code, "Hello Sam. Alex would like")
	l.taps(l.sam, "Read one page, then decide", "Who can read this")
	l.taps(l.sam, "Yes, I'm in", "What would be good tonight?")
	l.taps(l.sam, "A walk", "It's 18:0")
	l.taps(l.sam, "Yes", "That's all for now. I'll be back today at 21:30.")
}

// morning keeps the morning of a day: it comes at eight and not before.
func (l *life) morning(date string) {
	l.Helper()
	l.at(date + " 07:59")
	for _, u := range []*telegramtest.User{l.alex, l.sam} {
		if strings.HasPrefix(l.last(u), "Good morning") {
			l.Fatalf("%s is asked before eight on %s", u.Name(), date)
		}
	}
	l.at(date + " 08:01")
	for _, u := range []*telegramtest.User{l.alex, l.sam} {
		l.reads(u, "Good morning, "+u.Name())
		l.taps(u, "🙂", "A few words with it?")
	}
	l.taps(l.alex, "Leave it there", "Kept.")
	l.taps(l.sam, "Leave it there", "How the two of you feel about today")
}

// evening keeps the evening of a day: it comes at half past nine and not before,
// and nothing opens until both have answered.
func (l *life) evening(date string) {
	l.Helper()
	l.at(date + " 21:29")
	if strings.HasPrefix(l.last(l.alex), "It's 21:30.") {
		l.Fatalf("Alex is asked before half past nine on %s", date)
	}
	l.at(date + " 21:31")
	for i, u := range []*telegramtest.User{l.alex, l.sam} {
		l.reads(u, "It's 21:30. Ten minutes")
		l.taps(u, "By message", "How are you now?")
		l.taps(u, "😐", "One thing that's on your heart.")
		l.says(u, fmt.Sprintf("What was on the heart of %s on %s.", u.Name(), date), "What would you like ")
		l.taps(u, "Just read it", "Is there something on your mind")
		l.taps(u, "Skip", "One thing ")
		l.says(u, "The coffee on the stairs.", []string{"Kept. It opens when", ""}[i])
	}
	heard := strings.Join(l.alex.Heard(), "\n")
	if after := heard[strings.LastIndex(heard, "Kept. It opens when"):]; !strings.Contains(after, "You have both answered.") ||
		!strings.Contains(after, "What was on the heart of Sam on "+date) {
		l.Fatalf("Alex reads %q, want what Sam wrote on %s", after, date)
	}
}

// recorded checks what the database holds once the program has stopped.
func (l *life) recorded(days int) {
	l.Helper()
	s, err := store.Open(l.Context(), l.cfg.Database, store.Options{})
	if err != nil {
		l.Fatal(err)
	}
	defer s.Close()
	state, err := s.Load(l.Context(), rituals.Person{Platform: rituals.Telegram, ID: "1001"})
	if err != nil {
		l.Fatal(err)
	}
	outcomes, err := s.Outcomes(l.Context(), state.Couple.ID)
	if err != nil {
		l.Fatal(err)
	}
	if got := rituals.StreakOf(outcomes); got.Current != days || got.Total != days {
		l.Errorf("streak = %+v, want %d days", got, days)
	}
	notes, err := s.Notes(l.Context(), state.Member.ID, 0, 100)
	if err != nil {
		l.Fatal(err)
	}
	answers := 0
	for _, n := range notes {
		if n.Ritual.ID == "evening" {
			answers += len(n.Replies)
		}
	}
	// The way, the face, the heart, what was wanted with it and the thing to be glad
	// of, of each evening; what the other showed stands beside them.
	if answers < 5*days {
		l.Errorf("%d answers are recorded for Alex's evenings, want at least %d", answers, 5*days)
	}
}
