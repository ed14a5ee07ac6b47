package host

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"
	"strconv"
	"time"

	"attune/rituals"
)

const (
	notAgain  = 180 * 24 * time.Hour // a card that was drawn does not come again so soon
	mostAgain = 2                    // how often another card can be asked for
)

// Heavy cards, which are the deep ones and those that members have written, are never
// drawn on or after a hard evening, and yet nobody can tell from a card whether there was
// one, or whose it was:
//
//   - All are dealt their cards at one moment, the same one unless the step deals each
//     their own, from what is known of all. It stays whatever any of them says afterwards.
//   - Where a heavy card may be drawn, chance decides whether one is, and most often it is
//     not. So a card that is not heavy is as good on any evening, also where all others
//     have been drawn: then one of those comes again, and no heavy one in its place.
//   - Another card is never heavy, on no evening (but for who draws alone): nobody can ask on and on until they know.
//     Nor does it change what others are dealt, that day or later, unless the answers open.
//   - Nothing else changes with it: not whether there is a card, nor when, nor its words.
//
// A heavy card says that nobody had a hard evening so far, which is true of most evenings,
// and names nobody. A tick list is no lottery: what is missing there would tell. It
// leaves out what is deep by the couple's setting alone.

// deal draws the cards of a check-in's draw steps for all who take part in it.
func (d *decision) deal(c *rituals.CheckIn) {
	for i := range c.Ritual.Steps {
		s := &c.Ritual.Steps[i]
		if s.Kind != rituals.Draw {
			continue
		}
		for n := range c.Walks {
			seed := d.seed(c, c.Walks[n].Member, s)
			if s.Each {
				seed += "/" + strconv.Itoa(n)
			}
			if card, ok := d.draw(c, c.Walks[n].Member, s, seed, !d.hard(c.Day), s.Each); ok {
				c.Walks[n].Deal(card)
			}
		}
	}
}

// dealAlone draws the cards of a private check-in's draw steps for a member. There is
// nobody from whom anything has to be hidden, and no lottery: a deep card is one like the
// others, unless they had a hard evening of late.
func (d *decision) dealAlone(c *rituals.CheckIn, m *rituals.Member) {
	for i := range c.Ritual.Steps {
		s := &c.Ritual.Steps[i]
		if s.Kind != rituals.Draw {
			continue
		}
		if card, ok := d.draw(c, m.ID, s, d.seed(c, m.ID, s)+"/"+id(m.ID), !d.weary(m), true); ok {
			c.Walk(m.ID).Deal(card)
		}
	}
}

// seed is what the lots of a step are made from. Of a private ritual only the member's own
// walks on that day count.
func (d *decision) seed(c *rituals.CheckIn, m rituals.MemberID, s *rituals.Step) string {
	n := c.N
	if c.Ritual.Private {
		n = 0
		for i := range d.s.CheckIns {
			if k := &d.s.CheckIns[i]; k.Ritual.ID == c.Ritual.ID && k.Day == c.Day && k.N < c.N && k.Walk(m) != nil {
				n++
			}
		}
	}
	return fmt.Sprintf("%d/%s/%s/%s/%d", c.Couple, c.Day, c.Ritual.ID, s.ID, n)
}

// deep reports whether all members want deep cards among the others.
func (d *decision) deep() bool { return d.s.Couple.Setting(rituals.Every).Deep }

// hard reports whether a member has had a hard evening on that day or the day before.
func (d *decision) hard(day rituals.Day) bool {
	return slices.ContainsFunc(d.s.CheckIns, func(c rituals.CheckIn) bool {
		return (c.Day == day || c.Day.Add(1) == day) && c.Heavy()
	})
}

// A candidate is a card that could be drawn.
type candidate struct {
	rituals.Card
	deck string
	last rituals.Day // when it was drawn last; empty: not for long
	lot  string      // of those drawn as long ago the least is drawn
}

// heavy reports whether it may be too much on a hard evening.
func (k *candidate) heavy() bool { return k.Depth == rituals.Deep || k.By != 0 }

// ownWeight is how many cards of a deck one of a couple's own is worth: who wrote it
// would like to see it drawn.
const ownWeight = 5

func (k *candidate) weight() int {
	if k.By != 0 {
		return ownWeight
	}
	return 1
}

