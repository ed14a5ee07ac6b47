package host

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode"

	"attune/rituals"
)

// Limits on what a person writes.
const (
	burst    = 60 * time.Second // a second message this soon may belong to the reply before
	holdFor  = 15 * time.Minute // words that no step asked for
	againFor = 15 * time.Minute // a question that one asked for oneself waits for words
	maxWords = 4096             // characters of one message that are kept: more than people can send
)

// words settles words that are no command.
func (d *decision) words() {
	e := d.event
	d.fitting()
	switch some := strings.ContainsFunc(e.Text, visible) || len(d.event.Media) > 0; {
	case some:
	case len(e.Media) > 0:
		return // too large, which was said
	default:
		d.tell(d.me, d.voice(d.me).Say("only.words"))
		return
	}
	e = d.event
	if d.asksByName(e.Text) {
		d.hold(d.dontTell())
		return
	}
	asked := d.me.Asked
	if e.ReplyTo != "" {
		key, ok := find(d, "said", func(ctx context.Context, r Reader, _ Store) (string, error) {
			return r.MessageKey(ctx, e.Chat, e.ReplyTo)
		})
		if a, is := parseAskKey(key); ok && is {
			asked = a
		}
	}
	if asked.CheckIn == 0 && asked.Step != "" && !d.stale(asked) {
		d.input(asked.Step)
		return
	}
	if _, busy := d.walking[d.me.ID]; busy && e.ReplyTo == "" && d.unseen(asked) {
		d.unasked()
		return
	}
	c := d.checkInBy(asked.CheckIn)
	if c == nil {
		d.unasked()
		return
	}
	s := c.Ritual.Step(stepOf(asked.Step))
	switch {
	case s == nil, !s.Question() && !after(s):
		d.unasked()
	case after(s) && e.ReplyTo == "" && d.now.Sub(asked.At) > againFor:
		d.unasked()
	case s.Kind == rituals.Reveal:
		d.writeBack(c)
	case s.Kind == rituals.Mirror:
		d.mirrored(c, asked)
	case s.Kind == rituals.Heard:
		d.piece(c, asked)
	case !d.changeable(c, s):
		d.unasked()
	case d.matchButton(c, s):
	case s.Kind == rituals.Choose || s.Kind == rituals.Check:
		d.goOn(c)
	default:
		d.join(c, s, asked)
	}
}

// after reports whether a step comes when the answers have opened.
func after(s *rituals.Step) bool {
	return s.Kind == rituals.Reveal || s.Kind == rituals.Mirror || s.Kind == rituals.Heard
}

// stale reports whether a question of the host's own has stood too long for words
// to be its answer. Where somebody is may be told at any time.
func (d *decision) stale(asked rituals.Asked) bool {
	return !strings.HasPrefix(asked.Step, askedCity) && d.now.Sub(asked.At) > againFor
}

// unseen reports whether the question asked last is of a check-in that who acted has
// not begun, while they are in the middle of another: it is kept back from them.
func (d *decision) unseen(asked rituals.Asked) bool {
	c := d.s.CheckIn(asked.CheckIn)
	return c != nil && c.State == rituals.Open && !c.Begun(d.me.ID)
}

// standing returns the question in words, of a check-in they have begun, at which
// who acted stands; nil if there is none.
func (d *decision) standing() (*rituals.CheckIn, *rituals.Step) {
	for i := len(d.s.CheckIns) - 1; i >= 0; i-- {
		c := &d.s.CheckIns[i]
		if !c.Walking(d.me.ID) || !d.mayChange(c) {
			continue
		}
		if s := c.At(d.me.ID); s.Asks() || s.Kind == rituals.Mood {
			return c, s
		}
	}
	return nil, nil
}

// askedDone forgets a question of the host's own: what was asked before it is asked
// again.
func (d *decision) askedDone() {
	if d.me.Asked.CheckIn != 0 {
		return
	}
	d.me.Asked = rituals.Asked{}
	if c, s := d.standing(); s != nil {
		d.me.Asked = rituals.Asked{CheckIn: c.ID, Step: s.ID, At: d.now}
	}
	d.touchMember(d.me)
}

// visible reports whether a character can be seen.
func visible(r rune) bool { return unicode.IsGraphic(r) && !unicode.IsSpace(r) && r != '\uFFFD' }

// matchButton takes words for a tap if they are what a button under the question
// says: in a terminal people type.
func (d *decision) matchButton(c *rituals.CheckIn, s *rituals.Step) bool {
	text := strings.TrimSpace(d.event.Text)
	if strings.EqualFold(text, d.voice(d.me).Say("all")) {
		d.all(c)
		return true
	}
	for _, row := range d.choices(c, d.me, s) {
		for _, b := range row {
			if strings.EqualFold(text, b.Label) {
				d.checkInTap(parseAction(b.Action))
				return true
			}
		}
	}
	return false
}

