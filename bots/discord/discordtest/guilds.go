package discordtest

import "slices"

// A Guild is what people call a server: people, roles and channels.
type Guild struct {
	s       *Server
	id      string
	name    string
	owner   string
	members []string            // people, without the bot
	nicks   map[string]string   // what members are called there
	given   map[string][]string // the roles of members, without that of everybody
	roles   []*role
	places  []*place
	kicked  bool // the bot is not there
}

// nobody is the owner of a guild at first: somebody who is not there.
const nobody = "1"

// Guild returns a guild with these people and the bot in it, which is made if there
// is none.
func (s *Server) Guild(id, name string, members ...*User) *Guild {
	s.mu.Lock()
	g := s.guilds[id]
	if g == nil {
		g = &Guild{s: s, id: id, name: name, owner: nobody, nicks: make(map[string]string), given: make(map[string][]string)}
		g.roles = []*role{
			{id: id, name: "@everyone", bits: AllowAll},
			{id: id + "1", name: "attune", bits: AllowAll, bot: s.app},
			{id: id + "2", name: "Admin", bits: administrator},
		}
		g.given[s.app] = []string{id + "1"}
		s.guilds[id] = g
		s.tell("GUILD_CREATE", intentGuilds, func(int) any { return s.wireGuild(g, true) })
	}
	s.mu.Unlock()
	for _, u := range members {
		g.Join(u)
	}
	return g
}

// ID returns the guild's number, which is that of everybody's role as well.
func (g *Guild) ID() string { return g.id }

// Join lets a person into the guild.
func (g *Guild) Join(u *User) {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	if !slices.Contains(g.members, u.id) {
		g.members = append(g.members, u.id)
		g.tellOf("GUILD_MEMBER_ADD", u.person)
	}
}

// Leave lets a person leave the guild, its threads and their roles. What channels say
// of that person stays, and holds again for who comes back.
func (g *Guild) Leave(u *User) {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	g.members = without(g.members, u.id)
	delete(g.given, u.id)
	for _, p := range g.places {
		if p.kind == privateThread {
			g.s.exit(p, u.id)
		}
	}
	g.tellOf("GUILD_MEMBER_REMOVE", u.person)
}

// without returns a list, never nil, that lacks id.
func without(ids []string, id string) []string {
	return slices.DeleteFunc(append([]string{}, ids...), func(x string) bool { return x == id })
}

// Call sets what a person is called in the guild; "" is as everywhere.
func (g *Guild) Call(u *User, nick string) {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	g.nicks[u.id] = nick
	g.tellOf("GUILD_MEMBER_UPDATE", u.person)
}

// Own makes a person the owner of the guild, who may do everything.
func (g *Guild) Own(u *User) {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	g.owner = u.id
	g.s.tell("GUILD_UPDATE", intentGuilds, func(int) any { return g.s.wireGuild(g, false) })
}

// tellOf tells of a member those who may hear of members.
func (g *Guild) tellOf(kind string, who *person) {
	g.s.tell(kind, intentMembers, func(int) any {
		w := g.wireMember(who)
		w["guild_id"] = g.id
		return w
	})
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
	p := &place{id: id, name: name, overwrites: []overwrite{{g.id, ofRole, 0, ViewChannel}}}
	for _, u := range readers {
		p.overwrite(overwrite{u.id, ofMember, ViewChannel, 0})
	}
	g.channel(p)
}

// Shared makes a channel that the people of a role, these, and the bot can read. The
// role is made with it.
func (g *Guild) Shared(id, name, roleName string, readers ...*User) {
	family := g.Role(roleName, 0)
	p := &place{id: id, name: name, overwrites: []overwrite{{g.id, ofRole, 0, ViewChannel}, {family, ofRole, ViewChannel, 0}}}
	for _, u := range readers {
		p.overwrite(overwrite{u.id, ofMember, ViewChannel, 0})
	}
	g.channel(p)
}

func (g *Guild) channel(p *place) {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	p.guild = g
	p.overwrite(overwrite{g.s.app, ofMember, AllowAll, 0})
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

// Expel takes back that a person was let into a private channel or a thread. Who sees
// a channel for another reason sees it still.
func (g *Guild) Expel(u *User, id string) {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	p := g.s.places[id]
	if p.kind == privateThread {
		g.s.exit(p, u.id)
		return
	}
	g.s.overwrite(p, overwrite{id: u.id})
}
