package rehearsal

import (
	"context"
	"errors"
	"io"
	"slices"
	"sync"
	"time"

	"attune/rituals"
	"attune/rituals/host"
	"attune/store"
)

// A program is what plays run against: a real host and a real store, with time of its
// own. The plays of several couples can share one.
type program struct {
	path     string // of the database
	settings host.Options
	watch    func(rituals.Change)   // told of each change that was committed; may be nil
	said     func(*rituals.Message) // told of each message that was said and will be recorded; may be nil
	runs     []*run                 // that share it

	store *store.Store
	host  *host.Host
	now   time.Time

	down   bool
	died   time.Time                     // when it went down amid something; the zero time: it never did
	by     *run                          // whose play wanted it to
	queue  []rituals.Event               // what people did while it was down
	found  bool                          // what waited in the outbox at the start was looked for
	off    map[rituals.Address]time.Time // chats in which nothing can be said before
	faults []*fault                      // still to strike
	dying  bool                          // nothing is kept any more

	keeping sync.Mutex // held while a change is committed

	unset bool      // no alarm was set or cancelled since it was known
	next  time.Time // when the next one is
}

func newProgram(path string) *program {
	return &program{path: path, off: map[rituals.Address]time.Time{}}
}

// A random is a source of randomness that two hosts can share.
type random struct {
	mu   sync.Mutex
	from io.Reader
}

func (r *random) Read(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.from.Read(p)
}

// rise opens the store and seats a host on it.
func (p *program) rise(ctx context.Context) error {
	s, err := store.Open(ctx, p.path, store.Options{})
	if err != nil {
		return err
	}
	p.store, p.found, p.unset = s, false, false
	p.host = host.New(p.memory(), p.settings)
	return nil
}

// sweeps lets what is kept for some days only be forgotten from the next hour on, as
// hosts that run do.
func (p *program) sweeps(ctx context.Context) error {
	sweep := rituals.Alarm{Name: "sweep", Kind: rituals.AlarmSweep, At: p.now.Add(time.Hour)}
	return p.memory().Commit(ctx, rituals.Change{Now: p.now, Set: []rituals.Alarm{sweep}})
}

// fall ends the host and closes its store, as at the end of a process.
func (p *program) fall() error {
	p.down = true
	clear(p.off)
	return p.store.Close()
}

// die ends it amid something.
func (p *program) die() error {
	p.dying, p.died = false, p.now
	return p.fall()
}

// wake starts again on the same database: what fell due is rung, then what people did
// meanwhile comes in, from one platform before that from others if one is named.
func (p *program) wake(ctx context.Context, first rituals.Platform) error {
	p.down = false
	if err := p.rise(ctx); err != nil {
		return err
	}
	if err := p.sweeps(ctx); err != nil {
		return err
	}
	if err := p.advance(ctx, p.now); err != nil {
		return err
	}
	queue := p.queue
	p.queue = nil
	slices.SortStableFunc(queue, func(a, b rituals.Event) int {
		return rank(a.Person.Platform != first) - rank(b.Person.Platform != first)
	})
	for _, e := range queue {
		if err := p.handle(ctx, e); err != nil {
			return err
		}
	}
	return p.advance(ctx, p.now)
}

func rank(later bool) int {
	if later {
		return 1
	}
	return 0
}

// handle brings one event in, and lets it wait if nobody is there to take it.
func (p *program) handle(ctx context.Context, e rituals.Event) error {
	if p.down {
		p.queue = append(p.queue, e)
		return nil
	}
	answer, err := p.take(ctx, e)
	if err == nil {
		p.tell(e, answer)
		err = p.deliver(ctx)
	}
	if errors.Is(err, errDies) { // nobody has confirmed it to the platform
		p.queue = append([]rituals.Event{e}, p.queue...)
		return p.die()
	}
	return err
}

// take lets the host settle an event, again while that cannot be kept.
func (p *program) take(ctx context.Context, e rituals.Event) (rituals.Answer, error) {
	settle := p.host.Handle
	if e.Kind == opensForm {
		e.Kind, settle = rituals.Tapped, p.host.Form
	}
	for {
		answer, err := settle(ctx, p.now, e)
		if !errors.Is(err, errFull) {
			return answer, err
		}
	}
}

// stuck is how often an instant may ring before it counts as never ending.
const stuck = 100

// advance moves the clock, rings what falls due on the way at its instant, and
// delivers what is said.
func (p *program) advance(ctx context.Context, to time.Time) error {
	for rung := 0; !p.down; rung++ {
		next, err := p.host.Ring(ctx, p.now)
		if err == nil {
			err = p.deliver(ctx)
		}
		switch {
		case errors.Is(err, errDies):
			if err := p.die(); err != nil {
				return err
			}
			continue
		case errors.Is(err, errFull):
			continue
		case err != nil:
			return err
		}
		for _, at := range p.off {
			if next.IsZero() || at.Before(next) {
				next = at
			}
		}
		switch {
		case next.IsZero() || next.After(to):
			p.now = to
			return nil
		case next.After(p.now):
			p.now, rung = next, 0
		case rung > stuck:
			return errors.New("an alarm rings on and on at " + p.now.UTC().Format(time.DateTime))
		}
	}
	p.now = to
	return nil
}

// at returns the seat at an address and the run it belongs to; nil if nobody has it.
func (p *program) at(a rituals.Address) (*run, *seat) {
	for _, r := range p.runs {
		for _, s := range r.seats {
			if s.chat == a {
				return r, s
			}
		}
	}
	return nil, nil
}

// tell shows an answer to whoever acted.
func (p *program) tell(e rituals.Event, a rituals.Answer) {
	m := a.Message()
	text := m.String()
	if a.Form != nil {
		text = formText(a.Form)
	}
	if text == "" {
		return
	}
	for _, r := range p.runs {
		for _, s := range r.seats {
			if s.who == e.Person && !s.away {
				r.answered(s, e, a, text)
			}
		}
	}
}
