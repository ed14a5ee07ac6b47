package discord

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"attune/bots"
	"attune/rituals"
)

// Whatever Discord tells of a message, the event it gives is whole, and only what a
// person wrote to the bot alone gives one.
func FuzzMessage(f *testing.F) {
	for _, raw := range []string{
		`{` + at + alex + `"content":"hi"}`,
		`{` + at + alex + `"type":19,"content":"hi","message_reference":{"message_id":"80"}}`,
		`{` + at + alex + `"content":"look","attachments":[{"id":"1","filename":"sea.jpg","content_type":"image/jpeg","size":5,"url":"https://x"}]}`,
		`{` + at + alex + `"content":"","attachments":[{"id":"1","content_type":"audio/ogg","size":5,"duration_secs":3.4},{"id":"2"}]}`,
		`{` + at + alex + `"sticker_items":[{}],"poll":{"question":{}},"components":[{"type":1,"components":[{"label":{"a":1}}]}]}`,
		`{` + at + alex + `"message_reference":{"type":1,"message_id":"80"},"message_snapshots":[{}]}`,
		`{` + at + alex + `"type":6,"content":"x"}`,
		`{` + at + `"author":{"id":"1","bot":true},"content":"hi"}`,
		`{` + at + `"author":null,"content":"hi"}`,
		`{` + at + alex + `"guild_id":"3","content":"hi"}`,
		`{` + at + alex + `"content":"hi","edited_timestamp":"2026-11-23T21:30:00.123+00:00"}`,
	} {
		f.Add(raw)
	}
	const beside = `{` + at + alex + `"content":"beside"}`
	f.Fuzz(func(t *testing.T, raw string) {
		var m message
		err := json.Unmarshal([]byte(raw), &m)
		if json.Valid([]byte(raw)) {
			var all page
			if err := json.Unmarshal([]byte(`[`+raw+`,`+beside+`]`), &all); err != nil || len(all) != 2 || all[1].Content != "beside" {
				t.Errorf("a page of %s and another message is %+v, %v, want both", raw, all, err)
			}
			if _, ok := wrote(&all[0]); ok && err != nil {
				t.Errorf("wrote of what cannot be read in %s = true, want false: %v", raw, err)
			}
		}
		if err != nil {
			return
		}
		in, ok := wrote(&m)
		ed, changed := edited(&m)
		if changed && !ok {
			t.Fatalf("edited(%s) = %+v, want nothing of what nobody wrote", raw, ed.event)
		}
		if !ok {
			return
		}
		e := &in.event
		something := e.Text != "" || len(e.Media) > 0
		if e.Kind != rituals.Wrote || e.Source != m.ID || m.Author.Bot || m.Guild != "" || !e.Private || something == e.Other || !known(e) {
			t.Errorf("wrote(%s) = %+v, want what a person wrote to the bot alone", raw, e)
		}
		if at, err := strconv.ParseUint(e.ID, 10, 64); err != nil || at != in.at || at != in.message {
			t.Errorf("wrote(%s) = %q at %d of message %d, want its number", raw, e.ID, in.at, in.message)
		}
		if c := &ed.event; changed && (c.Kind != rituals.Edited || c.ID == e.ID || c.Source != e.Source || c.Text == "" || !known(c)) {
			t.Errorf("edited(%s) = %+v, want the change of %+v", raw, c, e)
		}
	})
}

