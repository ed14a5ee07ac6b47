package telegram

import (
	"encoding/base64"
	"encoding/json"
	"testing"

	"github.com/go-telegram/bot/models"
	"github.com/google/go-cmp/cmp"

	"attune/bots"
	"attune/rituals"

	"pgregory.net/rapid"
)

// alone returns a bot that talks to nobody.
func alone(t testing.TB) *Bot {
	t.Helper()
	b, err := New(Options{Token: "1000:secret"})
	if err != nil {
		t.Fatalf("New: got %v, want a bot", err)
	}
	b.me.Store(&models.User{ID: 1000, Username: "Attune_bot"})
	return b
}

const (
	alex    = `"from":{"id":1001,"first_name":" Alex ","language_code":"de-AT"},"chat":{"id":1001,"type":"private"}`
	inGroup = `"from":{"id":1001,"first_name":"Alex"},"chat":{"id":-5,"type":"group"}`
)

// wantEvent is what update 7 of Alex's private chat gives, but for what change says.
func wantEvent(change func(e *rituals.Event)) *rituals.Event {
	e := rituals.Event{
		ID: "7", Kind: rituals.Wrote, Private: true, Name: "Alex", Language: "de", Source: "3",
		Person: rituals.Person{Platform: rituals.Telegram, ID: "1001"},
		Chat:   rituals.Address{Platform: rituals.Telegram, Chat: "1001"},
		Home:   rituals.Address{Platform: rituals.Telegram, Chat: "1001"},
	}
	change(&e)
	return &e
}

// wantInGroup is the same for a group.
func wantInGroup(change func(e *rituals.Event)) *rituals.Event {
	return wantEvent(func(e *rituals.Event) { e.Private, e.Language, e.Chat.Chat = false, "", "-5"; change(e) })
}

// An eventRow is an update, without its id, and the event it gives; nil is none.
type eventRow struct {
	name   string
	update string
	want   *rituals.Event
}

func checkEvents(t *testing.T, tests []eventRow) {
	t.Helper()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			batch, next := alone(t).decode([]json.RawMessage{json.RawMessage(`{"update_id":7,` + tt.update + `}`)})
			var got *rituals.Event
			if len(batch) > 0 {
				got = &batch[0].event
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("decode(%s): -want +got\n%s", tt.update, diff)
			}
			if next != 8 {
				t.Errorf("decode(%s): got offset %d, want 8", tt.update, next)
			}
		})
	}
}

