package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"attune/rituals"
	"attune/store"
)

// A truth holds what the campaign knows against what the database and the chats hold in
// the end, and counts.
type truth struct {
	*inventory
	starts  []time.Time // of the program
	left    time.Time   // when people did nothing more
	stopped time.Time

	platforms map[rituals.Platform]*figures
	states    map[rituals.CheckInState]int
	prompts   int // that somebody had to read
	late      int // of those, which said so
	nudges    int
}

// Figures are what was counted on one platform.
type figures struct {
	people, texts, forms, edits, taps int
	ticks                             int // of the taps, those of which each must have had its effect once
	unsure                            int // words in a form of which nobody was told whether they were taken
	tooLate                           int // words that were changed once they had opened
	messages, twice                   int // that the bot has said
}

// slack is how long after its time something may be seen to happen.
const slack = 5 * time.Second

func (u *soul) String() string {
	return fmt.Sprintf("person %d on %s, where %s", u.n, u.home.Person.Platform, u.pair.name)
}

func (p *pair) String() string { return fmt.Sprintf("couple %d, where %s", p.id, p.name) }

func (t *truth) of(u *soul) *figures {
	f := t.platforms[u.home.Person.Platform]
	if f == nil {
		f = &figures{}
		t.platforms[u.home.Person.Platform] = f
	}
	return f
}

// holds checks everything about one couple.
func (t *truth) holds(p *pair) {
	t.Helper()
	c := t.came(p)
	for k, u := range p.people {
		t.stored(u, c)
		t.sealed(u, p.people[1-k], c)
		t.once(u, c)
		t.asked(u, c)
	}
	t.due(p, c)
}

// came checks what has become of a couple's night, and returns its check-in; nil if its
// time has not come.
func (t *truth) came(p *pair) *checkIn {
	t.Helper()
	all := t.checkIns[p.id]
	switch {
	case len(all) == 0 && p.due.After(t.stopped.Add(-slack)):
		return nil
	case len(all) != 1:
		t.Errorf("%v: there are %d check-ins, want one", p, len(all))
		return nil
	}
	c := &all[0]
	// What ends or begins as people leave is open yet.
	early := c.state == rituals.Open &&
		(p.night.when == ending && c.closes.After(t.stopped.Add(-slack)) || p.night.when == byClock && c.opened.After(t.left.Add(-time.Second)))
	if c.ritual != p.ritual || !slices.Contains(p.ends, c.state) && !early {
		t.Errorf("%v: the check-in of %s is %s, want %s; answers are %+v and %+v", p, c.ritual, c.state, p.ends, t.replies[p.people[0].n], t.replies[p.people[1].n])
	}
	t.states[c.state]++
	return c
}

// stored checks that what somebody sent is stored once, in the words it had last: what
// has opened stays as it was read. Of the faces one is kept that they have tapped.
func (t *truth) stored(u *soul, c *checkIn) {
	t.Helper()
	f := t.of(u)
	f.people, f.taps, f.edits = f.people+1, f.taps+u.taps, f.edits+u.edits
	got := map[string]int{}
	var what answer
	for _, r := range t.replies[u.n] {
		for _, text := range r.texts {
			got[text]++
		}
		switch r.step {
		case "mood":
			if !u.faces[face(r.choice)] {
				t.Errorf("%v: the face is %q, want one of %v", u, face(r.choice), u.faces)
			}
		case "what":
			what = r
		}
	}
	t.ticked(u, what)
	t.shows(u, c, what)
	for _, text := range t.held[u.n] {
		got[text]++
	}
	for _, s := range u.texts {
		n, last := 0, s.versions[len(s.versions)-1]
		for _, v := range s.versions {
			n += got[v]
		}
		f.texts++
		if s.id == "" {
			f.forms++
		}
		switch {
		case n == 1 && got[last] == 1:
		case n == 1 && c != nil && c.state == rituals.Kept && u.has(saysTooOld):
			f.tooLate++
		case n == 0 && s.outcome == unsure:
			f.unsure++
		default:
			t.Errorf("%v: %q is stored %d times, and %d times in other words, want once", u, last, got[last], n-got[last])
		}
		for _, v := range s.versions {
			delete(got, v)
		}
	}
	for text := range got {
		t.Errorf("%v: %q is stored, and they never wrote it", u, text)
	}
}