// Whatever Discord tells of an interaction, the event it gives is whole, and in a
// channel it is answered to who acted alone.
func FuzzInteraction(f *testing.F) {
	const inServer = `"id":"90","channel_id":"60","guild_id":"3","app_permissions":"7","member":{"user":{"id":"7","global_name":"Alex"}},`
	for _, raw := range []string{
		`{` + at + acts + `"type":3,"data":{"custom_id":"yes:5|z.0"}}`,
		`{` + at + acts + `"type":3,"data":{"custom_id":"form:5:way|z.0!"}}`,
		`{` + at + acts + `"type":3,"message":{"id":"81","components":[{"components":[{"custom_id":"a hint|z.0?","label":"Answer"}]}]},"data":{"custom_id":"a hint|z.0?"}}`,
		`{` + at + acts + `"type":5,"data":{"custom_id":"form:80:85","components":[{"components":[{"custom_id":"words","value":"hi"}]}]}}`,
		`{` + at + acts + `"type":5,"message":{"id":"81"},"data":{"custom_id":"x","components":[{"type":18,"component":{"type":4,"value":"hi"}}]}}`,
		`{` + at + acts + `"type":5,"data":{"custom_id":"fill:form:5:way:message|99","components":[{"component":{"custom_id":"mood","values":["4"]}},{"component":{"custom_id":"want","values":[]}},{"component":{"custom_id":"heart","value":"hi"}}]}}`,
		`{` + at + acts + `"type":2,"data":{"name":"join","type":1,"options":[{"name":"with","value":" a-b "},{"name":"n","value":3},{"name":"sub","options":[{"name":"x","value":true}]}]}}`,
		`{` + inServer + `"type":2,"data":{"name":"start","options":[{"name":"partner","type":6,"value":"8"}],"resolved":{"users":{"8":{"id":"8","username":"sam"}},"members":{"8":{"nick":"Sam"}}}}}`,
		`{` + inServer + `"type":3,"data":{"custom_id":"here:on|z.0"}}`,
		`{` + at + acts + `"type":2,"data":{"name":"x","type":3}}`,
		`{` + at + `"member":{"user":null},"type":3,"data":{"custom_id":"x"}}`,
		`{` + at + acts + `"type":5,"data":{"components":[]}}`,
		`{` + at + acts + `"type":3,"data":null}`,
	} {
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		var i interaction
		if json.Unmarshal([]byte(raw), &i) != nil {
			return // it is logged and left out
		}
		if opensForm(&i) && asksForForm(&i) {
			t.Errorf("%s opens a form and asks for one, want one of them", raw)
		}
		if opensForm(&i) {
			if got := label(i.Message.Components, i.Data.CustomID); bots.Units(got) > maxTitle {
				t.Errorf("the form that %s opens has the title %q, want at most %d characters", raw, got, maxTitle)
			}
		}
		in, ok := acted(&i)
		if !ok {
			return
		}
		e := &in.event
		if e.ID != i.ID || e.Aside == e.Private || e.Aside != (i.Guild != "") || (in.from == &i) != e.Aside || !known(e) {
			t.Errorf("acted(%s) = %+v, want what somebody did, in private or aside", raw, e)
		}
		if e.Mention != nil && (e.Mention.Person.ID == "" || bots.Blank(e.Mention.Name)) {
			t.Errorf("acted(%s) names %+v, want somebody", raw, e.Mention)
		}
		fits := false
		switch e.Kind {
		case rituals.Tapped:
			fits = e.Action != "" && e.Text == ""
		case rituals.Filled:
			fits = e.Action != "" && e.Text == "" && e.Source == i.ID
		case rituals.Wrote:
			fits = e.Action == "" && e.Text != "" && e.Source == i.ID && (i.Type != 2 || strings.HasPrefix(e.Text, "/"))
		}
		if !fits {
			t.Errorf("acted(%s) = %+v, want all that such an event has", raw, e)
		}
	})
}

// known reports whether it is known who did something, and where.
func known(e *rituals.Event) bool {
	home := e.Chat
	if e.Aside {
		home = rituals.Address{} // it is looked up
	}
	return e.ID != "" && e.Person.Platform == rituals.Discord && e.Person.ID != "" && e.Chat.Chat != "" && e.Home == home &&
		!bots.Blank(e.Name) && utf8.ValidString(e.Name+e.Text+e.Action) &&
		(e.Language == "" || len(e.Language) == 2) &&
		!slices.ContainsFunc(e.Media, func(m rituals.Media) bool { return m.Kind == "" || strings.Count(m.File, "/") < 2 })
}

// Whatever a button does, its action is what comes back.
func FuzzButtons(f *testing.F) {
	f.Add("yes:5", int64(35), 0, "99")
	f.Add("a|z.0", int64(-1), 24, "1")
	f.Fuzz(func(t *testing.T, action string, row int64, n int, opening string) {
		if n = max(0, n); strings.Contains(opening, "|") {
			return // it is a number
		}
		id := buttonID(action, row, n)
		if got, at := parseID(id); got != action || at != row {
			t.Errorf("parseID(%q) = %q, %d, want %q, %d", id, got, at, action, row)
		}
		if got, ok := filledID(fillID + action + "|" + opening); !ok || got != action {
			t.Errorf("filledID of %q opened by %q = %q, %t, want the same", action, opening, got, ok)
		}
	})
}
