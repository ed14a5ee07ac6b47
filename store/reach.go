//go:build !crash

package store

// reach does nothing: only a build with the tag crash can be told to end at a point.
func reach(string) {}
