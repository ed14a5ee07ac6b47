package rehearsal

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"pgregory.net/rapid"

	"attune/rituals"
	"attune/rituals/phrases"
)

// takesPart reports whether Alex takes part in a check-in, in both worlds: that is
// settled when it is first looked at.
func (p *twins) takesPart(t *rapid.T, k *rituals.CheckIn) bool {
	key := fmt.Sprint(k.Ritual.ID, k.Day, k.N)
	shares, ok := p.shares[key]
	if !ok {
		shares = draw(t, 3) == 2
		p.shares[key] = shares
	}
	return shares
}

// alex lets Alex do the same in both worlds: answer what was asked, in a check-in in
// which Alex takes part.
func (p *twins) alex(ctx context.Context, t *rapid.T) error {
	n, word := draw(t, 12), draw(t, 2) == 1
	for range 1 + draw(t, 6) {
		said := p.silent.said
		one := p.answers(t, p.silent, n, word)
		p.silent.said, p.busy.said = said, said
		if two := p.answers(t, p.busy, n, word); one == "" || one != two {
			return nil
		}
		if err := p.do(ctx, inBoth("        "+one)); err != nil {
			return err
		}
	}
	return nil
}

// answers returns how Alex answers in one of the worlds.
func (p *twins) answers(t *rapid.T, w *world, n int, word bool) string {
	me, s := w.me(), w.seats[0]
	if s.blocked {
		return ""
	}
	k := w.witness.checkIns[me.Asked.CheckIn]
	if word && k != nil && k.State == rituals.Open && p.takesPart(t, k) && me.Asked.Step != "" {
		if q := k.Ritual.Step(me.Asked.Step); q != nil && q.Kind == rituals.Ask && k.At(me.ID) == q {
			return s.name + "  says   " + p.word()
		}
	}
	list := w.buttons(s, func(verb string, k *rituals.CheckIn, step string, o *rituals.Option) bool {
		return p.takesPart(t, k) && (verb == "answer" && (o == nil || o.Act == "") || verb == "skip" || verb == "all")
	})
	if len(list) == 0 {
		return ""
	}
	return list[n%len(list)]
}

// alexAlone lets Alex do something in one of the worlds, in check-ins in which Alex
// shares nothing, and sees to it that nothing is shared.
func (p *twins) alexAlone(ctx context.Context, t *rapid.T) error {
	w := p.busy
	s := w.seats[0]
	if s.blocked {
		return nil
	}
	for range 1 + draw(t, 6) {
		row := p.alone(t, w, s)
		if row == "" {
			continue
		}
		if err := p.do(ctx, step{nil, []string{"        " + row}}); err != nil {
			return err
		}
	}
	for range 12 {
		row := p.takesBack(t, w, s)
		if row == "" {
			break
		}
		if err := p.do(ctx, step{nil, []string{"        " + row}}); err != nil {
			return err
		}
	}
	if w.exposed(p.alexTook) != nil {
		return errAct // it could not be taken back
	}
	return nil
}

func (p *twins) alexTook(k *rituals.CheckIn) bool {
	return p.shares[fmt.Sprint(k.Ritual.ID, k.Day, k.N)]
}

// alone returns something that Alex does which is nobody's business.
func (p *twins) alone(t *rapid.T, w *world, s *seat) string {
	me := w.me()
	k := w.witness.checkIns[me.Asked.CheckIn]
	quiet := []string{"answer", "skip", "all", "change", "mine", "take", "see"}
	acts := []rituals.Act{"", rituals.ActLater, rituals.ActLeave, rituals.ActMine, rituals.ActMorning}
	switch n := draw(t, 20); {
	case n < 5 && k != nil && k.State == rituals.Open && !p.takesPart(t, k) && !w.wouldOpen(k, "say", me.Asked.Step, nil):
		return s.name + "  says   " + p.word()
	case n == 5:
		return s.name + "  says   /" + []string{"streak", "notes", "help", "settings"}[draw(t, 4)]
	case n == 6 && len(s.words) > 0:
		last := s.words[len(s.words)-1]
		for _, k := range w.witness.checkIns {
			for _, r := range k.Replies {
				ours := slices.ContainsFunc(r.Words, func(said rituals.Words) bool { return said.Source == last.source })
				if before, _, ok := strings.Cut(last.text, " "); ok && ours && k.State == rituals.Open && !p.takesPart(t, k) {
					return fmt.Sprintf("%s  edits  %q to %s", s.name, before+" ", p.word())
				}
			}
		}
		return ""
	default:
		list := w.buttons(s, func(verb string, k *rituals.CheckIn, step string, o *rituals.Option) bool {
			turns := o != nil && k.Ritual.Step(step).Aside && o.Act != rituals.ActLater
			if n > 10 && !turns { // ways part there
				return false
			}
			return !p.takesPart(t, k) && slices.Contains(quiet, verb) && (o == nil || slices.Contains(acts, o.Act)) &&
				!w.wouldOpen(k, verb, step, o)
		})
		if len(list) == 0 {
			return ""
		}
		return list[min(draw(t, len(list)), draw(t, len(list)))] // newer ones more often
	}
}

// takesBack returns what Alex does so that what would open does not; nothing if there
// is nothing that would.
func (p *twins) takesBack(t *rapid.T, w *world, s *seat) string {
	k := w.exposed(p.alexTook)
	if k == nil {
		return ""
	}
	list := w.buttons(s, func(verb string, of *rituals.CheckIn, step string, o *rituals.Option) bool {
		return of.ID == k.ID && (verb == "mine" || verb == "take" || o != nil && (o.Act == rituals.ActLeave || o.Act == rituals.ActMine))
	})
	if len(list) == 0 {
		list = w.buttons(s, func(verb string, of *rituals.CheckIn, step string, o *rituals.Option) bool {
			return of.ID == k.ID && verb == "change"
		})
	}
	if len(list) == 0 {
		return ""
	}
	return list[draw(t, len(list))]
}

// rest lets Alex rest until they say otherwise, or come back: in one world by asking for
// it, in the other by blocking the bot.
func (p *twins) rest(ctx context.Context, t *rapid.T) error {
	name := "        " + p.silent.seats[0].name
	if p.rests {
		p.rests = false
		return p.do(ctx, step{[]string{name + "  says   /resume"}, []string{name + " unblocks the bot"}})
	}
	if bond := p.silent.witness.couple.Bond(p.silent.me().ID); !bond.RestUntil.IsZero() {
		return nil
	}
	label := phrases.In(p.silent.me().Language).Say("pause.until")
	p.rests = true
	return p.do(ctx, step{[]string{name + "  says   /pause", name + "  taps   " + label}, []string{name + " blocks the bot"}})
}

// word returns words of Alex's that are the same in both worlds.
func (p *twins) word() string {
	p.silent.said = max(p.silent.said, p.busy.said)
	p.busy.said = p.silent.said
	p.silent.word()
	return p.busy.word()
}
