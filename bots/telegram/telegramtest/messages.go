package telegramtest

import (
	"net/url"
	"reflect"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// queryLife is how long a tap can be answered.
const queryLife = 30 * time.Second

// A tap is a callback query.
type tap struct {
	chat     int64
	at       time.Time
	answered bool
}

// writable returns the chat of a request, if the bot may write there.
func (s *Server) writable(a args) (*chat, *apiError) {
	c := s.chats[a.int("chat_id")]
	switch {
	case c == nil:
		return nil, bad("chat not found")
	case c.moved != 0:
		return nil, &apiError{code: 400, text: "Bad Request: group chat was upgraded to a supergroup chat", moved: c.moved}
	case c.blocked && c.id < 0:
		return nil, &apiError{code: 403, text: "Forbidden: bot was kicked from the supergroup chat"}
	case c.blocked:
		return nil, &apiError{code: 403, text: "Forbidden: bot was blocked by the user"}
	case !c.open:
		return nil, &apiError{code: 403, text: "Forbidden: bot can't initiate conversation with a user"}
	}
	return c, nil
}

func (s *Server) sendMessage(a args) (any, *apiError) {
	c, e := s.writable(a)
	if e != nil {
		return nil, e
	}
	m := &Message{Silent: a.bool("disable_notification"), At: time.Now()}
	if e := m.fill(a); e != nil {
		return nil, e
	}
	return s.say(c, m)
}

// say says a message of the bot's in a chat, if that may be just now.
func (s *Server) say(c *chat, m *Message) (any, *apiError) {
	if e := s.admit(c); e != nil {
		return nil, e
	}
	m.ID = s.nextMsg
	s.nextMsg++
	c.said = append(c.said, m)
	s.change()
	return s.wire(c, m), nil
}

// own returns a message of the bot's own that a request names.
func (s *Server) own(a args, what string) (*chat, *Message, *apiError) {
	c, e := s.writable(a)
	if e != nil {
		return nil, nil, e
	}
	m := c.message(int(a.int("message_id")))
	switch {
	case m == nil:
		return nil, nil, bad("message to %s not found", what)
	case m.From != 0:
		return nil, nil, bad("message can't be %sed", strings.TrimSuffix(what, "e"))
	}
	return c, m, nil
}

func (s *Server) editMessageText(a args) (any, *apiError) {
	c, m, e := s.own(a, "edit")
	switch {
	case e != nil:
		return nil, e
	case m.File != nil:
		return nil, bad("there is no text in the message to edit")
	}
	next := &Message{ID: m.ID, Silent: m.Silent, At: m.At, Edited: m.Edited}
	if e := next.fill(a); e != nil {
		return nil, e
	}
	return s.edit(c, m, next)
}

func (s *Server) editMessageReplyMarkup(a args) (any, *apiError) {
	c, m, e := s.own(a, "edit")
	if e != nil {
		return nil, e
	}
	next := m.clone()
	if next.Buttons, e = buttons(a); e != nil {
		return nil, e
	}
	return s.edit(c, m, &next)
}

// edit puts next in place of m.
func (s *Server) edit(c *chat, m, next *Message) (any, *apiError) {
	if reflect.DeepEqual(m, next) {
		return nil, bad("message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message")
	}
	*m = *next
	m.Edited = true
	s.change()
	return s.wire(c, m), nil
}

func (s *Server) deleteMessage(a args) (any, *apiError) {
	_, m, e := s.own(a, "delete")
	if e != nil {
		return nil, e
	}
	if time.Since(m.At) > 48*time.Hour {
		return nil, bad("message can't be deleted for everyone")
	}
	m.Deleted = true
	s.change()
	return true, nil
}

func (s *Server) answerCallbackQuery(a args) (any, *apiError) {
	t := s.taps[a["callback_query_id"]]
	if t == nil || t.answered || time.Since(t.at) > queryLife {
		return nil, bad("query is too old and response timeout expired or query ID is invalid")
	}
	if len(utf16.Encode([]rune(a["text"]))) > 200 {
		return nil, bad("MESSAGE_TOO_LONG")
	}
	t.answered = true
	if a["text"] != "" {
		s.chats[t.chat].toasts = append(s.chats[t.chat].toasts, a["text"])
	}
	s.change()
	return true, nil
}

// fill takes text, entities and buttons from a request.
func (m *Message) fill(a args) *apiError {
	text := a["text"]
	switch {
	case a["parse_mode"] != "":
		return bad("can't parse entities: this server knows no parse mode")
	case !utf8.ValidString(text) || strings.ContainsRune(text, 0):
		return bad("strings must be encoded in UTF-8")
	case text == "":
		return bad("message text is empty")
	case strings.TrimFunc(text, unicode.IsSpace) == "":
		return bad("text must be non-empty")
	case length(text) > 4096:
		return bad("message is too long")
	}
	return m.set(a, "entities", text)
}

// set sets a text, with its entities and the buttons under it.
func (m *Message) set(a args, entities, text string) (e *apiError) {
	m.Text = text
	if e := a.decode(entities, &m.Entities); e != nil {
		return e
	}
	units := utf16.Encode([]rune(text))
	for _, t := range m.Entities {
		end := t.Offset + t.Length
		if t.Offset < 0 || t.Length <= 0 || end > len(units) {
			return bad("ENTITY_BOUNDS_INVALID")
		}
		if inside(units, t.Offset) || inside(units, end) {
			return bad("entity begins or ends in a middle of a UTF-16 symbol")
		}
		if t.Type == "date_time" && (t.UnixTime <= 0 || !dateTime.MatchString(t.Format)) {
			return bad("can't parse entities: invalid date_time")
		}
	}
	m.Buttons, e = buttons(a)
	return e
}

// dateTime is what a date_time may be shown as: how far it is off, or weekday, date and
// time in some lengths.
var dateTime = regexp.MustCompile(`^(r|w?[dD]?[tT]?)$`)

// inside reports whether i is between the two halves of one character.
func inside(units []uint16, i int) bool {
	return i > 0 && i < len(units) && units[i] >= 0xdc00 && units[i] <= 0xdfff
}

// buttons takes the inline keyboard from a request.
func buttons(a args) ([][]Button, *apiError) {
	var markup struct {
		Rows [][]Button `json:"inline_keyboard"`
	}
	if e := a.decode("reply_markup", &markup); e != nil {
		return nil, e
	}
	count := 0
	for _, row := range markup.Rows {
		for _, b := range row {
			count++
			switch u, err := url.Parse(b.URL); {
			case b.Text == "":
				return nil, bad(`can't parse inline keyboard button: Field "text" must be non-empty`)
			case b.URL == "" && b.Data == "", b.URL != "" && b.Data != "":
				return nil, bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
			case len(b.Data) > 64:
				return nil, bad("BUTTON_DATA_INVALID")
			case b.URL != "" && (err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http")):
				return nil, bad("inline keyboard button URL '%s' is invalid: Wrong HTTP URL", b.URL)
			}
		}
		if len(row) > 8 {
			return nil, bad("too many buttons in a row")
		}
	}
	if count > 100 {
		return nil, bad("REPLY_MARKUP_TOO_LONG")
	}
	return markup.Rows, nil
}