// draw draws a card for a member, by chance and yet the same each time it is decided: one that was not
// drawn for long; if all were, the one drawn longest ago. Heavy says that it may be a
// heavy one, other that it must be none that this check-in has shown them.
func (d *decision) draw(c *rituals.CheckIn, m rituals.MemberID, s *rituals.Step, seed string, heavy, other bool) (rituals.Drawn, bool) {
	var light, fresh []candidate // of the heavy ones only fresh ones come, but for who draws alone
	total, weight := 0, 0
	for _, k := range d.candidates(c, m, s, seed) {
		switch {
		case other && shown(c, m, rituals.CardKey(k.deck, k.ID)):
		case !k.heavy() || (heavy && c.Ritual.Private):
			light = append(light, k)
			total += k.weight()
		case k.last == "" && (k.Depth != rituals.Deep || d.deep()):
			fresh = append(fresh, k)
			total, weight = total+k.weight(), weight+k.weight()
		}
	}
	from := light
	if heavy && weight > 0 && chance(seed, total) < weight {
		from = fresh
	}
	if len(from) == 0 {
		return rituals.Drawn{}, false
	}
	k := slices.MinFunc(from, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.last, b.last), cmp.Compare(a.lot, b.lot))
	})
	return rituals.Drawn{Step: s.ID, Deck: k.deck, Card: k.ID, Text: k.Text, By: k.By}, true
}

// chance returns a number from 0 to n-1.
func chance(seed string, n int) int {
	sum := sha256.Sum256([]byte(seed))
	return int(binary.BigEndian.Uint64(sum[:8]) % uint64(n))
}

// lotOf is a card's lot. A card that weighs more has as many, and keeps the best.
func lotOf(seed string, k *candidate) string {
	var least string
	for i := range k.weight() {
		sum := sha256.Sum256(fmt.Appendf(nil, "%s/%s/%s/%d", seed, k.deck, k.ID, i))
		if lot := string(sum[:]); i == 0 || lot < least {
			least = lot
		}
	}
	return least
}

// shown reports whether a check-in has shown a member a card, or was dealt it for another.
// What others have asked for in place of theirs, or were dealt alone, is theirs alone to know.
func shown(c *rituals.CheckIn, m rituals.MemberID, key string) bool {
	return slices.ContainsFunc(c.Walks, func(w rituals.Walk) bool {
		return slices.ContainsFunc(w.Cards, func(k rituals.Drawn) bool {
			return k.Key() == key && (w.Member == m || (k.Again == 0 && !c.Ritual.Private))
		})
	})
}

// candidates are the cards that a step draws from. What one draws alone and what all
// draw do not know of each other.
func (d *decision) candidates(c *rituals.CheckIn, m rituals.MemberID, s *rituals.Step, seed string) []candidate {
	only := alone(c, m)
	last, _ := find(d, "drawn/"+id(c.Couple)+"/"+id(only), func(ctx context.Context, r Reader, _ Store) (map[string]rituals.Day, error) {
		return r.Drawn(ctx, d.s.Couple.ID, only, d.now.Add(-notAgain))
	})
	var all []candidate
	add := func(deck string, card rituals.Card) {
		k := candidate{Card: card, deck: deck, last: last[rituals.CardKey(deck, card.ID)]}
		k.lot = lotOf(seed, &k)
		all = append(all, k)
	}
	for _, name := range s.Decks {
		if name == rituals.OwnDeck {
			for _, card := range d.s.Couple.Cards {
				add(name, card)
			}
			continue
		}
		deck := d.lib.Deck(name)
		if deck == nil {
			continue // the host has taken it away since
		}
		for _, card := range deck.Cards {
			if d.inTone(c.Ritual, deck, card.Theme) {
				add(name, card)
			}
		}
	}
	return all
}

// inTone reports whether a theme of a deck is one that the couple draws from: the one
// they chose; else, all that need no choice, and where they live far apart those that do.
func (d *decision) inTone(r *rituals.Ritual, deck *rituals.Deck, theme string) bool {
	if chosen := d.s.Couple.Setting(r.ID).Tone; deck.Tone(chosen) != nil {
		return theme == chosen
	}
	only := func(t rituals.Tone) bool { return t.Only }
	t := deck.Tone(theme)
	if slices.ContainsFunc(deck.Tones, only) && d.farApart() {
		return t != nil && t.Only
	}
	return t == nil || !t.Only
}
