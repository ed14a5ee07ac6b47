package discordtest

import "slices"

// Permissions, as bits.
const (
	administrator        = 1 << 3 // everything
	AddReactions         = 1 << 6
	ViewChannel          = 1 << 10
	SendMessages         = 1 << 11
	EmbedLinks           = 1 << 14
	AttachFiles          = 1 << 15
	ReadMessageHistory   = 1 << 16
	ManageThreads        = 1 << 34
	CreatePrivateThreads = 1 << 36
	SendInThreads        = 1 << 38
	// AllowAll is what everybody may do in a guild at first, and the bot in a channel.
	AllowAll = AddReactions | ViewChannel | SendMessages | EmbedLinks | AttachFiles | ReadMessageHistory | CreatePrivateThreads | SendInThreads

	everything = administrator | ManageThreads | AllowAll
)

// Kinds of overwrites.
const (
	ofRole   = 0
	ofMember = 1
)

// An overwrite says what a role, or one member, may do in a channel otherwise than in
// the guild.
type overwrite struct {
	id          string
	kind        int
	allow, deny int
}

// overwrite puts an overwrite in place of the one that there is; one that says nothing
// takes it away.
func (p *place) overwrite(o overwrite) {
	p.overwrites = slices.DeleteFunc(p.overwrites, func(old overwrite) bool { return old.id == o.id })
	if o.allow|o.deny != 0 {
		p.overwrites = append(p.overwrites, o)
	}
}

// may returns what a member, or the bot, may do in a guild.
func (g *Guild) may(id string) int {
	if id == g.owner {
		return everything
	}
	bits := 0
	for _, r := range g.roles {
		if g.has(id, r.id) {
			bits |= r.bits
		}
	}
	if bits&administrator != 0 {
		return everything
	}
	return bits
}

// may returns what a member, or the bot, may do in a place: what the guild gives them,
// changed by the overwrite for everybody, then by those of their roles together, then
// by their own.
func (p *place) may(id string) int {
	switch {
	case p.kind == directMessage:
		return AllowAll
	case p.parent != nil:
		return p.parent.may(id)
	}
	bits := p.guild.may(id)
	if bits&administrator != 0 {
		return bits
	}
	var everybody, roles, own overwrite
	for _, o := range p.overwrites {
		switch {
		case o.id == p.guild.id:
			everybody = o
		case o.id == id:
			own = o
		case o.kind == ofRole && p.guild.has(id, o.id):
			roles.allow, roles.deny = roles.allow|o.allow, roles.deny|o.deny
		}
	}
	for _, o := range []overwrite{everybody, roles, own} {
		bits = bits&^o.deny | o.allow
	}
	return bits
}

// sees reports whether a person can read a place. A private thread can be read by who
// is in it, and by who manages threads.
func (p *place) sees(id string) bool {
	switch {
	case p.kind == directMessage:
		return p.with.id == id
	case !slices.Contains(p.guild.members, id):
		return false
	}
	bits := p.may(id)
	return bits&ViewChannel != 0 && (p.kind != privateThread || slices.Contains(p.readers, id) || bits&ManageThreads != 0)
}

// permits refuses what the bot may not do in a place.
func (p *place) permits(bits int) *apiError {
	if p.kind == directMessage {
		return nil
	}
	allowed := p.may(p.guild.s.app)
	switch {
	case p.guild.kicked || allowed&ViewChannel == 0:
		return missingAccess
	case allowed&bits != bits:
		return missingPermissions
	}
	return nil
}
