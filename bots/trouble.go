package bots

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

const (
	tellAgain = 10 * time.Minute // trouble that lasts is told of so often
	tellAnew  = time.Minute      // and trouble that comes and goes
)

// A Trouble is something that may go wrong again and again, such as reaching a
// platform. The log tells of it when it begins, every ten minutes while it lasts, and
// when it is over; what comes and goes is told of once a minute. It is safe for
// concurrent use.
type Trouble struct {
	log *slog.Logger

	mu    sync.Mutex
	since time.Time            // zero: all is well
	times int                  // that it was met since
	open  map[string]bool      // what was told of since
	told  map[string]time.Time // when it was told of
}

// NewTrouble returns a trouble that is told of in log.
func NewTrouble(log *slog.Logger) *Trouble {
	return &Trouble{log: log, open: make(map[string]bool), told: make(map[string]time.Time)}
}

// Met tells what went wrong, unless that was told of not long ago.
func (t *Trouble) Met(level slog.Level, what string, args ...any) {
	now := time.Now()
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.since.IsZero() {
		t.since = now
	}
	t.times++
	least := tellAnew
	if t.open[what] {
		least = tellAgain
	}
	if last, ok := t.told[what]; ok && now.Sub(last) < least {
		return
	}
	t.open[what], t.told[what] = true, now
	if t.times > 1 {
		args = append(args, "times", t.times)
	}
	t.log.Log(context.Background(), level, what, args...)
}

// Over tells that it goes well, if anything was told of.
func (t *Trouble) Over(what string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.since.IsZero() {
		return
	}
	if len(t.open) > 0 {
		t.log.Info(what, "after", time.Since(t.since).Round(time.Second), "times", t.times)
	}
	t.since, t.times = time.Time{}, 0
	clear(t.open)
}
