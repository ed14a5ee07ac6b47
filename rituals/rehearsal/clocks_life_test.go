package rehearsal

import (
	"cmp"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"attune/rituals"
	"attune/rituals/library"
)

// A clockLife is the life of one couple while something befalls the machine.
type clockLife struct {
	*testing.T
	name         string
	zones        []string // of Alex, and of Sam if it is another
	day          rituals.Day
	hour, minute int
	total        *clockTally

	*run
	parser   *parser
	evenings map[rituals.CheckInID]rituals.Day
	prompts  []prompt // in the order of being said
	mornings []prompt
	answered int // of prompts

	begun rituals.Day // the day in the middle of which they became a couple
}

// A prompt is the question of a day, as it is said to somebody.
type prompt struct {
	who  string
	day  rituals.Day
	at   time.Time
	late bool
}

func (p prompt) String() string {
	late := ""
	if p.late {
		late = ", late"
	}
	return fmt.Sprintf("%s is asked for %s at %s%s", p.who, p.day, p.at.UTC().Format(time.DateTime), late)
}

// theEvening asks for one tap.
const theEvening = `id: evening
title: Evening
schedule: "%d %d * * *"
clock: %s
window: 6h30m
nudge: 0
streak: true
reveal: together
steps:
  - id: here
    choose: { en: How was it? }
    options: [{ id: good, label: { en: Good } }]
  - id: opens
    reveal: { en: You have both answered. }
`

// live lets the couple live from two days before the change to four days after, longer
// if the machine is away.
func (l *clockLife) live(dir string, life func(begins, hour, ends, end time.Time) []stretch) {
	l.Helper()
	begins, _ := instant(l.zones[0], l.day.Add(-2), 10, 0)
	end, _ := instant(l.zones[0], l.day.Add(4), 10, 0)
	around := l.day
	if _, _, ok := l.window(l.zones[0], around); !ok {
		around = around.Add(-1) // that day is left out
	}
	hour, ends, _ := l.window(l.zones[0], around)
	stretches := life(begins, hour, ends, end)
	if err := l.open(dir, begins); err != nil {
		l.Fatalf("%s: %v", l.name, err)
	}
	defer l.close()
	for i, s := range stretches {
		if err := l.through(i > 0, s); err != nil {
			l.Fatalf("%s: %v", l.name, err)
		}
	}
	l.check(stretches)
}

// rituals returns what there is to keep: the evening, at that hour.
func (l *clockLife) rituals(dir string) (*library.Library, error) {
	clock := rituals.ByCouple
	if len(l.zones) > 1 {
		clock = rituals.ByMember
	}
	evening := fmt.Sprintf(theEvening, l.minute, l.hour, clock)
	if lib, ok := libraries.Load(evening); ok {
		return lib.(*library.Library), nil
	}
	if err := os.WriteFile(filepath.Join(dir, "evening.yaml"), []byte(evening), 0o600); err != nil {
		return nil, err
	}
	lib, err := library.Load(dir)
	if err == nil {
		libraries.Store(evening, lib)
	}
	return lib, err
}

// libraries are what was read, by the evening in it.
var libraries sync.Map

// open lets the couple begin.
func (l *clockLife) open(dir string, begins time.Time) error {
	lib, err := l.rituals(dir)
	if err != nil {
		return err
	}
	data, err := empty()
	if err != nil {
		return err
	}
	path := filepath.Join(dir, fmt.Sprintf("%d.db", rand.Uint64()))
	if err := os.WriteFile(path, data, 0o600); err != nil {
		return err
	}
	zones := []string{l.zones[0], l.zones[len(l.zones)-1]}
	head := fmt.Sprintf("couple  Alex (telegram, %s, en) and Sam (telegram, %s, en)\nat      %s %s",
		zones[0], zones[1], rituals.WallAt(begins, begins.Location()).Time().Format("2006-01-02 15:04"), zones[0])
	l.parser = &parser{play: &Play{Name: "clocks.play"}, rows: strings.Split(head, "\n")}
	l.parser.play.lines = l.parser.lines(0)
	if err := errors.Join(l.parser.problems...); err != nil {
		return err
	}
	l.evenings = map[rituals.CheckInID]rituals.Day{}
	l.run = &run{program: newProgram(path), play: l.parser.play, opts: Options{Library: lib}}
	l.watch = l.note
	l.enter()
	if err := l.rise(l.Context()); err != nil {
		return err
	}
	return l.perform(l.Context())
}

func (l *clockLife) close() {
	_ = l.store.Close()
	for _, suffix := range []string{"", "-wal", "-shm", ".lock"} {
		_ = os.Remove(l.path + suffix)
	}
}

