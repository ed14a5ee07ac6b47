package discordtest

import (
	"fmt"
	"slices"
	"strconv"
)

// Run runs a slash command, by its name in English or in the person's language. So are
// its options: words, numbers, truths, or a *[User]. It returns nil if Discord would not
// offer the command to the person there, and panics if it would not take the options.
func (u *User) Run(name string, options map[string]any) *Interaction {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	p := u.here()
	context, guild := 1, ""
	if p.guild != nil {
		context, guild = 0, p.guild.id
	}
	if !p.sees(u.id) || p.kind == directMessage && !u.s.mutual(u.person) {
		return nil
	}
	all := slices.Clone(u.s.commands[""])
	if guild != "" {
		all = append(slices.Clone(u.s.commands[guild]), all...)
	}
	i := slices.IndexFunc(all, func(c Command) bool {
		return (c.Name == name || c.Names[u.locale] == name) && (len(c.Contexts) == 0 || slices.Contains(c.Contexts, context))
	})
	if i < 0 {
		return nil
	}
	c := all[i]
	data := map[string]any{"id": c.ID, "name": c.Name, "type": c.Type}
	if len(options) > 0 || len(c.Options) > 0 {
		data["options"], data["resolved"] = u.say(c, options)
	}
	if guild != "" && i < len(u.s.commands[guild]) {
		data["guild_id"] = guild
	}
	return u.ask(askCommand, nil, data)
}

// say returns the options of a command as they are sent, and who is named in them.
func (u *User) say(c Command, options map[string]any) (list []any, resolved map[string]any) {
	list = []any{}
	users, members := map[string]any{}, map[string]any{}
	known := 0
	for _, o := range c.Options {
		value, ok := options[o.Name]
		if !ok && o.Names[u.locale] != "" {
			value, ok = options[o.Names[u.locale]]
		}
		if !ok && o.Required {
			panic(fmt.Sprintf("discordtest: /%s needs the option %s", c.Name, o.Name))
		}
		if !ok {
			continue
		}
		known++
		if other, is := value.(*User); is != (o.Type == optionUser) {
			panic(fmt.Sprintf("discordtest: the option %s of /%s takes something else than %T", o.Name, c.Name, value))
		} else if is {
			value = other.id
			users[other.id] = other.person.wire()
			if p := u.here(); p.guild != nil && slices.Contains(p.guild.members, other.id) {
				m := p.guild.wireMember(other.person)
				for _, field := range []string{"user", "deaf", "mute"} {
					delete(m, field)
				}
				m["permissions"] = strconv.Itoa(p.may(other.id))
				members[other.id] = m
			}
		}
		if text, is := value.(string); is && o.Type == 3 {
			if o.MaxLength != nil && *o.MaxLength > 0 && len([]rune(text)) > *o.MaxLength {
				panic(fmt.Sprintf("discordtest: the option %s of /%s is too long", o.Name, c.Name))
			}
		}
		list = append(list, map[string]any{"name": o.Name, "type": o.Type, "value": value})
	}
	if known < len(options) {
		panic(fmt.Sprintf("discordtest: /%s has no such options: %v", c.Name, options))
	}
	return list, map[string]any{"users": users, "members": members}
}
