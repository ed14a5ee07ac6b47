package store

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"

	"attune/rituals"
)

// TestCloseAmidWrites closes the store while many write: what was reported as
// written is there when it is opened again, and nobody waits for ever.
func TestCloseAmidWrites(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "attune.db")
	s := openAt(t, path)
	const writers = 50
	last := make([]int, writers)
	begun := make(chan struct{}, writers)
	var wg sync.WaitGroup
	for n := range writers {
		wg.Go(func() {
			for i := 1; ; i++ {
				err := s.SetCursor(ctx, rituals.Telegram, fmt.Sprint(n), fmt.Sprint(i))
				if errors.Is(err, ErrClosed) {
					return
				}
				if err != nil {
					t.Errorf("SetCursor while the store closes: got %v, want nil or %v", err, ErrClosed)
					return
				}
				if last[n] = i; i == 1 {
					begun <- struct{}{}
				}
			}
		})
	}
	for range writers {
		<-begun
	}
	if err := s.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
	wg.Wait()
	s = openAt(t, path)
	for n, want := range last {
		got, err := s.Cursor(ctx, rituals.Telegram, fmt.Sprint(n))
		if err != nil || got != fmt.Sprint(want) {
			t.Errorf("Cursor(%d) after Close: got %s, %v, want %d", n, got, err, want)
		}
	}
}
