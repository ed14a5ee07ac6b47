//go:build linux || darwin || freebsd

package main

import (
	"io/fs"

	"golang.org/x/sys/unix"
)

// free returns how many bytes there are for files in a folder.
func free(folder string) (uint64, error) {
	var s unix.Statfs_t
	if err := unix.Statfs(folder, &s); err != nil {
		return 0, err
	}
	return uint64(s.Bavail) * uint64(s.Bsize), nil
}

// private reports whether only the owner of a file can read it.
func private(info fs.FileInfo) bool { return info.Mode().Perm()&0o077 == 0 }
