package main

import (
	"os"
	"testing"
)

// TestBinaryIsSmall builds the program as it is shipped.
func TestBinaryIsSmall(t *testing.T) {
	const most = 20 << 20
	info, err := os.Stat(build(t))
	if err != nil {
		t.Fatal(err)
	}
	if info.Size() > most {
		t.Errorf("the program has %d bytes, want at most %d", info.Size(), most)
	}
	t.Logf("%.1f MB", float64(info.Size())/1e6)
}
