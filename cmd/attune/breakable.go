//go:build !crash

package main

// breakable returns the platforms as they are: only a build with the tag crash can be
// told to end at a point.
func breakable(p platforms) platforms { return p }
