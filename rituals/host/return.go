package host

import (
	"context"
	"time"

	"attune/rituals"
	"attune/rituals/phrases"
)

// A break has an end that one member sets and all read. Either may set another: the
// one set last holds, and all read that too. At its end all are asked whether they
// are there, and read it once all are; who is not is never said.

const (
	longestBreak = 24 * time.Hour
	hereFor      = 30 * time.Minute // how long a member is taken to be there who said so
	comeBackFor  = 12 * time.Hour   // how long after its end a break can be come back from
)

// returnName is the key of the alarm at the end of the couple's break: it has one at a
// time.
const returnName = "return"

func hereName(m rituals.MemberID) string { return "here/" + id(m) }

// A backAt is a button's way to say when a break ends: so long from the tap, or at one
// of some hours of a day.
type backAt struct {
	name  string
	after time.Duration
	days  int   // from today
	hours []int // the first that is soon enough and by night for nobody
}

var backAts = []backAt{
	{name: "20m", after: 20 * time.Minute},
	{name: "1h", after: time.Hour},
	{name: "tonight", hours: []int{20, 21, 19, 22}},
	{name: "tomorrow", days: 1, hours: []int{20, 18, 12, 9}},
}

// backAt returns when a break ends for a member who was asked then and sets it now;
// zero if it cannot.
func (d *decision) backAt(b backAt, m *rituals.Member, asked time.Time) time.Time {
	if b.after > 0 {
		return d.now.Add(b.after).Truncate(time.Minute)
	}
	day := rituals.DayOf(rituals.WallAt(asked, d.zone(m))).Add(b.days)
	for _, hour := range b.hours {
		at, ok := day.At(hour, 0).In(d.zone(m))
		if ok && at.Sub(asked) > time.Hour && at.Sub(asked) <= longestBreak && !d.nightAt(at) {
			return at
		}
	}
	return time.Time{}
}

// nightAt reports whether an instant is one by night for any member.
func (d *decision) nightAt(at time.Time) bool {
	for i := range d.s.Members {
		if rituals.Quiet(rituals.WallAt(at, d.zone(&d.s.Members[i]))) {
			return true
		}
	}
	return false
}

// takeBreak settles that who acted would like a break: from a talk that runs, or from
// whatever it may be.
func (d *decision) takeBreak() {
	if !d.s.Couple.Complete() {
		d.tell(d.me, d.aloneLine())
		return
	}
	for i := range d.s.CheckIns {
		c := &d.s.CheckIns[i]
		switch {
		case !c.Talking():
			continue
		case c.Talk.OnBreak():
			d.askReturn(d.me, c.ID)
		default:
			d.breakTalk(c)
		}
		return
	}
	d.askReturn(d.me, 0)
}

// askReturn asks a member when a break shall end, maybe one in the middle of a
// check-in. A couple that rests has its break.
func (d *decision) askReturn(m *rituals.Member, cid rituals.CheckInID) {
	if rest := d.s.Couple.Rest(d.now); !rest.IsZero() {
		d.tell(m, d.restLine(m, rest))
		return
	}
	line := d.voice(m).Say("return.ask")
	if d.unheard(cid) {
		line = d.voice(m).Say("return.when")
	}
	d.tell(m, line, d.backRows(d.voice(m), m, cid)...)
}

// backRows are the buttons by which a break's end can be set, on a member's clock.
func (d *decision) backRows(v *phrases.Voice, m *rituals.Member, cid rituals.CheckInID) [][]rituals.Choice {
	var row []rituals.Choice
	for _, b := range backAts {
		at := d.backAt(b, m, d.now)
		if at.IsZero() {
			continue
		}
		label := v.Say("return."+b.name, "time", clock(rituals.WallAt(at, d.zone(m))))
		row = append(row, rituals.Choice{Label: label, Action: action(doReturn, b.name, id(d.now.Unix()), id(cid))})
	}
	rows := [][]rituals.Choice{row[:2]}
	if len(row) > 2 {
		rows = append(rows, row[2:])
	}
	return rows
}

// returnTap settles the buttons about a break.
func (d *decision) returnTap(a parsedAction) {
	switch {
	case !d.s.Couple.Complete():
		d.toast(d.voice(d.me).Say("passed"))
	case a.arg(0) == "here":
		d.hereTapped(time.Unix(parseID[int64](a.arg(1)), 0), parseID[rituals.CheckInID](a.arg(2)))
	case a.arg(0) == "other":
		d.askReturn(d.me, parseID[rituals.CheckInID](a.arg(1)))
	default:
		d.returnSet(a)
	}
}

// returnSet settles when a break ends.
func (d *decision) returnSet(a parsedAction) {
	v := d.voice(d.me)
	var at time.Time
	for _, b := range backAts {
		if b.name == a.arg(0) {
			at = d.backAt(b, d.me, time.Unix(parseID[int64](a.arg(1)), 0))
		}
	}
	standing := d.standingBreak()
	switch {
	case !at.After(d.now) || d.lapsed(a.arg(1)) || !d.s.Couple.Rest(d.now).IsZero():
		d.toast(v.Say("passed"))
	case standing != nil && at.Sub(standing.At).Abs() <= time.Minute:
		d.toast(v.Say("kept.short"))
	default:
		d.agreeReturn(at, parseID[rituals.CheckInID](a.arg(2)))
	}
}

