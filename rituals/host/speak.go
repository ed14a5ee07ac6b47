package host

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"attune/rituals"
)

// A ritual that asks nothing says something, and maybe something more after a while.
// In between nothing else is said to its members.

// waited returns how long after the beginning of a ritual its i-th step is said.
func waited(r *rituals.Ritual, i int) time.Duration {
	var all time.Duration
	for _, s := range r.Steps[:min(i+1, len(r.Steps))] {
		all += s.Wait
	}
	return all
}

// quietUntil returns until when a member is left alone, if it is their hour, by a ritual
// that says something more later; the zero time if there is none.
func (d *decision) quietUntil(c *rituals.CheckIn, m rituals.MemberID) time.Time {
	if w := c.Walk(m); w == nil || w.Opens.After(d.now) {
		return time.Time{}
	}
	return spokenAt(c, m)
}

// spokenAt returns when a ritual that asks nothing has said all it has to say to a member;
// the zero time if that is at once.
func spokenAt(c *rituals.CheckIn, m rituals.MemberID) time.Time {
	w := c.Walk(m)
	if c.State != rituals.Open || w == nil || !c.Ritual.OnlySays() {
		return time.Time{}
	}
	all := waited(c.Ritual, len(c.Ritual.Steps)-1)
	if all == 0 {
		return time.Time{}
	}
	return w.Opens.Add(all)
}

func waitName(c *rituals.CheckIn, m rituals.MemberID, step int) string {
	return "wait/" + id(c.ID) + "/" + id(m) + "/" + strconv.Itoa(step)
}

// speak says to a member what a ritual has to say from its step from on, up to one
// that comes later, and sets when that is.
func (d *decision) speak(c *rituals.CheckIn, m *rituals.Member, from int) {
	w := c.Walk(m.ID)
	if w == nil || c.State != rituals.Open || from >= len(c.Ritual.Steps) {
		return
	}
	p, language := d.place(), d.readsIn(m)
	msg := rituals.Message{Key: askKey(c, c.Ritual.Steps[from].ID, id(m.ID)+"/"+d.cause()), CheckIn: c.ID}
	if d.alarm != nil {
		msg.Until = c.Closes
	}
	next := from
	for ; next < len(c.Ritual.Steps) && (next == from || c.Ritual.Steps[next].Wait == 0); next++ {
		s := &c.Ritual.Steps[next]
		if p != nil {
			msg.Blocks = append(msg.Blocks, paragraphs(d.fillHere(s.Text, p, c))...)
		} else {
			msg.Blocks = append(msg.Blocks, d.saying(c, m, s)...)
		}
		for _, o := range s.Options {
			if o.Act == rituals.ActBegin {
				msg.Choices = append(msg.Choices, []rituals.Choice{{Label: o.Label.In(language), Action: action(doBegin, o.Ritual)}})
			}
		}
	}
	switch {
	case p != nil:
		msg.Key = askKey(c, c.Ritual.Steps[from].ID, "place")
		if !slices.ContainsFunc(d.c.Say, func(o rituals.Message) bool { return o.Key == msg.Key }) {
			d.sayHere(p, d.s.Members, msg)
		}
	case !m.Unreachable:
		d.say(m, msg)
	}
	if next < len(c.Ritual.Steps) {
		d.set(rituals.Alarm{Name: waitName(c, m.ID, next), Kind: rituals.AlarmWait, At: w.Opens.Add(waited(c.Ritual, next)),
			Ritual: c.Ritual.ID, Day: c.Day, Member: m.ID, CheckIn: c.ID})
		return
	}
	d.release(m)
	if p != nil {
		d.c.Release = append(d.c.Release, rituals.Release{To: p.Address})
	}
}

// ringWait settles that a step comes which was to come later. Long after its moment it
// is not worth saying.
func (d *decision) ringWait(a rituals.Alarm) {
	c, m := d.s.CheckIn(a.CheckIn), d.s.MemberBy(a.Member)
	if c == nil || m == nil {
		return
	}
	step, _ := strconv.Atoi(a.Name[strings.LastIndexByte(a.Name, '/')+1:])
	if d.now.Sub(a.At) > nudgeUntil {
		d.release(m)
		return
	}
	d.speak(c, m, step)
}

// spoken settles that a ritual that asks nothing is over.
func (d *decision) spoken(c *rituals.CheckIn) {
	c.State = rituals.Kept
	d.touch(c)
	d.c.CancelFor = c.ID
}

// hasSpoken settles that a ritual that asks nothing has said all it had to say, so that it
// can begin anew. It reports false, and tells who acted until when it lasts, if it has
// not.
func (d *decision) hasSpoken(c *rituals.CheckIn) bool {
	if c.State != rituals.Open || !c.Ritual.OnlySays() {
		return true
	}
	var until time.Time
	for i := range d.s.Members {
		if t := spokenAt(c, d.s.Members[i].ID); t.After(until) {
			until = t
		}
	}
	if until.After(d.now) {
		d.tell(d.me, d.voice(d.me).Say("speak.until", "time", d.timeFor(d.me, until)))
		return false
	}
	d.spoken(c)
	return true
}

// hush lets go of what a ritual that asks nothing would say later, and of what was kept
// back because of it.
func (d *decision) hush(c *rituals.CheckIn) {
	if !c.Ritual.OnlySays() {
		return
	}
	for i := range d.s.Members {
		m := &d.s.Members[i]
		for step := range c.Ritual.Steps {
			d.cancel(waitName(c, m.ID, step))
		}
		d.release(m)
	}
}

// freePlace is the alarm by which what was kept back from a place may go.
const freePlace = "free/place"

// holdHere keeps messages back from the couple's place while all are left alone.
func (d *decision) holdHere(until map[rituals.MemberID]time.Time) {
	p := d.place()
	if p == nil || d.event != nil {
		return
	}
	var latest time.Time
	quiet := slices.ContainsFunc(d.s.CheckIns, func(c rituals.CheckIn) bool {
		return slices.ContainsFunc(d.s.Members, func(m rituals.Member) bool { return d.quietUntil(&c, m.ID).After(d.now) })
	})
	for _, t := range until {
		if t.After(latest) {
			latest = t
		}
	}
	for i := range d.c.Say {
		m := &d.c.Say[i]
		if c := d.s.CheckIn(m.CheckIn); quiet && m.To == p.Address && (c == nil || !c.Ritual.OnlySays()) {
			m.Wait = true
			d.set(rituals.Alarm{Name: freePlace, Kind: rituals.AlarmFree, At: latest})
		}
	}
}
