package rehearsal

import (
	"context"
	"fmt"
	"time"

	"attune/rituals"
	"attune/store"
)

// A Theatre is another place to perform plays than a host and a store alone: the whole
// program, with people on platforms. The play stays the same, so that all platforms
// tell the same story.
type Theatre interface {
	// Open lets people take their seats, shortly before the play begins, and returns
	// who each of them is. If paired, the first two are a couple already.
	Open(ctx context.Context, p Cast) (map[string]rituals.Person, error)

	// Do lets somebody do something, or something happen to the program, and waits
	// until what comes of it has been said.
	Do(ctx context.Context, d Doing) error

	// Wait lets the clock go on to an instant.
	Wait(ctx context.Context, until time.Time) error

	// Sights returns what somebody has seen since the last call.
	Sights(name string) []Sight

	// Store returns what is remembered by now. Whoever asks closes it.
	Store(ctx context.Context) (*store.Store, error)

	// Same reports whether what a play says is seen is what a platform shows.
	Same(written, shown string) bool
}

// A Cast is who is in a play, and when it begins.
type Cast struct {
	People   []Role
	Paired   bool
	Operator string
	Begins   time.Time
	Gently   bool // steps come after as many evenings as the rituals say; else all are there
}

// A Role is one of the people in a play.
type Role struct {
	Name     string
	Platform rituals.Platform
	Zone     string // IANA name; empty if it is not known
	Language string
}

// A Doing is one act of a play: Verb is a word of the plays' language, such as "says"
// or "down".
type Doing struct {
	Verb  string
	Who   string // empty: the program
	Text  string // what is said, or what stands on the button
	On    string // how the message or the words begin that it is about; whose link
	Times int    // of a tap; which link, 0 being the newest
}

// A Sight is what somebody sees.
type Sight struct {
	Text  string // buttons in brackets below
	Again bool   // an earlier message, changed in place
	Told  bool   // on the spot, no message
}

// Perform goes through the play in a theatre, as [Play.Run] does on a host and a store
// alone. An act that a theatre cannot do is an error.
func (p *Play) Perform(ctx context.Context, t Theatre, o Options) (*Result, error) {
	r := &run{program: &program{}, play: p, opts: o, theatre: t}
	r.cast()
	err := r.perform(ctx)
	return &Result{play: p, lines: r.out}, err
}

// actThere does in the theatre what a line says, and notes what comes of it.
func (r *run) actThere(ctx context.Context, l *line) error {
	switch l.verb {
	case at, later:
		if r.now.IsZero() {
			if err := r.openThere(ctx); err != nil {
				return err
			}
		}
		r.now = l.when
		if err := r.theatre.Wait(ctx, l.when); err != nil {
			return err
		}
	default:
		for _, name := range r.play.names(l.who) {
			d := Doing{Verb: string(l.verb), Who: name, Text: l.text, On: l.object, Times: l.count}
			if err := r.theatre.Do(ctx, d); err != nil {
				return err
			}
		}
	}
	for _, s := range r.seats {
		for _, sight := range r.theatre.Sights(s.name) {
			h := heard{sees, sight.Text}
			switch {
			case sight.Told:
				s.told = append(s.told, heard{isTold, sight.Text})
				continue
			case sight.Again:
				h.verb = seesAgain
			}
			s.heard = append(s.heard, h)
		}
	}
	return nil
}

func (r *run) openThere(ctx context.Context) error {
	c := Cast{Paired: r.play.couple > 0, Operator: r.play.operator, Begins: r.play.starts, Gently: r.play.gently}
	for _, p := range r.play.people {
		c.People = append(c.People, Role{p.name, p.platform, p.zone, p.language})
	}
	if r.play.company != nil || len(r.play.allow) > 0 || r.play.couple > 2 {
		return fmt.Errorf("a play with a group, a list of people or more than two in a couple cannot be performed elsewhere")
	}
	who, err := r.theatre.Open(ctx, c)
	for _, s := range r.seats {
		s.who = who[s.name]
	}
	return err
}

// lookThere returns what a check line would have to say, by what is remembered.
func (r *run) lookThere(ctx context.Context, l *line) (string, error) {
	s, err := r.theatre.Store(ctx)
	if err != nil {
		return "", err
	}
	defer s.Close()
	r.store = s
	return r.look(ctx, l)
}

// same reports whether two texts are the same to a reader.
func (r *run) same(a, b string) bool {
	return a == b || r.theatre != nil && r.theatre.Same(a, b)
}
