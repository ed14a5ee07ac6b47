package main

import (
	"fmt"
	"io"
)

// A finding is something that was looked at, and if need be what to do about it.
type finding struct {
	state state
	about string // one word
	says  string
}

// A state says how well something is.
type state string

const (
	well state = "ok"
	mind state = "mind" // it works, but whoever runs it should know
	fix  state = "fix"  // it does not work
)

// Findings are what was found, in the order of looking.
type findings []finding

func (fs *findings) add(s state, about, format string, args ...any) {
	*fs = append(*fs, finding{s, about, fmt.Sprintf(format, args...)})
}

// well reports whether there is nothing to be fixed.
func (fs findings) well() bool { return fs.first() == nil }

// first returns the first thing to be fixed; nil if there is none.
func (fs findings) first() *finding {
	for i := range fs {
		if fs[i].state == fix {
			return &fs[i]
		}
	}
	return nil
}

// print writes a line for each.
func (fs findings) print(w io.Writer) {
	for _, f := range fs {
		fmt.Fprintf(w, "%-4s  %-9s  %s\n", f.state, f.about, f.says)
	}
}
