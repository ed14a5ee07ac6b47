package discord

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"attune/rituals"
)

const (
	at   = `"id":"90","channel_id":"50",`
	alex = `"author":{"id":"7","username":"alex","global_name":"Alex"},`
	acts = `"user":{"id":"7","username":"alex","global_name":"Alex"},"token":"t","locale":"de",`
)

// event returns one of Alex's words, changed.
func event(change func(*rituals.Event)) *rituals.Event {
	e := rituals.Event{
		ID: "90", Kind: rituals.Wrote, Person: rituals.Person{Platform: rituals.Discord, ID: "7"},
		Chat: rituals.Address{Platform: rituals.Discord, Chat: "50"}, Private: true, Name: "Alex", Source: "90",
	}
	e.Home = e.Chat
	change(&e)
	return &e
}

// inChannel returns the event that a test wants of what is done in a channel.
func inChannel(change func(*rituals.Event)) *rituals.Event {
	return event(func(e *rituals.Event) {
		e.Chat.Chat, e.Home, e.Private, e.Aside = "60", rituals.Address{}, false, true
		change(e)
	})
}

// A told is something that Discord tells, and what event it is; nil is none.
type told struct {
	name string
	kind string
	raw  string
	want *rituals.Event
}

func TestWords(t *testing.T) {
	check(t, []told{
		{"words", "new", `{` + at + alex + `"content":"hi"}`, event(func(e *rituals.Event) { e.Text = "hi" })},
		{"a reply", "new", `{` + at + alex + `"type":19,"content":"hi","message_reference":{"message_id":"80"}}`,
			event(func(e *rituals.Event) { e.Text, e.ReplyTo = "hi", "80" })},
		{"a picture with words", "new", `{` + at + alex + `"content":"look","attachments":[{"id":"1","filename":"sea.jpg","content_type":"image/jpeg","size":5,"url":"https://x"}]}`,
			event(func(e *rituals.Event) {
				e.Text = "look"
				e.Media = []rituals.Media{{Kind: rituals.Picture, Platform: rituals.Discord, File: "50/90/1", Name: "sea.jpg", Type: "image/jpeg", Size: 5}}
			})},
		{"a voice message", "new", `{` + at + alex + `"content":"","flags":8192,"attachments":[{"id":"1","content_type":"audio/ogg","size":5,"duration_secs":3.4}]}`,
			event(func(e *rituals.Event) {
				e.Media = []rituals.Media{{Kind: rituals.Voice, Platform: rituals.Discord, File: "50/90/1", Type: "audio/ogg", Size: 5, Seconds: 3}}
			})},
		{"a file with words is words", "new", `{` + at + alex + `"content":"look","attachments":[{"id":"1"}]}`, event(func(e *rituals.Event) { e.Text = "look" })},
		{"a file", "new", `{` + at + alex + `"content":"","attachments":[{"id":"1"}]}`, event(func(e *rituals.Event) { e.Other = true })},
		{"a sticker", "new", `{` + at + alex + `"sticker_items":[{}]}`, event(func(e *rituals.Event) { e.Other = true })},
		{"a poll", "new", `{` + at + alex + `"poll":{"question":{}}}`, event(func(e *rituals.Event) { e.Other = true })},
		{"something forwarded is no reply", "new", `{` + at + alex + `"message_reference":{"type":1,"message_id":"80"},"message_snapshots":[{}]}`, event(func(e *rituals.Event) { e.Other = true })},
		{"nothing", "new", `{` + at + alex + `"content":"","poll":null}`, nil},
		{"a message was pinned", "new", `{` + at + alex + `"type":6,"content":"x"}`, nil},
		{"the bot's own words", "new", `{` + at + `"author":{"id":"1","bot":true},"content":"hi"}`, nil},
		{"nobody's words", "new", `{` + at + `"content":"hi"}`, nil},
		{"words in a server", "new", `{` + at + alex + `"guild_id":"3","content":"hi"}`, nil},
		{"a person without a name that can be seen", "new", `{` + at + `"author":{"id":"7","username":"alex","global_name":" \u200b"},"content":"hi"}`,
			event(func(e *rituals.Event) { e.Text, e.Name = "hi", "alex" })},
		{"changed words", "changed", `{` + at + alex + `"content":"hi","edited_timestamp":"2026-11-23T21:30:00.123+00:00"}`,
			event(func(e *rituals.Event) { e.ID, e.Kind, e.Text = "90/1795469400123", rituals.Edited, "hi" })},
		{"a preview was added", "changed", `{` + at + alex + `"content":"hi","edited_timestamp":null}`, nil},
	})
}

