package main

import (
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"

	"attune/rituals"
	"attune/rituals/rehearsal"
)

// conversations are plays that hold wherever people are: what is done in them can be
// done, and what is seen in them is shown, on every platform.
var conversations = []string{
	"start-same-answer", "evening", "evening-skips", "evening-thats-all", "evening-one-tap", "hard-tonight", "hard-morning",
	"just-for-me-one", "take-back", "edit-before", "own-words-sent", "stray-gone", "words-that-ask", "asks", "later", "pause-tonight",
	"settings-time-typed", "leave-delete", "forget", "down-in-the-morning", "dst-spring", "morning-tap", "write-back-never-mind",
	"reveal-while-walking",
	"start", "after-reveal-reply", "after-reveal-next-day", "taps-double", "asks-about-other", "settings-time-kept", "pause-mid-evening",
	"resume-before-evening", "leave-keep", "late-evening", "down-past-window", "write-back-in-between", "hard-morning-apart",
	"settings-travel", "together-anywhere",
	"sorry-rest", "sorry-late-words", "repair-taken-back", "win", "return-again", "repair-after-no",
}

// TestPlaysOnTelegram performs plays with both on Telegram. With -short each play is
// performed by one of this test and the next two.
func TestPlaysOnTelegram(t *testing.T) {
	performAll(t, 0, places(rituals.Telegram, rituals.Telegram))
}

// TestPlaysOnDiscord performs the same plays with both on Discord.
func TestPlaysOnDiscord(t *testing.T) {
	performAll(t, 1, places(rituals.Discord, rituals.Discord))
}

// TestPlaysAcross performs them with Alex on Telegram and Sam on Discord.
func TestPlaysAcross(t *testing.T) {
	performAll(t, 2, places(rituals.Telegram, rituals.Discord))
}

// performAll performs all plays; with -short every third, from the first on.
func performAll(t *testing.T, first int, platform func(rehearsal.Role) rituals.Platform) {
	for i, name := range conversations {
		if testing.Short() && i%3 != first {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			perform(t, name, platform)
		})
	}
}

// perform performs a play and holds what is seen against what it says.
func perform(t *testing.T, name string, platform func(rehearsal.Role) rituals.Platform) {
	data, err := os.ReadFile(filepath.Join("../../rituals/host/testdata", name+".play"))
	if err != nil {
		t.Fatal(err)
	}
	play, err := rehearsal.Parse(name+".play", data)
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		th := newTheatre(t, platform)
		defer th.close()
		result, err := play.Perform(t.Context(), th, rehearsal.Options{})
		if err != nil {
			t.Errorf("%s%v", result.Diff(), err)
		} else if diff := result.Diff(); diff != "" {
			t.Errorf("seen otherwise than written:\n%s", diff)
		}
	})
}
