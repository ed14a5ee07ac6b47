package telegramtest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

const secret = "1000:secret"

// ask calls a method with JSON parameters and returns the code and the text of the
// refusal, or "ok".
func ask(t *testing.T, rt http.RoundTripper, where, method, body string) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, where+"/"+method, strings.NewReader(body))
	if err != nil {
		return err.Error()
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := rt.RoundTrip(req)
	if err != nil {
		return "cut"
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		return "cut"
	}
	var a struct {
		OK          bool            `json:"ok"`
		Code        int             `json:"error_code"`
		Description string          `json:"description"`
		Result      json.RawMessage `json:"result"`
	}
	if err := json.Unmarshal(raw, &a); err != nil {
		return fmt.Sprintf("%d no JSON", resp.StatusCode)
	}
	if !a.OK {
		return fmt.Sprintf("%d %s", a.Code, a.Description)
	}
	return "ok"
}

func TestRefuses(t *testing.T) {
	keyboard := func(button string) string {
		return `{"chat_id":1001,"text":"a","reply_markup":{"inline_keyboard":[[` + button + `]]}}`
	}
	entity := func(text string, offset, length int) string {
		return fmt.Sprintf(`{"chat_id":1001,"text":%q,"entities":[{"type":"bold","offset":%d,"length":%d}]}`, text, offset, length)
	}
	tests := []struct {
		name, method, body, want string
	}{
		{"words", "sendMessage", `{"chat_id":1001,"text":"a"}`, "ok"},
		{"as long as it may be", "sendMessage", `{"chat_id":1001,"text":"` + strings.Repeat("🧡", 2048) + `"}`, "ok"},
		{"one letter longer", "sendMessage", `{"chat_id":1001,"text":"` + strings.Repeat("🧡", 2048) + `a"}`, "400 Bad Request: message is too long"},
		{"nothing", "sendMessage", `{"chat_id":1001,"text":""}`, "400 Bad Request: message text is empty"},
		{"space", "sendMessage", `{"chat_id":1001,"text":" \n"}`, "400 Bad Request: text must be non-empty"},
		{"a zero byte", "sendMessage", `{"chat_id":1001,"text":"a\u0000"}`, "400 Bad Request: strings must be encoded in UTF-8"},
		{"to nobody", "sendMessage", `{"chat_id":5,"text":"a"}`, "400 Bad Request: chat not found"},
		{"to who never wrote", "sendMessage", `{"chat_id":1002,"text":"a"}`, "403 Forbidden: bot can't initiate conversation with a user"},
		{"to who blocked", "sendMessage", `{"chat_id":1003,"text":"a"}`, "403 Forbidden: bot was blocked by the user"},
		{"bold to the end", "sendMessage", entity("a🧡", 1, 2), "ok"},
		{"bold past the end", "sendMessage", entity("a🧡", 1, 3), "400 Bad Request: ENTITY_BOUNDS_INVALID"},
		{"bold from inside an emoji", "sendMessage", entity("a🧡", 2, 1), "400 Bad Request: entity begins or ends in a middle of a UTF-16 symbol"},
		{"a button", "sendMessage", keyboard(`{"text":"a","callback_data":"` + strings.Repeat("a", 64) + `"}`), "ok"},
		{"an action too long", "sendMessage", keyboard(`{"text":"a","callback_data":"` + strings.Repeat("ü", 33) + `"}`), "400 Bad Request: BUTTON_DATA_INVALID"},
		{"a button without a label", "sendMessage", keyboard(`{"text":"","callback_data":"a"}`), `400 Bad Request: can't parse inline keyboard button: Field "text" must be non-empty`},
		{"a button that does nothing", "sendMessage", keyboard(`{"text":"a"}`), "400 Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"},
		{"an edit of nothing", "editMessageText", `{"chat_id":1001,"message_id":999,"text":"a"}`, "400 Bad Request: message to edit not found"},
		{"an edit of a person's message", "editMessageText", `{"chat_id":1001,"message_id":1,"text":"a"}`, "400 Bad Request: message can't be edited"},
		{"an edit that changes nothing", "editMessageText", `{"chat_id":1001,"message_id":2,"text":"a"}`, "400 Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message"},
		{"taking away buttons that are not there", "editMessageReplyMarkup", `{"chat_id":1001,"message_id":2}`, "400 Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message"},
		{"taking away nothing", "deleteMessage", `{"chat_id":1001,"message_id":999}`, "400 Bad Request: message to delete not found"},
		{"answering a tap", "answerCallbackQuery", `{"callback_query_id":"tap1"}`, "ok"},
		{"answering it twice", "answerCallbackQuery", `{"callback_query_id":"tap1"}`, "400 Bad Request: query is too old and response timeout expired or query ID is invalid"},
		{"a command in capitals", "setMyCommands", `{"commands":[{"command":"A","description":"a"}]}`, "400 Bad Request: BOT_COMMAND_INVALID"},
		{"no such method", "sendNothing", `{}`, "404 Not Found: method not found"},
	}
	s := New(secret, "attune_bot")
	alex := s.User(1001, "Alex", "en")
	alex.Say("hello")
	s.User(1002, "Sam", "en")
	s.User(1003, "Robin", "en").Block()
	where := "http://telegram.test/bot" + secret
	if got := ask(t, s.Transport(), where, "sendMessage", `{"chat_id":1001,"text":"a"}`); got != "ok" {
		t.Fatalf("first message: got %s, want ok", got)
	}
	alex.TapAs(2, "a")
	for _, tt := range tests {
		if got := ask(t, s.Transport(), where, tt.method, tt.body); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
	for token, want := range map[string]string{"1000:other": "401 Unauthorized", "other": "404 Not Found"} {
		if got := ask(t, s.Transport(), "http://telegram.test/bot"+token, "getMe", "{}"); got != want {
			t.Errorf("getMe with token %q: got %q, want %q", token, got, want)
		}
	}
}

func TestRefusesFiles(t *testing.T) {
	tests := []struct {
		name, method, body, want string
	}{
		{"a photo by its id", "sendPhoto", `{"chat_id":1001,"photo":"file-1","caption":"` + strings.Repeat("🧡", 512) + `"}`, "ok"},
		{"a caption one letter longer", "sendPhoto", `{"chat_id":1001,"photo":"file-1","caption":"` + strings.Repeat("🧡", 512) + `a"}`, "400 Bad Request: message caption is too long"},
		{"a bold caption from inside an emoji", "sendPhoto", `{"chat_id":1001,"photo":"file-1","caption":"🧡","caption_entities":[{"type":"bold","offset":1,"length":1}]}`, "400 Bad Request: entity begins or ends in a middle of a UTF-16 symbol"},
		{"a photo as a voice message", "sendVoice", `{"chat_id":1001,"voice":"file-1"}`, "400 Bad Request: can't use file of type photo as voice"},
		{"a photo that nobody sent", "sendPhoto", `{"chat_id":1001,"photo":"file-9"}`, "400 Bad Request: wrong file identifier/HTTP URL specified"},
		{"an edit of a photo's text", "editMessageText", `{"chat_id":1001,"message_id":2,"text":"a"}`, "400 Bad Request: there is no text in the message to edit"},
		{"an edit of its caption", "editMessageCaption", `{"chat_id":1001,"message_id":2,"caption":"a"}`, "ok"},
		{"a caption of words", "editMessageCaption", `{"chat_id":1001,"message_id":1,"caption":"a"}`, "400 Bad Request: there is no caption in the message to edit"},
		{"a file", "getFile", `{"file_id":"file-1"}`, "ok"},
		{"a file too large to fetch", "getFile", `{"file_id":"file-2"}`, "400 Bad Request: file is too big"},
	}
	s := New(secret, "attune_bot")
	s.User(1001, "Alex", "en").Open()
	s.take(&File{Kind: "photo"})
	s.take(&File{Kind: "document", Size: 20<<20 + 1})
	where := "http://telegram.test/bot" + secret
	if got := ask(t, s.Transport(), where, "sendMessage", `{"chat_id":1001,"text":"a"}`); got != "ok" {
		t.Fatalf("first message: got %s, want ok", got)
	}
	for _, tt := range tests {
		if got := ask(t, s.Transport(), where, tt.method, tt.body); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

// TestWhatABotSeesInAGroup holds what comes to a bot of what is said there.
func TestWhatABotSeesInAGroup(t *testing.T) {
	tests := []struct {
		name string
		does func(u *User)
		want string // kind of update; empty: nothing comes
	}{
		{"not talk", func(u *User) { u.Say("Pass the salt.") }, ""},
		{"a command", func(u *User) { u.Say("/here") }, "message"},
		{"a command to it", func(u *User) { u.Say("/here@Attune_bot now") }, "message"},
		{"not one to another bot", func(u *User) { u.Say("/here@other_bot") }, ""},
		{"a reply to it", func(u *User) { u.Reply(1, "Good.") }, "message"},
		{"not a reply to somebody", func(u *User) { u.Reply(2, "Good.") }, ""},
		{"not a picture", func(u *User) { u.Attach("The sea.", &File{Kind: "photo"}) }, ""},
		{"who comes", func(u *User) { u.Join(-5) }, "message"},
		{"who leaves", func(u *User) { u.Leave() }, "message"},
		{"that it is out", func(u *User) { u.Block() }, "my_chat_member"},
	}
	for _, tt := range tests {
		s := New(secret, "attune_bot")
		alex := s.User(1001, "Alex", "en").In(-5)
		ask(t, s.Transport(), "http://telegram.test/bot"+secret, "sendMessage", `{"chat_id":-5,"text":"Ten minutes?"}`)
		alex.Say("Wait.")
		tt.does(alex)
		got := ""
		for _, q := range s.queue {
			var u map[string]any
			_ = json.Unmarshal(q.raw, &u)
			delete(u, "update_id")
			for kind := range u {
				got += kind
			}
		}
		if got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
		alex.Block()
		before := len(s.queue)
		alex.Say("/here")
		if len(s.queue) != before {
			t.Errorf("%s, and the bot is out: got a command, want nothing", tt.name)
		}
	}
}

func TestOldTapCannotBeAnswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := New(secret, "attune_bot")
		s.User(1001, "Alex", "en").Open().TapAs(0, "a")
		time.Sleep(time.Minute)
		got := ask(t, s.Transport(), "http://telegram.test/bot"+secret, "answerCallbackQuery", `{"callback_query_id":"tap1"}`)
		if !strings.Contains(got, "query is too old") {
			t.Errorf("answer after a minute: got %q, want query is too old", got)
		}
	})
}

