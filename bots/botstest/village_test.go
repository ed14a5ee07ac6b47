package botstest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	"attune/bots"
	"attune/rituals"
)

// A village is a platform in memory. It keeps what people did until the bot has
// confirmed it, takes messages of at most 1,000 letters, and breaks connections
// on demand.
type village struct {
	flaw flaw

	mu      sync.Mutex
	last    int
	people  map[string]*villager
	updates []update
	news    chan struct{}
	cut     string // "before" or "after": what happens to the next message
	bot     *crier
}

type update struct {
	id int
	e  rituals.Event
}

type villager struct {
	v       *village
	name    string
	blocked bool
	sights  []letter
	toasts  []string
}

type letter struct {
	Sight
	choices []rituals.Choice
}

func newVillage(f flaw) *village {
	v := &village{flaw: f, people: make(map[string]*villager), news: make(chan struct{}, 1)}
	v.Restart()
	return v
}

func (v *village) Bot() bots.Bot           { return v.bot }
func (v *village) Why(string) string       { return "" }
func (v *village) Restart()                { v.bot = &crier{v: v} }
func (v *village) CutBefore()              { v.cutNext("before") }
func (v *village) CutAfter()               { v.cutNext("after") }
func (p *villager) Person() rituals.Person { return rituals.Person{Platform: "village", ID: p.name} }
func (p *villager) Chat() rituals.Address {
	return rituals.Address{Platform: "village", Chat: "at " + p.name}
}

func (v *village) cutNext(when string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.cut = when
}

func (v *village) Join(name string) Someone {
	v.mu.Lock()
	defer v.mu.Unlock()
	p := &villager{v: v, name: name}
	v.people[p.Chat().Chat] = p
	return p
}

// does lets somebody do something and returns its number.
func (p *villager) does(e rituals.Event) string {
	v := p.v
	v.mu.Lock()
	defer v.mu.Unlock()
	v.last++
	e.ID, e.Person, e.Chat, e.Private = strconv.Itoa(v.last), p.Person(), p.Chat(), true
	if e.Kind == rituals.Wrote {
		e.Source = "w" + e.ID
	}
	v.updates = append(v.updates, update{id: v.last, e: e})
	select {
	case v.news <- struct{}{}:
	default:
	}
	return e.Source
}

func (p *villager) Write(text string) string {
	return p.does(rituals.Event{Kind: rituals.Wrote, Text: text})
}

func (p *villager) Edit(id, text string) {
	p.does(rituals.Event{Kind: rituals.Edited, Source: id, Text: text})
}

func (p *villager) Reply(to, text string) string {
	return p.does(rituals.Event{Kind: rituals.Wrote, Text: text, ReplyTo: to})
}

func (p *villager) Picture() { p.does(rituals.Event{Kind: rituals.Wrote, Other: true}) }

// React does nothing that a bot would be told.
func (p *villager) React(id, emoji string) {}

func (p *villager) Tap(id, label string) {
	for _, l := range p.letters() {
		for _, c := range l.choices {
			if l.ID == id && c.Label == label {
				p.does(rituals.Event{Kind: rituals.Tapped, Action: c.Action})
			}
		}
	}
}

func (p *villager) Block()   { p.set(true) }
func (p *villager) Unblock() { p.set(false) }

func (p *villager) set(blocked bool) {
	p.v.mu.Lock()
	defer p.v.mu.Unlock()
	p.blocked = blocked
}

func (p *villager) Toasts() []string {
	p.v.mu.Lock()
	defer p.v.mu.Unlock()
	return slices.Clone(p.toasts)
}

func (p *villager) letters() []letter {
	p.v.mu.Lock()
	defer p.v.mu.Unlock()
	return slices.Clone(p.sights)
}

func (p *villager) Sees() []Sight {
	var ss []Sight
	for _, l := range p.letters() {
		ss = append(ss, l.Sight)
	}
	return ss
}

// A crier is the bot of a village.
type crier struct {
	v *village
}

func (b *crier) Platform() rituals.Platform { return "village" }

// Run fetches what people did, settles it, and only then confirms it.
func (b *crier) Run(ctx context.Context, h bots.Handler) error {
	for ctx.Err() == nil {
		batch := b.v.fetch(ctx)
		if len(batch) == 0 {
			continue
		}
		if b.v.flaw == confirmsEarly {
			b.v.confirm(batch[len(batch)-1].id)
		}
		var es []rituals.Event
		for _, u := range batch {
			es = append(es, u.e)
		}
		if err := b.v.flaw.settle(ctx, h, es, b.v.toast); err == nil {
			b.v.confirm(batch[len(batch)-1].id)
			continue
		}
		select {
		case <-time.After(time.Second):
		case <-ctx.Done():
		}
	}
	if b.v.flaw == stopsLate {
		time.Sleep(time.Minute)
	}
	return nil
}

// fetch returns what was not confirmed, and waits for it up to a minute.
func (v *village) fetch(ctx context.Context) []update {
	for wait := time.After(time.Minute); ; {
		v.mu.Lock()
		batch := slices.Clone(v.updates)
		v.mu.Unlock()
		if len(batch) > 0 {
			return batch
		}
		select {
		case <-v.news:
		case <-wait:
			return nil
		case <-ctx.Done():
			return nil
		}
	}
}

func (v *village) confirm(id int) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.updates = slices.DeleteFunc(v.updates, func(u update) bool { return u.id <= id })
}

func (v *village) toast(e rituals.Event, a rituals.Answer) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if a.Text == "" {
		return
	}
	for _, p := range v.people {
		if p.Person() == e.Person || v.flaw == toastsAll {
			p.toasts = append(p.toasts, a.Text)
		}
	}
}

func (b *crier) Send(ctx context.Context, parcel bots.Parcel) (string, error) {
	v, m := b.v, parcel.Message
	v.mu.Lock()
	defer v.mu.Unlock()
	cut := v.cut
	v.cut = ""
	if cut == "before" {
		return "", v.flaw.broken(errors.New("connection refused"))
	}
	p := v.people[m.To.Chat]
	if p.blocked {
		if v.flaw == hidesBlocks {
			return "", errors.New("forbidden")
		}
		return "", &bots.GoneError{Chat: true, Err: errors.New("forbidden")}
	}
	text, choices := v.flaw.render(m)
	id := parcel.Edits
	if id == "" {
		id = p.put(v.flaw.split(text), choices)
	} else {
		p.change(id, text, choices)
	}
	if cut == "after" {
		return "", errors.New("connection reset")
	}
	return id, nil
}

// put adds letters, the choices under the last, and returns its id.
func (p *villager) put(parts []string, choices []rituals.Choice) string {
	for i, part := range parts {
		p.v.last++
		l := letter{Sight: Sight{ID: fmt.Sprint("s", p.v.last), Text: part}}
		if i == len(parts)-1 {
			l.choices = choices
			l.Buttons = labels(choices)
		}
		if p.v.flaw == saysNewestFirst {
			p.sights = slices.Insert(p.sights, 0, l)
			continue
		}
		p.sights = append(p.sights, l)
	}
	return fmt.Sprint("s", p.v.last)
}

func (p *villager) change(id, text string, choices []rituals.Choice) {
	for i := range p.sights {
		l := &p.sights[i]
		if l.ID != id {
			continue
		}
		l.Text = text
		if p.v.flaw != keepsButtons {
			l.choices, l.Buttons = choices, labels(choices)
		}
	}
}

func labels(choices []rituals.Choice) []string {
	var ls []string
	for _, c := range choices {
		ls = append(ls, c.Label)
	}
	return ls
}
