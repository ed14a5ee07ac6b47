package host

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"attune/rituals"
	"attune/rituals/library"
	"attune/store"
)

// A fuzzHouse is a host on a store in which every run has a couple of its own.
type fuzzHouse struct {
	*Host
	store   *store.Store
	log     *bytes.Buffer // of errors
	words   []string
	couples int64
}

func openHouse(f *testing.F) *fuzzHouse {
	f.Helper()
	s, err := store.Open(f.Context(), filepath.Join(f.TempDir(), "attune.db"), store.Options{})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() {
		if err := s.Close(); err != nil {
			f.Error(err)
		}
	})
	lib, err := library.Load("")
	if err != nil {
		f.Fatal(err)
	}
	log := new(bytes.Buffer)
	h := New(s, Options{Library: lib.Grown(), Log: slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelError}))})
	return &fuzzHouse{Host: h, store: s, log: log, words: vocabulary(lib)}
}

// A fuzzCouple is Alex and Sam in one run, and what they have seen.
type fuzzCouple struct {
	*fuzzHouse
	t      *testing.T
	id     rituals.CoupleID
	now    time.Time
	people [3]rituals.Member // Alex, Sam, and a stranger
	shown  [3][]rituals.Choice
	seen   [3]strings.Builder
	knows  bool // Sam may read what Alex wrote
	events int
}

// couple makes a couple in Berlin, a minute before its evening.
func (h *fuzzHouse) couple(t *testing.T) *fuzzCouple {
	t.Helper()
	h.couples++
	h.log.Reset()
	c := &fuzzCouple{fuzzHouse: h, t: t, id: rituals.CoupleID(h.couples), now: time.Date(2026, 11, 23, 20, 29, 0, 0, time.UTC)}
	couple := rituals.Couple{ID: c.id, Zone: "Europe/Berlin", Since: c.now.AddDate(0, -1, 0)}
	for i, name := range []string{"Alex", "Sam", "a stranger"} {
		n := h.couples*int64(len(c.people)) + int64(i)
		who := rituals.Person{Platform: rituals.Telegram, ID: strconv.FormatInt(n, 10)}
		c.people[i] = rituals.Member{ID: rituals.MemberID(n), Person: who, Address: rituals.Address{Platform: who.Platform, Chat: who.ID},
			Name: name, Zone: couple.Zone, Language: "en", Agreed: c.now}
		if i < 2 {
			couple.Bonds = append(couple.Bonds, rituals.Bond{Member: c.people[i].ID, Joined: c.now})
		}
	}
	if err := h.store.Commit(t.Context(), rituals.Change{Now: c.now, Members: slices.Clone(c.people[:2]), Couple: &couple}); err != nil {
		t.Fatal(err)
	}
	if err := h.Begin(t.Context(), c.now, c.id); err != nil {
		t.Fatal(err)
	}
	return c
}

// end leaves nothing due in the next run.
func (c *fuzzCouple) end() {
	s := c.state()
	s.Couple.Ended = c.now
	if err := c.store.Commit(c.t.Context(), rituals.Change{Now: c.now, Couple: &s.Couple, CancelAll: true, Drop: []rituals.Drop{{Couple: c.id}}}); err != nil {
		c.t.Error(err)
	}
}

func (c *fuzzCouple) state() rituals.State {
	s, err := c.store.LoadCouple(c.t.Context(), c.id)
	if err != nil {
		c.t.Fatal(err)
	}
	return s
}

// sealed are words of Alex's and of Sam's that stand in every answer of theirs.
var sealed = [2]string{"Hazelnut", "Juniper"}

// begun is what people ask for by name.
var begun = []string{"/win", "/card", "/sorry", "/stress", "/settings", "/together", "/pause", "/break", "/repair", "/notes", "/win", "/evening", "/leave", "/forget", "/start"}

