package discord

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/bwmarrin/discordgo"

	"attune/bots"
	"attune/rituals"
)

// Forms whose questions only the handler knows. It is asked while Discord waits, and
// beside whatever else of the same person is under way: a form must be the first
// answer to a tap, within three seconds.

const (
	askFor      = 2500 * time.Millisecond
	maxLead     = 45  // characters above a field
	maxAbove    = 100 // and of the smaller ones below those
	maxOptions  = 25
	maxOptional = 100 // characters of an option
)

// sentence is where the first sentence of a question ends: not within "8.30".
var sentence = regexp.MustCompile(`^.*?[.?!…] `)

// Parts of a form for which the library has no types.
type (
	labelled struct {
		Type      int    `json:"type"` // 18
		Label     string `json:"label"`
		About     string `json:"description,omitempty"`
		Component any    `json:"component"`
	}

	textField struct {
		Type     int    `json:"type"` // 4
		ID       string `json:"custom_id"`
		Style    int    `json:"style"` // 2: several lines
		Required bool   `json:"required"`
		Most     int    `json:"max_length"`
		Value    string `json:"value,omitempty"`
	}

	pickField struct {
		Type     int          `json:"type"` // 3
		ID       string       `json:"custom_id"`
		Options  []pickOption `json:"options"`
		Required bool         `json:"required"`
		Least    int          `json:"min_values"`
		Most     int          `json:"max_values"`
	}

	pickOption struct {
		Label   string `json:"label"`
		Value   string `json:"value"`
		Default bool   `json:"default,omitempty"`
	}
)

// asksForForm reports whether an interaction is a tap whose form has to be asked for.
func asksForForm(i *interaction) bool {
	return i.Type == int(discordgo.InteractionMessageComponent) && i.Data != nil &&
		rowMark.MatchString(strings.TrimSuffix(i.Data.CustomID, asksMark)) && strings.HasSuffix(i.Data.CustomID, asksMark)
}

// ask shows the form that a tap opens, or what the handler says in its place.
func (in *intake) ask(i *interaction) {
	next, ok := acted(i)
	if !ok {
		return
	}
	ctx, cancel := context.WithTimeout(in.work, askFor)
	defer cancel()
	var a rituals.Answer
	if f, is := in.h.(bots.Former); is {
		var err error
		if a, err = f.Form(ctx, time.Now(), next.event); err != nil {
			in.b.log.Error("form not asked for", "interaction", i.ID, "err", err)
		}
	}
	r := in.b.newReply(in.work, i)
	if a.Form == nil {
		r.answer(in.b.aside(a))
		return
	}
	r.done("form not opened", r.respond(response{Type: discordgo.InteractionResponseModal, Data: modal(a.Form, i.ID)}))
}

// modal returns a form as Discord takes it. Its id is one of its own: Discord's
// apps show what was written into another of the same id and not sent.
func modal(f *rituals.Form, opening string) *responseData {
	d := &responseData{CustomID: fillID + f.Action + "|" + opening, Title: shorten(oneLine(f.Title), maxTitle)}
	if bots.Blank(d.Title) {
		d.Title = defaultLabel
	}
	for _, field := range f.Fields[:min(len(f.Fields), rituals.MostFields)] {
		l := labelled{Type: 18}
		l.Label, l.About = lead(oneLine(field.Text))
		if len(field.Options) == 0 {
			l.Component = textField{Type: 4, ID: field.ID, Style: 2, Most: maxForm, Value: clip(bots.Clean(field.Value))}
		} else {
			pick := pickField{Type: 3, ID: field.ID, Most: 1}
			for _, o := range field.Options[:min(len(field.Options), maxOptions)] {
				pick.Options = append(pick.Options, pickOption{Label: shorten(face(o.Label), maxOptional), Value: o.ID,
					Default: o.ID == field.Value || (field.Many && slices.Contains(strings.Split(field.Value, ","), o.ID))})
			}
			if field.Many {
				pick.Most = len(pick.Options)
			}
			l.Component = pick
		}
		d.Components = append(d.Components, l)
	}
	return d
}

// lead returns what stands above a field, and what below that if it is not all of
// the question.
func lead(question string) (above, below string) {
	if bots.Blank(question) {
		return unsaid, ""
	}
	if bots.Units(question) <= maxLead {
		return question, ""
	}
	above = question
	if end := sentence.FindStringIndex(question); end != nil {
		above = question[:end[1]-1]
	}
	if bots.Units(above) > maxLead {
		words := shorten(above, maxLead)
		if at := strings.LastIndexByte(words, ' '); at > maxLead/2 {
			words = words[:at] + " …"
		}
		above = words
	}
	return above, shorten(question, maxAbove)
}

// clip returns as many characters of s as fit into a form.
func clip(s string) string {
	if utf8.RuneCountInString(s) <= maxForm {
		return s
	}
	return string([]rune(s)[:maxForm])
}

// filledID returns the action of a form that was asked for.
func filledID(id string) (action string, ok bool) {
	rest, ok := strings.CutPrefix(id, fillID)
	at := strings.LastIndexByte(rest, '|')
	if !ok || at < 0 {
		return "", false
	}
	return rest[:at], true
}

// entries returns what the fields of a form were filled with, empty ones too.
func entries(all []component) []rituals.Entry {
	var list []rituals.Entry
	for _, c := range all {
		inner := c.Components
		if c.Component != nil {
			inner = append(inner, *c.Component)
		}
		list = append(list, entries(inner)...)
		switch {
		case c.CustomID == "":
		case c.Value != nil:
			list = append(list, rituals.Entry{Field: c.CustomID, Value: *c.Value})
		case len(c.Values) > 0:
			list = append(list, rituals.Entry{Field: c.CustomID, Value: strings.Join(c.Values, ",")})
		default:
			list = append(list, rituals.Entry{Field: c.CustomID})
		}
	}
	return list
}
