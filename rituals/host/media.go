package host

import (
	"slices"
	"strconv"
	"strings"

	"attune/rituals"
	"attune/rituals/phrases"
)

// Pictures and voice messages are answers as words are: sealed with them, opened
// after them.

// wordsOfReply are the words of a reply; of what has none, what there is.
func wordsOfReply(r *rituals.Reply, language string) string {
	text := r.Text()
	if media := r.Media(); text == "" && len(media) > 0 {
		return phrases.In(language).Say("media." + string(media[0].Kind))
	}
	return text
}

// joinLines returns the lines that are not empty.
func joinLines(lines ...string) string {
	return strings.Join(slices.DeleteFunc(lines, func(l string) bool { return l == "" }), "\n")
}

// carried are the messages that show what a member has sent with their words.
func carried(c *rituals.CheckIn, m *rituals.Member, language string) []rituals.Message {
	var all []rituals.Message
	for _, r := range c.Shown(m.ID) {
		label := c.Ritual.Step(r.Step).Label.In(language)
		for _, media := range r.Media() {
			all = append(all, rituals.Message{Blocks: []rituals.Block{carriedBlock(m.Name, label, media, language)}, From: m.ID})
		}
	}
	return all
}

func carriedBlock(by, label string, m rituals.Media, language string) rituals.Block {
	return rituals.Block{Kind: rituals.Carried, By: by, Label: label, Media: &m,
		Text: phrases.In(language).Say("media.gone."+string(m.Kind), "name", by)}
}

// passed are the messages that pass on what who acted has written or sent, to who reads
// that language.
func (d *decision) passed(language, text string, media []rituals.Media) []rituals.Message {
	var all []rituals.Message
	if text != "" {
		all = append(all, rituals.Message{Blocks: []rituals.Block{{Kind: rituals.Quote, By: d.me.Name, Text: text}}, From: d.me.ID})
	}
	for _, m := range media {
		all = append(all, rituals.Message{Blocks: []rituals.Block{carriedBlock(d.me.Name, "", m, language)}, From: d.me.ID})
	}
	return all
}

// opensOn returns the platforms on which the others read what who acted has sent.
func (d *decision) opensOn() []rituals.Platform {
	if p := d.place(); p != nil {
		return []rituals.Platform{p.Address.Platform}
	}
	var all []rituals.Platform
	for _, o := range d.others(d.me) {
		all = append(all, o.Address.Platform)
	}
	return all
}

// fitting takes out of an event what is too large to be carried to the others, and
// says so.
func (d *decision) fitting() {
	e := d.event
	var most int64
	media := slices.DeleteFunc(slices.Clone(e.Media), func(m rituals.Media) bool {
		return slices.ContainsFunc(d.opensOn(), func(p rituals.Platform) bool {
			if m.Fits(p) {
				return false
			}
			most = m.Most(p)
			return true
		})
	})
	if len(media) == len(e.Media) {
		return
	}
	fit := *e
	fit.Media = media
	d.event, d.c.Event = &fit, &fit
	d.tell(d.me, d.voice(d.me).Say("media.large", "partner", d.partner(d.me), "n", strconv.FormatInt(most/1000/1000, 10)))
}
