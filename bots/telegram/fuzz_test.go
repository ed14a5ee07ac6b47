package telegram

import (
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"attune/bots"
	"attune/rituals"
)

// Whatever an update holds, it is confirmed, and what it tells is whole; those beside
// it are taken in as ever.
func FuzzDecode(f *testing.F) {
	for _, update := range []string{
		`"message":{"message_id":3,"text":"Tired.",` + alex + `}`,
		`"message":{"message_id":3,"text":" 😀 /Start@attune_BOT abc","reply_to_message":{"message_id":2},` + alex + `}`,
		`"message":{"message_id":3,"text":"/start ` + payload("form:5:way:message") + `",` + alex + `}`,
		`"message":{"message_id":3,"photo":[{"file_id":"s","width":9,"height":6},{"file_id":"l","width":90,"file_size":12}],"caption":"Us.",` + alex + `}`,
		`"message":{"message_id":3,"voice":{"file_id":"v","mime_type":"audio/ogg","duration":4},"document":{"file_id":"d","mime_type":"image/png"},` + alex + `}`,
		`"message":{"message_id":3,"sticker":{},"forward_origin":{"type":"?"},` + alex + `}`,
		`"message":{"message_id":3,"text":"/evening@Attune_bot",` + inGroup + `}`,
		`"message":{"message_id":3,"migrate_to_chat_id":-100,` + inGroup + `}`,
		`"message":{"message_id":3,"new_chat_members":[{"id":7},{"id":1000}],"left_chat_member":{"id":8},` + inGroup + `}`,
		`"edited_message":{"message_id":3,"text":"Not so tired.",` + alex + `}`,
		`"callback_query":{"id":"q","data":"yes:5","message":{"message_id":3,"chat":{"id":-5,"type":"group","title":"Us"}},"from":{"id":1001,"first_name":"Alex"}}`,
		`"callback_query":{"id":"q","from":null}`,
		`"my_chat_member":{"from":{"id":1001},"chat":{"id":1001,"type":"private"},"old_chat_member":{"status":"member"},"new_chat_member":{"status":"kicked"}}`,
		`"my_chat_member":{"chat":{"id":-5,"type":"group"},"old_chat_member":{"status":"left"},"new_chat_member":{"status":"restricted","is_member":true}}`,
	} {
		f.Add(`{"update_id":7,` + update + `}`)
	}
	b := alone(f)
	beside := json.RawMessage(`{"update_id":5,"message":{"message_id":3,"text":"Tired.",` + alex + `}}`)
	usual, _ := b.decode([]json.RawMessage{beside})
	f.Fuzz(func(t *testing.T, raw string) {
		batch, next := b.decode([]json.RawMessage{json.RawMessage(raw), beside})
		if last := batch[len(batch)-1]; len(batch) > 2 || !cmp.Equal(last.event, usual[0].event) {
			t.Fatalf("decode(%s) beside words gives %d events and %+v last, want at most one before %+v", raw, len(batch), last.event, usual[0].event)
		}
		var u update
		var only struct {
			ID int64 `json:"update_id"`
		}
		err := json.Unmarshal([]byte(raw), &u)
		if json.Unmarshal([]byte(raw), &only) == nil && only.ID < math.MaxInt64 && next != max(6, only.ID+1) {
			t.Errorf("decode(%s): got offset %d, want %d", raw, next, max(6, only.ID+1))
		}
		if len(batch) == 1 {
			return
		}
		if err != nil {
			t.Fatalf("decode(%s) = %+v, want nothing of what cannot be read: %v", raw, batch[0].event, err)
		}
		if e := &batch[0].event; e.ID != strconv.FormatInt(u.ID, 10) || !entire(e, &u) {
			t.Errorf("decode(%s) = %+v, want what was done whole", raw, e)
		}
	})
}

// entire reports whether an event has all that its kind has, and nothing else.
func entire(e *rituals.Event, u *update) bool {
	if e.Person.Platform != rituals.Telegram || e.Chat.Platform != rituals.Telegram || e.Chat.Chat == "" {
		return false
	}
	if e.Kind == rituals.Changed { // nobody did it
		return e.Person.ID == "" && e.Text == "" && e.Action == ""
	}
	if e.Person.ID == "" || e.Home.Chat != e.Person.ID || bots.Blank(e.Name) || !utf8.ValidString(e.Name+e.Text+e.Action) {
		return false
	}
	if l := e.Language; l != "" && (len(l) != 2 || strings.Trim(l, "abcdefghijklmnopqrstuvwxyz") != "") {
		return false
	}
	if slices.ContainsFunc(e.Media, func(m rituals.Media) bool { return m.Kind == "" || m.File == "" }) {
		return false
	}
	something := e.Text != "" || len(e.Media) > 0
	switch e.Kind {
	case rituals.Wrote:
		return e.Source != "" && something != e.Other && (e.Private || len(e.Media) == 0 && strings.Contains(e.Text, "/"))
	case rituals.Edited:
		return e.Source != "" && e.Private && e.Text != "" && e.Media == nil
	case rituals.Tapped:
		return e.Text == "" && (u.Tapped != nil || e.Private && e.Action != "")
	case rituals.Moved:
		_, err := strconv.ParseInt(e.Text, 10, 64)
		return err == nil
	case rituals.Joined, rituals.Left:
		return e.Private && !something
	}
	return false
}
