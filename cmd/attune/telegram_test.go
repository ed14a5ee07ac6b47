package main

import (
	"context"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"attune/bots/telegram/telegramtest"
	"attune/config"
)

func TestWrongTokenIsOneLine(t *testing.T) {
	server := httptest.NewServer(telegramtest.New("1000:right", "attune_bot"))
	defer server.Close()
	t.Setenv("ATTUNE_DATABASE", configIn(t).Database)
	t.Setenv("ATTUNE_TELEGRAM_API", server.URL)
	t.Setenv("ATTUNE_TELEGRAM_TOKEN", "1000:wrong-and-secret")
	t.Setenv("ATTUNE_LOG", "error")

	var out, errs strings.Builder
	status := attune(t.Context(), nil, terminal{strings.NewReader(""), &out, &errs})
	if status != failure {
		t.Errorf("attune ends with %d, want %d", status, failure)
	}
	said := errs.String()
	if strings.Count(said, "\n") != 1 || !strings.HasPrefix(said, "attune: ") || !strings.Contains(said, "token") {
		t.Errorf("attune says %q, want one line about the token", said)
	}
	if strings.Contains(said+out.String(), "secret") {
		t.Errorf("attune shows the token: %q", said)
	}
}

func TestStartIsAnswered(t *testing.T) {
	cfg := configIn(t)
	cfg.TelegramToken = config.NewSecret("1000:secret")
	cfg.TelegramAPI = "https://telegram.test"
	synctest.Test(t, func(t *testing.T) {
		server := telegramtest.New("1000:secret", "attune_bot")
		ctx, stop := context.WithCancel(t.Context())
		var log strings.Builder
		done := make(chan error)
		go func() { done <- run(ctx, cfg, through(wires{telegram: server.Transport()}), nil, terminal{err: &log}) }()

		server.User(1001, "Alex", "en").Say("/start")
		time.Sleep(time.Minute)
		synctest.Wait()
		var said []string
		for _, m := range server.Transcript(1001) {
			said = append(said, m.Text)
		}
		if all := strings.Join(said, "\n"); !strings.Contains(all, "Hello Alex.") {
			t.Errorf("Alex reads %q, want a hello", all)
		}

		told := time.Now()
		stop()
		if err := <-done; err != nil {
			t.Errorf("run = %v, want no error", err)
		}
		if took := time.Since(told); took > 5*time.Second {
			t.Errorf("stopping took %v, want at most 5 s", took)
		}
		if shown := log.String(); strings.Contains(shown, "secret") || strings.Contains(shown, "Alex") {
			t.Errorf("the log shows a token or a name:\n%s", shown)
		}
	})
}
