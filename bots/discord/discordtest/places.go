package discordtest

import (
	"cmp"
	"slices"
)

// Kinds of channels.
const (
	guildText     = 0
	directMessage = 1
	privateThread = 12
)

// A place is a channel: of a guild, between the bot and a person, or a thread.
type place struct {
	id, name   string
	kind       int
	guild      *Guild
	parent     *place
	with       *person     // whose direct messages these are
	overwrites []overwrite // of a channel
	readers    []string    // who is in a thread, without the bot
	said       []*Message
	archived   bool
	locked     bool
	gone       bool
}

// let lets a person in.
func (s *Server) let(p *place, who *person, by string) {
	if p.kind == privateThread {
		if !slices.Contains(p.readers, who.id) {
			p.readers = append(p.readers, who.id)
			s.say(p, &Message{From: by, joined: who})
		}
		return
	}
	if !p.sees(who.id) {
		s.overwrite(p, overwrite{who.id, ofMember, ViewChannel, 0})
	}
}

// unlet lets a person out of a thread.
func (s *Server) unlet(p *place, id string) { p.readers = without(p.readers, id) }

// Archive puts a thread away, as happens after some days; a lock keeps it there.
func (s *Server) Archive(id string, lock bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.places[id]
	p.archived, p.locked = true, lock
	s.tell("THREAD_UPDATE", intentGuilds, func(int) any { return s.wirePlace(p) })
}

// Remove deletes a channel or a thread.
func (s *Server) Remove(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.places[id]
	p.gone = true
	kind := "CHANNEL_DELETE"
	if p.kind == privateThread {
		kind = "THREAD_DELETE"
	}
	s.tell(kind, intentGuilds, func(int) any { return s.wirePlace(p) })
}

// Thread returns the id of the last thread of a channel, "" if there is none.
func (s *Server) Thread(channel string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := s.threads(channel)
	if len(all) == 0 {
		return ""
	}
	return all[len(all)-1]
}

// Threads returns the ids of a channel's threads, in the order in which they were made.
func (s *Server) Threads(channel string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.threads(channel)
}

func (s *Server) threads(channel string) []string {
	var all []string
	for id, p := range s.places {
		if p.parent != nil && p.parent.id == channel && !p.gone {
			all = append(all, id)
		}
	}
	slices.SortFunc(all, func(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b)) })
	return all
}

// place returns the place that a request names, if the bot can see it.
func (s *Server) place(q *request) (*place, *apiError) {
	p := s.places[q.path("channel")]
	if p == nil || p.gone {
		return nil, unknownChannel
	}
	return p, p.permits(0)
}
