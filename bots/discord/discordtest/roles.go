package discordtest

import (
	"slices"
	"strconv"
)

// A role is what members of a guild can be given. That of everybody has the guild's id.
type role struct {
	id, name string
	bits     int
	bot      string // whose own it is
}

// Role makes a role with permissions, which nobody has, and returns its id.
func (g *Guild) Role(name string, bits int) string {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	r := &role{id: g.s.id(), name: name, bits: bits}
	g.roles = append(g.roles, r)
	g.tellOfRole("GUILD_ROLE_CREATE", r)
	return r.id
}

// Empower sets the permissions of a role; that of everybody has the guild's id.
func (g *Guild) Empower(id string, bits int) {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	r := g.role(id)
	r.bits = bits
	g.tellOfRole("GUILD_ROLE_UPDATE", r)
}

// Give gives a role to a member. Only who may hear of members is told.
func (g *Guild) Give(u *User, id string) {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	if r := g.role(id); !g.has(u.id, r.id) {
		g.given[u.id] = append(g.given[u.id], r.id)
		g.tellOf("GUILD_MEMBER_UPDATE", u.person)
	}
}

// Take takes a role from a member. Only who may hear of members is told.
func (g *Guild) Take(u *User, id string) {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	if r := g.role(id); g.has(u.id, r.id) {
		g.given[u.id] = without(g.given[u.id], r.id)
		g.tellOf("GUILD_MEMBER_UPDATE", u.person)
	}
}

// role returns the role with that id.
func (g *Guild) role(id string) *role {
	i := slices.IndexFunc(g.roles, func(r *role) bool { return r.id == id })
	if i < 0 {
		panic("discordtest: there is no role " + id)
	}
	return g.roles[i]
}

// has reports whether a member, or the bot, has a role.
func (g *Guild) has(id, role string) bool {
	return role == g.id || slices.Contains(g.given[id], role)
}

// tellOfRole tells of a role.
func (g *Guild) tellOfRole(kind string, r *role) {
	g.s.tell(kind, intentGuilds, func(int) any { return map[string]any{"guild_id": g.id, "role": r.wire()} })
}

// Overwrite sets what a role, or one person, may do in a channel otherwise than in the
// guild: what is allowed goes before what is denied. Nothing of both takes it back.
// Everybody's role has the guild's id.
func (g *Guild) Overwrite(channel, whom string, allow, deny int) {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	kind := ofMember
	if slices.ContainsFunc(g.roles, func(r *role) bool { return r.id == whom }) {
		kind = ofRole
	}
	g.s.overwrite(g.s.places[channel], overwrite{whom, kind, allow, deny})
}

// Permit sets what the bot may do in a channel.
func (s *Server) Permit(id string, bits int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.overwrite(s.places[id], overwrite{s.app, ofMember, bits, AllowAll &^ bits})
}

// overwrite changes what a channel says of somebody, and tells of it.
func (s *Server) overwrite(p *place, o overwrite) {
	p.overwrite(o)
	s.tell("CHANNEL_UPDATE", intentGuilds, func(int) any { return s.wirePlace(p) })
}

// wire returns a role as Discord tells of it.
func (r *role) wire() map[string]any {
	w := map[string]any{
		"id": r.id, "name": r.name, "permissions": strconv.Itoa(r.bits), "managed": r.bot != "",
		"position": 0, "hoist": false, "mentionable": false, "color": 0,
	}
	if r.bot != "" {
		w["tags"] = map[string]any{"bot_id": r.bot}
	}
	return w
}

// wire returns an overwrite as Discord tells of it.
func (o overwrite) wire() map[string]any {
	return map[string]any{"id": o.id, "type": o.kind, "allow": strconv.Itoa(o.allow), "deny": strconv.Itoa(o.deny)}
}
