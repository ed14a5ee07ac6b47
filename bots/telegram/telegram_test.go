package telegram_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"attune/bots/botstest"
	"attune/bots/telegram"
	"attune/bots/telegram/telegramtest"
	"attune/rituals"
)

func TestWrongToken(t *testing.T) {
	for _, code := range []int{401, 404} {
		t.Run(fmt.Sprintf("getMe gives %d", code), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := telegramtest.New(token, "attune_bot")
				s.Fail("getMe", telegramtest.Refused(code, "Unauthorized or Not Found"))
				start := time.Now()
				err := newBot(t, s, telegram.Options{}).Run(t.Context(), &botstest.Book{})
				if !errors.Is(err, telegram.ErrToken) || strings.Contains(err.Error(), "secret") || time.Since(start) > 0 {
					t.Errorf("Run: got %v after %v, want ErrToken at once, without the token", err, time.Since(start))
				}
			})
		})
	}
	for _, token := range []string{"", "secret", "1000:", "1000:se cret", "1000:secret/../x", ":secret"} {
		if _, err := telegram.New(telegram.Options{Token: token}); !errors.Is(err, telegram.ErrToken) || strings.Contains(err.Error(), "secret") {
			t.Errorf("New with token %q: got %v, want ErrToken without the token", token, err)
		}
	}
}

// TestTokenRefusedForAWhile refuses a token that was accepted before.
func TestTokenRefusedForAWhile(t *testing.T) {
	for _, code := range []int{401, 404} {
		t.Run(fmt.Sprint(code), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := telegramtest.New(token, "attune_bot")
				s.Fail("getUpdates", slices.Repeat([]telegramtest.Fault{telegramtest.Refused(code, "Unauthorized or Not Found")}, 5)...)
				want := count(s.User(1001, "Alex", "en"), 2)
				var notes notebook
				book := &botstest.Book{}
				stop := run(t, newBot(t, s, telegram.Options{Log: notes.log()}), book)
				time.Sleep(5*time.Minute + time.Second)
				if got := heard(book.Settled()); !slices.Equal(got, want) {
					t.Errorf("settled five minutes later: got %q, want %q", got, want)
				}
				if _, err := stop(); err != nil {
					t.Errorf("Run: got %v, want nil", err)
				}
				if got := strings.Count(notes.String(), "refuses the token"); got != 1 || strings.Contains(notes.String(), "secret") {
					t.Errorf("log: got %d lines about the token, want 1, and the token in none:\n%s", got, notes.String())
				}
			})
		})
	}
}

func TestStartsWithoutNetwork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := telegramtest.New(token, "attune_bot")
		s.Fail("getMe", telegramtest.CutBefore, telegramtest.BadGateway, telegramtest.ServerError, telegramtest.TooMany(3))
		want := count(s.User(1001, "Alex", "en"), 1)
		var notes notebook
		book := &botstest.Book{}
		stop := run(t, newBot(t, s, telegram.Options{Log: notes.log()}), book)
		time.Sleep(10 * time.Second)
		if got := heard(book.Settled()); !slices.Equal(got, want) {
			t.Errorf("settled: got %q, want %q", got, want)
		}
		stop()
		if strings.Contains(notes.String(), "secret") || strings.Contains(notes.String(), "nginx") {
			t.Errorf("log: got %s, want neither token nor page", notes.String())
		}
	})
}

func TestAnswers(t *testing.T) {
	long := strings.Repeat("🧡", 150)
	tests := []struct {
		name   string
		answer string
		want   string
	}{
		{"are shown beside the button", "That was yesterday's.", "That was yesterday's."},
		{"are cut to what Telegram shows", long, strings.Repeat("🧡", 99) + "…"},
		{"may be empty", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := telegramtest.New(token, "attune_bot")
				alex := s.User(1001, "Alex", "en")
				book := &botstest.Book{Do: func(context.Context, rituals.Event) (rituals.Answer, error) {
					return rituals.Answer{Text: tt.answer}, nil
				}}
				s.Fail("answerCallbackQuery", telegramtest.None, telegramtest.CutBefore)
				stop := run(t, newBot(t, s, telegram.Options{}), book)
				alex.TapAs(0, "first")
				synctest.Wait()
				alex.TapAs(77, "whose answer is lost")
				synctest.Wait()
				stop()
				if got := strings.Join(alex.Toasts(), "|"); got != tt.want {
					t.Errorf("shown: got %q, want %q", got, tt.want)
				}
				if got := s.Calls("answerCallbackQuery"); got != 2 || len(book.Settled()) != 2 || s.Unconfirmed() != 0 {
					t.Errorf("taps: got %d answers, %d settled, %d unconfirmed, want 2, 2, 0", got, len(book.Settled()), s.Unconfirmed())
				}
			})
		})
	}
}

func TestAnswerToWords(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := telegramtest.New(token, "attune_bot")
		alex := s.User(1001, "Alex", "en")
		book := &botstest.Book{Do: func(context.Context, rituals.Event) (rituals.Answer, error) {
			return rituals.Answer{Text: "This server is for somebody else."}, nil
		}}
		stop := run(t, newBot(t, s, telegram.Options{}), book)
		alex.Say("/start")
		synctest.Wait()
		stop()
		if got, want := alex.Heard(), []string{"This server is for somebody else."}; !slices.Equal(got, want) {
			t.Errorf("Alex hears: got %q, want %q", got, want)
		}
	})
}
