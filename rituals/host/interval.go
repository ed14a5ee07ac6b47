package host

import (
	"fmt"
	"time"

	"attune/rituals"
)

// A break in a talk, with a time to come back to it that any of its members may
// choose and all read.

// breaks are the times to come back that are offered; zero is the couple's next
// evening at this hour.
var breaks = []struct {
	id    string
	after time.Duration
}{{"20m", 20 * time.Minute}, {"1h", time.Hour}, {"day", 0}}

// breakTalk stops the clock and asks all when to come back.
func (d *decision) breakTalk(c *rituals.CheckIn) {
	t := c.Talk
	if !t.Ends.IsZero() {
		d.restTalk(c, t.Ends.Sub(d.now))
	}
	d.sayTalk(c, func(r talkReader) string { return r.v.Say("talk.break") }, func(r talkReader) [][]rituals.Choice {
		var row []rituals.Choice
		for _, b := range breaks {
			row = append(row, rituals.Choice{Label: r.v.Say("talk.back." + b.id), Action: action(doTalk, id(c.ID), "back", r.seq, b.id)})
		}
		return [][]rituals.Choice{row, {r.control("stop")}}
	})
}

// comeBack settles when to come back: the time that was chosen last.
func (d *decision) comeBack(c *rituals.CheckIn, which string) {
	t := c.Talk
	if !t.Ends.IsZero() {
		d.toast(d.voice(d.me).Say("talk.moved"))
		return
	}
	for _, b := range breaks {
		if b.id != which {
			continue
		}
		at := d.now.Add(b.after)
		if b.after == 0 {
			at = d.tomorrow()
		}
		at = at.Truncate(time.Minute)
		if at.Equal(t.Back) {
			d.toast(d.voice(d.me).Say("kept.short"))
			return
		}
		t.Back = at
		d.touch(c)
		d.setTimer(c, at)
		d.sayTalk(c, func(r talkReader) string {
			key := "talk.back"
			if rituals.DayOf(r.at(at)) != rituals.DayOf(r.at(d.now)) {
				key = "talk.back.tomorrow"
			}
			return r.v.Say(key, "time", clock(r.at(at)))
		}, nil)
		return
	}
	d.toast(d.voice(d.me).Say("passed"))
}

// tomorrow is the same time of day on the couple's next day.
func (d *decision) tomorrow() time.Time {
	loc := d.coupleZone()
	w := rituals.WallAt(d.now, loc).Time()
	at, ok := rituals.DayOf(rituals.Wall(w)).Add(1).At(w.Hour(), w.Minute()).In(loc)
	if !ok {
		return d.now.Add(24 * time.Hour)
	}
	return at
}

// breakOver asks whether to go on after a break.
func (d *decision) breakOver(left time.Duration) func(talkReader) string {
	return func(r talkReader) string {
		return joinLines(r.v.Say("talk.break.over", "time", clock(r.at(d.now))), r.turn(left))
	}
}

// backAgain says that the program was away, and how much of the step is left.
func (d *decision) backAgain(left time.Duration) func(talkReader) string {
	return func(r talkReader) string { return r.v.Say("talk.again") + " " + r.turn(left) }
}

// minutes writes how much is left as a clock does: "1:40".
func minutes(left time.Duration) string {
	s := int(left.Round(time.Second) / time.Second)
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}
