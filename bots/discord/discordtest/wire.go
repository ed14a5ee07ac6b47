package discordtest

import (
	"slices"
	"strconv"
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
		w["parent_id"], w["owner_id"], w["member_count"] = p.parent.id, s.app, min(len(p.readers)+1, 50)
		w["thread_metadata"] = map[string]any{"archived": p.archived, "locked": p.locked, "invitable": false, "auto_archive_duration": 10080, "archive_timestamp": "2026-01-01T00:00:00Z"}
		return w
	}
	overwrites := []any{overwrite(s.app, 1, p.allowed, AllowAll&^p.allowed)}
	if p.role != "" {
		overwrites = append(overwrites, overwrite(p.role, 0, ViewChannel, 0))
	}
	if p.readers != nil {
		overwrites = append(overwrites, overwrite(p.guild.id, 0, 0, ViewChannel))
		for _, id := range p.readers {
			overwrites = append(overwrites, overwrite(id, 1, ViewChannel, 0))
		}
	}
	w["permission_overwrites"] = overwrites
	return w
}

func overwrite(id string, kind, allow, deny int) map[string]any {
	return map[string]any{"id": id, "type": kind, "allow": strconv.Itoa(allow), "deny": strconv.Itoa(deny)}
}

// wireGuild returns a guild as Discord tells of it; whole is how the gateway does.
func (s *Server) wireGuild(g *Guild, whole bool) map[string]any {
	w := map[string]any{"id": g.id, "name": g.name, "owner_id": "1", "preferred_locale": "en-US", "roles": g.wireRoles(), "emojis": []any{}}
	if !whole {
		return w
	}
	channels, threads := []any{}, []any{}
	for _, p := range g.places {
		if p.gone || p.permits(0) != nil {
			continue
		}
		if p.kind == privateThread {
			threads = append(threads, s.wirePlace(p))
		} else {
			channels = append(channels, s.wirePlace(p))
		}
	}
	w["channels"], w["threads"], w["member_count"] = channels, threads, len(g.members)+1
	w["members"] = []any{map[string]any{"user": s.bot(), "roles": []any{}, "joined_at": "2026-01-01T00:00:00Z"}}
	w["joined_at"], w["large"], w["unavailable"] = "2026-01-01T00:00:00Z", false, false
	return w
}

// wireRoles returns the roles of a guild: that of everybody, the bot's own, and those
// that were made.
func (g *Guild) wireRoles() []any {
	role := func(id, name string, bits int, managed bool) map[string]any {
		return map[string]any{"id": id, "name": name, "permissions": strconv.Itoa(bits), "managed": managed, "position": 0, "hoist": false, "mentionable": false, "color": 0}
	}
	all := []any{role(g.id, "@everyone", AllowAll, false), role(g.id+"1", "attune", AllowAll, true), role(g.id+"2", "Admin", administrator, false)}
	for _, r := range g.roles {
		all = append(all, role(r.id, r.name, 0, false))
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
