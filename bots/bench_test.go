package bots_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	telegram "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"attune/bots"
	"attune/rituals"
	"attune/store"
)

// A library is a bot that is nothing but the Telegram library, and counts what it
// has sent.
type library struct {
	b    *telegram.Bot
	sent atomic.Int64
	want int64
	all  chan struct{} // closed when want messages were sent
}

// newLibrary returns a bot at a server on loopback that answers as Telegram does,
// with the message it was given.
func newLibrary(b *testing.B) *library {
	var id atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseMultipartForm(1 << 20); err != nil {
			b.Errorf("request: got %v, want a form", err)
		}
		chat, _ := strconv.Atoi(r.FormValue("chat_id"))
		user := map[string]any{"id": chat, "type": "private", "first_name": "Alex", "is_bot": false}
		answer, err := json.Marshal(map[string]any{"ok": true, "result": map[string]any{
			"message_id": id.Add(1), "date": time.Now().Unix(), "chat": user, "from": user,
			"text": r.FormValue("text"), "reply_markup": json.RawMessage(r.FormValue("reply_markup")),
		}})
		if err != nil {
			b.Errorf("request: got %v, want fields that can be sent back", err)
		}
		w.Write(answer) // its error is the client's too
	}))
	b.Cleanup(server.Close)
	transport := &http.Transport{MaxIdleConnsPerHost: 64}
	b.Cleanup(transport.CloseIdleConnections)
	lib, err := telegram.New("1:token", telegram.WithSkipGetMe(), telegram.WithServerURL(server.URL),
		telegram.WithHTTPClient(time.Minute, &http.Client{Transport: transport}))
	if err != nil {
		b.Fatalf("telegram.New: got %v, want nil", err)
	}
	return &library{b: lib, want: int64(b.N), all: make(chan struct{})}
}

func (l *library) Platform() rituals.Platform { return rituals.Telegram }

func (l *library) Run(ctx context.Context, _ bots.Handler) error {
	<-ctx.Done()
	return nil
}

func (l *library) Send(ctx context.Context, p bots.Parcel) (string, error) {
	var keys models.InlineKeyboardMarkup
	for _, row := range p.Message.Choices {
		var buttons []models.InlineKeyboardButton
		for _, c := range row {
			buttons = append(buttons, models.InlineKeyboardButton{Text: c.Label, CallbackData: c.Action})
		}
		keys.InlineKeyboard = append(keys.InlineKeyboard, buttons)
	}
	m, err := l.b.SendMessage(ctx, &telegram.SendMessageParams{
		ChatID: p.Message.To.Chat, Text: p.Message.String(), ReplyMarkup: keys,
	})
	if err != nil {
		return "", err
	}
	if l.sent.Add(1) == l.want {
		close(l.all)
	}
	return strconv.Itoa(m.ID), nil
}

// BenchmarkSend compares a loop that calls the Telegram library with a courier
// that does so from a store on disk: each message is looked up, sent, and its id
// recorded before the chat's next. Its unit is one message.
func BenchmarkSend(b *testing.B) {
	for _, chats := range []int{1, 8, 32} {
		b.Run(fmt.Sprintf("library/chats=%d", chats), func(b *testing.B) {
			lib := newLibrary(b)
			b.ResetTimer()
			var left atomic.Int64
			left.Store(int64(b.N))
			var wg sync.WaitGroup
			for c := range chats {
				p := bots.Parcel{Message: benchNote(c, 0)}
				wg.Go(func() {
					for left.Add(-1) >= 0 {
						if _, err := lib.Send(b.Context(), p); err != nil {
							b.Errorf("Send: got %v, want nil", err)
						}
					}
				})
			}
			wg.Wait()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "msg/s")
		})
		b.Run(fmt.Sprintf("courier/chats=%d", chats), func(b *testing.B) {
			db := openStore(b)
			fill(b, db, chats)
			lib := newLibrary(b)
			ctx, stop := context.WithCancel(b.Context())
			defer stop()
			b.ResetTimer()
			go func() { <-lib.all; stop() }()
			if err := bots.NewCourier(db, lib, settler{db}, bots.CourierOptions{}).Run(ctx); err != nil {
				b.Errorf("Run: got %v, want nil", err)
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "msg/s")
			b.StopTimer()
			if ws, err := db.Waiting(context.Background(), rituals.Telegram, 0, 1); err != nil || len(ws) > 0 {
				b.Errorf("Waiting: got %v and %v, want none", ws, err)
			}
		})
	}
}

// BenchmarkPace delivers 300 messages to 300 chats at the pace of a platform that
// takes 30 a second.
func BenchmarkPace(b *testing.B) {
	for range b.N {
		db := openStore(b)
		server := &strict{limit: 30, window: time.Second}
		bot := &postman{refuse: server.refuse}
		var ms []rituals.Message
		for c := range 300 {
			ms = append(ms, benchNote(c, 0))
		}
		commit(b, db, ms...)
		ctx, stop := context.WithCancel(b.Context())
		go func() {
			for bot.count() < 300 && ctx.Err() == nil {
				<-time.After(time.Millisecond)
			}
			stop()
		}()
		if err := bots.NewCourier(db, bot, settler{db}, bots.CourierOptions{Pace: &bots.Pace{All: 30, Chat: 1, Burst: 3}}).Run(ctx); err != nil {
			b.Errorf("Run: got %v, want nil", err)
		}
		b.ReportMetric(float64(server.refused), "refused")
	}
}

// fill puts b.N messages in, for the chats in turns.
func fill(b *testing.B, db *store.Store, chats int) {
	var ms []rituals.Message
	for n := range b.N {
		ms = append(ms, benchNote(n%chats, n))
		if len(ms) == 1000 || n == b.N-1 {
			commit(b, db, ms...)
			ms = ms[:0]
		}
	}
}

func benchNote(chat, n int) rituals.Message {
	m := note(strconv.Itoa(1000+chat), strconv.Itoa(n))
	m.Blocks = append(m.Blocks, rituals.Para(strings.Repeat("How are you feeling about today? ", 4)))
	m.Choices = [][]rituals.Choice{{{Label: "Fine", Action: "mood:1:5"}, {Label: "So-so", Action: "mood:1:3"}}}
	return m
}
