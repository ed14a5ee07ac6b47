package rituals

import "errors"

var (
	// ErrNotFound reports that there is no such thing.
	ErrNotFound = errors.New("not found")

	// ErrConflict reports that a change assumed something that no longer holds:
	// load again and decide again.
	ErrConflict = errors.New("state has changed")

	// ErrSettled reports that a change's event or alarm was settled before.
	ErrSettled = errors.New("already settled")

	// ErrUnwritable reports that nothing can be kept for now, as when the disk is full.
	// No change is to blame for it: the same one is to be tried again. Whoever keeps
	// things has told the log.
	ErrUnwritable = errors.New("nothing can be kept")
)