func TestLimits(t *testing.T) {
	tests := []struct {
		name    string
		chats   int
		chat    int64 // the first
		each    time.Duration
		allowed int // of the first hundred messages, one after the other over the chats
	}{
		{"thirty a second over all", 100, 1001, time.Millisecond, 30},
		{"one a second to one chat, after three at once", 1, 1001, 500 * time.Millisecond, 52},
		{"twenty a minute to a group", 1, -5, 600 * time.Millisecond, 20},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := New(secret, "attune_bot")
				s.Limit(Published)
				got := 0
				for i := range 100 {
					chat := tt.chat + int64(i%tt.chats)
					s.User(chat, "Alex", "en").Open()
					if ask(t, s.Transport(), "http://telegram.test/bot"+secret, "sendMessage", fmt.Sprintf(`{"chat_id":%d,"text":"a"}`, chat)) == "ok" {
						got++
					}
					time.Sleep(tt.each)
				}
				if got != tt.allowed || s.Refusals() != 100-tt.allowed {
					t.Errorf("100 messages %v apart: got %d through and %d refused, want %d and %d", tt.each, got, s.Refusals(), tt.allowed, 100-tt.allowed)
				}
			})
		})
	}
}

func TestSecondPollerEndsTheFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := New(secret, "attune_bot")
		where := "http://telegram.test/bot" + secret
		first := make(chan string)
		go func() { first <- ask(t, s.Transport(), where, "getUpdates", `{"timeout":50}`) }()
		synctest.Wait()
		go ask(t, s.Transport(), where, "getUpdates", `{"timeout":1}`)
		if got := <-first; !strings.HasPrefix(got, "409 Conflict: terminated by other getUpdates request") {
			t.Errorf("first poller: got %q, want a conflict", got)
		}
		time.Sleep(time.Minute)
	})
}