func TestInteractions(t *testing.T) {
	check(t, []told{
		{"a tap", "acted", `{` + at + acts + `"type":3,"data":{"custom_id":"yes:5|z.0"}}`,
			event(func(e *rituals.Event) { e.Kind, e.Action, e.Source, e.Language = rituals.Tapped, "yes:5", "", "de" })},
		{"a form", "acted", `{` + at + acts + `"type":5,"data":{"custom_id":"form:80:85","components":[{"components":[{"custom_id":"words","value":"hi"}]}]}}`,
			event(func(e *rituals.Event) { e.Text, e.ReplyTo, e.Language = "hi", "80", "de" })},
		{"a form of labels", "acted", `{` + at + acts + `"type":5,"message":{"id":"81"},"data":{"custom_id":"x","components":[{"type":18,"component":{"type":4,"value":"hi"}}]}}`,
			event(func(e *rituals.Event) { e.Text, e.ReplyTo, e.Language = "hi", "81", "de" })},
		{"a command with words and a number", "acted", `{` + at + acts + `"type":2,"data":{"name":"join","type":1,"options":[{"name":"with","value":" a-b "},{"name":"n","value":3}]}}`,
			event(func(e *rituals.Event) { e.Text, e.Language = "/join a-b 3", "de" })},
		{"a command in a server", "acted", `{"id":"90","channel_id":"60","guild_id":"3","token":"t","member":{"user":{"id":"7","username":"alex","global_name":"Alex"}},"type":2,"data":{"name":"evening"}}`,
			inChannel(func(e *rituals.Event) { e.Text = "/evening" })},
		{"a command that names somebody", "acted", `{"id":"90","channel_id":"60","guild_id":"3","member":{"user":{"id":"7","global_name":"Alex"}},"type":2,"data":{"name":"start",
			"options":[{"name":"partner","type":6,"value":"8"}],"resolved":{"users":{"8":{"id":"8","username":"sam","global_name":"Samantha"}},"members":{"8":{"nick":"Sam"}}}}}`,
			inChannel(func(e *rituals.Event) {
				e.Text = "/start"
				e.Mention = &rituals.Mention{Person: rituals.Person{Platform: rituals.Discord, ID: "8"}, Name: "Sam"}
			})},
		{"a command that names a bot", "acted", `{` + at + acts + `"type":2,"data":{"name":"start","options":[{"name":"partner","type":6,"value":"8"}],"resolved":{"users":{"8":{"id":"8","bot":true}}}}}`,
			event(func(e *rituals.Event) { e.Text, e.Language = "/start", "de" })},
		{"a form that was asked for", "acted", `{` + at + acts + `"type":5,"data":{"custom_id":"fill:form:5:way:message|99","components":[
			{"type":18,"component":{"type":3,"custom_id":"mood","values":["4"]}},{"type":18,"component":{"type":3,"custom_id":"want","values":[]}},
			{"type":18,"component":{"type":4,"custom_id":"heart","value":"hi"}}]}}`,
			event(func(e *rituals.Event) {
				e.Kind, e.Action, e.Language = rituals.Filled, "form:5:way:message", "de"
				e.Entries = []rituals.Entry{{Field: "mood", Value: "4"}, {Field: "want"}, {Field: "heart", Value: "hi"}}
			})},
		{"a command of a message's menu", "acted", `{` + at + acts + `"type":2,"data":{"name":"x","type":3}}`, nil},
		{"nobody's tap", "acted", `{` + at + `"type":3,"data":{"custom_id":"x"}}`, nil},
		{"an empty form", "acted", `{` + at + acts + `"type":5,"data":{"components":[]}}`, nil},
		{"an interaction without data", "acted", `{` + at + acts + `"type":3}`, nil},
	})
}

