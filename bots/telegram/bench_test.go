package telegram_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"attune/bots"
	"attune/bots/telegram"
	"attune/bots/telegram/telegramtest"
	"attune/rituals"
)

// A committer settles events as a store would: those that wait at the same moment
// share one commit, which takes a while.
type committer struct {
	took time.Duration
	want int64
	done chan struct{}

	settled atomic.Int64
	queue   chan chan struct{}
}

func newCommitter(took time.Duration, want int) *committer {
	return &committer{took: took, want: int64(want), done: make(chan struct{}), queue: make(chan chan struct{}, 1024)}
}

// run commits until ctx ends. The commit is a busy wait: a timer's grain is coarser.
func (c *committer) run(ctx context.Context) {
	for {
		var batch []chan struct{}
		select {
		case one := <-c.queue:
			batch = append(batch, one)
		case <-ctx.Done():
			return
		}
		for more := true; more; {
			select {
			case one := <-c.queue:
				batch = append(batch, one)
			default:
				more = false
			}
		}
		for start := time.Now(); time.Since(start) < c.took; {
		}
		for _, one := range batch {
			close(one)
		}
		if c.settled.Add(int64(len(batch))) == c.want {
			close(c.done)
		}
	}
}

func (c *committer) Handle(ctx context.Context, _ time.Time, _ rituals.Event) (rituals.Answer, error) {
	one := make(chan struct{})
	c.queue <- one
	<-one
	return rituals.Answer{}, nil
}

func (c *committer) Park(context.Context, time.Time, rituals.Event, string) error { return nil }

// BenchmarkUpdates takes updates in over a loopback connection, each settled before
// its batch is confirmed.
func BenchmarkUpdates(b *testing.B) {
	for _, people := range []int{1, 50} {
		for _, took := range []time.Duration{0, 100 * time.Microsecond, 300 * time.Microsecond} {
			b.Run(fmt.Sprintf("people=%d/commit=%v", people, took), func(b *testing.B) {
				s := telegramtest.New(token, "attune_bot")
				for i := range b.N {
					s.User(int64(1001+i%people), "Alex", "en").Say("One thing that's on my heart.")
				}
				loopback := httptest.NewServer(s)
				defer loopback.Close()
				bot, err := telegram.New(telegram.Options{Token: token, API: loopback.URL})
				if err != nil {
					b.Fatal(err)
				}
				ctx, stop := context.WithCancel(b.Context())
				c := newCommitter(took, b.N)
				over := make(chan error)
				b.ResetTimer()
				go c.run(b.Context())
				go func() { over <- bot.Run(ctx, c) }()
				<-c.done
				b.StopTimer()
				stop()
				if err := <-over; err != nil {
					b.Errorf("Run: got %v, want nil", err)
				}
				b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "updates/s")
			})
		}
	}
}

// BenchmarkSend sends over a loopback connection: the bare library beside the bot.
func BenchmarkSend(b *testing.B) {
	s := telegramtest.New(token, "attune_bot")
	alex := s.User(1001, "Alex", "en").Open()
	loopback := httptest.NewServer(s)
	defer loopback.Close()
	bare, err := tg.New(token, tg.WithServerURL(loopback.URL), tg.WithSkipGetMe())
	if err != nil {
		b.Fatal(err)
	}
	bot, err := telegram.New(telegram.Options{Token: token, API: loopback.URL})
	if err != nil {
		b.Fatal(err)
	}
	m := rituals.Message{
		To:      someone{alex}.Chat(),
		Blocks:  []rituals.Block{rituals.Para("Good morning, Alex. How are you feeling about today?")},
		Choices: [][]rituals.Choice{{{Label: "😊", Action: "1"}, {Label: "😐", Action: "2"}, {Label: "😞", Action: "3"}}},
	}
	keyboard := models.InlineKeyboardMarkup{InlineKeyboard: [][]models.InlineKeyboardButton{{
		{Text: "😊", CallbackData: "1"}, {Text: "😐", CallbackData: "2"}, {Text: "😞", CallbackData: "3"},
	}}}
	ways := []struct {
		name string
		send func(ctx context.Context) error
	}{
		{"library", func(ctx context.Context) error {
			_, err := bare.SendMessage(ctx, &tg.SendMessageParams{ChatID: alex.ID(), Text: m.Blocks[0].Text, ReplyMarkup: keyboard})
			return err
		}},
		{"bot", func(ctx context.Context) error {
			_, err := bot.Send(ctx, bots.Parcel{ID: 1, Message: m})
			return err
		}},
	}
	for _, at := range []int{1, 8, 32} {
		for _, way := range ways {
			b.Run(fmt.Sprintf("%s/at=%d", way.name, at), func(b *testing.B) {
				var left atomic.Int64
				left.Store(int64(b.N))
				var wg sync.WaitGroup
				for range at {
					wg.Go(func() {
						for left.Add(-1) >= 0 {
							if err := way.send(b.Context()); err != nil {
								b.Errorf("%s: got %v, want nil", way.name, err)
								return
							}
						}
					})
				}
				wg.Wait()
				b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "messages/s")
			})
		}
	}
}
