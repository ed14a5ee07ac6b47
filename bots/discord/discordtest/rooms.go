package discordtest

import (
	"maps"
	"slices"
)

// where tells the address of the gateway: the root of the host that was asked.
func (s *Server) where(q *request) (any, *apiError) {
	s.host = q.http.Host
	return map[string]any{
		"url": "ws://" + s.host, "shards": 1,
		"session_start_limit": map[string]any{"total": 1000, "remaining": 1000 - s.counts.Identifies, "reset_after": 86_400_000, "max_concurrency": 1},
	}, nil
}

func (s *Server) getUser(q *request) (any, *apiError) {
	if p := s.people[q.path("user")]; p != nil {
		return p.wire(), nil
	}
	return nil, unknownUser
}

// listGuilds returns the guilds that the bot is in.
func (s *Server) listGuilds(*request) (any, *apiError) {
	list := []any{}
	for _, id := range slices.Sorted(maps.Keys(s.guilds)) {
		if g := s.guilds[id]; !g.kicked {
			list = append(list, map[string]any{"id": g.id, "name": g.name, "owner": false, "permissions": "0"})
		}
	}
	return list, nil
}

// openDM returns the channel for direct messages with somebody, always the same.
func (s *Server) openDM(q *request) (any, *apiError) {
	if q.text("recipient_id") == s.app {
		return nil, invalidRecipient
	}
	p := s.people[q.text("recipient_id")]
	if p == nil {
		return nil, invalidRecipient
	}
	return s.wirePlace(s.dm(p)), nil
}

// dm returns the place for direct messages with a person.
func (s *Server) dm(p *person) *place {
	if p.dm == nil {
		p.dm = &place{id: s.id(), kind: directMessage, with: p}
		s.places[p.dm.id] = p.dm
	}
	return p.dm
}

func (s *Server) getChannel(q *request) (any, *apiError) {
	p, e := s.place(q)
	if e != nil {
		return nil, e
	}
	return s.wirePlace(p), nil
}

func (s *Server) typing(q *request) (any, *apiError) {
	p, e := s.place(q)
	if e != nil {
		return nil, e
	}
	return nil, p.permits(SendMessages)
}

// guild returns the guild that a request names, if the bot is there.
func (s *Server) guild(q *request) (*Guild, *apiError) {
	g := s.guilds[q.path("guild")]
	switch {
	case g == nil:
		return nil, unknownGuild
	case g.kicked:
		return nil, missingAccess
	}
	return g, nil
}

func (s *Server) getGuild(q *request) (any, *apiError) {
	g, e := s.guild(q)
	if e != nil {
		return nil, e
	}
	w := s.wireGuild(g, false)
	if q.query.Get("with_counts") == "true" {
		w["approximate_member_count"], w["approximate_presence_count"] = len(g.members)+1, 1
	}
	return w, nil
}

func (s *Server) listRoles(q *request) (any, *apiError) {
	g, e := s.guild(q)
	if e != nil {
		return nil, e
	}
	return g.wireRoles(), nil
}

func (s *Server) listChannels(q *request) (any, *apiError) {
	g, e := s.guild(q)
	if e != nil {
		return nil, e
	}
	return s.wireGuild(g, true)["channels"], nil
}

func (s *Server) getMember(q *request) (any, *apiError) {
	g, e := s.guild(q)
	if e != nil {
		return nil, e
	}
	if !slices.Contains(g.members, q.path("user")) {
		return nil, unknownMember
	}
	return g.wireMember(s.people[q.path("user")]), nil
}

// listMembers refuses without the privileged intent.
func (s *Server) listMembers(q *request) (any, *apiError) {
	g, e := s.guild(q)
	if e != nil {
		return nil, e
	}
	if s.granted&intentMembers == 0 {
		return nil, missingAccess
	}
	list := []any{}
	for _, id := range g.members {
		list = append(list, g.wireMember(s.people[id]))
	}
	return list, nil
}

// wireMember returns a person in a guild as Discord tells of them.
func (g *Guild) wireMember(p *person) map[string]any {
	w := map[string]any{"user": p.wire(), "nick": nil, "roles": append([]string{}, g.given[p.id]...), "joined_at": "2026-01-01T00:00:00Z", "deaf": false, "mute": false}
	if nick := g.nicks[p.id]; nick != "" {
		w["nick"] = nick
	}
	return w
}
