package host

import (
	"context"
	"time"

	"attune/rituals"
)

// Form returns what a tapped button opens: a form, or a line in its place. It
// changes nothing.
func (h *Host) Form(ctx context.Context, now time.Time, e rituals.Event) (rituals.Answer, error) {
	if !h.allowed(e.Person) {
		return h.refuse(e), nil
	}
	load := func() (rituals.State, error) { return h.store.Load(ctx, e.Person) }
	_, answer, err := h.decide(ctx, now, load, &e, nil)
	return rituals.Answer{Text: answer.Text, Form: answer.Form}, err
}
