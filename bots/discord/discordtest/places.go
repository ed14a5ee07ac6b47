package discordtest

import "slices"

// Kinds of channels.
const (
	guildText     = 0
	directMessage = 1
	privateThread = 12
)

// Permissions of the bot in a channel, as bits.
const (
	AddReactions         = 1 << 6
	ViewChannel          = 1 << 10
	SendMessages         = 1 << 11
	EmbedLinks           = 1 << 14
	AttachFiles          = 1 << 15
	ReadMessageHistory   = 1 << 16
	CreatePrivateThreads = 1 << 36
	SendInThreads        = 1 << 38
	// AllowAll is what the bot may do in a channel at first.
	AllowAll = AddReactions | ViewChannel | SendMessages | EmbedLinks | AttachFiles | ReadMessageHistory | CreatePrivateThreads | SendInThreads
)

// A Guild is what people call a server: people and channels.
type Guild struct {
	s       *Server
	id      string
	name    string
	members []string // people, without the bot
	roles   []role   // beside those that every guild has
	places  []*place
	kicked  bool // the bot is not there
}

// A role is what people of a guild can be given.
type role struct{ id, name string }

// administrator is the permission of those who can read everything.
const administrator = 1 << 3

// A place is a channel: of a guild, between the bot and a person, or a thread.
type place struct {
	id, name string
	kind     int
	guild    *Guild
	parent   *place
	with     *person  // whose direct messages these are
	readers  []string // who can see a private channel or is in a thread; nil is everybody
	role     string   // the role whose people can see a private channel too
	allowed  int      // permissions of the bot
	said     []*Message
	archived bool
	locked   bool
	gone     bool
}

// Guild returns a guild with these people and the bot in it, which is made if there
// is none.
func (s *Server) Guild(id, name string, members ...*User) *Guild {
	s.mu.Lock()
	g := s.guilds[id]
	if g == nil {
		g = &Guild{s: s, id: id, name: name}
		s.guilds[id] = g
		s.tell("GUILD_CREATE", intentGuilds, func(int) any { return s.wireGuild(g, true) })
	}
	s.mu.Unlock()
	for _, u := range members {
		g.Join(u)
	}
	return g
}

// ID returns the guild's number.
func (g *Guild) ID() string { return g.id }

// Join lets a person into the guild.
func (g *Guild) Join(u *User) {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	if !slices.Contains(g.members, u.id) {
		g.members = append(g.members, u.id)
	}
}

// Leave lets a person leave the guild and all that is in it.
func (g *Guild) Leave(u *User) {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	g.members = without(g.members, u.id)
	for _, p := range g.places {
		if p.readers != nil {
			p.readers = without(p.readers, u.id)
		}
	}
}

// without returns a list, never nil, that lacks id.
func without(ids []string, id string) []string {
	return slices.DeleteFunc(append([]string{}, ids...), func(x string) bool { return x == id })
}

// Kick throws the bot out of the guild.
func (g *Guild) Kick() {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	g.kicked = true
	g.s.tell("GUILD_DELETE", intentGuilds, func(int) any { return map[string]any{"id": g.id} })
}

// Invite lets the bot into the guild again.
func (g *Guild) Invite() {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	g.kicked = false
	g.s.tell("GUILD_CREATE", intentGuilds, func(int) any { return g.s.wireGuild(g, true) })
}

// Channel makes a channel that everybody in the guild can read.
func (g *Guild) Channel(id, name string) { g.channel(&place{id: id, name: name}) }

// Private makes a channel that only these people and the bot can read.
func (g *Guild) Private(id, name string, readers ...*User) {
	p := &place{id: id, name: name, readers: []string{}}
	for _, u := range readers {
		p.readers = append(p.readers, u.id)
	}
	g.channel(p)
}

// Shared makes a channel that the people of a role, these, and the bot can read.
func (g *Guild) Shared(id, name, roleName string, readers ...*User) {
	g.s.mu.Lock()
	r := role{id: g.s.id(), name: roleName}
	g.roles = append(g.roles, r)
	g.s.mu.Unlock()
	p := &place{id: id, name: name, readers: []string{}, role: r.id}
	for _, u := range readers {
		p.readers = append(p.readers, u.id)
	}
	g.channel(p)
}

func (g *Guild) channel(p *place) {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	p.guild, p.allowed = g, AllowAll
	g.places = append(g.places, p)
	g.s.places[p.id] = p
	g.s.tell("CHANNEL_CREATE", intentGuilds, func(int) any { return g.s.wirePlace(p) })
}

// Let lets a person into a private channel or a thread, as other people can. In
// a thread everybody is told so by a message.
func (g *Guild) Let(u *User, id string) {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	g.s.let(g.s.places[id], u.person, u.id)
}

// Expel lets a person see a private channel or a thread no more.
func (g *Guild) Expel(u *User, id string) {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	p := g.s.places[id]
	p.readers = without(p.readers, u.id)
	kind := "CHANNEL_UPDATE"
	if p.kind == privateThread {
		kind = "THREAD_UPDATE"
	}
	g.s.tell(kind, intentGuilds, func(int) any { return g.s.wirePlace(p) })
}

// let lets a person in.
func (s *Server) let(p *place, who *person, by string) {
	if p.readers == nil || slices.Contains(p.readers, who.id) {
		return
	}
	p.readers = append(p.readers, who.id)
	if p.kind != privateThread {
		s.tell("CHANNEL_UPDATE", intentGuilds, func(int) any { return s.wirePlace(p) })
		return
	}
	s.say(p, &Message{From: by, joined: who})
}

// Permit sets what the bot may do in a channel.
func (s *Server) Permit(id string, bits int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.places[id].allowed = bits
	s.tell("CHANNEL_UPDATE", intentGuilds, func(int) any { return s.wirePlace(s.places[id]) })
}

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
	last := ""
	for id, p := range s.places {
		if p.parent != nil && p.parent.id == channel && !p.gone && (len(id) > len(last) || len(id) == len(last) && id > last) {
			last = id
		}
	}
	return last
}

// Threads returns the ids of a channel's threads.
func (s *Server) Threads(channel string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []string
	for id, p := range s.places {
		if p.parent != nil && p.parent.id == channel && !p.gone {
			all = append(all, id)
		}
	}
	return all
}

// sees reports whether a person can read a place.
func (p *place) sees(id string) bool {
	switch {
	case p.kind == directMessage:
		return p.with.id == id
	case !slices.Contains(p.guild.members, id), p.parent != nil && !p.parent.sees(id):
		return false
	}
	return p.readers == nil || slices.Contains(p.readers, id)
}

// permits refuses what the bot may not do in a place.
func (p *place) permits(bits int) *apiError {
	if p.kind == directMessage {
		return nil
	}
	allowed := p.allowed
	if p.parent != nil {
		allowed = p.parent.allowed
	}
	switch {
	case p.guild.kicked || allowed&ViewChannel == 0:
		return missingAccess
	case allowed&bits != bits:
		return missingPermissions
	}
	return nil
}

// place returns the place that a request names, if the bot can see it.
func (s *Server) place(q *request) (*place, *apiError) {
	p := s.places[q.path("channel")]
	if p == nil || p.gone {
		return nil, unknownChannel
	}
	return p, p.permits(0)
}
