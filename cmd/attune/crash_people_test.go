package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"attune/rituals"
)

// A soul is one person of the campaign and what they have done.
type soul struct {
	*talker
	pair   *pair
	n      int
	role   role
	random *rand.Rand

	texts []*saying
	faces map[string]bool // those they have tapped
	ticks map[string]int  // how often they have tapped what can be ticked
	moot  map[string]bool // those of which they cannot know what has come of it
	taps  int
	edits int

	began    bool
	finished bool      // has tapped [Done] under a list
	acted    time.Time // when they last answered, and what
	last     string
	rest     time.Duration // less is done the longer nothing opens
	done     atomic.Bool   // has nothing more to do
}

// A saying is something that somebody wrote, in the words it had one after the other.
type saying struct {
	id       string // of the message; empty: it was written in a form
	versions []string
	outcome  outcome
}

// faces are what can be tapped in answer to the first question.
var faces = func() (all []string) {
	for _, f := range rituals.Faces {
		all = append(all, f.Label.In("en"))
	}
	return all
}()

// patience is how long people wait before they do once more what has led to nothing.
const patience = 4 * time.Second

// live lets a person act at random from the time their question falls due.
func (u *soul) live(ctx context.Context) {
	pause := time.Until(u.pair.due)
	for ; ; pause = time.Duration(100+u.random.IntN(600))*time.Millisecond + u.rest {
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
		}
		if u.act(u.sees()); u.done.Load() {
			return
		}
	}
}

// act does something, after what is to be read.
func (u *soul) act(seen []sight) {
	if u.pair.night.when.byHand() && !u.began && (u.pair.night.when == begun || u == u.pair.people[0]) {
		u.say("/" + u.pair.ritual)
		u.began = true
		return
	}
	at, step := u.standing(seen)
	if u.rest = min(u.rest+100*time.Millisecond, 5*time.Second); step != waits {
		u.rest = 0
	}
	switch chance := u.random.IntN(100); {
	case step == opened:
		u.afterwards(seen)
	case chance < 8 && len(u.texts) > 0:
		u.change(u.texts[u.random.IntN(len(u.texts))])
	case chance < 12 && u.role == answers && len(seen) > 0:
		u.tapOld(seen)
	case chance < 14 && step == waits && u.role == answers:
		u.write("")
	case step == waits && chance < 30:
		u.finish(seen) // for all that they know a list is open again
	case step < 0 || u.role == reads || (u.role == begins && step > 0):
	case step == 1 && u.pair.ritual != "talk" && !u.finished && chance < 85:
		u.tick(at)
	case at.id == u.last && time.Since(u.acted) < patience:
	default:
		u.last, u.acted = at.id, time.Now()
		u.answer(at, step)
	}
}

// Where somebody stands if not at a question.
const (
	nowhere = -1
	waits   = -2 // has answered all
	opened  = -3
)

// standing returns where somebody stands and the message that says so.
func (u *soul) standing(seen []sight) (sight, int) {
	for _, m := range slices.Backward(seen) {
		switch {
		case strings.Contains(m.text, saysOpened):
			return m, opened
		case strings.Contains(m.text, saysKept):
			return m, waits
		case strings.HasPrefix(m.text, saysNudge):
			return m, 0
		}
		for i, q := range questions[u.pair.ritual] {
			if strings.Contains(m.text, q) {
				return m, i
			}
		}
	}
	return sight{}, nowhere
}

// answer answers a question: with a face, in words, or by passing it over.
func (u *soul) answer(at sight, step int) {
	times := 1 + u.random.IntN(5)/4
	switch {
	case step == 0 && u.pair.ritual != "talk":
		u.face(at, times)
	case step == 1 && u.pair.ritual != "talk":
		u.finish([]sight{at})
	case step == 3 && u.random.IntN(6) == 0:
		u.tapOn(at.id, "Skip", times)
		u.taps += times
	case u.fill != nil && u.random.IntN(2) == 0:
		u.write(at.id)
	default:
		for range times {
			u.write("")
		}
	}
}

// face taps a face under a message.
func (u *soul) face(on sight, times int) {
	face := faces[u.random.IntN(len(faces))]
	if u.tapOn(on.id, face, times) != unspent {
		u.faces[face] = true
		u.taps += times
	}
}

// tick ticks something under a message, or takes that back.
func (u *soul) tick(on sight) {
	label := on.labels[u.random.IntN(len(on.labels))]
	name := strings.TrimPrefix(label, ticked)
	if ticks[name] == "" {
		return
	}
	times := 1 + u.random.IntN(5)/4
	switch u.tapOn(on.id, label, times) {
	case unspent:
		return
	case unsure:
		u.moot[name] = true
	}
	if u.finished || u.pair.night.when == ending { // it may be over already
		u.moot[name] = true
	}
	u.ticks[name] += times
	u.taps += times
}

// finish taps [Done] under the last list that has been read.
func (u *soul) finish(seen []sight) {
	for _, m := range slices.Backward(seen) {
		if slices.Contains(m.labels, done) {
			u.finished = true
			u.tapOn(m.id, done, 1)
			u.taps++
			return
		}
	}
}

// write writes something that nobody else does: in the form of a message, or else in
// the chat.
func (u *soul) write(form string) {
	s := &saying{versions: []string{fmt.Sprintf("The way home with you, part %d of %d.", len(u.texts), u.n)}}
	if form != "" {
		s.outcome = u.fill(form, s.versions[0])
	} else {
		s.id = u.say(s.versions[0])
	}
	if s.outcome != unspent {
		u.texts = append(u.texts, s)
	}
}

// change changes something that was written in the chat.
func (u *soul) change(s *saying) {
	if s.id == "" {
		return
	}
	text := fmt.Sprintf("%s Change %d.", s.versions[0], len(s.versions))
	s.versions = append(s.versions, text)
	u.edits++
	u.edit(s.id, text)
}

// tapOld taps something under some message that has a face on it or a tick, be it long
// answered.
func (u *soul) tapOld(seen []sight) {
	old := seen[u.random.IntN(len(seen))]
	switch {
	case slices.Contains(old.labels, faces[0]):
		u.face(old, 1)
	case slices.Contains(old.labels, done) && u.random.IntN(4) == 0:
		u.tick(old)
	}
}

// afterwards is what people do once the answers have opened: some tap below them, some
// change what has been read.
func (u *soul) afterwards(seen []sight) {
	switch u.random.IntN(5) {
	case 0:
		if u.tap("A hug") {
			u.taps++
		}
	case 1:
		if len(u.texts) > 0 {
			u.change(u.texts[u.random.IntN(len(u.texts))])
		}
	case 2:
		u.tapOld(seen)
	default:
		u.done.Store(true)
	}
}
