package main

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"attune/bots/telegram/telegramtest"
	"attune/rituals"
)

// The group's id at first, and the one that Telegram gives it later.
const oldGroup, newGroup = -100, -200

// A gathering is an evening in a group of the two.
type gathering struct {
	*theatre
	alex, sam *telegramtest.User // alone with the bot
	group     *telegramtest.User // Alex in the group
}

// TestFaultGroupMoves gives the group of a couple another id, of which the bot is told or
// finds out when it says something there: the evening reads as if nothing had happened.
func TestFaultGroupMoves(t *testing.T) {
	want := gather(t, func(*gathering) {}, func(*gathering) {})
	if !slices.ContainsFunc(want[0], func(s string) bool { return strings.Contains(s, glad) }) {
		t.Fatalf("the group reads %q, want what was answered", want[0])
	}
	nothing := func(*gathering) {}
	told := func(g *gathering) { g.group.Move(newGroup) }
	unheard := func(g *gathering) { g.group.MoveUnheard(newGroup) }
	for _, tt := range []struct {
		name              string
		inTheDay, atNight func(*gathering)
	}{
		{"before the evening, as it is told", told, nothing},
		{"before the evening, without a word", unheard, nothing},
		{"before it opens, as it is told", nothing, told},
		{"before it opens, without a word", nothing, unheard},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := gather(t, tt.inTheDay, tt.atNight)
			for i, who := range []string{"the group", "Alex", "Sam"} {
				if !slices.Equal(got[i], want[i]) {
					t.Errorf("%s reads %q, want %q", who, got[i], want[i])
				}
			}
		})
	}
}

// gather plays an evening in a group and returns what is read in the group, under either
// id, by Alex and by Sam.
func gather(t *testing.T, inTheDay, atNight func(*gathering)) (read [3][]string) {
	synctest.Test(t, func(t *testing.T) {
		th := newTheatre(t, places(rituals.Telegram, rituals.Telegram))
		defer th.close()
		alex, sam := th.inBerlin("2026-11-23 21:00")
		g := &gathering{theatre: th, alex: alex.telegram, sam: sam.telegram}
		g.group = g.alex.In(oldGroup)
		g.sam.In(oldGroup) // before the bot comes, which counts who is there
		g.group.Invite()
		g.group.Say("/here")
		th.settle(settling)
		g.taps(g.sam, "Good")
		inTheDay(g)
		time.Sleep(31 * time.Minute)
		for _, u := range []*telegramtest.User{g.alex, g.sam} {
			g.taps(u, "Answer")
			g.does(u.Tap("😕"))
			g.does(u.Say(heart) > 0)
			g.does(u.Tap("Just read it"))
			g.does(u.Tap("Skip"))
			if u == g.sam {
				atNight(g)
			}
			g.does(u.Say(glad) > 0)
		}
		th.settle(2 * time.Minute)
		g.taps(g.sam, "A hug")
		th.settle(2 * time.Minute)
		for _, id := range []int64{oldGroup, newGroup} {
			read[0] = append(read[0], g.sam.In(id).Heard()...)
		}
		read[1], read[2] = g.alex.Heard(), g.sam.Heard()
	})
	return read
}

// taps lets somebody tap a button in the group, under whichever id it stands.
func (g *gathering) taps(u *telegramtest.User, label string) {
	g.Helper()
	g.does(u.In(newGroup).Tap(label) || u.In(oldGroup).Tap(label))
}

// does waits for what comes of what somebody has done, if they could.
func (g *gathering) does(could bool) {
	g.Helper()
	if !could {
		g.Fatalf("something cannot be done: the group reads %q, Alex %q, Sam %q", g.group.Heard(), g.alex.Heard(), g.sam.Heard())
	}
	g.settle(settling)
}
