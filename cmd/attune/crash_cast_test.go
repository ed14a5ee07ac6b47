package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"attune/bots/discord/discordtest"
	"attune/bots/telegram/telegramtest"
	"attune/config"
	"attune/rituals"
	"attune/rituals/host"
	"attune/rituals/library"
	"attune/store"
)

// A pair is a couple of the campaign.
type pair struct {
	night
	id      rituals.CoupleID
	zone    *time.Location
	due     time.Time // when the question falls due, or when the first of them begins it
	day     rituals.Day
	history []rituals.Outcome // the days before
	people  [2]*soul
}

// cast seats as many couples as there are to be, in turn on Telegram, on Discord, and
// with one of each, and says when each one's question falls due: between begin and the
// length of the campaign after it.
func cast(t *testing.T, random *rand.Rand, couples int, begin time.Time, length time.Duration, chats *telegramtest.Server, friends *discordtest.Server) []*pair {
	t.Helper()
	seats := [][2]bool{{true, true}, {false, false}, {true, false}, {false, true}} // on Telegram
	zones := daylight(t, begin)
	all := make([]*pair, couples)
	for i := range all {
		p := &pair{night: nights[i%len(nights)], id: rituals.CoupleID(i + 1), zone: zones[random.IntN(len(zones))]}
		p.due = p.night.when.at(random, begin, length)
		p.day = rituals.Day(p.due.In(p.zone).Format(time.DateOnly))
		for n := range random.IntN(7) {
			state := []rituals.CheckInState{rituals.Kept, rituals.Kept, rituals.Kept, rituals.Missed, rituals.Excused}[random.IntN(5)]
			p.history = append([]rituals.Outcome{{Day: p.day.Add(-n - 1), State: state}}, p.history...)
		}
		seat := seats[(i+i/len(nights))%len(seats)]
		for k := range p.people {
			n := 2*i + k
			u := onTheDiscord(friends, n)
			if seat[k] {
				u = onTheTelegram(chats, n)
			}
			p.people[k] = &soul{
				talker: u, pair: p, n: n, role: p.roles[k], random: rand.New(rand.NewPCG(random.Uint64(), 0)),
				faces: map[string]bool{}, ticks: map[string]int{}, moot: map[string]bool{},
			}
		}
		all[i] = p
	}
	return all
}

// at returns an instant at which a question falls due.
func (w when) at(random *rand.Rand, begin time.Time, length time.Duration) time.Time {
	between := func(from, to time.Duration) time.Time {
		return begin.Add(from + time.Duration(random.Int64N(int64(to-from)))).Truncate(time.Millisecond)
	}
	switch w {
	case ending: // a minute later
		return between(-50*time.Second, max(length-75*time.Second, -30*time.Second))
	case before:
		return between(-8*time.Minute, -4*time.Minute)
	case long:
		return between(-30*time.Minute, -10*time.Minute)
	case putOff, begun:
		return between(time.Second, length-12*time.Second)
	case byClock:
		return between(0, max(length-80*time.Second, time.Second)).Truncate(time.Minute).Add(time.Minute)
	}
	return between(-45*time.Second, length-12*time.Second)
}

// daylight returns zones in which it is day, so that no window ends for the night and
// the date does not change.
func daylight(t *testing.T, now time.Time) (all []*time.Location) {
	t.Helper()
	for _, name := range []string{"Pacific/Auckland", "Asia/Tokyo", "Asia/Kolkata", "Europe/Berlin", "Atlantic/Azores", "America/New_York", "America/Los_Angeles", "Pacific/Honolulu"} {
		zone, err := rituals.Location(name)
		if err != nil {
			t.Fatal(err)
		}
		if hour := now.In(zone).Hour(); hour >= 7 && hour < 20 {
			all = append(all, zone)
		}
	}
	return all
}

// schedule is when a pair's ritual comes by itself.
func (p *pair) schedule() string {
	at := p.due.In(p.zone)
	return fmt.Sprintf("%d %d * * *", at.Minute(), at.Hour())
}

// next is when a pair's ritual comes by itself once it has come.
func (p *pair) next() time.Time {
	at := p.due.In(p.zone)
	return time.Date(at.Year(), at.Month(), at.Day()+1, at.Hour(), at.Minute(), 0, 0, p.zone)
}

