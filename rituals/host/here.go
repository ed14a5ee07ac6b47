package host

import (
	"context"
	"slices"
	"strings"
	"time"

	"attune/rituals"
	"attune/rituals/phrases"
)

// Where a couple keeps its rituals: each alone, or in a place that both have agreed
// to, knowing who can read there.

// here settles /here: who can read this chat, and whether the couple wants it.
func (d *decision) here() {
	v := d.voice(d.me)
	r := d.event.Readers
	p := d.s.Couple.Place
	switch {
	case !d.s.Couple.Complete():
		d.tell(d.me, d.aloneLine())
	case d.event.Private:
		d.tell(d.me, v.Say("here.alone"))
	case r == nil:
		d.tell(d.me, v.Say("here.blind"))
	case p != nil && p.Address == d.event.Chat && !p.Stopped:
		d.sayThere(rituals.Message{
			Blocks:  append(paragraphs(v.Say("here.is")), rituals.Para(d.readersLine(v, r))),
			Choices: [][]rituals.Choice{{{Label: v.Say("here.off.button"), Action: action(doHere, "off")}}},
		})
	case !d.unclaimed():
		d.tell(d.me, v.Say("here.taken"))
	default:
		d.askHere(r)
	}
}

// unclaimed reports whether the chat is no other couple's place.
func (d *decision) unclaimed() bool {
	at := d.event.Chat
	state, ok := find(d, "place", func(ctx context.Context, _ Reader, s Store) (rituals.State, error) { return s.LoadPlace(ctx, at) })
	return !ok || state.Couple.ID == 0 || state.Couple.ID == d.s.Couple.ID
}

// askHere asks who acted, where that can be for their eyes only, whether it shall be
// this chat or a thread made for the two; elsewhere it is suggested at once.
func (d *decision) askHere(r *rituals.Readers) {
	v := d.voice(d.me)
	if people, all := d.peopleOn(d.event.Chat.Platform); !all {
		var missing []string
		for _, o := range d.others(d.me) {
			if _, there := people[o.ID]; !there {
				missing = append(missing, o.Name)
			}
		}
		d.tell(d.me, v.Count("here.both", len(missing), "partner", v.List(missing), "platform", platformName(d.event.Chat.Platform)))
		return
	}
	if !d.event.Aside {
		d.suggestHere(d.event.Chat, *r)
		return
	}
	row := []rituals.Choice{{Label: v.Say("here.this"), Action: action(doHere, "here")}}
	if r.Room != "" {
		row = append(row, rituals.Choice{Label: v.Say("here.room"), Action: action(doHere, "room")})
	}
	d.say(d.me, rituals.Message{
		Blocks:  append([]rituals.Block{rituals.Para(d.readersLine(v, r))}, paragraphs(v.Say("here.ask", "partner", d.partner(d.me)))...),
		Choices: [][]rituals.Choice{row},
	})
}

// hereTap settles the buttons about where rituals are kept.
func (d *decision) hereTap(a parsedAction) {
	v := d.voice(d.me)
	r := d.event.Readers
	switch what := a.arg(0); {
	case !d.s.Couple.Complete():
		d.toast(v.Say("passed"))
	case what == "off":
		d.eachAlone("here.off")
	case r == nil || !d.unclaimed():
		d.toast(v.Say("passed"))
	case what == "room" && r.Room != "":
		d.suggestHere(rituals.Address{Platform: d.event.Chat.Platform, Chat: r.Room}, rituals.Readers{Kind: rituals.Thread})
	case what == "here":
		d.suggestHere(d.event.Chat, *r)
	default:
		d.toast(v.Say("passed"))
	}
}

// suggestHere asks the others, in that very chat, whether it shall be their place:
// whoever can tap there is there.
func (d *decision) suggestHere(at rituals.Address, r rituals.Readers) {
	people, all := d.peopleOn(at.Platform)
	if !all {
		d.toast(d.voice(d.me).Say("passed"))
		return
	}
	for _, p := range d.s.Couple.Proposals {
		if p.Place != nil && p.By == d.me.ID && p.Place.Address == at && p.Place.Readers.Equal(r) && d.now.Before(p.Until) {
			d.toast(d.voice(d.me).Say("kept.short"))
			return
		}
	}
	p := rituals.Proposal{ID: d.fresh(), By: d.me.ID, Until: d.now.Add(proposeFor),
		Place: &rituals.Place{Address: at, Readers: r, Language: d.me.Language, People: people}}
	d.proposePlace(p)
	v := d.voice(d.me)
	say := d.in(p.Place.Language)
	d.askThere(p, say.Say("here.suggest", "name", d.me.Name),
		rituals.Choice{Label: say.Say("propose.good"), Action: action(doPropose, id(p.ID), "good")},
		rituals.Choice{Label: say.Say("here.not"), Action: action(doPropose, id(p.ID), "keep")})
	d.toast(v.Say("here.suggested", "partner", d.partner(d.me)))
}

