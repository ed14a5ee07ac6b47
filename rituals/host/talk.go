package host

import (
	"maps"
	"time"

	"attune/rituals"
)

// A talk goes from one timed step to the next by its alarm, and by what its members
// tap. What is said at a change is a message of its own, so that the phones on the
// table buzz; only the clock of a step is changed in place.

const (
	lateTalk = time.Minute     // an alarm that rings later than this asks whether to go on
	tardy    = 5 * time.Second // and one later than this does not shorten the step after it
)

func timerName(c *rituals.CheckIn) string { return "talk/" + id(c.ID) }

// beginTalk begins the timed steps. The check-in is kept: all are there.
func (d *decision) beginTalk(c *rituals.CheckIn) {
	c.Talk = &rituals.Talk{Order: c.SpeakingOrder()}
	if c.State != rituals.Kept {
		d.keep(c)
	}
	d.nextTimer(c, d.now, nil)
}

// nextTimer goes on to the next timed step, which begins at an instant, or ends the
// talk. What leads in stands above it.
func (d *decision) nextTimer(c *rituals.CheckIn, from time.Time, lead func(talkReader) string) {
	t := c.Talk
	s, turn := c.NextTimer()
	if s == nil {
		d.endTalk(c)
		return
	}
	t.Turn, t.Step, t.Left = turn, s.ID, 0
	d.runTimer(c, from.Add(t.Length(s)))
	d.sayTimer(c, s, lead)
}

// runTimer lets the step that the talk is at run until an instant.
func (d *decision) runTimer(c *rituals.CheckIn, ends time.Time) {
	c.Talk.Ends, c.Talk.Rest = ends, time.Time{}
	d.touch(c)
	d.setTimer(c, ends)
}

func (d *decision) setTimer(c *rituals.CheckIn, at time.Time) {
	d.set(rituals.Alarm{Name: timerName(c), Kind: rituals.AlarmTimer, At: at, Ritual: c.Ritual.ID, Day: c.Day, CheckIn: c.ID})
}

// ringTimer settles that a timed step is over.
func (d *decision) ringTimer(a rituals.Alarm) {
	c := d.checkInBy(a.CheckIn)
	if c == nil || !c.Talking() || !d.s.Couple.Complete() {
		return
	}
	t := c.Talk
	late := d.now.Sub(a.At)
	switch {
	case !d.s.Couple.Rest(d.now).IsZero(): // which ends a talk, however long ago it was put off
		t.Over = true
		d.touch(c)
	case late < 0: // the program has just started
		d.setTimer(c, a.At)
		if t.Ends.Equal(a.At) {
			d.sayTalk(c, d.backAgain(t.Ends.Sub(d.now)), d.controls)
		}
	case t.Paused():
	case late > lateTalk || a.Tries > 0:
		d.restTalk(c, 0)
		d.sayTalk(c, d.backAgain(0), d.whileStopped)
	case late > tardy:
		d.nextTimer(c, d.now, func(r talkReader) string { return r.v.Say("talk.again") })
	default:
		d.nextTimer(c, a.At, nil)
	}
}

// restTalk stops the clock with so much left of the step.
func (d *decision) restTalk(c *rituals.CheckIn, left time.Duration) {
	t := c.Talk
	t.Ends, t.Left, t.Rest = time.Time{}, max(left, 0), d.now
	d.touch(c)
	d.cancel(timerName(c))
}

// endTalk ends a talk that has come to its end, with what the ritual says then.
func (d *decision) endTalk(c *rituals.CheckIn) {
	var last *rituals.Step
	for i := range c.Ritual.Steps {
		if s := &c.Ritual.Steps[i]; s.Kind == rituals.Timer {
			last = nil
		} else if s.Kind == rituals.Say && c.Holds(c.Talk.Speaker(), s) {
			last = s
		}
	}
	if last == nil {
		d.sayTalk(c, func(r talkReader) string { return r.v.Say("talk.end") }, nil)
	} else {
		d.sayTalk(c, func(r talkReader) string { return r.fill(last.Text) }, func(r talkReader) [][]rituals.Choice {
			if c.Given() && r.m != nil && r.m.ID != c.Starter {
				return nil // it was not they who were listened to
			}
			return optionRows(last, r.language, func(o string) string { return action(doAnswer, id(c.ID), last.ID, o) })
		})
	}
	d.overTalk(c)
}

// stopTalk ends a talk before its end, in the same words for all.
func (d *decision) stopTalk(c *rituals.CheckIn) {
	d.sayTalk(c, func(r talkReader) string {
		if r.late() {
			return r.v.Say("talk.stop")
		}
		return r.v.Say("talk.stop.day")
	}, nil)
	d.overTalk(c)
}

