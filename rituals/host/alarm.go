package host

import (
	"slices"
	"strings"
	"time"

	"attune/rituals"
)

// Names of alarms: one key for each thing that can be due.

func openName(ritual string, m rituals.MemberID) string {
	if m == 0 {
		return "open/" + ritual
	}
	return "open/" + ritual + "/" + id(m)
}

func nudgeName(c *rituals.CheckIn, m rituals.MemberID) string {
	return "nudge/" + id(c.ID) + "/" + id(m)
}

func laterName(c *rituals.CheckIn, m rituals.MemberID) string {
	return "later/" + id(c.ID) + "/" + id(m)
}

func settleName(c *rituals.CheckIn, m rituals.MemberID) string {
	return "settle/" + id(c.ID) + "/" + id(m)
}

func ownName(c *rituals.CheckIn, m rituals.MemberID) string {
	return "own/" + id(c.ID) + "/" + id(m)
}

func dawnName(c *rituals.CheckIn, m rituals.MemberID) string {
	return "dawn/" + id(c.ID) + "/" + id(m)
}

func closeName(c *rituals.CheckIn) string { return "close/" + id(c.ID) }

// ring settles what an alarm is for.
func (d *decision) ring() {
	a := *d.alarm
	if !d.s.Couple.Ended.IsZero() {
		return
	}
	d.touchCouple()
	switch a.Kind {
	case rituals.AlarmOpen:
		d.open(a)
	case rituals.AlarmLater:
		d.again(a, false)
	case rituals.AlarmSettle:
		d.settle(a)
	case rituals.AlarmFree:
		d.free(a)
	case rituals.AlarmTimer:
		d.ringTimer(a)
	case rituals.AlarmWait:
		d.ringWait(a)
	case rituals.AlarmNudge:
		d.again(a, true)
	case rituals.AlarmClose:
		d.close(a)
	case rituals.AlarmResume:
		d.rested()
	case rituals.AlarmOwn:
		d.ringOwn(a)
	case rituals.AlarmDawn:
		d.atDawn(a)
	case rituals.AlarmOffer:
		d.offerLess()
	case rituals.AlarmGrow:
		d.ringOffer(a)
	case rituals.AlarmWeekly:
		if d.becomeWeekly() {
			d.s.Couple.Offered = d.now // what was offered before is no longer on offer
		}
	case rituals.AlarmFollow:
		d.follows(a)
	case rituals.AlarmReturn:
		d.breakEnds(a)
	case rituals.AlarmLetGo:
		d.c.LetGo = append(d.c.LetGo, parseID[int64](strings.TrimPrefix(a.Name, "letgo/")))
	}
}

// schedule sets when a ritual is next due after an instant, for the couple or for
// one member.
func (d *decision) schedule(r *rituals.Ritual, m *rituals.Member, after time.Time) {
	s, err := rituals.ParseSchedule(r.Schedule)
	if err != nil {
		return // the loader and /settings let no such schedule in
	}
	loc := d.coupleZone()
	var member rituals.MemberID
	if m != nil {
		loc, member = d.zone(m), m.ID
	}
	at, day, ok := s.After(after, loc)
	if !ok {
		return
	}
	d.set(rituals.Alarm{Name: openName(r.ID, member), Kind: rituals.AlarmOpen, At: at, Ritual: r.ID, Day: day, Member: member})
}

// scheduleAll sets, in place of what was set, when each ritual the couple keeps
// is next due after an instant.
func (d *decision) scheduleAll(after time.Time) {
	for _, r := range d.lib.All() {
		d.scheduleOne(r, after)
	}
}

// scheduleOne is scheduleAll for one ritual.
func (d *decision) scheduleOne(r *rituals.Ritual, after time.Time) {
	d.cancel(openName(r.ID, 0))
	for i := range d.s.Members {
		d.cancel(openName(r.ID, d.s.Members[i].ID))
	}
	if r.Private {
		d.scheduleAlone(r, after)
		return
	}
	kept, ok := d.s.Couple.Keeps(r)
	if !ok || kept.Schedule == "" || !d.s.Couple.Complete() {
		return
	}
	if kept.Clock != rituals.ByMember {
		d.schedule(kept, nil, after)
		return
	}
	earlier := len(d.c.Set)
	for i := range d.s.Members {
		d.schedule(kept, &d.s.Members[i], after)
	}
	if after.After(d.now) {
		d.sameDay(kept, d.c.Set[earlier:])
	}
}

// sameDay moves what is due for each member by their own clock to the same day, the
// latest of theirs: a new couple's first day is one that lies ahead of all.
func (d *decision) sameDay(r *rituals.Ritual, due []rituals.Alarm) {
	s, err := rituals.ParseSchedule(r.Schedule)
	if err != nil {
		return
	}
	var first rituals.Day
	for _, a := range due {
		first = max(first, a.Day)
	}
	for i := range due {
		a := &due[i]
		if at, ok := s.At(first, d.zone(d.s.MemberBy(a.Member))); ok {
			a.At, a.Day = at, first
		}
	}
}

