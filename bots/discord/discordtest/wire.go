package discordtest

import (
	"slices"
	"strings"
)

// wirePlace returns a place as Discord tells of it.
func (s *Server) wirePlace(p *place) map[string]any {
	w := map[string]any{"id": p.id, "type": p.kind}
	for _, m := range slices.Backward(p.said) {
		if m.Only == "" { // it may be gone by now
			w["last_message_id"] = m.ID
			break
		}
	}
	if p.kind == directMessage {
		w["recipients"] = []any{p.with.wire()}
		return w
	}
	w["guild_id"], w["name"] = p.guild.id, p.name
	if p.kind == privateThread {
		w["parent_id"], w["owner_id"], w["member_count"], w["member"] = p.parent.id, s.app, p.count(), p.wireIn(s.app)
		w["thread_metadata"] = map[string]any{"archived": p.archived, "locked": p.locked, "invitable": p.invites, "auto_archive_duration": p.quiet, "archive_timestamp": stamp(p.moved)}
		return w
	}
	overwrites := []any{}
	for _, o := range p.overwrites {
		overwrites = append(overwrites, o.wire())
	}
	w["permission_overwrites"] = overwrites
	return w
}

// wireGuild returns a guild as Discord tells of it; whole is how the gateway does.
func (s *Server) wireGuild(g *Guild, whole bool) map[string]any {
	w := map[string]any{"id": g.id, "name": g.name, "owner_id": g.owner, "preferred_locale": "en-US", "roles": g.wireRoles(), "emojis": []any{}}
	if !whole {
		return w
	}
	channels, threads := []any{}, []any{}
	for _, p := range g.places {
		if p.kind == guildText && !p.gone && p.permits(0) == nil {
			channels = append(channels, s.wirePlace(p))
		}
	}
	for _, t := range g.threads() {
		threads = append(threads, s.wirePlace(t))
	}
	w["channels"], w["threads"], w["member_count"] = channels, threads, len(g.members)+1
	w["members"] = []any{map[string]any{"user": s.bot(), "roles": g.given[s.app], "joined_at": "2026-01-01T00:00:00Z"}}
	w["joined_at"], w["large"], w["unavailable"] = "2026-01-01T00:00:00Z", false, false
	return w
}

// wireRoles returns the roles of a guild.
func (g *Guild) wireRoles() []any {
	all := []any{}
	for _, r := range g.roles {
		all = append(all, r.wire())
	}
	return all
}

// bot returns the bot's user as Discord tells of it.
func (s *Server) bot() map[string]any {
	return map[string]any{"id": s.app, "username": "attune", "global_name": nil, "discriminator": "0", "bot": true, "avatar": nil}
}

// wire returns a person as Discord tells of them.
func (p *person) wire() map[string]any {
	return map[string]any{"id": p.id, "username": strings.ToLower(p.name), "global_name": p.name, "discriminator": "0", "avatar": nil}
}
