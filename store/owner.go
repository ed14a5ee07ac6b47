package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// An owner holds the lock beside a database: one process owns the file. The system
// lets go of it when the process ends, however it ends. What the lock's file says
// is for people while the lock is held, and for the next owner afterwards.
type owner struct {
	path string
	file *os.File
	left string // by the owner before
}

// own makes the folder of path and takes the lock beside it. The error wraps
// [ErrLocked] if somebody else has it.
func own(path string, now time.Time) (*owner, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("the database's folder cannot be made: %w", err)
	}
	f, err := os.OpenFile(path+".lock", os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("the database's folder cannot be written: %w", err)
	}
	locked := lock(f)
	b, _ := os.ReadFile(f.Name())
	o := &owner{path, f, strings.TrimSpace(string(b))}
	switch {
	case errors.Is(locked, ErrLocked):
		err = fmt.Errorf("%s: %w by %s", path, ErrLocked, o.other())
	case locked != nil:
		err = fmt.Errorf("%s: its folder knows no locks, so that two could write at once; put it on a disk of this machine: %w", path, locked)
	default:
		err = o.write(holder(now))
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return o, nil
}

// holder says who holds the lock. In a container every process is number 1, and the
// machine's name is that of the container.
func holder(now time.Time) string {
	s := fmt.Sprintf("process %d", os.Getpid())
	if name, err := os.Hostname(); err == nil {
		s += " on " + name
	}
	return s + " since " + now.UTC().Format("2006-01-02 15:04:05") + " UTC"
}

// other returns who holds a lock that could not be taken.
func (o *owner) other() string {
	if !strings.HasPrefix(o.left, "process ") {
		return "another process" // it has only just taken it
	}
	return o.left
}

func (o *owner) write(s string) error {
	_, err := o.file.WriteAt([]byte(s+"\n"), 0)
	if err == nil {
		err = o.file.Truncate(int64(len(s) + 1))
	}
	if err != nil {
		return fmt.Errorf("the database's folder cannot be written: %w", err)
	}
	return nil
}

// clean reports whether the database is the very file that was closed in order by the
// owner before.
func (o *owner) clean() bool {
	s, err := o.closed()
	return err == nil && s == o.left
}

// closed describes a database that nobody has open, so that another file in its place
// or one that was written since is known.
func (o *owner) closed() (string, error) {
	if _, err := os.Lstat(o.path + "-wal"); !errors.Is(err, fs.ErrNotExist) {
		return "", errors.New("it is open, or was not closed in order")
	}
	info, err := os.Stat(o.path)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("closed in order, %d bytes, %d", info.Size(), info.ModTime().UnixNano()), nil
}

// leave lets go of the lock, and says to the next owner how the database was left.
func (o *owner) leave(how string) error {
	return errors.Join(o.write(how), o.file.Close())
}