func TestWhatPeopleWrite(t *testing.T) {
	says := func(text string) *rituals.Event { return wantEvent(func(e *rituals.Event) { e.Text = text }) }
	other := wantEvent(func(e *rituals.Event) { e.Other = true })
	checkEvents(t, []eventRow{
		{"words are words", `"message":{"message_id":3,"text":"Tired.",` + alex + `}`, says("Tired.")},
		{"a command is words", `"message":{"message_id":3,"text":"/start abc",` + alex + `}`, says("/start abc")},
		{"our name is taken out of a command", `"message":{"message_id":3,"text":"/Start@attune_BOT abc",` + alex + `}`, says("/Start abc")},
		{"also behind a space and an emoji", `"message":{"message_id":3,"text":" 😀 /start@attune_bot",` + alex + `}`, says(" 😀 /start")},
		{"but not out of a sentence", `"message":{"message_id":3,"text":"try /start@attune_bot",` + alex + `}`, says("try /start@attune_bot")},
		{"nor is another bot's name", `"message":{"message_id":3,"text":"/start@other_bot",` + alex + `}`, says("/start@other_bot")},
		{"in a group that is for the other bot", `"message":{"message_id":3,"text":"/start@other_bot",` + inGroup + `}`, nil},
		{"a group is not private", `"message":{"message_id":3,"text":"/evening",` + inGroup + `}`, wantInGroup(func(e *rituals.Event) { e.Text = "/evening" })},
		{"a caption is words", `"message":{"message_id":3,"photo":[{}],"caption":"Us.",` + alex + `}`, says("Us.")},
		{"a photo is its largest size", `"message":{"message_id":3,"photo":[{"file_id":"s","width":9,"height":6},{"file_id":"l","width":90,"height":60,"file_size":12},{"file_id":"xl","width":900,"height":600,"file_size":30000000}],"caption":"Us.",` + alex + `}`,
			wantEvent(func(e *rituals.Event) {
				e.Text = "Us."
				e.Media = []rituals.Media{{Kind: rituals.Picture, Platform: rituals.Telegram, File: "l", Type: "image/jpeg", Size: 12}}
			})},
		{"a picture as a file", `"message":{"message_id":3,"document":{"file_id":"d","mime_type":"image/png","file_name":"sea.png"},` + alex + `}`,
			wantEvent(func(e *rituals.Event) {
				e.Media = []rituals.Media{{Kind: rituals.Picture, Platform: rituals.Telegram, File: "document/d", Type: "image/png", Name: "sea.png"}}
			})},
		{"a song is a voice", `"message":{"message_id":3,"audio":{"file_id":"a","mime_type":"audio/mpeg","duration":90},` + alex + `}`,
			wantEvent(func(e *rituals.Event) {
				e.Media = []rituals.Media{{Kind: rituals.Voice, Platform: rituals.Telegram, File: "audio/a", Type: "audio/mpeg", Seconds: 90}}
			})},
		{"a round video is something else", `"message":{"message_id":3,"video_note":{"file_id":"n","duration":4},` + alex + `}`, other},
		{"another file is something else", `"message":{"message_id":3,"document":{"file_id":"d","mime_type":"application/pdf"},` + alex + `}`, other},
		{"a voice note", `"message":{"message_id":3,"voice":{"file_id":"v","mime_type":"audio/ogg","duration":4},` + alex + `}`,
			wantEvent(func(e *rituals.Event) {
				e.Media = []rituals.Media{{Kind: rituals.Voice, Platform: rituals.Telegram, File: "v", Type: "audio/ogg", Seconds: 4}}
			})},
		{"talk in a group is not for us", `"message":{"message_id":3,"text":"Pass the salt.",` + inGroup + `}`, nil},
		{"a picture in a group is not for us", `"message":{"message_id":3,"photo":[{"file_id":"s"}],"caption":"Us.",` + inGroup + `}`, nil},
		{"a link that carries a tap", `"message":{"message_id":3,"text":"/start ` + payload("form:5:way:message") + `",` + alex + `}`,
			wantEvent(func(e *rituals.Event) { e.Kind, e.Action, e.Source = rituals.Tapped, "form:5:way:message", "" })},
		{"a link that carries what is no text is words", `"message":{"message_id":3,"text":"/start do-9ybTo1OndheTptnXNzYWdl",` + alex + `}`, says("/start do-9ybTo1OndheTptnXNzYWdl")},
		{"a photo without an id is something else", `"message":{"message_id":3,"photo":[{}],` + alex + `}`, other},
		{"a sticker is something else", `"message":{"message_id":3,"sticker":{},` + alex + `}`, other},
		{"a voice note without an id is something else", `"message":{"message_id":3,"voice":{},` + alex + `}`, other},
		{"a new background is nothing", `"message":{"message_id":3,"chat_background_set":{},` + alex + `}`, nil},
		{"words of unknown origin are words", `"message":{"message_id":3,"text":"Look.","forward_origin":{"type":"from the future"},` + alex + `}`, says("Look.")},
		{"a reply names what it replies to", `"message":{"message_id":3,"text":"Yes.","reply_to_message":{"message_id":2,"forward_origin":{"type":"?"}},` + alex + `}`,
			wantEvent(func(e *rituals.Event) { e.Text, e.ReplyTo = "Yes.", "2" })},
		{"a bot says nothing to us", `"message":{"message_id":3,"text":"Hi.","from":{"id":9,"is_bot":true},"chat":{"id":-5,"type":"group"}}`, nil},
		{"a channel has nobody", `"message":{"message_id":3,"text":"Hi.","chat":{"id":-5,"type":"channel"}}`, nil},
	})
}

