// Package host decides: what a person did or what is due comes in, a change goes
// out. Deciding is a plain function of the state, the event or alarm, and now.
package host

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"log/slog"
	"time"

	"attune/rituals"
	"attune/rituals/library"
)

// Store is what the host needs remembered. The store satisfies it unseen.
//
// Load and LoadCouple return a State; an unknown person gives a State with only
// Person set, an unknown couple one without a Couple.
type Store interface {
	Load(ctx context.Context, who rituals.Person) (rituals.State, error)
	LoadCouple(ctx context.Context, id rituals.CoupleID) (rituals.State, error)
	Commit(ctx context.Context, c rituals.Change) error
	// Due returns alarms due at now, oldest first, and when the next one after
	// those is; the zero time if there is none.
	Due(ctx context.Context, now time.Time, limit int) ([]rituals.Alarm, time.Time, error)
}

// Reader is what the host asks for now and then. All but Outcomes return an error
// wrapping [rituals.ErrNotFound] for what is not there.
type Reader interface {
	Invite(ctx context.Context, code string) (rituals.Invite, error)
	CheckIn(ctx context.Context, id rituals.CheckInID) (rituals.CheckIn, error)
	Held(ctx context.Context, id int64) (rituals.Held, error)
	// MessageKey returns the key of the message that the platform knows by that id.
	MessageKey(ctx context.Context, to rituals.Address, message string) (key string, err error)
	// Outcomes returns the settled days of a couple's rituals that count, oldest first.
	Outcomes(ctx context.Context, couple rituals.CoupleID) ([]rituals.Outcome, error)
	// Notes returns a page of a member's own past answers, newest first.
	Notes(ctx context.Context, m rituals.MemberID, page, size int) ([]rituals.Note, error)
}

// Options say how a host is set up.
type Options struct {
	Library  *library.Library
	Operator string           // who runs the server, for the one page; may be empty
	Allow    []rituals.Person // who may use it; empty: anyone
	Language string           // for people whose platform does not say
	Random   io.Reader        // for invite codes; nil: crypto/rand
	Log      *slog.Logger     // nil: none
}

// A Host decides for all couples.
type Host struct {
	store  Store
	reader Reader
	opts   Options
	log    *slog.Logger
	wake   chan struct{}
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
	if o.Language == "" {
		o.Language = "en"
	}
	return &Host{store: s, reader: s, opts: o, log: o.Log, wake: make(chan struct{}, 1)}
}

// Handle settles one event and returns what the platform wants answered on the
// spot. An event that was settled before gives an empty answer.
func (h *Host) Handle(ctx context.Context, now time.Time, e rituals.Event) (rituals.Answer, error) {
	return rituals.Answer{}, errors.ErrUnsupported
}

// Park sets an event aside that could not be settled, and tells the person.
func (h *Host) Park(ctx context.Context, now time.Time, e rituals.Event, reason string) error {
	return errors.ErrUnsupported
}

// Ring settles every alarm due at now, and returns when the next one is; the
// zero time if there is none.
func (h *Host) Ring(ctx context.Context, now time.Time) (next time.Time, err error) {
	return time.Time{}, errors.ErrUnsupported
}

// Run rings alarms as they fall due, until ctx ends.
func (h *Host) Run(ctx context.Context) error {
	return errors.ErrUnsupported
}

// Commands returns the table that feeds the platforms' menus and /help.
func Commands(l *library.Library) []rituals.Command { return nil }
