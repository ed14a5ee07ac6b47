package host

import (
	"context"
	"errors"
	"fmt"
	"time"

	"attune/rituals"
)

// Park sets an event aside that could not be settled, and tells the person. The
// event counts as settled.
func (h *Host) Park(ctx context.Context, now time.Time, e rituals.Event, reason string) error {
	c := rituals.Change{Now: now, Event: &e, Park: &rituals.Parked{Event: e, Reason: reason}}
	if to := home(&e); actedOn(e.Kind) && to.Chat != "" && h.allowed(e.Person) {
		c.Say = []rituals.Message{{
			Key:    "parked/" + string(e.Person.Platform) + "/" + e.ID,
			To:     to,
			Blocks: paragraphs(voiceOf(&e, h.opts.Language).Say("parked")),
		}}
	}
	if err := h.store.Commit(ctx, c); err != nil && !errors.Is(err, rituals.ErrSettled) {
		return fmt.Errorf("park event %s: %w", e.ID, err)
	}
	return nil
}

// Unkept returns what to tell somebody whose event could not be kept and does not come
// again by itself.
func (h *Host) Unkept(e rituals.Event) rituals.Answer {
	return rituals.Answer{Text: voiceOf(&e, h.opts.Language).Say("unkept")}
}

// actedOn reports whether an event is something a person did who waits for what comes
// of it.
func actedOn(k rituals.EventKind) bool {
	return k == rituals.Wrote || k == rituals.Tapped || k == rituals.Filled
}
