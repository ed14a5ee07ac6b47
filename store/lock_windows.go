package store

import (
	"errors"
	"os"

	"golang.org/x/sys/windows"
)

// lock takes the lock on f without waiting; the system releases it when the
// process ends, however it ends. The error is [ErrLocked] if another has it. The
// byte it locks lies far behind the owner's id, so that others can read that.
func lock(f *os.File) error {
	at := windows.Overlapped{Offset: 1 << 30}
	how := uint32(windows.LOCKFILE_EXCLUSIVE_LOCK | windows.LOCKFILE_FAIL_IMMEDIATELY)
	err := windows.LockFileEx(windows.Handle(f.Fd()), how, 0, 1, 0, &at)
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) || errors.Is(err, windows.ERROR_IO_PENDING) {
		return ErrLocked
	}
	return err
}
