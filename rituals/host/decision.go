package host

import (
	"context"
	"time"

	"attune/rituals"
	"attune/rituals/library"
)

// A decision is the working out of one change. It reads the state, which it may
// alter as its own copy, and what was looked up for it; it does no I/O. What it
// would need beside that it notes as wanted, and is then made again with it.
type decision struct {
	now      time.Time
	lib      *library.Library
	operator string
	language string // for people whose own is not known
	codes    bool   // invitations show their code
	fresh    func() int64
	code     func() string
	seen     *lookup

	s       rituals.State
	me      *rituals.Member                // who acted, or whose alarm it is; nil if not known
	event   *rituals.Event                 // nil for an alarm
	alarm   *rituals.Alarm                 // nil for an event
	walking map[rituals.MemberID]time.Time // who is in the middle of something, and until when
	said    int

	unbidden bool // the others are not asked for what who acted has begun
	homeward bool // what who acted reads comes to their own chat, wherever they are

	c      rituals.Change
	answer rituals.Answer
	err    error // chance could not be had

	members  map[rituals.MemberID]bool
	couple   bool
	checkIns map[rituals.CheckInID]bool
}

// A lookup is what a decision asked to be looked up, by what it was about.
type lookup struct {
	found map[string]any
	want  []want
}

type want struct {
	key   string
	fetch func(context.Context, Reader, Store) (any, error)
}

// find returns what was looked up under key, and whether it was there. If it was
// not looked up so far, it is noted as wanted and the decision's outcome will be
// thrown away.
func find[T any](d *decision, key string, fetch func(context.Context, Reader, Store) (T, error)) (T, bool) {
	if v, ok := d.seen.found[key]; ok {
		t, ok := v.(T)
		return t, ok
	}
	d.seen.want = append(d.seen.want, want{key, func(ctx context.Context, r Reader, s Store) (any, error) {
		return fetch(ctx, r, s)
	}})
	var zero T
	return zero, false
}

// begin readies the decision: who acts, and who is in the middle of something.
func (d *decision) begin() {
	d.members = map[rituals.MemberID]bool{}
	d.checkIns = map[rituals.CheckInID]bool{}
	d.c = rituals.Change{Now: d.now, Event: d.event, Alarm: d.alarm}
	if d.s.Member.ID != 0 {
		if d.me = d.s.MemberBy(d.s.Member.ID); d.me == nil {
			d.s.Members = append(d.s.Members, d.s.Member)
			d.me = &d.s.Members[len(d.s.Members)-1]
		}
	}
	d.walking = d.walkers()
}

// finish collects what the decision altered into its change.
func (d *decision) finish() rituals.Change {
	d.holdBack()
	for _, m := range d.s.Members {
		if d.members[m.ID] {
			d.c.Members = append(d.c.Members, m)
		}
	}
	if d.couple || len(d.checkIns) > 0 || len(d.c.Replies) > 0 || len(d.c.Set) > 0 {
		if d.s.Couple.ID != 0 {
			d.c.Couple = &d.s.Couple
		}
	}
	for _, c := range d.s.CheckIns {
		if d.checkIns[c.ID] {
			d.c.CheckIns = append(d.c.CheckIns, c)
		}
	}
	return d.c
}

// caused reports whether a member's own act is being settled.
func (d *decision) caused(m rituals.MemberID) bool {
	return d.event != nil && d.me != nil && d.me.ID == m &&
		d.event.Kind != rituals.Undelivered && d.event.Kind != rituals.Changed
}

func (d *decision) touchMember(m *rituals.Member) { d.members[m.ID] = true }
func (d *decision) touchCouple()                  { d.couple = true }
func (d *decision) touch(c *rituals.CheckIn)      { d.checkIns[c.ID] = true }

// reply records a member's reply to a step.
func (d *decision) reply(c *rituals.CheckIn, r rituals.Reply) {
	r.CheckIn, r.At = c.ID, d.now
	c.Put(r)
	for i := range d.c.Replies {
		if old := &d.c.Replies[i]; old.CheckIn == r.CheckIn && old.Member == r.Member && old.Step == r.Step {
			*old = r
			return
		}
	}
	d.c.Replies = append(d.c.Replies, r)
}

// zone returns a member's zone; the couple's while theirs is not known, and UTC
// while neither is.
func (d *decision) zone(m *rituals.Member) *time.Location {
	for _, name := range []string{m.Zone, d.s.Couple.Zone} {
		if loc, err := rituals.Location(name); err == nil {
			return loc
		}
	}
	return time.UTC
}

// coupleZone returns the zone in which clock: couple rituals are read.
func (d *decision) coupleZone() *time.Location {
	if loc, err := rituals.Location(d.s.Couple.Zone); err == nil {
		return loc
	}
	return time.UTC
}

// wall returns what a member's clock shows.
func (d *decision) wall(m *rituals.Member) rituals.Wall {
	return rituals.WallAt(d.now, d.zone(m))
}

// clock writes a time of day as everybody reads it.
func clock(w rituals.Wall) string { return w.Time().Format("15:04") }

// others returns the couple's members beside m.
func (d *decision) others(m *rituals.Member) []*rituals.Member {
	var others []*rituals.Member
	for i := range d.s.Members {
		if o := &d.s.Members[i]; o.ID != m.ID {
			others = append(others, o)
		}
	}
	return others
}

// partner returns the names of the members beside m, for {partner}.
func (d *decision) partner(m *rituals.Member) string {
	var names []string
	for _, o := range d.others(m) {
		names = append(names, o.Name)
	}
	if len(names) == 0 {
		return d.voice(m).Say("somebody")
	}
	return d.voice(m).List(names)
}

// set sets an alarm of the couple.
func (d *decision) set(a rituals.Alarm) {
	a.Couple = d.s.Couple.ID
	d.c.Set = append(d.c.Set, a)
}

// cancel cancels alarms of the couple by name.
func (d *decision) cancel(names ...string) { d.c.Cancel = append(d.c.Cancel, names...) }
