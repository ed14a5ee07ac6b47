package main

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"attune/bots/telegram/telegramtest"
	"attune/rituals"
	"attune/store"
)

// TestRestoredLater restores a backup that was made while what had opened waited for
// Telegram, when more days and words have passed than are remembered as handled. What
// waited comes once more, of what was written only the last day is gone through again,
// and tonight's question comes late.
func TestRestoredLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		th := newTheatre(t, places(rituals.Telegram, rituals.Discord))
		defer th.close()
		alex, sam := th.inBerlin("2026-11-02 21:30")
		th.settle(time.Minute)
		th.answers(alex, "Tired.")
		th.telegram.Fail("sendMessage", telegramtest.BadGateway, telegramtest.BadGateway, telegramtest.BadGateway, telegramtest.BadGateway)
		th.answers(sam, "Nervous about Friday.")
		file := filepath.Join(t.TempDir(), "backup.db")
		made, err := store.Backup(t.Context(), th.cfg.Database, file, store.Keys{})
		if err != nil || made.Waiting != 1 {
			t.Fatalf("Backup: got %+v, %v, want one message that waits", made, err)
		}
		th.settle(time.Hour)
		if got := alex.telegram.Heard(); !strings.HasPrefix(got[len(got)-1], "You have both answered.") {
			t.Fatalf("Alex reads %q, want what has opened", got)
		}
		if err := th.stop(); err != nil {
			t.Fatal(err)
		}
		for range 8 { // longer than what was handled is remembered
			time.Sleep(24 * time.Hour)
			sam.discord.Say("Good night, you.")
		}
		_, err = store.Restore(t.Context(), th.cfg.Database, file, store.Restoring{Replace: true, Now: time.Now()})
		if err != nil {
			t.Fatal(err)
		}
		a, s := len(alex.telegram.Heard()), len(sam.discord.Heard())
		th.start()
		th.settle(10 * time.Minute)
		for _, p := range []struct {
			name      string
			got, want []string
		}{
			{"Alex", alex.telegram.Heard()[a:], []string{"You have both answered.", "A little late."}},
			{"Sam", slices.Sorted(slices.Values(sam.discord.Heard()[s:])), []string{"A little late.", "I haven't passed that on."}}, // in either order
		} {
			if !slices.EqualFunc(p.got, p.want, strings.HasPrefix) {
				t.Errorf("after the restore %s reads %q, want %q", p.name, p.got, p.want)
			}
		}
	})
}

// answers lets somebody keep an evening by message.
func (th *theatre) answers(p *player, words string) {
	for _, label := range []string{"By message", "🙂"} {
		p.tap(label, "")
		th.settle(settling)
	}
	if p.telegram != nil {
		p.telegram.Say(words)
	} else {
		p.discord.Say(words)
	}
	th.settle(settling)
	for _, label := range []string{"Just read it", "That's all"} {
		p.tap(label, "")
		th.settle(settling)
	}
}
