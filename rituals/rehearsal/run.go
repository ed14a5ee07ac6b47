package rehearsal

import (
	"context"
	"errors"
	"fmt"
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
)

// Options say how plays are run.
type Options struct {
	Library *library.Library
	Log     *slog.Logger // nil: none
	Update  bool         // Rehearse and Test rewrite what is seen instead of comparing it
}

// A run is one going through a play.
type run struct {
	*program
	play *Play
	opts Options

	theatre Theatre // nil: a host and a store alone

	couple rituals.CoupleID // of the play; 0: as the host numbers it
	tag    string           // tells its people and what they do from those of others that share the program
	seats  []*seat          // in the order of the play's people, then the others
	codes  []code           // of invitations, in the order of being shown
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
	away    bool           // nothing can be said to them for a while
	unsure  bool           // the next message comes, and nobody knows
	came    map[int64]bool // rows of the outbox that came, and nobody knows

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
	var c complaints
	if o.Log == nil {
		o.Log = c.log()
	}
	r := &run{program: newProgram(filepath.Join(dir, "play.db")), play: p, opts: o}
	r.enter()
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
	if strings.Contains(string(p), inPlay) {
		return len(p), nil
	}
	c.rows = append(c.rows, errors.New("it is logged: "+strings.TrimSpace(string(p))))
	return len(p), nil
}

func (c *complaints) err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return errors.Join(c.rows...)
}

// enter gives everybody a seat, and the program to a run that is alone with it.
func (r *run) enter() {
	r.cast()
	r.settings = r.hostOptions()
	r.runs = append(r.runs, r)
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
	id := ident(p.name) + r.tag
	r.seats = append(r.seats, &seat{
		person:  p,
		private: private,
		who:     rituals.Person{Platform: p.platform, ID: id},
		chat:    rituals.Address{Platform: p.platform, Chat: id},
	})
}

func (r *run) hostOptions() host.Options {
	o := host.Options{
		Library:  r.library(),
		Operator: r.play.operator,
		Random:   &random{from: rand.NewChaCha8(seed)},
		Log:      r.opts.Log,
	}
	for _, name := range r.play.allow {
		o.Allow = append(o.Allow, r.named(name).who)
	}
	return o
}

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

// begin makes the couple a minute before the play begins, so that what is due
// at its first minute is due.
func (r *run) begin(ctx context.Context) error {
	r.now = r.play.starts.Add(-time.Minute)
	if err := r.sweeps(ctx); err != nil || r.play.couple == 0 {
		return err
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
