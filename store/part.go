package store

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// A file that is being written has a name of its own beside the one it will have, so
// that under that there is only ever a whole one. A process that is killed leaves it
// behind; it is swept away by the next that writes there, once it is this old.
const (
	partMark = ".part-"
	partOld  = time.Hour
)

// part makes an empty file beside file, for its owner's eyes only, that a later
// [place] gives that name. The folder has to be there.
func part(file string) (string, error) {
	sweep(file, time.Now())
	dir, base := filepath.Split(file)
	f, err := os.CreateTemp(dir, base+partMark)
	if errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("there is no folder %s; make it, or name another", filepath.Clean(dir))
	}
	if err != nil {
		return "", err
	}
	return f.Name(), f.Close()
}

// sweep removes what was left half written of a file.
func sweep(file string, now time.Time) {
	dir, base := filepath.Split(file)
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		info, err := e.Info()
		if err == nil && info.Mode().IsRegular() && strings.HasPrefix(e.Name(), base+partMark) && now.Sub(info.ModTime()) > partOld {
			_ = os.Remove(filepath.Join(dir, e.Name()))
		}
	}
}

// discard removes a database that is not needed, with all that SQLite keeps beside it.
func discard(file string) {
	for _, end := range []string{"", "-wal", "-shm", "-journal"} {
		_ = os.Remove(file + end)
	}
}

// place gives a whole file its name, for good: it is on the disk when place
// returns.
func place(part, file string) error {
	f, err := os.OpenFile(part, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	if err := errors.Join(f.Sync(), f.Close(), os.Rename(part, file)); err != nil {
		return err
	}
	return syncFolder(file)
}

// syncFolder makes the names in the folder of file lasting.
func syncFolder(file string) error {
	if runtime.GOOS == "windows" {
		return nil // which has no such call, and writes names through
	}
	dir, err := os.Open(filepath.Dir(file))
	if err != nil {
		return err
	}
	err = dir.Sync()
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, errors.ErrUnsupported) {
		err = nil // some disks of other machines know no such call
	}
	return errors.Join(err, dir.Close())
}

// copyFile writes the whole of a file to another that is there.
func copyFile(to, from string) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Sync(), out.Close())
}
