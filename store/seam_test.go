package store_test

import (
	"attune/bots"
	"attune/rituals/host"
	"attune/store"
)

// The store satisfies unseen what others declare.
var (
	_ host.Store   = (*store.Store)(nil)
	_ host.Reader  = (*store.Store)(nil)
	_ bots.Outbox  = (*store.Store)(nil)
	_ bots.Cursors = (*store.Store)(nil)
)