// note takes down who is asked for what.
func (l *clockLife) note(c rituals.Change) {
	for i := range c.CheckIns {
		l.evenings[c.CheckIns[i].ID] = c.CheckIns[i].Day
	}
	for _, m := range c.Say {
		p := prompt{who: m.To.Chat, day: l.evenings[m.CheckIn], at: c.Now}
		text := m.String()
		p.late = strings.Contains(text, "A little late")
		switch {
		case strings.Contains(text, "How was it?"):
			l.prompts = append(l.prompts, p)
		case strings.Contains(text, "How are you feeling about today?"):
			l.mornings = append(l.mornings, p)
		}
	}
}

// through lets them live through one stretch, in which they answer what they are asked.
func (l *clockLife) through(again bool, s stretch) error {
	ctx := l.Context()
	stopped := again && !s.stands
	if stopped {
		if err := l.fall(); err != nil {
			return err
		}
	}
	l.now = s.from
	if stopped {
		if err := l.wake(ctx, ""); err != nil {
			return err
		}
	}
	for _, at := range l.looks(s) {
		if err := l.advance(ctx, at); err != nil {
			return err
		}
		if err := l.answer(); err != nil {
			return err
		}
	}
	return nil
}

// looks returns when they look at their phones: when it starts, at each of their hours,
// and at the end.
func (l *clockLife) looks(s stretch) []time.Time {
	looks := []time.Time{s.from, s.to}
	for day := rituals.DayOf(rituals.Wall(s.from.UTC())).Add(-1); day <= rituals.DayOf(rituals.Wall(s.to.UTC())).Add(1); day = day.Add(1) {
		for _, zone := range l.zones {
			if at, ok := instant(zone, day, l.hour, l.minute); ok && at.After(s.from) && at.Before(s.to) {
				looks = append(looks, at)
			}
		}
	}
	slices.SortFunc(looks, time.Time.Compare)
	return looks
}

// answer lets everybody answer what they were asked.
func (l *clockLife) answer() error {
	for ; l.answered < len(l.prompts); l.answered++ {
		seat := l.seats[slices.IndexFunc(l.seats, func(s *seat) bool { return s.chat.Chat == l.prompts[l.answered].who })]
		events, err := l.doings(seat, &line{verb: taps, who: seat.name, text: "Good", count: 1})
		if err != nil {
			return err
		}
		if err := l.cause(l.Context(), events...); err != nil {
			return err
		}
	}
	return nil
}

func earliest(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// check compares what happened with what had to.
func (l *clockLife) check(life []stretch) {
	l.Helper()
	ctx := l.Context()
	state, err := l.store.Load(ctx, l.seats[0].who)
	if err != nil {
		l.Fatal(err)
	}
	outcomes, err := l.store.Outcomes(ctx, state.Couple.ID)
	if err != nil {
		l.Fatal(err)
	}
	want, kept := l.wanted(life)
	l.prompts = slices.DeleteFunc(l.prompts, func(p prompt) bool { return p.day <= l.begun })
	outcomes = slices.DeleteFunc(outcomes, func(o rituals.Outcome) bool { return o.Day <= l.begun })
	l.total.lives.Add(1)
	order := func(a, b prompt) int {
		return cmp.Or(cmp.Compare(a.day, b.day), cmp.Compare(a.who, b.who), a.at.Compare(b.at))
	}
	slices.SortFunc(l.prompts, order)
	slices.SortFunc(want, order)
	if !slices.EqualFunc(l.prompts, want, func(a, b prompt) bool { return order(a, b) == 0 && a.late == b.late }) {
		l.Errorf("%s: %v\nwant %v", l.name, l.prompts, want)
	}
	for _, o := range outcomes {
		if o.State == rituals.Missed || (o.State == rituals.Kept) != kept[o.Day] {
			l.Errorf("%s: %s is %s, want kept: %v, and never missed", l.name, o.Day, o.State, kept[o.Day])
		}
	}
	if got := rituals.StreakOf(outcomes).Current; got != len(kept) {
		l.Errorf("%s: the streak is %d, want %d", l.name, got, len(kept))
	}
	l.seldom(append(l.prompts, l.mornings...))
}

// seldom checks that nobody is asked more than two things at a time.
func (l *clockLife) seldom(all []prompt) {
	l.Helper()
	for _, p := range all {
		n := 0
		for _, q := range all {
			if q.who == p.who && !q.at.Before(p.at) && q.at.Sub(p.at) < time.Hour {
				n++
			}
		}
		if n > 2 {
			l.Errorf("%s: %d questions within an hour of %v", l.name, n, p)
		}
	}
}

func latest(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}
