package host

import (
	"time"

	"attune/rituals"
)

// A ritual may come by itself some time after another was kept. It waits for a day
// with room for one more question, on which the couple does not rest; after a week of
// waiting it does not come.
const longestFollow = 7 * 24 * time.Hour

func followName(ritual string) string { return "follow/" + ritual }

// setFollowing sets when the rituals come that follow one that was kept. Of one that was
// kept twice, they follow the second time.
func (d *decision) setFollowing(c *rituals.CheckIn) {
	for _, r := range d.lib.All() {
		if _, keeps := d.s.Couple.Keeps(r); keeps && r.Follows == c.Ritual.ID && c.AllMet(r.When) {
			d.setFollow(r, c.ID, d.now.Add(r.Wait))
		}
	}
}

// setFollow sets when a ritual comes: at its hour, from the day of an instant on.
func (d *decision) setFollow(r *rituals.Ritual, after rituals.CheckInID, from time.Time) {
	at := d.followAt(r, from)
	d.set(rituals.Alarm{Name: followName(r.ID), Kind: rituals.AlarmFollow, At: at, Ritual: r.ID, CheckIn: after,
		Day: rituals.DayOf(rituals.WallAt(at, d.coupleZone()))})
}

// followAt returns the next instant at a ritual's hour from the day of another on; where
// that is by night for a member, the first hour after it that is not, if there is one.
func (d *decision) followAt(r *rituals.Ritual, from time.Time) time.Time {
	hour, err := time.Parse("15:04", r.At)
	if err != nil {
		return from // the loader lets no such hour in
	}
	loc := d.coupleZone()
	day := rituals.DayOf(rituals.WallAt(from, loc))
	at := from
	for n := range 3 {
		if on, ok := day.Add(n).At(hour.Hour(), hour.Minute()).In(loc); ok && on.After(d.now) {
			at = on
			break
		}
	}
	for n := range 24 {
		if later := at.Add(time.Duration(n) * time.Hour); !d.nightAt(later) {
			return later
		}
	}
	return at
}

// follows settles that a ritual's time has come after another.
func (d *decision) follows(a rituals.Alarm) {
	file, before := d.lib.Ritual(a.Ritual), d.checkInBy(a.CheckIn)
	if file == nil || before == nil || file.Follows != before.Ritual.ID || !d.s.Couple.Complete() {
		return
	}
	r, keeps := d.s.Couple.Keeps(file)
	if !keeps {
		return
	}
	loc := d.coupleZone()
	over := !d.now.Before(windowEnd(a.At, r.Window, loc))
	if over || d.restsOn(a.Day) || d.onDay(r.ID, a.Day) != nil || !d.room(r, a.Day) {
		tomorrow, ok := rituals.DayOf(rituals.WallAt(d.now, loc)).Add(1).At(0, 0).In(loc)
		if ok && tomorrow.Sub(a.At) < longestFollow && d.now.Sub(before.Opened) < r.Wait+longestFollow {
			d.setFollow(r, before.ID, tomorrow)
		}
		return
	}
	d.promptAll(d.create(r, a.Day, 0, a), nil, a.At, true, d.late(a))
}

// planned returns how many rituals that follow another are to ask on a day yet, beside
// the one named.
func (d *decision) planned(day rituals.Day, beside string) int {
	n := 0
	for _, a := range d.alarms(rituals.AlarmFollow) {
		if a.Day == day && a.Ritual != beside {
			n++
		}
	}
	return n
}
