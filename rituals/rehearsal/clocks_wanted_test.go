package rehearsal

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"attune/rituals"
)

// wanted returns how everybody has to be asked, and the days that are kept.
func (l *clockLife) wanted(life []stretch) (want []prompt, kept map[rituals.Day]bool) {
	kept = map[rituals.Day]bool{}
	first, last := life[0].from, life[0].to
	for _, s := range life {
		last = latest(last, s.to)
	}
	for day := l.day.Add(-3); day <= rituals.DayOf(rituals.WallAt(last, last.Location())).Add(1); day = day.Add(1) {
		var hours []theirs
		whole := true
		for i := range 2 {
			h := theirs{who: l.seats[i].chat.Chat}
			var ok bool
			h.opens, h.ends, ok = l.window(l.zones[min(i, len(l.zones)-1)], day)
			whole = whole && (!ok || !h.opens.Before(first))
			if h.stretch, h.rung = ring(life, h.opens); ok && !h.rung.IsZero() {
				hours = append(hours, h)
			}
		}
		if !whole {
			l.begun = day // before they were a couple
			continue
		}
		asked := 0
		for _, h := range hours {
			switch {
			case slices.ContainsFunc(hours, func(o theirs) bool { return o.lost() && !h.before(o) }):
				l.total.excused.Add(1)
			default:
				p := prompt{h.who, day, h.rung, h.rung.Sub(h.opens) > 2*time.Minute}
				want = append(want, p)
				asked++
				l.total.count(p)
			}
		}
		if asked == 2 {
			kept[day] = true
		}
	}
	return want, kept
}

// Theirs is the hour of an evening for somebody, and when it is settled.
type theirs struct {
	who         string
	opens, ends time.Time
	stretch     int
	rung        time.Time
}

// lost reports whether nobody was there for the whole window, so that the day is excused
// for both.
func (h theirs) lost() bool { return !h.rung.Before(h.ends) }

// before reports whether an hour is settled before another.
func (h theirs) before(o theirs) bool {
	return h.stretch < o.stretch || (h.stretch == o.stretch && h.rung.Before(o.rung))
}

// ring returns when what is due at an instant is settled, and in which stretch: at once
// if the program runs then, else when it runs again.
func ring(life []stretch, due time.Time) (int, time.Time) {
	for i, s := range life {
		if !s.to.Before(due) {
			return i, latest(s.from, due)
		}
	}
	return len(life), time.Time{}
}

// window returns when the evening of a day opens and ends for somebody.
func (l *clockLife) window(zone string, day rituals.Day) (opens, ends time.Time, ok bool) {
	opens, ok = instant(zone, day, l.hour, l.minute)
	if !ok {
		return opens, opens, false
	}
	wall := opens.In(opens.Location())
	naive := time.Date(wall.Year(), wall.Month(), wall.Day(), wall.Hour(), wall.Minute(), 0, 0, time.UTC)
	four := time.Date(wall.Year(), wall.Month(), wall.Day(), 4, 0, 0, 0, time.UTC)
	if !four.After(naive) {
		four = four.AddDate(0, 0, 1)
	}
	end := earliest(naive.Add(6*time.Hour+30*time.Minute), four)
	ends, ok = instant(zone, rituals.DayOf(rituals.Wall(end)), end.Hour(), end.Minute())
	if !ok { // that day is left out
		ends, _ = instant(zone, rituals.DayOf(rituals.Wall(end)).Add(1), end.Hour(), end.Minute())
	}
	return opens, ends, true
}

// instants are what instant found, because all lives ask for the same.
var instants sync.Map

// instant returns the first instant at which clocks in a zone show a time of a day; if
// they never do, the first at which they show a later one. It reports false if they
// never show that day.
func instant(zone string, day rituals.Day, hour, minute int) (time.Time, bool) {
	key := fmt.Sprint(zone, day, hour, minute)
	if at, ok := instants.Load(key); ok {
		return at.(time.Time), !at.(time.Time).IsZero()
	}
	at := searched(zone, day, hour, minute)
	instants.Store(key, at)
	return at, !at.IsZero()
}

// searched looks through all minutes around a day; it returns the zero time if clocks
// never show it.
func searched(zone string, day rituals.Day, hour, minute int) (later time.Time) {
	loc, err := rituals.Location(zone)
	if err != nil {
		panic(err)
	}
	noon, err := time.Parse(time.DateOnly, string(day))
	if err != nil {
		panic(err)
	}
	want, shown := hour*60+minute, false
	for t := noon.Add(-18 * time.Hour); t.Before(noon.Add(42 * time.Hour)); t = t.Add(time.Minute) {
		local := t.In(loc)
		date := rituals.Day(local.Format(time.DateOnly))
		reads := local.Hour()*60 + local.Minute()
		shown = shown || date == day
		switch {
		case date == day && reads == want:
			return local
		case later.IsZero() && (date > day || (date == day && reads > want)):
			later = local
		}
	}
	if !shown {
		return time.Time{}
	}
	return later
}
