package store

import "attune/rituals"

// A fresh is what was said on a platform since its courier last asked.
type fresh struct {
	told  chan struct{}
	chats map[rituals.Address]bool
	all   bool // something beside new messages, or too many of them
	news  bool // something its courier was not told of yet
}

// mostFresh is how many chats are remembered by name.
const mostFresh = 512

// Said returns a channel that receives after a commit that has something to say
// on p, and after messages were released; perhaps a moment after the commit returned.
func (s *Store) Said(p rituals.Platform) <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.saidOn(p).told
}

// Fresh returns the chats in which something was said since it was last called; all
// reports that there may be more than these.
func (s *Store) Fresh(p rituals.Platform) (chats []rituals.Address, all bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.saidOn(p)
	for to := range f.chats {
		chats = append(chats, to)
	}
	all, f.all = f.all, false
	clear(f.chats)
	return chats, all
}

// saidOn returns what is fresh on a platform. The caller holds the lock.
func (s *Store) saidOn(p rituals.Platform) *fresh {
	f := s.said[p]
	if f == nil {
		f = &fresh{told: make(chan struct{}, 1), chats: make(map[rituals.Address]bool)}
		s.said[p] = f
	}
	return f
}

// freshen notes what a job has for couriers.
func (s *Store) freshen(j *job) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range j.wakes {
		f := s.saidOn(p)
		f.all, f.news = true, true
	}
	if j.wrote == nil {
		return
	}
	for i := range j.wrote.Say {
		m := &j.wrote.Say[i]
		f := s.saidOn(m.To.Platform)
		f.news = true
		if f.chats[m.To] = true; len(f.chats) > mostFresh {
			f.all = true
			clear(f.chats)
		}
	}
}

// wake tells the couriers for whom something was noted since they were told last.
func (s *Store) wake() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range s.said {
		if !f.news {
			continue
		}
		f.news = false
		select {
		case f.told <- struct{}{}:
		default:
		}
	}
}