// nudgeUntil is how long a nudge is worth saying.
const nudgeUntil = 30 * time.Minute

// again comes back to a member who has not begun: once, gently, or because they
// asked for later.
func (d *decision) again(a rituals.Alarm, nudge bool) {
	c, m := d.s.CheckIn(a.CheckIn), d.s.MemberBy(a.Member)
	if c == nil || m == nil || c.State != rituals.Open || (nudge && c.Begun(m.ID)) || m.Unreachable {
		return
	}
	w, s := c.Walk(m.ID), c.At(m.ID)
	if w == nil || w.Left || s == nil || !d.now.Before(w.Closes) {
		return
	}
	if !nudge {
		d.ask(c, m, s)
		return
	}
	if d.now.Sub(a.At) > nudgeUntil || a.Tries > 1 {
		return
	}
	d.say(m, rituals.Message{
		Key:     d.saidAs(c, m, s),
		Blocks:  d.nudge(c, m, s),
		Choices: d.choices(c, m, s),
		Until:   d.now.Add(nudgeUntil),
		CheckIn: c.ID,
	})
}

// closing tells a member when their answers stop to count; if it is the same moment for
// all, on all their clocks.
func (d *decision) closing(c *rituals.CheckIn, m *rituals.Member) string {
	at := c.Walk(m.ID).Closes
	if slices.ContainsFunc(c.Walks, func(w rituals.Walk) bool { return !w.Closes.Equal(at) }) {
		return clock(rituals.WallAt(at, d.zone(m)))
	}
	return d.times(m, at)
}

// nudge says that a question is open; with it the question, if its buttons change it.
func (d *decision) nudge(c *rituals.CheckIn, m *rituals.Member, s *rituals.Step) []rituals.Block {
	blocks := paragraphs(d.voice(m).Say("nudge", "time", d.closing(c, m)))
	if changing(s) {
		blocks = append(blocks, d.body(c, m, s)...)
	}
	return blocks
}

// late reports whether an alarm rings later than it was set for.
func (d *decision) late(a rituals.Alarm) bool { return a.Tries > 0 || d.now.Sub(a.At) > slack }

// dueToo reports whether the ritual of a check-in that somebody started was due on
// that day by itself.
func (d *decision) dueToo(c *rituals.CheckIn) bool {
	f := d.lib.Ritual(c.Ritual.ID)
	if f == nil {
		return false
	}
	r, ok := d.s.Couple.Keeps(f)
	return ok && d.due(r, c.Day)
}

// settle settles that an optional question was left alone: its member has arrived.
func (d *decision) settle(a rituals.Alarm) {
	c, m := d.s.CheckIn(a.CheckIn), d.s.MemberBy(a.Member)
	if c == nil || m == nil || c.State != rituals.Open || !d.leaveAlone(c, m.ID) {
		return
	}
	d.morning(c)
	if c.Morning.IsZero() && c.Ready(d.s.Members) {
		d.reveal(c)
	}
}

// leaveAlone lets a member arrive who stands at an optional question with nothing
// after it. It reports whether they did.
func (d *decision) leaveAlone(c *rituals.CheckIn, m rituals.MemberID) bool {
	s, w := c.At(m), c.Walk(m)
	if s == nil || !s.Optional || w == nil || w.Left || !d.shared(c, m) || d.more(c, m, s) {
		return false
	}
	w.Done = true
	d.touch(c)
	return true
}

// close settles a window's end: what was sealed stays sealed, and nothing is said.
// If a member asked for the morning, it is settled then, whether or not there is
// something to open; for all but that member it is over all the same.
func (d *decision) close(a rituals.Alarm) {
	c := d.s.CheckIn(a.CheckIn)
	if c == nil || c.State != rituals.Open {
		return
	}
	if c.Ritual.Private {
		d.closeAlone(c)
		return
	}
	d.releaseAll()
	for i := range d.s.Members {
		d.leaveAlone(c, d.s.Members[i].ID)
	}
	if d.now.Before(c.Morning) {
		a.At = c.Morning
		d.set(a)
		return
	}
	if c.Ready(d.s.Members) {
		d.reveal(c)
		return
	}
	if c.Ritual.OnlySays() {
		d.spoken(c)
		return
	}
	state := rituals.Missed
	if d.late(a) || openedLate(c) || (c.N > 0 && !d.dueToo(c)) {
		// The bot was not there at the hour, or at the end, so that what they did may
		// not have been heard in time; or somebody tried on a day that asked for nothing.
		state = rituals.Excused
	}
	d.unkept(c, state)
}