func (d *decision) overTalk(c *rituals.CheckIn) {
	t := c.Talk
	if t.OnBreak() {
		d.cancel(returnName)
	}
	t.Over, t.Ends, t.Left = true, time.Time{}, 0
	d.touch(c)
	d.cancel(timerName(c))
	d.releaseAll()
	if c.Ritual.Streak {
		d.milestone(c)
		d.setOffer(c)
	}
}

// quitTalks ends talks without a word: the couple rests or parts.
func (d *decision) quitTalks() {
	for i := range d.s.CheckIns {
		if c := &d.s.CheckIns[i]; c.Talking() {
			c.Talk.Over = true
			d.touch(c)
			d.cancel(timerName(c))
			d.c.Drop = append(d.c.Drop, rituals.Drop{Couple: c.Couple, CheckIn: c.ID})
		}
	}
}

// moreTime gives a step more time, once for each time that was shown. What the first
// who speaks is given, those after them get too.
func (d *decision) moreTime(c *rituals.CheckIn, shown string) {
	t, s := c.Talk, c.TimerAt()
	d.toast(d.voice(d.me).Say("talk.more.done"))
	if shown != clockOf(t) {
		return
	}
	more := time.Minute
	if s.Lasts < more {
		more = 30 * time.Second
	}
	if t.Turn == 0 && len(s.Listener) > 0 {
		extra := maps.Clone(t.Extra)
		if extra == nil {
			extra = map[string]time.Duration{}
		}
		extra[s.ID] += more
		t.Extra = extra
	}
	d.runTimer(c, t.Ends.Add(more))
	d.showClock(c, s)
}

// talkTap settles the buttons of a talk.
func (d *decision) talkTap(c *rituals.CheckIn, a parsedAction) {
	v := d.voice(d.me)
	if a.arg(1) == "begin" {
		d.beginTap(c)
		return
	}
	if !c.Talking() || !d.s.Couple.Complete() || !d.s.Couple.Rest(d.now).IsZero() {
		d.toast(v.Say("passed"))
		return
	}
	t := c.Talk
	fresh := a.arg(2) == id(int64(t.Said)) // no other step has begun since the button was shown
	switch what := a.arg(1); {
	case what == "stop":
		d.stopTalk(c)
	case t.OnBreak():
		d.toast(v.Say("talk.is.break"))
	case what == "break":
		d.breakTalk(c)
	case what == "go" && t.Paused():
		d.goOnTalking(c)
	case what == "pause" && !t.Paused():
		d.restTalk(c, t.Ends.Sub(d.now))
		d.sayTalk(c, func(r talkReader) string { return r.v.Say("talk.paused") }, d.whileStopped)
	case what == "pause":
		d.toast(v.Say("talk.is.paused"))
	case what == "go":
		d.toast(v.Say("talk.moved"))
	case !fresh || t.Paused():
		d.toast(v.Say("talk.moved"))
	case what == "skip":
		d.nextTimer(c, d.now, nil)
	case what == "more":
		d.moreTime(c, a.arg(4))
	default:
		d.talkOption(c, a)
	}
}

// talkOption settles a tap on an option of the step that runs. Where there are roles
// it is for whoever speaks; at a change it is for all.
func (d *decision) talkOption(c *rituals.CheckIn, a parsedAction) {
	s := c.TimerAt()
	o := s.Option(a.arg(3))
	if o == nil || !mayTap(c, s, d.me.ID) {
		d.toast(d.voice(d.me).Say("passed"))
		return
	}
	switch o.Act {
	case rituals.ActBreak:
		d.breakTalk(c)
	case rituals.ActMore:
		d.moreTime(c, a.arg(4))
	case rituals.ActNext:
		d.nextTimer(c, d.now, nil)
	default:
		d.reply(c, rituals.Reply{Step: s.ID, Member: d.me.ID, Choice: o.ID})
		d.nextTimer(c, d.now, nil)
	}
}

// mayTap reports whether the options of a timed step are for a member.
func mayTap(c *rituals.CheckIn, s *rituals.Step, m rituals.MemberID) bool {
	return len(s.Listener) == 0 || s.Between || c.Talk.Speaker() == m
}

// goOnTalking lets the clock run again where it was stopped.
func (d *decision) goOnTalking(c *rituals.CheckIn) {
	t := c.Talk
	if t.Left <= 0 {
		d.nextTimer(c, d.now, nil)
		return
	}
	d.runTimer(c, d.now.Add(t.Left))
	t.Left = 0
	d.sayTimer(c, c.TimerAt(), nil)
}
