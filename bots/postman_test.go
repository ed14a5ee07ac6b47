package bots_test

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"attune/bots"
	"attune/bots/botstest"
	"attune/rituals"
)

// A postman is a bot of a platform that lives in memory: it takes a message after
// a while, or refuses it.
type postman struct {
	takes  time.Duration                            // to say a message
	refuse func(p bots.Parcel, now time.Time) error // nil: says everything
	group  func(to rituals.Address) bool

	mu     sync.Mutex
	said   []said
	tries  []said
	inside map[rituals.Address]int
	most   int  // how many messages were under way at once
	twice  bool // two of one chat were
}

type said struct {
	row  int64
	to   string
	text string
	at   time.Time
}

func (b *postman) Platform() rituals.Platform { return rituals.Telegram }

func (b *postman) Run(ctx context.Context, h bots.Handler) error {
	<-ctx.Done()
	return nil
}

func (b *postman) Group(to rituals.Address) bool { return b.group != nil && b.group(to) }

func (b *postman) Send(ctx context.Context, p bots.Parcel) (string, error) {
	to := p.Message.To
	b.mu.Lock()
	if b.inside == nil {
		b.inside = make(map[rituals.Address]int)
	}
	b.inside[to]++
	n := 0
	for _, in := range b.inside {
		n += in
	}
	b.most = max(b.most, n)
	b.twice = b.twice || b.inside[to] > 1
	b.mu.Unlock()
	defer func() {
		b.mu.Lock()
		b.inside[to]--
		b.mu.Unlock()
	}()

	s := said{row: p.ID, to: to.Chat, text: p.Message.String(), at: time.Now()}
	b.mu.Lock()
	b.tries = append(b.tries, s)
	b.mu.Unlock()
	if b.takes > 0 {
		select {
		case <-time.After(b.takes):
		case <-ctx.Done():
			return "", ctx.Err()
		}
	}
	if b.refuse != nil {
		if err := b.refuse(p, s.at); err != nil {
			return "", err
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.said = append(b.said, s)
	return "m" + strconv.FormatInt(p.ID, 10), nil
}

// count returns how many messages were said.
func (b *postman) count() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.said)
}

// attempts returns how often saying one was tried.
func (b *postman) attempts() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.tries)
}

// texts returns what was said in a chat, in order.
func (b *postman) texts(chat string) []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	var ts []string
	for _, s := range b.said {
		if s.to == chat {
			ts = append(ts, s.text)
		}
	}
	return ts
}

// tried returns when sending a row was tried, counted from start.
func (b *postman) tried(row int64, start time.Time) []time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	var ds []time.Duration
	for _, s := range b.tries {
		if s.row == row {
			ds = append(ds, s.at.Sub(start))
		}
	}
	return ds
}

// An office is a courier at work between an outbox and a postman.
type office struct {
	out   *botstest.Outbox
	bot   *postman
	book  *botstest.Book
	start time.Time
	stop  context.CancelFunc
	over  chan struct{} // closed when Run has returned
}

// openOffice starts a courier that ends with the test.
func openOffice(t *testing.T, bot *postman, out *botstest.Outbox, o bots.CourierOptions) *office {
	t.Helper()
	f := &office{out: out, bot: bot, start: time.Now(), over: make(chan struct{})}
	f.book = &botstest.Book{}
	f.book.Do = func(ctx context.Context, e rituals.Event) (rituals.Answer, error) {
		if e.Kind == rituals.Undelivered {
			row, err := strconv.ParseInt(e.Source, 10, 64)
			if err != nil {
				return rituals.Answer{}, err
			}
			out.Drop(row)
		}
		return rituals.Answer{}, nil
	}
	f.open(t, o)
	return f
}

func (f *office) open(t *testing.T, o bots.CourierOptions) {
	ctx, stop := context.WithCancel(t.Context())
	f.stop = stop
	go func() {
		defer close(f.over)
		if err := bots.NewCourier(f.out, f.bot, f.book, o).Run(ctx); err != nil {
			t.Errorf("Run: got %v, want nil", err)
		}
	}()
	t.Cleanup(func() { stop(); <-f.over })
}

// after lets time pass until d after the start, and all that happens in it.
func (f *office) after(d time.Duration) {
	time.Sleep(time.Until(f.start.Add(d)))
	synctest.Wait()
}

func chatOf(name string) rituals.Address {
	return rituals.Address{Platform: rituals.Telegram, Chat: name}
}

func note(chat, text string) rituals.Message {
	return rituals.Message{Key: chat + ":" + text, To: chatOf(chat), Blocks: []rituals.Block{rituals.Para(text)}}
}

// say puts n messages for a chat in, "1", "2" and so on, and returns their rows.
func say(out *botstest.Outbox, chat string, n int) []int64 {
	var rows []int64
	for i := range n {
		rows = append(rows, out.Say(note(chat, fmt.Sprint(i+1))))
	}
	return rows
}