// goOn takes words that no button says for the rest of those that came just before.
func (d *decision) goOn(c *rituals.CheckIn) {
	for _, r := range c.Replies {
		if r.Member == d.me.ID && len(r.Words) > 0 && d.now.Sub(r.At) <= burst {
			d.append(c, r)
			d.toast(d.voice(d.me).Say("kept.short"))
			return
		}
	}
	d.stray()
}

// join adds words to the reply they belong to. Without a message they reply to,
// that is the one before while the question after it had not reached the writer,
// then the question that was asked, and for a minute after the last one that.
func (d *decision) join(c *rituals.CheckIn, s *rituals.Step, asked rituals.Asked) {
	old := c.Reply(d.me.ID, s.ID)
	fresh := old != nil && len(old.Words) > 0 && !old.Skipped && d.now.Sub(old.At) <= burst
	named := d.event.ReplyTo != ""
	again := old != nil && asked.At.After(old.At) && d.now.Sub(asked.At) <= againFor
	standing := c.At(d.me.ID) == s || old == nil || again
	if !named {
		if prev := d.burstOf(c, s, asked); prev != nil {
			old, fresh, standing = prev, true, false
		}
	}
	switch {
	case fresh && !standing:
		d.append(c, *old)
		d.arrive(c, true)
	case !named && !standing:
		d.stray()
	default:
		r := rituals.Reply{Step: s.ID, Member: d.me.ID, Words: []rituals.Words{d.source()}}
		if old != nil && option(s, old.Choice) != nil {
			r.Choice = old.Choice
		}
		d.answered(c, s, r)
	}
}

// burstOf returns the reply that the words go on with: the last one in words, if
// it is not a minute old and the question after it had not reached the writer.
func (d *decision) burstOf(c *rituals.CheckIn, s *rituals.Step, asked rituals.Asked) *rituals.Reply {
	if d.event.ReplyTo != "" || asked.At.IsZero() || d.now.Sub(asked.At) > burst {
		return nil
	}
	var last *rituals.Reply
	for i := range c.Replies {
		r := &c.Replies[i]
		if r.Member == d.me.ID && len(r.Words) > 0 && !r.At.Before(asked.At) && r.Step != s.ID {
			last = r
		}
	}
	if last == nil {
		return nil
	}
	reached, ok := find(d, "reached", func(ctx context.Context, r Reader, _ Store) (bool, error) {
		return r.Reached(ctx, home(d.event), askKey(c, s.ID, ""))
	})
	if !ok || reached {
		return nil
	}
	return last
}

// append adds the event's words to a reply.
func (d *decision) append(c *rituals.CheckIn, r rituals.Reply) {
	r.Words = append(slices.Clone(r.Words), d.source())
	r.Skipped = false
	d.reply(c, r)
}

func (d *decision) source() rituals.Words {
	return rituals.Words{Source: d.event.Source, Text: clip(d.event.Text, maxWords), Media: d.event.Media}
}

// clip returns the first n characters of a text.
func clip(s string, n int) string {
	s = strings.TrimSpace(strings.ToValidUTF8(s, "\uFFFD"))
	if len(s) <= n {
		return s
	}
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n]) + " …"
}

// edited finds the words that an edited message once said and changes them, if
// they have not opened.
func (d *decision) edited() {
	for i := range d.s.CheckIns {
		c := &d.s.CheckIns[i]
		for _, r := range c.Replies {
			if r.Member != d.me.ID {
				continue
			}
			j := slices.IndexFunc(r.Words, func(w rituals.Words) bool { return w.Source == d.event.Source })
			if j < 0 {
				continue
			}
			text := d.source().Text
			if text == r.Words[j].Text {
				return // told twice, or the change was one of looks
			}
			if s := c.Ritual.Step(r.Step); c.State == rituals.Kept && !d.waits(c, d.me.ID, s) {
				if !r.Mine {
					d.tell(d.me, d.voice(d.me).Say("edit.late", "partner", d.partner(d.me)))
				}
				return
			}
			r.Words = slices.Clone(r.Words)
			r.Words[j].Text = text
			at := r.At
			d.reply(c, r)
			d.c.Replies[len(d.c.Replies)-1].At = at
			return
		}
	}
	if h := d.heldWords(func(h rituals.Held) bool { return h.Source == d.event.Source }); h != nil {
		edited := *h
		edited.Text = d.source().Text
		d.c.Hold = append(d.c.Hold, edited)
	}
}
