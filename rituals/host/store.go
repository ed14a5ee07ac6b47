package host

import (
	"context"
	"time"

	"attune/rituals"
)

// Store is what the host needs remembered. The store satisfies it unseen.
//
// Load and LoadCouple return a State; an unknown person gives a State with only
// Person set, an unknown couple one without a Couple.
type Store interface {
	Load(ctx context.Context, who rituals.Person) (rituals.State, error)
	LoadCouple(ctx context.Context, id rituals.CoupleID) (rituals.State, error)
	// LoadPlace returns the state of the couple whose place a chat is; one without a
	// Couple if it is nobody's.
	LoadPlace(ctx context.Context, at rituals.Address) (rituals.State, error)
	Commit(ctx context.Context, c rituals.Change) error
	// Due returns alarms due at now, oldest first, and when the next one after
	// those is; the zero time if there is none.
	Due(ctx context.Context, now time.Time, limit int) ([]rituals.Alarm, time.Time, error)
}

// Reader is what the host asks for now and then. Lookups of one thing return an
// error wrapping [rituals.ErrNotFound] if it is not there.
type Reader interface {
	Invite(ctx context.Context, code string) (rituals.Invite, error)
	CheckIn(ctx context.Context, id rituals.CheckInID) (rituals.CheckIn, error)
	Held(ctx context.Context, m rituals.MemberID) ([]rituals.Held, error)
	// Outcomes returns the settled days of a couple's rituals that count, oldest first.
	Outcomes(ctx context.Context, couple rituals.CoupleID) ([]rituals.Outcome, error)
	// Notes returns a member's own past answers, newest first, beyond those to skip;
	// of what opened, with what others showed. None is [rituals.ErrNotFound].
	Notes(ctx context.Context, m rituals.MemberID, skip, limit int) ([]rituals.Note, error)
	// Drawn returns the cards that a couple's check-ins were dealt that were opened since
	// then: by [rituals.CardKey], the last day of each. Those that a member has asked for
	// in place of another are among them only if the answers opened. Of private rituals
	// it counts what was dealt to the member named alone, and then nothing else; 0: what
	// was dealt to all.
	Drawn(ctx context.Context, couple rituals.CoupleID, alone rituals.MemberID, since time.Time) (map[string]rituals.Day, error)
	Heard
	Homed
	Timed
	Past
}

// Timed tells what is set to fall due.
type Timed interface {
	// Alarms returns the alarms of a couple that are of a kind, soonest first.
	Alarms(ctx context.Context, couple rituals.CoupleID, kind rituals.AlarmKind) ([]rituals.Alarm, error)
}

// Past tells what a couple has kept before.
type Past interface {
	// Recent returns the last check-ins of a couple's ritual that asked the member named
	// alone, or with 0 somebody, newest first.
	Recent(ctx context.Context, couple rituals.CoupleID, ritual string, alone rituals.MemberID, limit int) ([]rituals.CheckIn, error)
}

// Homed tells where members can be reached.
type Homed interface {
	// Homes returns the addresses of members, for each the one they joined with first.
	Homes(ctx context.Context, members ...rituals.MemberID) ([]rituals.Home, error)
}

// Heard tells what was said and has arrived.
type Heard interface {
	// MessageKey returns the key of the message that the platform knows by that id.
	MessageKey(ctx context.Context, to rituals.Address, message string) (key string, err error)
	// Reached reports whether a message whose key begins so has been delivered.
	Reached(ctx context.Context, to rituals.Address, prefix string) (bool, error)
}