// standingBreak returns the alarm at the end of the couple's break, or nil.
func (d *decision) standingBreak() *rituals.Alarm {
	for _, a := range d.alarms(rituals.AlarmReturn) {
		if a.At.After(d.now) {
			return &a
		}
	}
	return nil
}

// alarms returns those of the couple's alarms that are of a kind.
func (d *decision) alarms(kind rituals.AlarmKind) []rituals.Alarm {
	couple := d.s.Couple.ID
	list, _ := find(d, "alarms/"+string(kind), func(ctx context.Context, r Reader, _ Store) ([]rituals.Alarm, error) {
		return r.Alarms(ctx, couple, kind)
	})
	return list
}

// agreeReturn sets when a break ends, in place of what was set before, and says so to
// all. The check-in is the one it is a break of, or 0.
func (d *decision) agreeReturn(at time.Time, cid rituals.CheckInID) {
	d.cancelHere()
	d.set(rituals.Alarm{Name: returnName, Kind: rituals.AlarmReturn, At: at, CheckIn: cid})
	line := "return.until"
	if d.unheard(cid) {
		line = "return.set"
	}
	d.sayAll(rituals.Message{}, line, at, func(v *phrases.Voice) []rituals.Choice {
		return []rituals.Choice{{Label: v.Say("return.other"), Action: action(doReturn, "other", id(cid))}}
	})
}

// breakEnds settles the end of a break.
func (d *decision) breakEnds(a rituals.Alarm) {
	if !d.s.Couple.Complete() || !d.s.Couple.Rest(d.now).IsZero() || d.now.Sub(a.At) > comeBackFor {
		return
	}
	line := "return.now"
	if d.late(a) {
		line = "return.late"
	}
	d.sayAll(rituals.Message{Until: a.At.Add(comeBackFor)}, line, a.At, func(v *phrases.Voice) []rituals.Choice {
		return []rituals.Choice{
			{Label: v.Say("return.here"), Action: action(doReturn, "here", id(a.At.Unix()), id(a.CheckIn))},
			{Label: v.Say("return.other"), Action: action(doReturn, "other", id(a.CheckIn))},
		}
	})
}

// hereTapped settles that who acted is there at the end of a break, maybe one in the
// middle of a check-in.
func (d *decision) hereTapped(at time.Time, cid rituals.CheckInID) {
	v := d.voice(d.me)
	if d.now.Before(at) || d.now.Sub(at) > comeBackFor || d.standingBreak() != nil || !d.s.Couple.Rest(d.now).IsZero() {
		d.toast(v.Say("passed"))
		return
	}
	d.set(rituals.Alarm{Name: hereName(d.me.ID), Kind: rituals.AlarmHere, At: d.now.Add(hereFor), Member: d.me.ID})
	there := map[rituals.MemberID]bool{d.me.ID: true}
	for _, a := range d.alarms(rituals.AlarmHere) {
		there[a.Member] = there[a.Member] || a.At.After(d.now)
	}
	for i := range d.s.Members {
		if !there[d.s.Members[i].ID] {
			d.toast(v.Say("return.noted"))
			return
		}
	}
	once := "there/" + id(d.s.Couple.ID) + "/" + id(at.Unix())
	d.sayAll(rituals.Message{Key: once, CheckIn: cid}, "return.both", at, func(*phrases.Voice) []rituals.Choice { return nil })
	d.resumeTalk(cid)
}

// cancelHere forgets who was there.
func (d *decision) cancelHere() {
	for i := range d.s.Members {
		d.cancel(hereName(d.s.Members[i].ID))
	}
}

// sayAll says the same line about an instant to all, each with the time on their own
// clock; in the place, if there is one, with the time for each.
func (d *decision) sayAll(m rituals.Message, line string, at time.Time, buttons func(*phrases.Voice) []rituals.Choice) {
	in := func(v *phrases.Voice, time string) rituals.Message {
		said := m
		said.Blocks = paragraphs(v.Say(line, "time", time))
		if row := buttons(v); row != nil {
			said.Choices = [][]rituals.Choice{row}
		}
		return said
	}
	if p := d.place(); p != nil {
		v := d.in(p.Language)
		d.sayHere(p, d.s.Members, in(v, d.timeHere(v, at)))
		return
	}
	for i := range d.s.Members {
		o := &d.s.Members[i]
		said := in(d.voice(o), d.timeFor(o, at))
		if m.Key != "" {
			said.Key += "/" + id(o.ID)
		}
		d.say(o, said)
	}
}

// timeFor tells a member an instant within a day: "20:15", or "9:00 on Tuesday" if it
// is on another day than now; and what the others' clocks show, where that differs.
func (d *decision) timeFor(m *rituals.Member, at time.Time) string {
	return d.apartFrom(m, at, d.onDate(d.voice(m), clock(rituals.WallAt(at, d.zone(m))), at, d.zone(m)))
}

// timeHere tells it to all who read a place.
func (d *decision) timeHere(v *phrases.Voice, at time.Time) string {
	return d.onDate(v, d.timesHere(v, at, d.everybody()), at, d.coupleZone())
}

// onDate adds the day to what time it is, if it is another day there than now.
func (d *decision) onDate(v *phrases.Voice, text string, at time.Time, loc *time.Location) string {
	day := rituals.DayOf(rituals.WallAt(at, loc))
	if day == rituals.DayOf(rituals.WallAt(d.now, loc)) {
		return text
	}
	return v.Say("time.weekly", "time", text, "day", v.Weekday(int(day.Weekday())))
}
