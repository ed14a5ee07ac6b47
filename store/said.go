package store

import "attune/rituals"

// Said returns a channel that receives after a commit that has something to say
// on p, and after messages were released.
func (s *Store) Said(p rituals.Platform) <-chan struct{} { return s.saidOn(p) }

func (s *Store) saidOn(p rituals.Platform) chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, ok := s.said[p]
	if !ok {
		c = make(chan struct{}, 1)
		s.said[p] = c
	}
	return c
}

func (s *Store) wake(ps []rituals.Platform) {
	for _, p := range ps {
		select {
		case s.saidOn(p) <- struct{}{}:
		default:
		}
	}
}
