package discordtest

import (
	"maps"
	"slices"
	"unicode/utf8"
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

// startThread makes a thread that only those can read who are added to it.
func (s *Server) startThread(q *request) (any, *apiError) {
	p, e := s.place(q)
	if e != nil {
		return nil, e
	}
	var kind, days int
	if e := q.decode("type", &kind); e != nil {
		return nil, e
	}
	if e := q.decode("auto_archive_duration", &days); e != nil {
		return nil, e
	}
	name := q.text("name")
	switch n := utf8.RuneCountInString(name); {
	case p.kind != guildText:
		return nil, wrongChannelType
	case n == 0 || n > 100:
		return nil, invalid("name", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.")
	case kind != privateThread:
		return nil, invalid("type", "BASE_TYPE_CHOICES", "This server knows private threads only: {12}.")
	case days != 0 && !slices.Contains([]int{60, 1440, 4320, 10080}, days):
		return nil, invalid("auto_archive_duration", "BASE_TYPE_CHOICES", "Value must be one of {60, 1440, 4320, 10080}.")
	}
	if e := p.permits(CreatePrivateThreads); e != nil {
		return nil, e
	}
	t := &place{id: s.id(), name: name, kind: privateThread, guild: p.guild, parent: p, readers: []string{}}
	s.places[t.id] = t
	p.guild.places = append(p.guild.places, t)
	s.tell("THREAD_CREATE", intentGuilds, func(int) any { return s.wirePlace(t) })
	return s.wirePlace(t), nil
}

// thread returns the thread and the person that a request names; the person is nil
// if nobody has that id.
func (s *Server) thread(q *request) (*place, *person, *apiError) {
	p, e := s.place(q)
	switch {
	case e != nil:
		return nil, nil, e
	case p.kind != privateThread:
		return nil, nil, wrongChannelType
	}
	return p, s.people[q.path("user")], nil
}

func (s *Server) addToThread(q *request) (any, *apiError) {
	t, who, e := s.thread(q)
	switch {
	case e != nil:
		return nil, e
	case who == nil:
		return nil, unknownUser
	case t.archived:
		return nil, archived
	case !t.parent.sees(who.id): // who cannot see the channel cannot see its threads
		return nil, missingAccess
	}
	if e := t.permits(SendInThreads); e != nil {
		return nil, e
	}
	s.let(t, who, s.app)
	return nil, nil
}

func (s *Server) removeFromThread(q *request) (any, *apiError) {
	t, who, e := s.thread(q)
	if e != nil {
		return nil, e
	}
	if who == nil || !slices.Contains(t.readers, who.id) {
		return nil, unknownMember
	}
	s.unlet(t, who.id)
	return nil, nil
}

func (s *Server) getThreadMember(q *request) (any, *apiError) {
	t, who, e := s.thread(q)
	if e != nil {
		return nil, e
	}
	if who == nil || !slices.Contains(t.readers, who.id) {
		return nil, unknownMember
	}
	return map[string]any{"id": t.id, "user_id": who.id, "join_timestamp": "2026-01-01T00:00:00Z", "flags": 0}, nil
}

// listThreadMembers refuses: without a privileged intent a bot cannot ask who is in
// a thread. What it can see is how many there are.
func (s *Server) listThreadMembers(q *request) (any, *apiError) {
	t, _, e := s.thread(q)
	if e != nil {
		return nil, e
	}
	if s.granted&intentMembers == 0 {
		return nil, missingAccess
	}
	list := []any{}
	for _, id := range t.readers {
		list = append(list, map[string]any{"id": t.id, "user_id": id, "join_timestamp": "2026-01-01T00:00:00Z", "flags": 0})
	}
	return list, nil
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

// listThreads returns the threads of a guild that were not put away.
func (s *Server) listThreads(q *request) (any, *apiError) {
	g, e := s.guild(q)
	if e != nil {
		return nil, e
	}
	list := []any{}
	for _, p := range g.places {
		if p.kind == privateThread && !p.gone && !p.archived && p.permits(0) == nil {
			list = append(list, s.wirePlace(p))
		}
	}
	return map[string]any{"threads": list, "members": []any{}}, nil
}

// deleteChannel takes away a thread, which the bot may do with one of its own.
func (s *Server) deleteChannel(q *request) (any, *apiError) {
	p, e := s.place(q)
	switch {
	case e != nil:
		return nil, e
	case p.kind != privateThread:
		return nil, missingPermissions
	}
	p.gone = true
	s.tell("THREAD_DELETE", intentGuilds, func(int) any { return s.wirePlace(p) })
	return s.wirePlace(p), nil
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
