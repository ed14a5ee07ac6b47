package rehearsal_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"attune/rituals/rehearsal"
)

func TestWhatIsWrittenOtherwiseIsShown(t *testing.T) {
	for _, test := range []struct{ name, rows, want string }{
		{"a message that the play leaves out", "  Alex  taps   Yes\n", "+        Alex  sees   Where?"},
		{"a message that never came", "  Sam  sees  Hello.\n", "-  Sam  sees  Hello."},
		{"other words", "  Alex  taps   Yes\n  Alex  sees   Why?\n", "-  Alex  sees   Why?\n+  Alex  sees   Where?"},
		{"somebody hears something", "  Alex  taps   Yes\n  Alex  hears nothing\n", "-  Alex  hears nothing\n+        Alex  sees   Where?"},
		{"a message that only one saw", "  Alex  taps   Yes\n  both  see    Where?\n               [Here] [There]\n", "+  Alex  sees   Where?"},
		{"a message that both saw", "  both  tap    Yes\n", "+        both  see    Where?"},
		{"another streak", "  streak 7\n", "-  streak 7\n+  streak 0"},
		{"another outcome", "  kept 2026-11-23\n", "-  kept 2026-11-23\n+  open 2026-11-23"},
		{"another number of answers", "  stored Sam: 2 answers\n", "+  stored Sam: 0 answers"},
		{"messages said to wait", "  something waits for Sam\n", "+  nothing waits"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r, err := run(t, evening+test.rows)
			if err != nil {
				t.Fatal(err)
			}
			if got := r.Diff(); !strings.Contains(got, test.want) {
				t.Errorf("Diff after %q = %s\nwant a part %s", test.rows, got, test.want)
			}
			if r, err = run(t, string(r.Text())); err != nil || r.Diff() != "" {
				t.Errorf("a play rewritten to how it went goes otherwise: %v\n%s", err, r.Diff())
			}
		})
	}
}

func TestActs(t *testing.T) {
	const asked = "  both tap Yes\n  both tap Here\n"
	for _, test := range []struct{ name, rows, want string }{
		{"words that close an evening", asked + "  both say Well.\n", "both  see    Both of you:\n                     Alex: Well.\n                     Sam: Well.\n"},
		{"two at the same instant", asked + "  together\n    Alex says Long.\n    Sam says Well.\n  streak 0\n", "  streak 1\n"},
		{"the same reported twice", asked + "  both say Well.\n  again\n  # over\n", "  again\n  # over\n"},
		{"words that are changed", asked + "  Alex says Long.\n  Alex edits \"Long\" to Very long.\n  Sam says Well.\n", "Alex: Very long.\n"},
		{"a reply to the question", "  Alex taps Yes\n  Alex taps Here\n  Alex replies \"What was it\" Long.\n  stored Alex: 0 answers\n", "  stored Alex: 3 answers\n"},
		{"an alarm on the way", "at 2026-11-24 21:31\n", "at 2026-11-24 21:31\n        both  see    Shall we?\n"},
		{"nothing rings while it is down", "down\nat 2026-11-25 12:00\n  Alex says Hello.\n  Alex hears nothing\n", "  Alex says Hello.\n  Alex hears nothing\n"},
		{"a start after that", "down\nat 2026-11-25 21:40\nup\n", "Shall we?\n"},
		{"a restart keeps everything", "  both tap Yes\nrestart\n  Alex taps Here\n", "  Alex taps Here\n        Alex  sees   What was it like?\n"},
		{"an older button", "  both tap Yes\n  Alex taps Gladly on \"Shall we\"\n  stored Alex: 0 answers\n", "  stored Alex: 1 answer\n"},
		{"two taps on one button", "  Alex taps Yes twice\n  stored Alex: 0 answers\n", "  stored Alex: 1 answer\n"},
		{"somebody who cannot be reached any more", "  Alex blocks the bot quietly\nat 2026-11-24 21:30\n  Alex hears nothing\n", "  Alex hears nothing\n"},
		{"a chat that moved", "  Alex moves to another chat\n  Alex taps Yes\n", "        Alex  sees   Where?\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r, err := run(t, evening+test.rows)
			if err != nil {
				t.Fatal(err)
			}
			if got := string(r.Text()); !strings.Contains(got, test.want) {
				t.Errorf("with %q it went\n%s\nwant a part\n%s", test.rows, got, test.want)
			}
		})
	}
}

func TestActsThatCannotBeDone(t *testing.T) {
	for _, test := range []struct{ name, rows, want string }{
		{"a button nobody was shown", "  Alex taps No\n", "test.play:5: Alex has seen no button [No]; the newest are [Yes] [Gladly]"},
		{"a reply to nothing", "  Alex replies \"Good\" Yes.\n", `test.play:5: Alex has seen no message that begins with "Good"`},
		{"an edit of nothing", "  Alex edits \"Good\" to Bad.\n", `test.play:5: Alex has written nothing that begins with "Good"`},
		{"a link nobody made", "  Sam opens the link\n", "test.play:5: no link was shown"},
		{"up without down", "  up\n", "test.play:5: it is not down"},
		{"two acts at once while something is to go wrong", "  disk full 1 time\n  together\n    Alex taps Yes\n    Sam taps Yes\n", "test.play:6: something is still to go wrong"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			play := evening + test.rows + "  # and so on\n"
			r, err := run(t, play)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("Run with %q: %v, want an error with %q", test.rows, err, test.want)
			}
			if r == nil || string(r.Text()) != play {
				t.Errorf("Run with %q does not keep the play as it was: %v", test.rows, r)
			}
		})
	}
}

func TestRehearseReportsAndRewrites(t *testing.T) {
	file := filepath.Join(t.TempDir(), "short.play")
	if err := os.WriteFile(file, []byte(evening+"        streak 3\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	o := rehearsal.Options{Library: one()}
	for _, test := range []struct {
		name   string
		update bool
		failed int
		want   string
	}{
		{"as written first", false, 1, "-        streak 3\n+        streak 0\n"},
		{"rewritten", true, 0, "short.play: rewritten\n"},
		{"and then right", false, 0, "short.play: as written\n"},
	} {
		o.Update = test.update
		var out strings.Builder
		failed, err := rehearsal.Rehearse(t.Context(), &out, []string{file}, o)
		if err != nil || failed != test.failed || !strings.Contains(out.String(), test.want) {
			t.Errorf("%s: Rehearse = %d, %v, %s\nwant %d and %s", test.name, failed, err, out.String(), test.failed, test.want)
		}
	}
}

// BenchmarkMonth runs thirty evenings that are kept by both.
func BenchmarkMonth(b *testing.B) {
	var play strings.Builder
	play.WriteString(strings.SplitAfter(evening, "\n")[0])
	for day := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC); day.Month() == 11; day = day.AddDate(0, 0, 1) {
		fmt.Fprintf(&play, "at %s 21:30 Europe/Berlin\n  both tap Yes\n  both tap Here\n  both say Well.\n", day.Format(time.DateOnly))
	}
	play.WriteString("  streak 30\n")
	p, err := rehearsal.Parse("month.play", []byte(play.String()))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		r, err := p.Run(b.Context(), rehearsal.Options{Library: one()})
		if err != nil || strings.Contains(r.Diff(), "-  streak 30") {
			b.Fatalf("month: %v\n%s", err, r.Text())
		}
	}
}
