//go:build unix

package store

import (
	"os"

	"golang.org/x/sys/unix"
)

// lock takes the lock on f without waiting; the system releases it when the
// process ends, however it ends.
func lock(f *os.File) error { return unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB) }
