package host

import (
	"sync"

	"attune/rituals"
)

// Turns let a decision that others were faster than twice be made while the couple's
// others wait: two who write on and on at the same time would otherwise keep one of
// them out. Couples share a turn with a few others.
type turns [64]sync.RWMutex

func (t *turns) of(c rituals.CoupleID) *sync.RWMutex { return &t[uint64(c)%uint64(len(t))] }

// among calls f while nobody has the turn alone.
func (t *turns) among(c rituals.CoupleID, f func() error) error {
	m := t.of(c)
	m.RLock()
	defer m.RUnlock()
	return f()
}

// alone waits for the turn and returns what gives it back.
func (t *turns) alone(c rituals.CoupleID) (done func()) {
	m := t.of(c)
	m.Lock()
	return m.Unlock
}
