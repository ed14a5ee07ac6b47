// Package host decides: what a person did or what is due comes in, a change goes
// out.
//
// Deciding is a plain function of the state, the event or alarm, and now. The
// [Host] around it loads the state, commits the change, and decides again where
// somebody else was faster. The host knows kinds of steps, not rituals.
package host

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"runtime/debug"
	"slices"
	"sync/atomic"
	"time"

	"attune/rituals"
	"attune/rituals/library"
	"attune/rituals/phrases"
)

// Options say how a host is set up.
type Options struct {
	Library  *library.Library
	Operator string           // who runs the server, for the one page; may be empty
	Allow    []rituals.Person // who may use it; empty: anyone
	Language string           // for people whose platform does not say
	Codes    bool             // invitations show their code, for where no link leads to the bot
	Random   io.Reader        // for invite codes; nil: crypto/rand
	Log      *slog.Logger     // nil: none
}

// A Host decides for all couples. It is safe for concurrent use.
type Host struct {
	store  Store
	reader Reader
	opts   Options
	log    *slog.Logger
	lib    atomic.Pointer[library.Library]
	lastID *atomic.Int64 // the greatest id that was given
	wake   chan struct{}
	turns  turns
	back   atomic.Bool // those in the middle of a talk were told that it runs
}

// New returns a host that remembers in s.
func New(s interface {
	Store
	Reader
}, o Options) *Host {
	if o.Random == nil {
		o.Random = rand.Reader
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if !phrases.Speaks(o.Language) {
		o.Language = "en"
	}
	h := &Host{store: s, reader: s, opts: o, log: o.Log, lastID: new(atomic.Int64), wake: make(chan struct{}, 1)}
	h.lib.Store(o.Library)
	return h
}

// Beside returns a host like h that remembers in s: what the two decide at the same
// instant has ids of its own.
func (h *Host) Beside(s interface {
	Store
	Reader
}) *Host {
	beside := New(s, h.opts)
	beside.lib.Store(h.lib.Load())
	beside.lastID = h.lastID
	return beside
}

// SetLibrary puts other rituals in place. Check-ins that are open keep the
// definition they were opened with.
func (h *Host) SetLibrary(l *library.Library) { h.lib.Store(l) }

// allowed reports whether somebody may use this bot.
func (h *Host) allowed(p rituals.Person) bool {
	return len(h.opts.Allow) == 0 || slices.Contains(h.opts.Allow, p)
}

// Handle settles one event and returns what the platform wants answered on the
// spot. An event that was settled before gives an empty answer. One that cannot be
// decided, because others are faster every time, is parked.
func (h *Host) Handle(ctx context.Context, now time.Time, e rituals.Event) (rituals.Answer, error) {
	load := func() (rituals.State, error) { return h.store.Load(ctx, e.Person) }
	switch e.Kind {
	case rituals.Undelivered, rituals.Moved, rituals.Changed: // what nobody of the couple did
		load = func() (rituals.State, error) { return h.loadAddressee(ctx, e) }
	default:
		if !h.allowed(e.Person) {
			return h.refuse(e), nil
		}
	}
	answer, err := h.settle(ctx, now, load, &e, nil)
	if errors.Is(err, rituals.ErrConflict) {
		h.log.Error("event parked", "platform", e.Person.Platform, "event", e.ID, "err", err)
		return rituals.Answer{}, h.Park(ctx, now, e, "others were faster every time")
	}
	return answer, err
}

// refuse tells somebody whom the bot is not for what would let them in.
func (h *Host) refuse(e rituals.Event) rituals.Answer {
	if !actedOn(e.Kind) || (!e.Private && !e.Aside) {
		return rituals.Answer{}
	}
	return rituals.Answer{Text: voiceOf(&e, h.opts.Language).Say("refused", "id", string(e.Person.Platform)+":"+e.Person.ID)}
}

// loadAddressee loads the state of who a message could not be delivered to, or
// whose chat has changed.
func (h *Host) loadAddressee(ctx context.Context, e rituals.Event) (rituals.State, error) {
	if e.Message.Couple == 0 {
		if e.Private || e.Kind == rituals.Undelivered {
			return h.store.Load(ctx, e.Person)
		}
		state, err := h.store.LoadPlace(ctx, e.Chat)
		if err != nil || state.Couple.ID != 0 {
			return state, err
		}
		return h.store.Load(ctx, e.Person)
	}
	state, err := h.store.LoadCouple(ctx, e.Message.Couple)
	if err != nil || state.Couple.Ended.IsZero() {
		return state, err
	}
	for _, m := range state.Members { // who may be in another couple by now
		if m.Address == e.Chat {
			return h.store.Load(ctx, m.Person)
		}
	}
	return state, nil
}

// tries is how often a decision is made because its state had changed, and patient
// after how many of them the couple's others wait until it is through.
const (
	tries   = 5
	patient = 2
)

// settle loads, decides and commits; again, if somebody else was faster.
func (h *Host) settle(ctx context.Context, now time.Time, load func() (rituals.State, error),
	e *rituals.Event, a *rituals.Alarm) (rituals.Answer, error) {
	var err error
	var couple rituals.CoupleID
	look := func() (rituals.State, error) {
		s, err := load()
		couple = s.Couple.ID
		return s, err
	}
	for n := range tries {
		var c rituals.Change
		var answer rituals.Answer
		if n == patient {
			defer h.turns.alone(couple)()
		}
		if c, answer, err = h.decide(ctx, now, look, e, a); err != nil {
			return rituals.Answer{}, err
		}
		if n < patient {
			err = h.turns.among(couple, func() error { return h.store.Commit(ctx, c) })
		} else {
			err = h.store.Commit(ctx, c)
		}
		if err == nil {
			if len(c.Set) > 0 {
				h.stir()
			}
			return answer, nil
		}
		if errors.Is(err, rituals.ErrSettled) {
			return rituals.Answer{}, nil
		}
		if !errors.Is(err, rituals.ErrConflict) {
			return rituals.Answer{}, err
		}
	}
	return rituals.Answer{}, err
}

// lookups is how often a decision may find that it needs to know more.
const lookups = 8

// decide loads the state and makes the decision, again with what it asked to be
// looked up until it wants nothing more. A panic is an error of this event alone.
func (h *Host) decide(ctx context.Context, now time.Time, load func() (rituals.State, error),
	e *rituals.Event, a *rituals.Alarm) (c rituals.Change, answer rituals.Answer, err error) {
	defer func() {
		if r := recover(); r != nil {
			h.log.Error("decision panicked", "stack", string(debug.Stack()))
			err = fmt.Errorf("decide: panic")
		}
	}()
	seen := &lookup{found: map[string]any{}}
	var version int64
	for range lookups {
		state, err := load()
		if err != nil {
			return c, answer, err
		}
		if state.Couple.Version != version { // what was looked up may be of before
			seen.found, version = map[string]any{}, state.Couple.Version
		}
		d := h.newDecision(now, state, seen)
		d.event, d.alarm = e, a
		d.begin()
		if e != nil {
			d.handle()
		} else {
			d.ring()
		}
		if d.err != nil {
			return c, answer, d.err
		}
		if len(seen.want) == 0 {
			return d.finish(), d.answer, nil
		}
		if err := h.lookUp(ctx, seen); err != nil {
			return c, answer, err
		}
	}
	return c, answer, errors.New("decide: wants more and more looked up")
}

func (h *Host) newDecision(now time.Time, state rituals.State, seen *lookup) *decision {
	d := &decision{
		now: now, lib: h.lib.Load(), operator: h.opts.Operator, language: h.opts.Language, codes: h.opts.Codes,
		fresh: func() int64 { return h.fresh(now) }, s: state, seen: seen,
	}
	d.code = func() string {
		code, err := newCode(h.opts.Random)
		if err != nil {
			d.err = err
		}
		return code
	}
	return d
}

// lookUp finds what a decision wanted. What is not there is found to be nothing.
func (h *Host) lookUp(ctx context.Context, seen *lookup) error {
	for _, w := range seen.want {
		v, err := w.fetch(ctx, h.reader, h.store)
		if errors.Is(err, rituals.ErrNotFound) {
			v, err = nil, nil
		}
		if err != nil {
			return err
		}
		seen.found[w.key] = v
	}
	seen.want = nil
	return nil
}

// fresh returns an id that is greater than every one before: the instant, in
// steps of 1/65536 millisecond.
func (h *Host) fresh(now time.Time) int64 {
	for {
		last := h.lastID.Load()
		next := max(last+1, now.UnixMilli()<<16)
		if h.lastID.CompareAndSwap(last, next) {
			return next
		}
	}
}

// Begin sets the alarms of a couple that was made elsewhere: the two seats of the
// terminal, or the couple of a play.
func (h *Host) Begin(ctx context.Context, now time.Time, couple rituals.CoupleID) error {
	for range tries {
		state, err := h.store.LoadCouple(ctx, couple)
		if err != nil {
			return err
		}
		d := h.newDecision(now, state, &lookup{})
		d.alarm = &rituals.Alarm{}
		d.begin()
		d.apart()
		d.scheduleAll(now)
		d.touchCouple()
		c := d.finish()
		c.Alarm = nil
		if err = h.store.Commit(ctx, c); !errors.Is(err, rituals.ErrConflict) {
			h.stir()
			return err
		}
	}
	return rituals.ErrConflict
}
