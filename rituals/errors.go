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
)
