package discordtest

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Bits by which a message is marked.
const (
	flagNoEmbeds  = 1 << 2
	flagEphemeral = 1 << 6
	flagLoading   = 1 << 7
	flagSilent    = 1 << 12
	flagVoice     = 1 << 13
)

const megabyte = 1 << 20

// fill takes from a request what it says of a message; what it does not name stays.
// Only with ephemeral may it be for one person.
func (s *Server) fill(m *Message, q *request, ephemeral bool) *apiError {
	if q.has("content") {
		var content string
		if e := q.decode("content", &content); e != nil {
			return e
		}
		if utf8.RuneCountInString(content) > 2000 {
			return invalid("content", "BASE_TYPE_MAX_LENGTH", "Must be 2000 or fewer in length.")
		}
		m.Content = strings.TrimSpace(content)
	}
	if q.has("embeds") {
		m.Embeds = nil
		if e := q.decode("embeds", &m.Embeds); e != nil {
			return e
		}
		if e := checkEmbeds(m.Embeds); e != nil {
			return e
		}
	}
	if e := m.fillRows(q); e != nil {
		return e
	}
	if e := m.fillFlags(q, ephemeral); e != nil {
		return e
	}
	if e := s.fillFiles(m, q); e != nil {
		return e
	}
	if e := m.ping(q); e != nil {
		return e
	}
	if m.Content == "" && len(m.Embeds) == 0 && len(m.Files) == 0 && len(m.Rows) == 0 {
		return emptyMessage
	}
	return nil
}

// fillFlags takes the bits from a request.
func (m *Message) fillFlags(q *request, ephemeral bool) *apiError {
	var bits int
	if e := q.decode("flags", &bits); e != nil {
		return e
	}
	known := flagNoEmbeds | flagSilent | flagVoice
	if ephemeral {
		known |= flagEphemeral
	}
	if bits&^known != 0 {
		return invalid("flags", "BITFIELD_INVALID", "Such a message cannot have these flags.")
	}
	switch voice := bits&flagVoice != 0; {
	case voice && m.ID != "":
		return fixedVoice
	case voice && (m.Content != "" || len(m.Embeds) > 0 || len(m.Rows) > 0):
		return wordyVoice
	case voice && (len(q.files) != 1 || !strings.HasPrefix(q.files[0].Type, "audio/")):
		return manyVoices
	}
	m.Silent = m.Silent || bits&flagSilent != 0
	return nil
}

// checkEmbeds refuses embeds that are too many or too long.
func checkEmbeds(embeds []Embed) *apiError {
	if len(embeds) > 10 {
		return invalid("embeds", "BASE_TYPE_MAX_LENGTH", "Must be 10 or fewer in length.")
	}
	sum := 0
	for i := range embeds {
		n, e := embeds[i].check("embeds." + strconv.Itoa(i))
		if e != nil {
			return e
		}
		sum += n
	}
	if sum > 6000 {
		return invalid("embeds", "MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of 6000")
	}
	return nil
}

