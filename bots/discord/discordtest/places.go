package discordtest

import (
	"cmp"
	"slices"
	"time"
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
	quiet      int  // minutes without a word until a thread is put away
	invites    bool // who is in a thread can let others in
	archived   bool
	locked     bool
	moved      time.Time // when a thread was made, put away or taken out again
	gone       bool
}

// let lets a person in.
func (s *Server) let(p *place, who *person, by string) {
	switch {
	case p.kind == privateThread:
		s.enter(p, who, by)
	case !p.sees(who.id):
		s.overwrite(p, overwrite{who.id, ofMember, ViewChannel, 0})
	}
}

// over reports whether a channel is gone, or that of a thread.
func (p *place) over() bool { return p.gone || p.parent != nil && p.parent.gone }

// Archive puts a thread away, as happens after some days; a lock keeps it there.
func (s *Server) Archive(id string, lock bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.places[id]
	p.locked = lock
	s.archive(p, true)
}

// archive puts a thread away or takes it out again, and tells of it.
func (s *Server) archive(t *place, away bool) {
	t.archived, t.moved = away, time.Now()
	s.tell("THREAD_UPDATE", intentGuilds, func(int) any { return s.wirePlace(t) })
}

// Remove deletes a channel or a thread.
func (s *Server) Remove(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.end(s.places[id])
}

// end deletes a channel, with its threads, or a thread.
func (s *Server) end(p *place) {
	p.gone = true
	if p.kind != privateThread {
		s.tell("CHANNEL_DELETE", intentGuilds, func(int) any { return s.wirePlace(p) })
		return
	}
	s.tell("THREAD_DELETE", intentGuilds, func(int) any {
		return map[string]any{"id": p.id, "guild_id": p.guild.id, "parent_id": p.parent.id, "type": p.kind}
	})
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
		if p.parent != nil && p.parent.id == channel && !p.over() {
			all = append(all, id)
		}
	}
	slices.SortFunc(all, func(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b)) })
	return all
}

// place returns the place that a request names, if the bot can see it.
func (s *Server) place(q *request) (*place, *apiError) {
	p := s.places[q.path("channel")]
	if p == nil || p.over() {
		return nil, unknownChannel
	}
	return p, p.permits(0)
}