// check checks what is made of what Discord tells.
func check(t *testing.T, tests []told) {
	t.Helper()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var m message
			var i interaction
			var in incoming
			var ok bool
			into, read := any(&m), func() { in, ok = wrote(&m) }
			switch tt.kind {
			case "changed":
				read = func() { in, ok = edited(&m) }
			case "acted":
				into, read = &i, func() { in, ok = acted(&i) }
			}
			if err := json.Unmarshal([]byte(tt.raw), into); err != nil {
				t.Fatalf("Unmarshal(%s): got %v, want nil", tt.raw, err)
			}
			read()
			if ok != (tt.want != nil) {
				t.Fatalf("event: got %v, want %v", ok, tt.want != nil)
			}
			if ok && !cmp.Equal(in.event, *tt.want) {
				t.Errorf("event (-got +want):\n%s", cmp.Diff(in.event, *tt.want))
			}
		})
	}
}

func TestOneMessageThatCannotBeReadKeepsNoneBack(t *testing.T) {
	var all page
	const raw = `[{` + at + alex + `"content":"hi"},{"id":"91","content":{}},{` + at + alex + `"content":"there"}]`
	if err := json.Unmarshal([]byte(raw), &all); err != nil || len(all) != 3 {
		t.Fatalf("Unmarshal(%s): got %d messages and %v, want 3", raw, len(all), err)
	}
	if got, want := []string{all[0].Content, all[1].ID, all[1].Content, all[2].Content}, []string{"hi", "91", "", "there"}; !cmp.Equal(got, want) {
		t.Errorf("Unmarshal(%s): got %q, want %q", raw, got, want)
	}
}

func TestMarks(t *testing.T) {
	for _, tt := range []struct {
		text string
		want mark
	}{{"", mark{}}, {"12", mark{message: 12}}, {"12/34", mark{12, 34}}, {"x/y", mark{}}} {
		if got := parseMark(tt.text); got != tt.want {
			t.Errorf("parseMark(%q): got %v, want %v", tt.text, got, tt.want)
		}
	}
	for _, m := range []mark{{1, 0}, {1 << 63, 5}} {
		if got := parseMark(m.String()); got != m {
			t.Errorf("parseMark(%q): got %v, want %v", m.String(), got, m)
		}
	}
}

func TestBook(t *testing.T) {
	ctx := t.Context()
	c := &memory{values: make(map[string]string)}
	b := newBook(c, nil)
	const channels = 2*channelsPage + 1
	for i := range channels {
		if err := b.add(ctx, string(rune('a'+i%26))+string(rune('a'+i/26)), uint64(i)); err != nil {
			t.Fatalf("add: got %v, want nil", err)
		}
	}
	b.settled("aa", incoming{message: 77, edited: 3})
	if err := b.flush(ctx); err != nil {
		t.Fatalf("flush: got %v, want nil", err)
	}
	b = newBook(c, nil)
	if err := b.load(ctx); err != nil || len(b.all()) != channels {
		t.Errorf("load: got %d channels and %v, want %d", len(b.all()), err, channels)
	}
	if m, err := b.mark(ctx, "aa"); err != nil || m != (mark{77, 3}) {
		t.Errorf("mark: got %v and %v, want 77/3", m, err)
	}
	if m, err := b.mark(ctx, "ba"); err != nil || m != (mark{1, 0}) {
		t.Errorf("mark: got %v and %v, want 1", m, err)
	}
}