// check refuses an embed one of whose parts is too long, and returns its length.
func (e *Embed) check(at string) (int, *apiError) {
	type part struct {
		field, text string
		limit       int
	}
	parts := []part{{"title", e.Title, 256}, {"description", e.Description, 4096}}
	if e.Author != nil {
		parts = append(parts, part{"author.name", e.Author.Name, 256})
	}
	if e.Footer != nil {
		parts = append(parts, part{"footer.text", e.Footer.Text, 2048})
	}
	if len(e.Fields) > 25 {
		return 0, invalid(at+".fields", "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
	}
	for i, f := range e.Fields {
		in := fmt.Sprintf("fields.%d.", i)
		if f.Name == "" || f.Value == "" {
			return 0, invalid(at+"."+in+"value", "BASE_TYPE_REQUIRED", "This field is required")
		}
		parts = append(parts, part{in + "name", f.Name, 256}, part{in + "value", f.Value, 1024})
	}
	sum := 0
	for _, p := range parts {
		n := utf8.RuneCountInString(p.text)
		sum += n
		if n > p.limit {
			return 0, invalid(at+"."+p.field, "BASE_TYPE_MAX_LENGTH", fmt.Sprintf("Must be %d or fewer in length.", p.limit))
		}
	}
	if sum == 0 && e.Image == nil {
		return 0, emptyMessage
	}
	return sum, nil
}

// fillRows takes buttons and menus from a request.
func (m *Message) fillRows(q *request) *apiError {
	if !q.has("components") {
		return nil
	}
	var rows []Component
	if e := q.decode("components", &rows); e != nil {
		return e
	}
	m.Rows, m.raw = nil, nil
	if len(rows) > 0 {
		m.raw = q.body["components"]
	}
	if len(rows) > 5 {
		return invalid("components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.")
	}
	seen := map[string]bool{}
	for i, row := range rows {
		at := fmt.Sprintf("components.%d", i)
		if row.Type != kindRow {
			return invalid(at+".type", "UNION_TYPE_CHOICES", "Value of field \"type\" must be one of (1,).")
		}
		if n := len(row.Components); n == 0 || n > 5 {
			return invalid(at+".components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.")
		}
		for j, c := range row.Components {
			if e := c.check(fmt.Sprintf("%s.components.%d", at, j), len(row.Components)); e != nil {
				return e
			}
			if c.CustomID != "" && seen[c.CustomID] {
				return invalid(fmt.Sprintf("%s.components.%d.custom_id", at, j), "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated")
			}
			seen[c.CustomID] = true
		}
		m.Rows = append(m.Rows, row.Components)
	}
	return nil
}

// check refuses a button or a menu that is not well-formed.
func (c *Component) check(at string, inRow int) *apiError {
	n := utf8.RuneCountInString(c.CustomID)
	u, err := url.Parse(c.URL)
	link := c.Type == kindButton && c.Style == 5
	switch {
	case c.Type != kindButton && c.Type != kindMenu:
		return invalid(at+".type", "UNION_TYPE_CHOICES", "Value of field \"type\" must be one of (2, 3).")
	case !link && (n == 0 || n > 100):
		return invalid(at+".custom_id", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.")
	case c.Type == kindMenu && (inRow > 1 || len(c.Options) == 0 || len(c.Options) > 25):
		return invalid(at, "COMPONENT_LAYOUT_WIDTH_EXCEEDED", "A menu has a row of its own and 1 to 25 options.")
	case c.Type == kindMenu:
		return nil
	case c.Style < 1 || c.Style > 5:
		return invalid(at+".style", "BASE_TYPE_CHOICES", "Value must be one of {1, 2, 3, 4, 5}.")
	case link && (c.CustomID != "" || err != nil || u.Host == "" || !slices.Contains([]string{"http", "https", "discord"}, u.Scheme)):
		return invalid(at+".url", "BUTTON_COMPONENT_INVALID_URL", "A link button has a well formed URL and no custom id.")
	case !link && c.URL != "":
		return invalid(at+".url", "BUTTON_COMPONENT_CUSTOM_ID_AND_URL", "A custom id and url cannot both be specified")
	case c.Label == "" && c.Emoji == nil:
		return invalid(at+".label", "BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED", "A button must have a label or an emoji.")
	case utf8.RuneCountInString(c.Label) > 80:
		return invalid(at+".label", "BASE_TYPE_MAX_LENGTH", "Must be 80 or fewer in length.")
	}
	return nil
}

var (
	mention  = regexp.MustCompile(`<@!?(\d+)>`)
	everyone = regexp.MustCompile(`@everyone|@here`)
)

// ping works out who is pinged by a message: everybody it mentions, unless the
// request says whom it may ping.
func (m *Message) ping(q *request) *apiError {
	allowed := struct {
		Parse []string `json:"parse"`
		Users []string `json:"users"`
	}{Parse: []string{"users", "roles", "everyone"}}
	if raw := q.body["allowed_mentions"]; raw != nil && string(raw) != "null" {
		allowed.Parse = nil
		in, e := q.inner("allowed_mentions")
		if e != nil {
			return e
		}
		if string(in.body["parse"]) == "null" {
			return invalid("allowed_mentions.parse", "BASE_TYPE_REQUIRED", "This field is required")
		}
		if e := q.decode("allowed_mentions", &allowed); e != nil {
			return e
		}
		if slices.Contains(allowed.Parse, "users") && len(allowed.Users) > 0 {
			return invalid("allowed_mentions", "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", "parse:[\"users\"] and users: [ids...] are mutually exclusive.")
		}
	}
	m.Pings = nil
	for _, found := range mention.FindAllStringSubmatch(m.Content, -1) {
		if slices.Contains(allowed.Parse, "users") || slices.Contains(allowed.Users, found[1]) {
			m.Pings = append(m.Pings, found[1])
		}
	}
	if everyone.MatchString(m.Content) && slices.Contains(allowed.Parse, "everyone") {
		m.Pings = append(m.Pings, "everyone")
	}
	return nil
}