// proposePlace puts a suggestion in place of the one about a place that there was.
func (d *decision) proposePlace(p rituals.Proposal) {
	d.dropPlaceProposals()
	d.s.Couple.Proposals = append(d.s.Couple.Proposals, p)
	d.touchCouple()
}

// dropPlaceProposals lets go of what was suggested about a place.
func (d *decision) dropPlaceProposals() {
	d.s.Couple.Proposals = slices.DeleteFunc(slices.Clone(d.s.Couple.Proposals), func(p rituals.Proposal) bool { return p.Place != nil })
	d.touchCouple()
}

// askThere asks in a place whether it shall be one.
func (d *decision) askThere(p rituals.Proposal, question string, choices ...rituals.Choice) {
	blocks := paragraphs(question)
	if line := d.readersLine(d.in(p.Place.Language), &p.Place.Readers); line != "" {
		blocks = append(blocks, rituals.Para(line))
	}
	var members []rituals.Member
	for _, m := range d.s.Members {
		if m.ID != p.By || p.Place.Readers.Kind == rituals.Thread { // a thread has to be made for all
			members = append(members, m)
		}
	}
	d.sayHere(p.Place, members, rituals.Message{Blocks: blocks, Choices: [][]rituals.Choice{choices}})
}

// placeTap settles an answer to a suggestion about a place.
func (d *decision) placeTap(p rituals.Proposal, good bool) {
	v := d.voice(d.me)
	r := d.event.Readers
	switch {
	case !good:
		d.dropPlaceProposals()
		d.sayHere(p.Place, nil, rituals.Message{Blocks: paragraphs(d.in(p.Place.Language).Say("here.kept"))})
	case r == nil || p.Place.Address != d.event.Chat:
		d.toast(v.Say("passed"))
	case r.Mark != p.Place.Readers.Mark:
		d.askAgain(*r) // others have come since it was asked
	default:
		agreed := append(slices.Clone(p.Agreed), d.me.ID)
		if d.agreed(p.By, agreed) {
			d.settleHere(p.Place)
			return
		}
		d.agreedSoFar(p, agreed)
	}
}

// agreed reports whether all members want what one has suggested.
func (d *decision) agreed(by rituals.MemberID, others []rituals.MemberID) bool {
	return !slices.ContainsFunc(d.s.Members, func(m rituals.Member) bool {
		return m.ID != by && !slices.Contains(others, m.ID)
	})
}

// settleHere makes a chat the couple's place.
func (d *decision) settleHere(p *rituals.Place) {
	place := *p
	place.Stopped = false
	d.dropPlaceProposals()
	d.s.Couple.Place = &place
	for i := range d.s.Couple.Bonds { // who can be reached there need not rest for being unreachable
		b := &d.s.Couple.Bonds[i]
		if m := d.s.MemberBy(b.Member); m.Unreachable && b.RestUntil.Equal(rituals.Forever) {
			b.RestUntil = time.Time{}
			d.setResume()
		}
	}
	d.sayHere(&place, nil, rituals.Message{Blocks: paragraphs(d.in(place.Language).Say("here.done"))})
	for i := range d.s.CheckIns { // what is open and was asked where somebody cannot be reached
		c := &d.s.CheckIns[i]
		for j := range d.s.Members {
			if m := &d.s.Members[j]; c.State == rituals.Open && m.Unreachable {
				d.promptHere(&place, c, m)
			}
		}
	}
}

// eachAlone ends that there is a place. One can end it; all read the same.
func (d *decision) eachAlone(key string) {
	d.dropPlaceProposals()
	if d.s.Couple.Place == nil {
		d.toast(d.voice(d.me).Say("here.off"))
		return
	}
	d.c.Drop = append(d.c.Drop, rituals.Drop{To: d.s.Couple.Place.Address, Couple: d.s.Couple.ID})
	d.unplace()
	d.tellBoth(key)
}

// sayThere answers who acted where they are: for their eyes only, if that can be, else
// in the chat itself.
func (d *decision) sayThere(m rituals.Message) {
	if d.event.Aside || d.event.Private {
		d.say(d.me, m)
		return
	}
	m.To, m.Couple = d.event.Chat, d.s.Couple.ID
	d.put(m)
}

// readersLine says who can read a chat; empty if there is nothing to say.
func (d *decision) readersLine(v *phrases.Voice, r *rituals.Readers) string {
	switch {
	case r.Kind == rituals.Group:
		return v.Count("readers.group", r.People)
	case r.Kind == rituals.Thread && r.People > 0:
		return v.Count("readers.thread", r.People)
	case r.Kind == rituals.Thread:
		return v.Say("readers.room")
	case r.Everyone:
		return v.Say("readers.everyone")
	case len(r.Roles) > 0:
		return v.Say("readers.roles", "roles", strings.Join(r.Roles, ", "))
	}
	return v.Say("readers.named")
}

// platformName is how a platform is called.
func platformName(p rituals.Platform) string {
	name := string(p)
	return strings.ToUpper(name[:1]) + name[1:]
}
