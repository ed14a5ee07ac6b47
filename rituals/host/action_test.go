package host

import (
	"math"
	"slices"
	"strings"
	"testing"

	"attune/rituals"
)

// mostAction is how many bytes a button may carry on Telegram, the least of all
// platforms.
const mostAction = 64

func TestActionsFit(t *testing.T) {
	longest, name := id(int64(math.MaxInt64)), strings.Repeat("n", 16) // as long as the loader lets a name be
	for _, args := range [][]string{
		{doAnswer, longest, name, name},
		{doSkip, longest, name},
		{doBack, longest, name},
		{doChange, longest, name},
		{doYes, strings.Repeat("c", 22)},
		{doZone, "set", "America/Argentina/ComodRivadavia"},
		{doZone, "hour", "2359", longest},
		{doTime, name, "2359"},
		{doPropose, longest, "keep"},
		{doRest, "tonight", "2026-11-23"},
		{doLess, "mornings", longest},
		{doNotes, "10000", longest},
		{doLeave, "delete", longest, longest, "18446744073709551615"},
		{doForget, "yes", longest, "18446744073709551615"},
		{doClear, "18446744073709551615"},
		{doForm, longest, name, name},
		{doMorning, longest, "off"},
		{doFeel, longest, name, "56", "18446744073709551615"},
		{doMirror, longest, longest, neverMind},
		{doHeard, longest, longest, name},
		{doHome, "drop", "telegram", "18446744073709551615"},
		{doTalk, longest, "break", "zz", name, id(rituals.Forever.Unix())},
		{doPage, byName + "18446744073709551615"},
	} {
		a := action(args[0], args[1:]...)
		if len(a) > mostAction {
			t.Errorf("action(%q) = %q, %d bytes, want at most %d", args, a, len(a), mostAction)
		}
		if got := parseAction(a); got.verb != args[0] || !slices.Equal(got.args, args[1:]) {
			t.Errorf("parseAction(%q) = %+v, want %q", a, got, args)
		}
	}
}

func TestIDs(t *testing.T) {
	for _, n := range []rituals.CheckInID{0, 1, 35, 36, math.MaxInt64} {
		if got := parseID[rituals.CheckInID](id(n)); got != n {
			t.Errorf("parseID(id(%d)) = %d, want the same", n, got)
		}
	}
	for _, s := range []string{"", "-", "é", "zzzzzzzzzzzzzzzz", "1 2"} {
		if got := parseID[rituals.CheckInID](s); got != 0 {
			t.Errorf("parseID(%q) = %d, want 0", s, got)
		}
	}
}

func TestParseCommand(t *testing.T) {
	for _, tt := range []struct {
		text, name, args string
		ok               bool
	}{
		{"/start", "start", "", true},
		{"/start abc_DEF-1", "start", "abc_DEF-1", true},
		{"/START", "start", "", true},
		{"/evening@attune_bot", "evening", "", true},
		{"/start@attune_bot abc", "start", "abc", true},
		{"  /streak", "streak", "", true},
		{"😀 /streak", "streak", "", true},
		{"/ streak", "streak", "", true},
		{"/help\nnow", "help", "now", true},
		{"/", "", "", true},
		{"/?!", "", "?!", true},
		{"start", "", "", false},
		{"either / or", "", "", false},
		{"¿/start", "", "", false},
		{"", "", "", false},
	} {
		name, args, ok := parseCommand(tt.text)
		if name != tt.name || args != tt.args || ok != tt.ok {
			t.Errorf("parseCommand(%q) = %q, %q, %t, want %q, %q, %t", tt.text, name, args, ok, tt.name, tt.args, tt.ok)
		}
	}
}

func TestParseClock(t *testing.T) {
	for _, tt := range []struct {
		text, want string
		ok         bool
	}{
		{"21:15", "2115", true},
		{"21.15", "2115", true},
		{"2115", "2115", true},
		{"9", "0900", true},
		{"9 pm", "2100", true},
		{"9:30 p.m.", "2130", true},
		{"12 am", "0000", true},
		{"12pm", "1200", true},
		{"20h", "2000", true},
		{"20h30", "2030", true},
		{"24:00", "", false},
		{"21:60", "", false},
		{"13 pm", "", false},
		{"half past nine", "", false},
		{"", "", false},
	} {
		if got, ok := parseClock(tt.text); got != tt.want || ok != tt.ok {
			t.Errorf("parseClock(%q) = %q, %t, want %q, %t", tt.text, got, ok, tt.want, tt.ok)
		}
	}
}

func TestFreshIDsGrow(t *testing.T) {
	h := New(nil, Options{})
	now := rituals.Forever
	last := h.fresh(now)
	for _, at := range []int{0, 0, -1, 1} {
		next := h.fresh(now.AddDate(0, 0, at))
		if next <= last {
			t.Errorf("an id after the clock moved by %d days is %d, want more than %d", at, next, last)
		}
		last = next
	}
}
