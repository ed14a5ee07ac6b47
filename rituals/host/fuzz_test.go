package host

import (
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"attune/rituals"
)

// Whatever a button carries, it is taken apart without loss, and what is put together
// comes back.
func FuzzAction(f *testing.F) {
	for _, s := range []string{"answer:5:way:message", "zone:set:America/Argentina/ComodRivadavia", "", ":", "::-1", "talk:zzzzzzzzzzzzz:break"} {
		f.Add(s, int64(5))
	}
	f.Fuzz(func(t *testing.T, s string, n int64) {
		a := parseAction(s)
		if got := action(a.verb, a.args...); got != s {
			t.Errorf("parseAction(%q) put together is %q, want the same", s, got)
		}
		for i := range len(a.args) + 2 {
			want := ""
			if i < len(a.args) {
				want = a.args[i]
			}
			if got := a.arg(i); got != want {
				t.Errorf("parseAction(%q).arg(%d) = %q, want %q", s, i, got, want)
			}
			// Of two ways to write an id one is ours; the other is none the less that id.
			if n := parseID[rituals.CheckInID](want); parseID[rituals.CheckInID](id(n)) != n {
				t.Errorf("parseID(%q) = %d, which is written as %q, want it back", want, n, id(n))
			}
		}
		built := action(doAnswer, id(n), s)
		if got := parseAction(built); got.verb != doAnswer || parseID[rituals.CheckInID](got.arg(0)) != rituals.CheckInID(n) ||
			strings.Join(got.args[1:], ":") != s {
			t.Errorf("parseAction(%q) = %+v, want %s of %d", built, got, doAnswer, n)
		}
	})
}

// Whatever is written, it is a command with a name that can be one, or none.
func FuzzCommand(f *testing.F) {
	for _, s := range []string{"/start abc_DEF-1", "/evening@attune_bot", "😀 / HELP\nnow", "/?!", "either / or", "¿/start", "/İ", "/" + strings.Repeat("é", 300), "21:15", "9:30 p.m."} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if clock, ok := parseClock(text); ok {
			if _, err := time.Parse("1504", clock); err != nil {
				t.Errorf("parseClock(%q) = %q, want hours and minutes", text, clock)
			}
		}
		name, args, ok := parseCommand(text)
		if !ok {
			if name != "" || args != "" || strings.HasPrefix(text, "/") {
				t.Errorf("parseCommand(%q) = %q, %q, %t, want a command where a slash begins it", text, name, args, ok)
			}
			return
		}
		if strings.ContainsFunc(name, func(r rune) bool {
			return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) && r != '_'
		}) || name != strings.ToLower(name) {
			t.Errorf("parseCommand(%q) = %q, want a name of small letters", text, name)
		}
		if args != strings.TrimSpace(args) || !strings.HasSuffix(strings.TrimSpace(text), args) {
			t.Errorf("parseCommand(%q) has the words %q, want the end of it", text, args)
		}
		if name == "" || !utf8.ValidString(text) {
			return
		}
		for _, again := range []string{"/" + name + " " + args, "/" + name + "@attune_bot " + args, "  / " + name + "\n" + args} {
			if n, a, ok := parseCommand(again); n != name || a != args || !ok {
				t.Errorf("parseCommand(%q) = %q, %q, %t, want %q, %q as of %q", again, n, a, ok, name, args, text)
			}
		}
		if c := canonical(name); c != name && !slices.Contains(commands, c) {
			t.Errorf("canonical(%q) = %q, want a command of ours", name, c)
		}
	})
}
