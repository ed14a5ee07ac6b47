package host

import (
	"context"
	"fmt"
	"strings"
	"time"

	"attune/rituals"
	"attune/rituals/library"
	"attune/rituals/phrases"
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

// say puts a message for a member in the outbox. Its key is made up unless it has
// one; between 22:30 and 07:30 of the reader it is silent unless the reader caused
// it.
//
// What who acted reads because of it comes where they are: to their own chat, or, in
// a chat of several people, to their eyes only, if the platform can do that.
func (d *decision) say(to *rituals.Member, m rituals.Message) {
	if d.caused(to.ID) && d.aside() {
		d.show(m)
		return
	}
	m.To, m.Member = to.Address, to.ID
	if d.caused(to.ID) && d.event.Home.Chat != "" {
		m.To = d.event.Home
	}
	if p := d.place(); p != nil && to.Unreachable && !d.caused(to.ID) && m.From == 0 && len(m.Choices) == 0 {
		d.sayHere(p, []rituals.Member{*to}, m) // what both read reaches them there
		return
	}
	if d.s.MemberBy(to.ID) != nil && m.Couple == 0 {
		m.Couple = d.s.Couple.ID
	}
	if !d.caused(to.ID) {
		m.Silent = m.Silent || rituals.Quiet(d.wall(to))
		m.Wait = to.Unreachable
	}
	d.put(m)
}

// tell says plain paragraphs to a member.
func (d *decision) tell(to *rituals.Member, text string, choices ...[]rituals.Choice) {
	d.say(to, rituals.Message{Blocks: paragraphs(text), Choices: choices})
}

// tellPerson answers somebody in the chat they acted in, known or not.
func (d *decision) tellPerson(blocks []rituals.Block, choices ...[]rituals.Choice) {
	d.answerPerson(rituals.Message{Blocks: blocks, Choices: choices})
}

// answerPerson says a message to who acted, known or not.
func (d *decision) answerPerson(m rituals.Message) {
	switch {
	case d.me != nil:
		d.say(d.me, m)
	case d.aside():
		d.show(m)
	case d.event.Private:
		m.To = d.event.Chat
		d.put(m)
	}
}

// aside reports whether who acted did so among others and is answered alone.
func (d *decision) aside() bool { return d.event != nil && d.event.Aside && !d.homeward }

// show shows a message on the spot to who acted.
func (d *decision) show(m rituals.Message) {
	d.answer.Blocks = append(d.answer.Blocks, m.Blocks...)
	d.answer.Choices = append(d.answer.Choices, m.Choices...)
	if m.Input != nil {
		d.answer.Input = m.Input
	}
}

func (d *decision) put(m rituals.Message) {
	if m.Key == "" {
		m.Key = d.cause() + "/" + fmt.Sprint(d.said)
		d.said++
	}
	d.c.Say = append(d.c.Say, m)
}

// cause names what is being settled; no other event or alarm has the same.
func (d *decision) cause() string {
	if d.event != nil {
		return string(d.event.Chat.Platform) + "/" + d.event.ID
	}
	return id(d.alarm.Couple) + "/" + d.alarm.Name + "/" + id(d.alarm.At.UnixMilli())
}

// toast shows a line on the spot to whoever acted.
func (d *decision) toast(text string) { d.answer.Text = text }

// paragraphs splits a text at empty lines. A paragraph that begins with **words**
// has them as its heading.
func paragraphs(text string) []rituals.Block {
	var blocks []rituals.Block
	for p := range strings.SplitSeq(text, "\n\n") {
		if p = strings.TrimSpace(p); p == "" {
			continue
		}
		if rest, ok := strings.CutPrefix(p, "**"); ok {
			if head, body, ok := strings.Cut(rest, "**"); ok {
				blocks = append(blocks, rituals.Block{Kind: rituals.Heading, Text: head})
				if p = strings.TrimSpace(body); p == "" {
					continue
				}
			}
		}
		blocks = append(blocks, rituals.Para(p))
	}
	return blocks
}

// voice returns how a member is spoken to.
func (d *decision) voice(m *rituals.Member) *phrases.Voice {
	if m == nil {
		return voiceOf(d.event, d.language)
	}
	return phrases.In(m.Language)
}

// voiceOf returns how somebody is spoken to who may be nobody's member: in the language
// of the event, which may be nil, or else another.
func voiceOf(e *rituals.Event, otherwise string) *phrases.Voice {
	if e != nil && phrases.Speaks(e.Language) {
		return phrases.In(e.Language)
	}
	return phrases.In(otherwise)
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
	return strings.Join(names, ", ")
}

// set sets an alarm of the couple.
func (d *decision) set(a rituals.Alarm) {
	a.Couple = d.s.Couple.ID
	d.c.Set = append(d.c.Set, a)
}

// cancel cancels alarms of the couple by name.
func (d *decision) cancel(names ...string) { d.c.Cancel = append(d.c.Cancel, names...) }
