package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"attune/config"
	"attune/rituals"
)

// An evening is one evening of a couple with a fault in it: Alex sits where the fault
// is, and Sam on the other platform.
type evening struct {
	*theatre
	alex, sam             *player
	toTelegram, toDiscord *cord
	journal               *journal
	disk                  disk               // of a fault that has a small one
	pressed               map[string]pressed // what each has pressed last on Discord
	over                  chan struct{}      // closed when the fault has ended
	ended                 time.Time          // when that was
	late                  time.Duration      // how much later what was waited for then has come
}

// A dusk is what was seen and kept of an evening.
type dusk struct {
	alex, sam []string // what each of them reads in the end, in order
	kept      map[string]int
	streak    int
	waits     int
	failed    int // calls and connections
	late      time.Duration
	log       string
}

// faultTime is how long people wait for the next question.
const faultTime = 30 * time.Minute

// spend plays an evening with a fault that begins at a moment.
func spend(t *testing.T, f fault, at moment) (n dusk) {
	var d disk
	switch {
	case f.small:
		d = smallDisk(t)
	case f.image:
		d = imageDisk(t)
	}
	synctest.Test(t, func(t *testing.T) {
		e := newEvening(t, f, at, d)
		defer e.close()
		for i, a := range acts {
			e.await(a)
			if i == at.act {
				e.begin(f)
			}
			e.do(a)
		}
		if at.act != never {
			<-e.over
		}
		e.settle(6 * time.Minute)
		n = e.end()
	})
	return n
}

// newEvening opens a theatre in which it is 21:30.
func newEvening(t *testing.T, f fault, at moment, d disk) *evening {
	other := map[rituals.Platform]rituals.Platform{rituals.Telegram: rituals.Discord, rituals.Discord: rituals.Telegram}[f.on]
	if f.both {
		other = f.on
	}
	th := newTheatre(t, places(f.on, other))
	for n := range 2 {
		th.cfg.Allow = append(th.cfg.Allow, config.Account{Platform: "telegram", ID: fmt.Sprint(1001 + n)}, config.Account{Platform: "discord", ID: fmt.Sprint(2001 + n)})
	}
	e := &evening{theatre: th, journal: &journal{}, pressed: map[string]pressed{}, over: make(chan struct{})}
	e.toTelegram, e.toDiscord = newCord(th.wires.telegram), newCord(th.wires.discord)
	th.log = e.journal
	th.wires = wires{telegram: e.toTelegram, discord: e.toDiscord, gateway: e.toDiscord.dialing(th.wires.gateway)}
	if e.disk = d; d.dir != "" {
		th.cfg.Database = filepath.Join(d.dir, "attune.db")
	}
	if at.act == start {
		time.Sleep(time.Until(time.Date(2026, 11, 23, 20, 29, 0, 0, time.UTC))) // a minute before
		e.begin(f)
	}
	e.alex, e.sam = th.inBerlin("2026-11-23 21:30")
	return e
}

// begin lets the fault begin.
func (e *evening) begin(f fault) {
	go func() {
		defer close(e.over)
		f.breaks(e)
		e.ended = time.Now()
	}()
	synctest.Wait()
}

func (e *evening) player(name string) *player {
	return e.cast[slices.IndexFunc(e.cast, func(p *player) bool { return p.Name == name })]
}

// await waits until somebody sees what they act on. Who is told that a tap has failed
// taps again.
func (e *evening) await(a act) {
	e.Helper()
	p, began := e.player(a.who), time.Now()
	for end := began.Add(faultTime); p.find(a.sees) == ""; time.Sleep(time.Second) {
		if time.Now().After(end) {
			e.Fatalf("%s waits in vain for %q; reads %q; the log:\n%s", a.who, a.sees, p.looks(), e.journal)
		}
		for name, last := range e.pressed {
			if p := e.player(name); last.failed(p) && !e.press(p, last.id, last.label) {
				delete(e.pressed, name)
			}
		}
	}
	select {
	case <-e.over:
		if e.ended.After(began) {
			e.late = max(e.late, time.Since(e.ended))
		}
	default:
	}
	e.settle(settling)
}

func (e *evening) do(a act) {
	e.Helper()
	p := e.player(a.who)
	id, there := p.find(a.sees), true
	switch {
	case a.say != "":
		p.say(a.say)
	case a.tap == "":
	case p.telegram != nil:
		there = p.telegram.TapOn(number(id), a.tap)
	default:
		there = e.press(p, id, a.tap)
	}
	if !there {
		e.Fatalf("%s has no button %q under %q; reads %q", a.who, a.tap, a.sees, p.looks())
	}
	e.settle(settling)
}

// looks returns what somebody reads of what the bot has said for good.
func (p *player) looks() (texts []string) {
	for _, m := range p.sees() {
		if !m.told {
			texts = append(texts, m.text)
		}
	}
	return texts
}

// person returns who somebody is.
func (p *player) person() rituals.Person {
	if p.telegram != nil {
		return rituals.Person{Platform: rituals.Telegram, ID: fmt.Sprint(p.telegram.ID())}
	}
	return rituals.Person{Platform: rituals.Discord, ID: p.discord.ID()}
}

// end stops the program and returns what is left of the evening.
func (e *evening) end() dusk {
	e.Helper()
	if err := e.stop(); err != nil {
		e.Errorf("run = %v, want no error", err)
	}
	e.stop = func() error { return nil }
	n := dusk{alex: e.alex.looks(), sam: e.sam.looks(), kept: map[string]int{}, late: e.late, failed: e.toTelegram.lost() + e.toDiscord.lost(), log: e.journal.String()}
	s, err := e.Store(e.Context())
	if err != nil {
		e.Fatal(err)
	}
	defer s.Close()
	for _, p := range e.cast {
		st, err := s.Load(e.Context(), p.person())
		if err != nil {
			e.Fatal(err)
		}
		for text, count := range written(e.T, s, st.Member.ID) {
			n.kept[text] += count
		}
		outcomes, err := s.Outcomes(e.Context(), st.Couple.ID)
		if err != nil {
			e.Fatal(err)
		}
		n.streak = rituals.StreakOf(outcomes).Current
		ws, err := s.Waiting(e.Context(), p.person().Platform, 0, 100)
		if err != nil {
			e.Fatal(err)
		}
		n.waits += len(ws)
	}
	return n
}