// face is what stands on the button of a face.
func face(choice string) string {
	i := slices.IndexFunc(rituals.Faces, func(o rituals.Option) bool { return o.ID == choice })
	if i < 0 {
		return choice
	}
	return faces[i]
}

// ticked checks that every tap on what can be ticked had its effect once: with each it
// was ticked or no more.
func (t *truth) ticked(u *soul, r answer) {
	t.Helper()
	is := strings.Split(r.choice, ",")
	for name, option := range ticks {
		if got, want := slices.Contains(is, option), u.ticks[name]%2 == 1; got != want && !u.moot[name] {
			t.Errorf("%v: that %q is ticked is %v after %d taps, want %v", u, name, got, u.ticks[name], want)
		}
		if !u.moot[name] {
			t.of(u).ticks += u.ticks[name]
		}
	}
}

// sealed checks that somebody reads what the other wrote when it opens, all that was
// kept as it was kept, and that they have read nothing of it anywhere else.
func (t *truth) sealed(u, other *soul, c *checkIn) {
	t.Helper()
	theirs := fmt.Sprintf(" of %d.", other.n)
	read, before := "", "" // of what has opened; the message before
	for _, m := range u.sees() {
		switch {
		case strings.Contains(m.text, saysOpened):
			read = m.text
		case read != "" && u.fill != nil && strings.HasSuffix(read, before) && strings.Contains(m.text, "> "): // the next part of it, on Discord
			read += m.text
		case strings.Contains(m.text, theirs):
			t.Errorf("%v reads words of the other that have not opened: %q", u, m.text)
		}
		before = m.text
	}
	if (read != "") != (c != nil && c.state == rituals.Kept) {
		t.Errorf("%v reads %q of the answers, of a check-in %+v", u, read, c)
	}
	for _, r := range t.replies[other.n] {
		for _, text := range r.texts {
			if read != "" && !strings.Contains(read, text) {
				t.Errorf("%v reads %q, want %q in it as it is stored", u, read, text)
			}
		}
	}
}

// due checks a couple's alarms: that its ritual comes again, and nothing beside what
// belongs to its check-in.
func (t *truth) due(p *pair, c *checkIn) {
	t.Helper()
	var got, want []string
	for _, a := range t.alarms[p.id] {
		switch a.Kind {
		case rituals.AlarmOpen, rituals.AlarmClose, rituals.AlarmNudge:
			got = append(got, fmt.Sprintf("%s at %v", a.Name, a.At.UTC()))
		case rituals.AlarmLetGo, rituals.AlarmOwn: // see sound
		default:
			t.Errorf("%v: there is an alarm %q, want none of its kind", p, a.Name)
		}
	}
	if next := p.next(); p.night.when != begun {
		if c == nil && p.night.when != ending {
			next = p.due
		}
		want = append(want, fmt.Sprintf("open/%s at %v", p.ritual, next.UTC()))
	}
	if c != nil && c.state == rituals.Open {
		want = append(want, fmt.Sprintf("close/%s at %v", code(c.id), c.closes.UTC()))
		for _, u := range p.people {
			if at := c.opened.Add(nudged); u.role == reads && p.ritual == "hour" && at.After(t.stopped) {
				want = append(want, fmt.Sprintf("nudge/%s/%s at %v", code(c.id), code(int64(member(u.n))), at.UTC()))
			}
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("%v: alarms are %q, want %q", p, got, want)
	}
}

// code is how ids are written in the names of alarms.
func code(id int64) string { return strconv.FormatInt(id, 36) }

// streaks checks what couples have kept: the days before, and this one as it went.
func (t *truth) streaks(pairs []*pair, database string) {
	t.Helper()
	s, err := store.Open(t.Context(), database, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, p := range pairs {
		days := slices.Clone(p.history)
		if all := t.checkIns[p.id]; len(all) == 1 && p.night.when != begun && all[0].state != rituals.Open {
			days = append(days, rituals.Outcome{Day: p.day, State: all[0].state})
		}
		var want rituals.Streak
		for _, d := range days {
			switch d.State {
			case rituals.Kept:
				want.Current++
				want.Total++
			case rituals.Missed:
				want.Current = 0
			}
			want.Longest = max(want.Longest, want.Current)
		}
		outcomes, err := s.Outcomes(t.Context(), p.id)
		if err != nil {
			t.Fatal(err)
		}
		if got := rituals.StreakOf(outcomes); got != want {
			t.Errorf("%v: the streak is %+v, want %+v after %v", p, got, want, days)
		}
	}
}