// folder writes the rituals of the campaign.
func folder(t *testing.T, dir string) {
	t.Helper()
	for id, window := range windows {
		text := talk
		if id != "talk" {
			text = fmt.Sprintf("id: %s\nschedule: \"0 12 * * *\"\nwindow: %s\n", id, strings.TrimSuffix(window.String(), "0s"))
			if id == "hour" {
				text += fmt.Sprintf("nudge: %s\n", strings.TrimSuffix(nudged.String(), "0s"))
			}
			text += fmt.Sprintf(asked, map[string]string{"hour": "hour", "brief": "moment", "dusk": "dusk"}[id])
		}
		if err := os.WriteFile(filepath.Join(dir, id+".yaml"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// furnish keeps the couples in a new database, with what they lived through before the
// campaign: what had fallen due while the program was there has been asked.
func furnish(t *testing.T, pairs []*pair, begin time.Time) config.Config {
	t.Helper()
	cfg := settleOn(t, len(pairs), func(n int) rituals.Home { return pairs[n/2].people[n%2].home })
	folder(t, cfg.Rituals)
	lib, err := library.Load(cfg.Rituals)
	if err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(t.Context(), cfg.Database, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var channels []string
	for _, p := range pairs {
		p.settleIn(t, s, lib, begin)
		for _, u := range p.people {
			if u.home.Person.Platform == rituals.Discord {
				channels = append(channels, u.home.Chat)
			}
		}
	}
	prelude(t, pairs, s, lib, begin)
	for _, p := range pairs {
		switch p.night.when {
		case begun:
		case ending:
			p.set(t, s, p.next(), 0)
		case putOff:
			p.set(t, s, p.due, 1)
		default:
			if p.night.when != soon || !p.due.Before(begin) {
				p.set(t, s, p.due, 0)
			}
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	known(t, cfg.Database, channels)
	return cfg
}

// prelude lives through the minute before the campaign, with a program that is there all
// the time.
func prelude(t *testing.T, pairs []*pair, s *store.Store, lib *library.Library, begin time.Time) {
	t.Helper()
	h := host.New(s, host.Options{Library: lib})
	for _, p := range pairs {
		var err error
		switch {
		case !p.due.Before(begin):
		case p.night.when == soon:
			p.set(t, s, p.due, 0)
			_, err = h.Ring(t.Context(), p.due)
		case p.night.when == ending:
			u := p.people[0]
			u.began = true
			_, err = h.Handle(t.Context(), p.due, rituals.Event{ID: fmt.Sprint("prelude/", u.n), Kind: rituals.Wrote, Person: u.home.Person,
				Chat: u.home.Address(), Home: u.home.Address(), Private: true, Name: "Alex", Language: "en", Text: "/" + p.ritual})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// settleIn gives a couple its own settings and the days before.
func (p *pair) settleIn(t *testing.T, s *store.Store, lib *library.Library, begin time.Time) {
	t.Helper()
	st, err := s.LoadCouple(t.Context(), p.id)
	if err != nil {
		t.Fatal(err)
	}
	c := st.Couple.Clone()
	c.Zone, c.Offered = p.zone.String(), begin // nothing is offered these days
	if p.night.when != begun {
		c.Set(rituals.Setting{Ritual: p.ritual, Schedule: p.schedule(), On: true})
	}
	change := rituals.Change{Now: begin, Couple: c, CancelAll: true}
	for _, m := range st.Members {
		m.Zone = c.Zone
		change.Members = append(change.Members, m)
	}
	r := lib.Ritual("hour")
	def := library.Define(r)
	change.Definitions = []rituals.Definition{def}
	for n, o := range p.history {
		at, _ := o.Day.At(12, 0).In(p.zone)
		change.CheckIns = append(change.CheckIns, rituals.CheckIn{ID: rituals.CheckInID(100*int(p.id) + n), Couple: p.id, Ritual: r, Hash: def.Hash,
			Day: o.Day, State: o.State, Opened: at, Closes: at.Add(windows["hour"])})
	}
	if err := s.Commit(t.Context(), change); err != nil {
		t.Fatal(err)
	}
}

// set lets a couple's ritual come at an instant, put off so many times before.
func (p *pair) set(t *testing.T, s *store.Store, at time.Time, tries int) {
	t.Helper()
	a := rituals.Alarm{Couple: p.id, Name: "open/" + p.ritual, Kind: rituals.AlarmOpen, At: at, Ritual: p.ritual,
		Day: rituals.Day(at.In(p.zone).Format(time.DateOnly)), Tries: tries}
	if err := s.Commit(t.Context(), rituals.Change{Now: at, Set: []rituals.Alarm{a}}); err != nil {
		t.Fatal(err)
	}
}
