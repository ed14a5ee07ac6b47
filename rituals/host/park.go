package host

import (
	"context"
	"errors"
	"fmt"
	"time"

	"attune/rituals"
	"attune/rituals/phrases"
)

// Park sets an event aside that could not be settled, and tells the person. The
// event counts as settled.
func (h *Host) Park(ctx context.Context, now time.Time, e rituals.Event, reason string) error {
	c := rituals.Change{Now: now, Event: &e, Park: &rituals.Parked{Event: e, Reason: reason}}
	if e.Private && (e.Kind == rituals.Wrote || e.Kind == rituals.Tapped) && h.allowed(e.Person) {
		language := e.Language
		if !phrases.Speaks(language) {
			language = h.opts.Language
		}
		c.Say = []rituals.Message{{
			Key:    "parked/" + string(e.Person.Platform) + "/" + e.ID,
			To:     e.Chat,
			Blocks: paragraphs(phrases.In(language).Say("parked")),
		}}
	}
	if err := h.store.Commit(ctx, c); err != nil && !errors.Is(err, rituals.ErrSettled) {
		return fmt.Errorf("park event %s: %w", e.ID, err)
	}
	return nil
}
