package host

import (
	"strings"
	"sync"
	"unicode"

	"attune/rituals"
	"attune/rituals/library"
	"attune/rituals/phrases"
)

// parseCommand reads "/start abc" as people write it: with the bot's name after
// an @, capitals, and a space or an emoji in front or after the slash. What cannot
// be read is a command without a name.
func parseCommand(text string) (name, args string, ok bool) {
	text = strings.TrimLeftFunc(text, func(r rune) bool {
		return r != '/' && !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsPunct(r)
	})
	rest, ok := strings.CutPrefix(text, "/")
	if !ok {
		return "", "", false
	}
	rest = strings.TrimLeftFunc(rest, unicode.IsSpace)
	end := strings.IndexFunc(rest, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' })
	if end < 0 {
		end = len(rest)
	}
	name, args = rest[:end], rest[end:]
	if bot, ok := strings.CutPrefix(args, "@"); ok {
		if end = strings.IndexFunc(bot, unicode.IsSpace); end < 0 {
			end = len(bot)
		}
		args = bot[end:]
	}
	return strings.ToLower(name), strings.TrimSpace(args), true
}

// commands are what can be asked for by name, in the order of the menu. Rituals
// that people can start stand among them by their id.
var commands = []string{"start", "join", "together", "here", "link", "streak", "settings", "pause", "resume", "break", "notes", "leave", "forget", "help", "cancel"}

// Commands returns the table that feeds the platforms' menus and /help.
func Commands(l *library.Library) []rituals.Command {
	own := func(name string) rituals.Command {
		c := rituals.Command{Name: name, Names: phrases.Text("name." + name), About: phrases.Text("command." + name)}
		switch name {
		case "start":
			c.Whom = phrases.Text("whom.start")
		case "join", "link", "help":
			c.Takes = phrases.Text("takes." + name)
		}
		return c
	}
	list := []rituals.Command{own("start")}
	for _, r := range l.All() {
		if r.Startable() {
			list = append(list, rituals.Command{Name: commandName(r), Names: r.Command, About: r.Title})
		}
	}
	for _, name := range commands[1:] {
		list = append(list, own(name))
	}
	return list
}

// canonical returns the command that a name stands for in any language; the name
// itself if it is none's.
func canonical(name string) string {
	if c, ok := localNames()[name]; ok {
		return c
	}
	return name
}

// localNames are what our own commands are called, in every language.
var localNames = sync.OnceValue(func() map[string]string {
	names := map[string]string{}
	for _, c := range commands {
		for _, local := range phrases.Text("name." + c) {
			names[local] = c
		}
	}
	for _, c := range commands {
		names[c] = c // English holds wherever two languages differ
	}
	return names
})

// startedBy returns the ritual that a person starts by that name, or nil.
func startedBy(l *library.Library, name string) *rituals.Ritual {
	for _, r := range l.All() {
		if !r.Startable() {
			continue
		}
		if commandName(r) == name {
			return r
		}
		for _, local := range r.Command {
			if local == name {
				return r
			}
		}
	}
	return nil
}

// commandName is how a ritual is started: platforms take no hyphen in a command.
func commandName(r *rituals.Ritual) string { return strings.ReplaceAll(r.ID, "-", "_") }

// command settles a command.
func (d *decision) command(name, args string) {
	name = canonical(name)
	switch name {
	case "start", "join":
		if d.event.Mention != nil {
			d.startWith(*d.event.Mention)
			return
		}
		d.start(args)
		return
	case "link":
		d.link(args)
		return
	case "help":
		if word, _, _ := strings.Cut(args+" ", " "); strings.EqualFold(strings.TrimFunc(word, unicode.IsPunct), "now") {
			d.helpNow()
			return
		}
		d.help()
		return
	}
	if d.me == nil {
		d.start("")
		return
	}
	if r := startedBy(d.lib, name); r != nil {
		d.begins(r, "")
		return
	}
	switch name {
	case "together":
		d.together()
	case "here":
		d.here()
	case "streak":
		d.streak()
	case "settings":
		d.settings()
	case "pause":
		d.pause()
	case "resume":
		d.resume()
	case "break":
		d.takeBreak()
	case "notes":
		d.notes(0, "")
	case "leave":
		d.leave()
	case "forget":
		d.forget()
	case "cancel":
		d.cancelAsked()
	default:
		d.help()
	}
}

// cancelAsked forgets a question of the host's own. A check-in's own question
// stays: it has its own ways out.
func (d *decision) cancelAsked() {
	if d.me.Asked.CheckIn == 0 && d.me.Asked.Step != "" {
		d.askedDone()
		d.tell(d.me, d.voice(d.me).Say("cancelled"))
		return
	}
	if c := d.s.CheckIn(d.me.Asked.CheckIn); c != nil {
		if s := c.Ritual.Step(stepOf(d.me.Asked.Step)); s != nil && after(s) {
			d.unask(c)
			d.tell(d.me, d.voice(d.me).Say("cancelled"))
			return
		}
	}
	d.tell(d.me, d.voice(d.me).Say("cancel.nothing"))
}

// aloneLine says that there is nobody to do this with.
func (d *decision) aloneLine() string {
	if d.s.Couple.ID == 0 {
		return d.voice(d.me).Say("alone.ended")
	}
	return d.voice(d.me).Say("alone")
}

// begins settles a ritual that a person starts, perhaps on the way that an act leads
// to.
func (d *decision) begins(file *rituals.Ritual, act rituals.Act) {
	if !d.s.Couple.Complete() {
		d.tell(d.me, d.aloneLine())
		return
	}
	if rest := d.s.Couple.Rest(d.now); !rest.IsZero() {
		d.tell(d.me, d.restLine(d.me, rest))
		return
	}
	if d.me.Zone == "" && d.s.Couple.Zone == "" {
		d.askHour(d.me)
		return
	}
	if file.Private {
		d.beginsAlone(file)
		return
	}
	r := file
	if kept, ok := d.s.Couple.Keeps(file); ok {
		r = kept
	}
	if act == rituals.ActTogether {
		own := *r
		own.Clock = rituals.ByCouple // one moment for all
		r = &own
	}
	loc := d.zone(d.me)
	if r.Clock != rituals.ByMember {
		loc = d.coupleZone()
	}
	day := rituals.EveningDay(rituals.WallAt(d.now, loc))
	if r.Reveal == rituals.Given {
		d.gives(r, day)
		return
	}
	d.beginsOn(r, day, act)
}

// beginsOn begins a ritual that all keep on a day. An open one is joined.
func (d *decision) beginsOn(r *rituals.Ritual, day rituals.Day, act rituals.Act) {
	v := d.voice(d.me)
	c := d.onDay(r.ID, day)
	if c != nil && !d.hasSpoken(c) {
		return
	}
	if c != nil && c.State == rituals.Open && c.Walk(d.me.ID) != nil {
		if act == "" || !d.chooses(c, act) {
			d.rejoin(c)
		}
		return
	}
	n := 1
	if c != nil {
		n = c.N + 1
	}
	full := !r.OnlySays() && d.prompts(day, r.ID, seldom) >= most
	if full && act != rituals.ActTogether {
		d.tell(d.me, v.Say("enough")) // it would ask the others too, who did not ask for it
		return
	}
	c = d.create(r, day, n, rituals.Alarm{At: d.now, Member: d.me.ID})
	d.unbidden = full // who would like it together too says so by themselves
	if p := d.place(); p != nil && !r.ToEach() && d.event.Chat != p.Address {
		d.tell(d.me, v.Say("here.there"))
	}
	for i := range d.s.Members {
		m := &d.s.Members[i]
		if m.ID == d.me.ID && act != "" && d.chooses(c, act) {
			continue
		}
		if !full && !c.Walk(m.ID).Opens.After(d.now) {
			d.prompt(c, m, false)
		}
	}
}