// scene lets something happen that people do: its lowest bit says who, the next ones
// what, and the rest which.
func (c *fuzzCouple) scene(b byte) {
	who, which := int(b&1), int(b>>3)
	switch b >> 1 & 3 {
	case 0:
		if b>>1 == 0 {
			c.ring()
			return
		}
		c.do(who, rituals.Event{Kind: rituals.Wrote, Text: begun[which%len(begun)]})
	case 1:
		c.do(who, rituals.Event{Kind: rituals.Wrote, Text: fmt.Sprintf("%s %d.", sealed[who], which)})
	default:
		if n := len(c.shown[who]); n > 0 {
			c.do(who, rituals.Event{Kind: rituals.Tapped, Action: c.shown[who][which%n].Action})
		}
	}
}

// ring lets the clock go on to what is due next, at most by half a day.
func (c *fuzzCouple) ring() {
	_, next, err := c.store.Due(c.t.Context(), c.now, 1)
	if err != nil {
		c.t.Fatal(err)
	}
	if most := c.now.Add(12 * time.Hour); next.IsZero() || next.After(most) {
		next = most
	}
	c.now = next
	if _, err := c.Ring(c.t.Context(), c.now); err != nil {
		c.t.Fatal(err)
	}
	c.read()
}

// passesOn are what buttons do by which words go to the other, if only later on.
var passesOn = []string{doHeld, doOwn, doGive, doShare, doBack}

// do lets somebody do something, and returns what they are told on the spot.
func (c *fuzzCouple) do(who int, e rituals.Event) (rituals.Event, rituals.Answer) {
	c.events++
	c.now = c.now.Add(time.Second)
	c.knows = c.knows || who == 0 && slices.Contains(passesOn, parseAction(e.Action).verb)
	m := &c.people[who]
	e.ID = fmt.Sprintf("%d/%d", c.id, c.events)
	e.Person, e.Chat, e.Home, e.Private, e.Name, e.Language, e.Source = m.Person, m.Address, m.Address, !e.Aside, m.Name, m.Language, "s"+e.ID
	if e.Aside { // in a chat of several people
		e.Chat.Chat = "-" + strconv.FormatInt(int64(c.id), 10)
	}
	a, err := c.Handle(c.t.Context(), c.now, e)
	if err != nil {
		c.t.Errorf("Handle(%s %s %q) = %v, want no error\n%s", m.Name, e.Kind, e.Action+e.Text, err, c.log)
	}
	if utf8.RuneCountInString(a.Text) > 200 {
		c.t.Errorf("Handle(%s %s %q) answers %q, want at most 200 characters", m.Name, e.Kind, e.Action+e.Text, a.Text)
	}
	if f := a.Form; f != nil && (len(f.Action) > mostAction || f.Title == "" || len(f.Fields) == 0 || len(f.Fields) > rituals.MostFields) {
		c.t.Errorf("Handle(%s %s %q) opens %+v, want a form that fits", m.Name, e.Kind, e.Action+e.Text, f)
	}
	c.shows(who, a.Message())
	c.read()
	return e, a
}

// read delivers what waits to be said.
func (c *fuzzCouple) read() {
	for who := range c.people {
		for {
			parcel, err := c.store.Head(c.t.Context(), c.people[who].Address)
			if errors.Is(err, rituals.ErrNotFound) {
				break
			}
			if err != nil {
				c.t.Fatal(err)
			}
			c.shows(who, parcel.Message)
			if err := c.store.Sent(c.t.Context(), parcel.ID, "m"+strconv.FormatInt(parcel.ID, 10), c.now); err != nil {
				c.t.Fatal(err)
			}
		}
	}
}

// shows notes what somebody sees, and holds that its buttons fit.
func (c *fuzzCouple) shows(who int, m rituals.Message) {
	c.seen[who].WriteString(m.String() + "\n")
	var all []rituals.Choice
	for _, row := range m.Choices {
		for _, b := range row {
			if b.Share != nil {
				continue
			}
			most := mostAction
			if b.Form {
				most = 45
			}
			if b.Action == "" || len(b.Action) > most || !utf8.ValidString(b.Action) {
				c.t.Errorf("[%s] does %q, %d bytes, want from 1 to %d", b.Label, b.Action, len(b.Action), most)
			}
			all = append(all, b)
		}
	}
	if len(all) > 0 {
		c.shown[who] = all
	}
}
