package host

import (
	"fmt"
	"time"

	"attune/rituals"
)

// breakTalk stops the clock of a talk and asks all when to come back to it. The talk
// goes on once all are there again.
func (d *decision) breakTalk(c *rituals.CheckIn) {
	t := c.Talk
	if !t.Paused() {
		d.restTalk(c, t.Ends.Sub(d.now))
	}
	t.Rest = time.Time{} // nothing waits for it any more
	d.sayTalk(c, func(r talkReader) string { return r.v.Say("talk.break") }, func(r talkReader) [][]rituals.Choice {
		return append(d.backRows(r.v, r.whose(), c.ID), []rituals.Choice{r.control("stop")})
	})
}

// resumeTalk goes on with what all have come back to, if that is a talk.
func (d *decision) resumeTalk(cid rituals.CheckInID) {
	c := d.checkInBy(cid)
	switch {
	case c == nil:
	case c.Talking() && c.Talk.Paused():
		d.goOnTalking(c)
	case c.State == rituals.Kept && d.unheard(cid):
		d.beginTalk(c)
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
