package rehearsal

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"attune/rituals"
	"attune/rituals/host"
	"attune/rituals/library"
	"attune/store"
)

// Options say how plays are run.
type Options struct {
	Library *library.Library
	Log     *slog.Logger // nil: none
	Update  bool         // Rehearse and Test rewrite what is seen instead of comparing it
}

// A run is one going through a play.
type run struct {
	play *Play
	opts Options
	path string // of the database

	theatre Theatre // nil: a host and a store alone

	store  *store.Store
	host   *host.Host
	random io.Reader
	watch  func(rituals.Change) // told of each change that was committed; may be nil

	now    time.Time
	down   bool
	found  bool            // what waited in the outbox at the start was looked for
	queue  []rituals.Event // what people did while it was down
	seats  []*seat         // in the order of the play's people, then the others
	codes  []code          // of invitations, in the order of being shown
	events int
	last   rituals.Event

	out []string // the play as it went
}

// A seat is where one person sits: what they see and what they said.
type seat struct {
	person
	who     rituals.Person
	chat    rituals.Address
	private bool
	blocked bool

	readers rituals.Readers // of a chat of several people
	form    *rituals.Form   // that is open before them
	formIn  *seat           // where it was opened

	shown []*shown
	words []words
	heard []heard // messages since the last act, not yet found in the play
	told  []heard // and what was shown on the spot
}

// A shown is a message as its reader sees it, with how it looked before it was
// changed in place.
type shown struct {
	id    string // the platform's
	looks []rituals.Message
	in    *seat // the chat of several people it was shown in, to this person alone; nil: their own chat
}

// words are what somebody wrote.
type words struct{ source, text string }

// A heard is what a sight line of a play tells.
type heard struct {
	verb verb
	text string
}

// A code is an invitation's, and who was shown it.
type code struct {
	code string
	to   []*seat
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

// seed makes invite codes and ids the same each time a play is run.
var seed = [32]byte([]byte("the same for each play, each time"))

// Run goes through the play. If an act cannot be done the error says where and
// why, and the result holds the play up to there.
func (p *Play) Run(ctx context.Context, o Options) (*Result, error) {
	dir, err := os.MkdirTemp("", "attune-play-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	r := &run{play: p, opts: o, path: filepath.Join(dir, "play.db"), random: &random{from: rand.NewChaCha8(seed)}}
	var c complaints
	if o.Log == nil {
		r.opts.Log = c.log()
	}
	r.cast()
	if err := r.rise(ctx); err != nil {
		return nil, err
	}
	err = r.perform(ctx)
	return &Result{play: p, lines: r.out}, errors.Join(err, r.store.Close(), c.err())
}

// complaints are what goes wrong without anybody seeing it: what would be logged as
// errors.
type complaints struct {
	mu   sync.Mutex
	rows []error
}

// log returns a log that takes in what is complained about.
func (c *complaints) log() *slog.Logger {
	return slog.New(slog.NewTextHandler(c, &slog.HandlerOptions{Level: slog.LevelError}))
}

func (c *complaints) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.rows = append(c.rows, errors.New("it is logged: "+strings.TrimSpace(string(p))))
	return len(p), nil
}

func (c *complaints) err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return errors.Join(c.rows...)
}

// cast gives everybody a seat.
func (r *run) cast() {
	for _, p := range r.play.people {
		r.seat(p, true)
	}
	platform := rituals.Telegram
	if len(r.seats) > 0 {
		platform = r.seats[0].platform
	}
	r.seat(person{name: stranger, platform: platform, language: "en"}, true)
	r.company()
}

func (r *run) seat(p person, private bool) {
	id := ident(p.name)
	r.seats = append(r.seats, &seat{
		person:  p,
		private: private,
		who:     rituals.Person{Platform: p.platform, ID: id},
		chat:    rituals.Address{Platform: p.platform, Chat: id},
	})
}

// rise opens the store and seats a host on it.
func (r *run) rise(ctx context.Context) error {
	s, err := store.Open(ctx, r.path, store.Options{Log: r.opts.Log})
	if err != nil {
		return err
	}
	r.store, r.found = s, false
	r.host = host.New(r.memory(), r.hostOptions())
	return nil
}

// memory is what a host of the run remembers in.
func (r *run) memory() remembers {
	if r.watch == nil {
		return r.store
	}
	return watched{r.store, r.watch}
}

// A remembers is what hosts need of a store.
type remembers interface {
	host.Store
	host.Reader
}

// A watched is a store of whose changes somebody is told.
type watched struct {
	*store.Store
	watch func(rituals.Change)
}

// Commit commits, and tells.
func (w watched) Commit(ctx context.Context, c rituals.Change) error {
	err := w.Store.Commit(ctx, c)
	if err == nil {
		w.watch(c)
	}
	return err
}

func (r *run) hostOptions() host.Options {
	o := host.Options{
		Library:  r.library(),
		Operator: r.play.operator,
		Random:   r.random,
		Log:      r.opts.Log,
	}
	for _, name := range r.play.allow {
		o.Allow = append(o.Allow, r.named(name).who)
	}
	return o
}

// fall ends the host and closes its store, as at the end of a process.
func (r *run) fall() error { return r.store.Close() }

// perform goes through the lines: an act, then what was seen because of it.
func (r *run) perform(ctx context.Context) error {
	var scene []*line
	for i, l := range r.play.lines {
		if l.kind != act {
			scene = append(scene, l)
			continue
		}
		if err := r.settle(ctx, scene); err != nil {
			return err
		}
		scene = nil
		r.out = append(r.out, l.raw...)
		if err := r.act(ctx, l); err != nil {
			for _, l := range r.play.lines[i+1:] {
				r.out = append(r.out, l.raw...)
			}
			return fmt.Errorf("%s:%d: %w", r.play.Name, l.no, err)
		}
	}
	return r.settle(ctx, scene)
}

// named returns the seat of that name.
func (r *run) named(name string) *seat {
	for _, s := range r.seats {
		if s.name == name {
			return s
		}
	}
	return nil // the parser lets no other names through
}

// at returns the seat at an address, or nil.
func (r *run) at(a rituals.Address) *seat {
	for _, s := range r.seats {
		if s.chat == a {
			return s
		}
	}
	return nil
}

// begin makes the couple a minute before the play begins, so that what is due
// at its first minute is due.
func (r *run) begin(ctx context.Context) error {
	r.now = r.play.starts.Add(-time.Minute)
	if r.play.couple == 0 {
		return nil
	}
	var members []rituals.Member
	for _, s := range r.seats[:r.play.couple] {
		members = append(members, rituals.Member{
			Person: s.who, Address: s.chat, Name: s.name, Zone: s.zone, Language: s.language,
		})
	}
	_, err := r.host.Pair(ctx, r.now, members...)
	return err
}