func TestWhatElsePeopleDo(t *testing.T) {
	is := func(kind rituals.EventKind) *rituals.Event {
		return wantEvent(func(e *rituals.Event) { e.Kind, e.Source = kind, "" })
	}
	crowd := &rituals.Event{ID: "7", Kind: rituals.Changed, Person: rituals.Person{Platform: rituals.Telegram},
		Chat: rituals.Address{Platform: rituals.Telegram, Chat: "-5"}}
	checkEvents(t, []eventRow{
		{"changed words", `"edited_message":{"message_id":3,"text":"Tired!",` + alex + `}`, wantEvent(func(e *rituals.Event) { e.Kind, e.Text = rituals.Edited, "Tired!" })},
		{"a place that moves is no changed words", `"edited_message":{"message_id":3,"location":{},` + alex + `}`, nil},
		{"a changed caption leaves the picture", `"edited_message":{"message_id":3,"photo":[{"file_id":"s"}],"caption":"Us!",` + alex + `}`, wantEvent(func(e *rituals.Event) { e.Kind, e.Text = rituals.Edited, "Us!" })},
		{"changed words in a group are not for us", `"edited_message":{"message_id":3,"text":"/here",` + inGroup + `}`, nil},
		{"a link that is changed is no tap", `"edited_message":{"message_id":3,"text":"/start ` + payload("form:5") + `",` + alex + `}`, nil},
		{"a tap", `"callback_query":{"id":"q","data":"mood:1:5","from":{"id":1001,"first_name":"Alex","language_code":"de"},"message":{"message_id":2,"date":1,"chat":{"id":1001,"type":"private"}}}`,
			wantEvent(func(e *rituals.Event) { e.Kind, e.Action, e.Source = rituals.Tapped, "mood:1:5", "" })},
		{"a tap under a message that is gone", `"callback_query":{"id":"q","data":"a","from":{"id":1001,"first_name":"Alex","language_code":"de"}}`,
			wantEvent(func(e *rituals.Event) { e.Kind, e.Action, e.Source = rituals.Tapped, "a", "" })},
		{"blocking is leaving", `"my_chat_member":{"old_chat_member":{"status":"member"},"new_chat_member":{"status":"kicked"},` + alex + `}`, is(rituals.Left)},
		{"unblocking is joining", `"my_chat_member":{"old_chat_member":{"status":"kicked"},"new_chat_member":{"status":"member"},` + alex + `}`, is(rituals.Joined)},
		{"becoming an administrator is neither", `"my_chat_member":{"old_chat_member":{"status":"member"},"new_chat_member":{"status":"administrator"},` + alex + `}`, nil},
		{"being unmuted is neither", `"my_chat_member":{"old_chat_member":{"status":"restricted","is_member":true},"new_chat_member":{"status":"member"},` + alex + `}`, nil},
		{"a group moves", `"message":{"message_id":3,"migrate_to_chat_id":-1005,` + inGroup + `}`,
			wantInGroup(func(e *rituals.Event) { e.Kind, e.Text, e.Source = rituals.Moved, "-1005", "" })},
		{"somebody comes into a group", `"message":{"message_id":3,"new_chat_members":[{"id":9}],` + inGroup + `}`, crowd},
		{"somebody leaves a group", `"message":{"message_id":3,"left_chat_member":{"id":9},` + inGroup + `}`, crowd},
		{"the bot itself comes into a group", `"message":{"message_id":3,"new_chat_members":[{"id":1000,"is_bot":true}],` + inGroup + `}`, nil},
		{"the bot is thrown out of a group", `"my_chat_member":{"old_chat_member":{"status":"member"},"new_chat_member":{"status":"kicked"},` + inGroup + `}`, crowd},
		{"the bot comes into a group", `"my_chat_member":{"old_chat_member":{"status":"left"},"new_chat_member":{"status":"member"},` + inGroup + `}`, crowd},
		{"out is out", `"my_chat_member":{"old_chat_member":{"status":"left"},"new_chat_member":{"status":"kicked"},` + inGroup + `}`, nil},
		{"a channel is no group", `"my_chat_member":{"old_chat_member":{"status":"left"},"new_chat_member":{"status":"administrator"},"from":{"id":1001},"chat":{"id":-5,"type":"channel"}}`, nil},
		{"a poll is nothing", `"poll":{"id":"1"}`, nil},
		{"what cannot be decoded is nothing", `"message":{"message_id":3,"text":5,` + alex + `}`, nil},
	})
}

func TestNames(t *testing.T) {
	tests := []struct {
		name string
		user user
		want string
	}{
		{"the first name", user{First: " Alex ", Last: "Gray"}, "Alex"},
		{"else the last", user{First: "\u3164", Last: "Gray"}, "Gray"},
		{"else the user name", user{First: "\u200b", Name: "alexg"}, "alexg"},
		{"else a friend", user{First: "\u2063"}, "Friend"},
		{"nothing that turns words around", user{First: "\u202eAlex\n"}, "Alex"},
		{"emoji of several characters stay whole", user{First: "👩‍❤️‍👨"}, "👩‍❤️‍👨"},
	}
	for _, tt := range tests {
		if got := tt.user.called(); got != tt.want {
			t.Errorf("%s: called(%+v): got %q, want %q", tt.name, tt.user, got, tt.want)
		}
	}
}

func TestEveryPictureOfAnAlbumCounts(t *testing.T) {
	var raw []json.RawMessage
	for _, id := range []string{"7", "8", "9"} {
		raw = append(raw, json.RawMessage(`{"update_id":`+id+`,"message":{"message_id":3,"media_group_id":"a","photo":[{"file_id":"f`+id+`"}],`+alex+`}}`))
	}
	batch, next := alone(t).decode(raw)
	if len(batch) != 3 || next != 10 || batch[2].event.Media[0].File != "f9" {
		t.Errorf("decode of an album of three: got %+v and offset %d, want three pictures and 10", batch, next)
	}
}

// TestPayload holds that no action in a link can be taken for a code, nor a code for
// an action.
func TestPayload(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		action := rapid.StringMatching(`[a-z]{1,8}(:[a-z0-9-]{1,12}){0,3}`).Filter(func(s string) bool { return len(s) <= mostLead }).Draw(t, "action")
		p := payload(action)
		if got, ok := led(p); !ok || got != action || len(p) == codeChars || len(p) > 64 {
			t.Errorf("led(payload(%q)) = %q, %v by %q of %d characters, want the same action in at most 64, not %d", action, got, ok, p, len(p), codeChars)
		}
		code := base64.RawURLEncoding.EncodeToString(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "code"))
		for _, c := range []string{code, actMark + code[len(actMark):]} {
			if action, ok := led(c); ok {
				t.Errorf("led(%q) = %q, want that a code is none", c, action)
			}
		}
	})
}

func TestLanguage(t *testing.T) {
	for code, want := range map[string]string{"de": "de", "pt-BR": "pt", "EN": "en", "fil": "", "|e-AT": "", "é": "", "": ""} {
		if got := bots.Language(code); got != want {
			t.Errorf("bots.Language(%q): got %q, want %q", code, got, want)
		}
	}
}
