//go:build race

package main

// raced is whether the tests were built with the race detector.
const raced = true
