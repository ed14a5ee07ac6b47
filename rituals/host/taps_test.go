package host

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"

	"attune/rituals"
	"attune/rituals/library"
	"attune/rituals/phrases"
)

// scripts bring a couple into the middle of something: each byte is a scene.
var scripts = []string{
	"",                                     // nothing was asked
	"\x00",                                 // it is evening
	"\x00\x0c\x0d\x04\x05\x02",             // both answer by message
	"\x00\x0c\x04\x02\x02\x02\x04\x0d\x05", // Alex has answered, Sam is at it
	"\x00\x04\x05\x04\x05\x00",             // they talk
	"\x20\x04\x04",                         // settings
	"\x08\x02\x03",                         // a card has opened
	"\x50\x02",                             // Sam was given something
}

// buttons are what buttons carry, one for each verb: ~ stands for the check-in that was
// begun last, @ for the other member, ^ for who acts.
var buttons = []string{
	"answer:~:way:message", "skip:~:mood", "all:~", "back:~:hug", "change:~", "mine:~:heart", "take:~:way", "own:~:send", "form:~:way:message", "see:~",
	"talk:~:pause:0", "give:~:send", "card:~:card:1", "tick:~:want:talk", "cards:own", "morning:~:on", "feel:~:mood:5", "mirror:~:@", "heard:~:@:yes",
	"here:here", "home:only:telegram:1", "held:~:send", "page", "yes", "no", "invite:new", "zone:set:Europe/Berlin", "zone:hour:2115", "settings:time",
	"time:evening:2115", "propose:~:good", "language:de", "less:weekly", "return:20m:~", "notes:1", "differs:~", "share:~",
	"alone:questions:on", "begin:win", "offer:~:card:yes", "clear:x", "nothing:~", "rest:week", "forget:yes", "leave:keep",
}

// Whatever somebody does in the middle of whatever goes on is settled once, in words
// and buttons that fit, and shows them nothing that is sealed. Each row is something
// that they do.
func FuzzTaps(f *testing.F) {
	h := openHouse(f)
	all := strings.Join(buttons, "\n")
	for i, script := range scripts {
		f.Add([]byte(script), byte(0), all)
		f.Add([]byte(script), byte(1), all)
		f.Add([]byte(script), byte(8+i%3), all)  // in forms
		f.Add([]byte(script), byte(16+i%2), all) // among others
		// Words alone, and what is made of words.
		f.Add([]byte(script), byte(4+i%3), "/help now\nTired.\n/break@attune_bot\n/start \x00\n21:15\n/pause")
		f.Add([]byte(script), byte(i%2), string([]byte{byte(0x80 + 5*i), ':', '~', ':', byte(0xc0 + i), ':', byte(0xd0 + i)}))
	}
	f.Add([]byte(scripts[3]), byte(2), all) // by a stranger
	f.Fuzz(func(t *testing.T, script []byte, how byte, what string) {
		c := h.couple(t)
		defer c.end()
		for _, scene := range script[:min(len(script), 24)] {
			c.scene(scene)
		}
		rows := strings.Split(what, "\n")
		for _, row := range rows[:min(len(rows), 64)] {
			c.last(how, row)
		}
		c.ring() // what was left behind can be gone on from
		if h.log.Len() > 0 {
			t.Errorf("it is logged: %s", h.log)
		}
	})
}

// vocabulary is what is often in an action: the verbs, and the names of steps and
// options.
func vocabulary(lib *library.Library) []string {
	all := []string{"on", "off", "yes", "no", "send", "keep", "delete", "1", "0"}
	for _, b := range buttons {
		all = append(all, parseAction(b).verb)
	}
	for _, name := range []string{"evening", "card", "seen", "repair", "stress", "win", "morning", "weekly"} {
		all = append(all, name)
		for _, s := range lib.Ritual(name).Steps {
			all = append(all, s.ID)
			for _, o := range s.Options {
				all = append(all, o.ID)
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// spelled puts a word in place of each byte from 0x80 on, so that a small change to
// what was tapped is often something else that could be.
func (h *fuzzHouse) spelled(s string) string {
	var b strings.Builder
	for i := range len(s) {
		if c := s[i]; c < 0x80 {
			b.WriteByte(c)
		} else {
			b.WriteString(h.words[(int(c)+i*0x80)%len(h.words)])
		}
	}
	return b.String()
}

// last lets somebody do anything at all: how says in its lowest bits who, then in what
// way, then whether others are there.
func (c *fuzzCouple) last(how byte, what string) {
	who := int(how&3) % len(c.people)
	before := c.state()
	newest := "0"
	for _, k := range before.CheckIns {
		newest = id(k.ID)
	}
	text := strings.ToValidUTF8(what, "") // no platform sends anything else
	what = strings.NewReplacer("~", newest, "@", id(c.people[1-min(who, 1)].ID), "^", id(c.people[who].ID)).Replace(c.spelled(what))
	what = what[:min(len(what), mostAction)]
	e := rituals.Event{Kind: rituals.Tapped, Action: what}
	switch how >> 2 & 3 {
	case 1:
		e = rituals.Event{Kind: rituals.Wrote, Text: text}
	case 2:
		a := parseAction(what)
		e = rituals.Event{Kind: rituals.Filled, Action: what, Entries: []rituals.Entry{{Field: "mood", Value: "4"}, {Field: "heart", Value: text}, {Field: a.arg(1), Value: a.arg(2)}}}
	}
	e.Aside = how&16 > 0
	if e.Kind == rituals.Wrote && e.Text == "" {
		return // no platform says that
	}
	c.knows = c.knows || strings.Contains(c.seen[1].String(), sealed[0])
	for i := range c.seen {
		c.seen[i].Reset()
	}
	done, a := c.do(who, e)
	after := c.state()
	switch {
	case who == 2 && (after.Couple.Version != before.Couple.Version || c.seen[0].Len()+c.seen[1].Len() > 0):
		c.t.Errorf("a stranger's %+v changed the couple; Alex reads %q, Sam %q", done, c.seen[0].String(), c.seen[1].String())
	case who == 1 && !c.knows && strings.Contains(c.seen[1].String(), sealed[0]) && !opened(after):
		c.t.Errorf("after %q Sam reads what is sealed: %s", what, c.seen[1].String())
	case done.Kind == rituals.Tapped && parseAction(what).verb == "nothing" && !slices.Contains(slices.Collect(maps.Values(phrases.Text("passed"))), a.Text):
		c.t.Errorf("Handle(%q) answers %q, want that it has passed", what, a.Text)
	}
	for i := range c.seen {
		c.seen[i].Reset()
	}
	again, err := c.Handle(context.WithoutCancel(c.t.Context()), c.now, done)
	c.read()
	if m := again.Message(); err != nil || m.String() != "" || c.seen[0].Len()+c.seen[1].Len()+c.seen[2].Len() > 0 {
		c.t.Errorf("Handle(%q) again = %q, %v, want nothing once it was settled", what, m.String(), err)
	}
}

// opened reports whether answers have opened.
func opened(s rituals.State) bool {
	return slices.ContainsFunc(s.CheckIns, func(k rituals.CheckIn) bool { return k.State == rituals.Kept })
}
