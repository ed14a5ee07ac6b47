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

// evening is a play in which an act goes right; rows go after it.
const evening = `couple  Alex (telegram, Europe/Berlin, en) and Sam (telegram, Europe/Berlin, en)
at      2026-11-23 21:30 Europe/Berlin
        both  see    It's 21:30. Ten minutes for the two of you?
                     How it was, not what to fix.
                     [By message] [Later] [It's a hard evening]
                     [Not tonight]
`

func TestWhatIsWrittenOtherwiseIsShown(t *testing.T) {
	for _, test := range []struct{ name, rows, want string }{
		{"a message that the play leaves out", "  Alex  taps   Not tonight\n", "+        Alex  sees   All right. Rest well."},
		{"a message that never came", "  Sam  sees  Hello.\n", "-  Sam  sees  Hello."},
		{"other words", "  Alex  taps   Not tonight\n  Alex  sees   Good night.\n", "-  Alex  sees   Good night.\n+  Alex  sees   All right. Rest well."},
		{"somebody hears something", "  Alex  taps   Not tonight\n  Alex  hears nothing\n", "-  Alex  hears nothing\n+        Alex  sees   All right. Rest well."},
		{"a message that only one saw", "  Alex  taps   Not tonight\n  both  see    All right. Rest well.\n", "+  Alex  sees   All right. Rest well."},
		{"another streak", "  streak 7\n", "-  streak 7\n+  streak 0"},
		{"another outcome", "  kept 2026-11-23\n", "-  kept 2026-11-23\n+  open 2026-11-23"},
		{"another number of answers", "  stored Sam: 2 answers\n", "+  stored Sam: 0 answers"},
		{"messages said to wait", "  something waits for Sam\n", "+  nothing waits"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p, err := rehearsal.Parse("test.play", []byte(evening+test.rows))
			if err != nil {
				t.Fatal(err)
			}
			r, err := p.Run(t.Context(), rehearsal.Options{Library: shipped(t)})
			if err != nil {
				t.Fatal(err)
			}
			if got := r.Diff(); !strings.Contains(got, test.want) {
				t.Errorf("Diff after %q = %s\nwant a part %s", test.rows, got, test.want)
			}
			again, err := rehearsal.Parse("test.play", r.Text())
			if err != nil {
				t.Fatalf("Parse of how it went: %v", err)
			}
			if r, err = again.Run(t.Context(), rehearsal.Options{Library: shipped(t)}); err != nil || r.Diff() != "" {
				t.Errorf("a play rewritten to how it went goes otherwise: %v %s", err, r.Diff())
			}
		})
	}
}

func TestActsThatCannotBeDone(t *testing.T) {
	for _, test := range []struct{ name, rows, want string }{
		{"a button nobody was shown", "  Alex taps Yes\n", "test.play:7: Alex has seen no button [Yes]; the newest are [By message]"},
		{"a reply to nothing", "  Alex replies \"Good\" Yes.\n", `test.play:7: Alex has seen no message that begins with "Good"`},
		{"an edit of nothing", "  Alex edits \"Good\" to Bad.\n", `test.play:7: Alex has written nothing that begins with "Good"`},
		{"a link nobody made", "  Sam opens the link\n", "test.play:7: no link was shown"},
		{"up without down", "  up\n", "test.play:7: it is not down"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p, err := rehearsal.Parse("test.play", []byte(evening+test.rows+"  # and so on\n"))
			if err != nil {
				t.Fatal(err)
			}
			r, err := p.Run(t.Context(), rehearsal.Options{Library: shipped(t)})
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("Run with %q: %v, want an error with %q", test.rows, err, test.want)
			}
			if r == nil || string(r.Text()) != evening+test.rows+"  # and so on\n" {
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
	o := rehearsal.Options{Library: shipped(t)}
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
		fmt.Fprintf(&play, "at %s 21:30 Europe/Berlin\n  both tap By message\n  both tap 😐\n  both say Well.\n  both say Coffee.\n",
			day.Format(time.DateOnly))
	}
	play.WriteString("  streak 30\n")
	p, err := rehearsal.Parse("month.play", []byte(play.String()))
	if err != nil {
		b.Fatal(err)
	}
	l := shipped(b)
	for b.Loop() {
		r, err := p.Run(b.Context(), rehearsal.Options{Library: l})
		if err != nil || strings.Contains(r.Diff(), "-  streak 30") {
			b.Fatalf("month: %v\n%s", err, r.Text())
		}
	}
}
