package telegram

import (
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/go-telegram/bot/models"

	"attune/bots"
	"attune/rituals"
)

// unsaid stands where Telegram wants text and there is none that can be seen.
const unsaid = "…"

// A part is what one Telegram message says. Offsets of entities count UTF-16 units.
type part struct {
	text     string
	entities []models.MessageEntity
	file     *file // that the text is the caption of
}

// plain returns the part without entities and without characters that have no
// shape of their own.
func (p part) plain() part {
	text := strings.Map(func(r rune) rune {
		if r == '\n' || unicode.IsGraphic(r) {
			return r
		}
		return -1
	}, p.text)
	if bots.Blank(text) {
		text = unsaid
	}
	return part{text: text}
}

// compose returns what a message says in the parts that Telegram takes; there is
// at least one, and none is empty. Bot is the user name for links. There is no
// parse mode: what people wrote cannot act as markup.
func compose(m rituals.Message, bot string) []part {
	var w writer
	blocks := slices.DeleteFunc(slices.Clone(m.Blocks), func(b rituals.Block) bool {
		return b.Kind == rituals.Carried || b.Kind == rituals.Scan // which are parts of their own
	})
	for i, block := range blocks {
		if i > 0 && w.units > 0 {
			w.plain(between(blocks[i-1], block))
		}
		w.block(block, bot)
	}
	return split(part{text: w.String(), entities: w.entities}, maxUnits)
}

// between returns what stands between two blocks: quotes follow each other closely,
// so that two answers read as one thing, and a heading stands on what it heads.
func between(above, below rituals.Block) string {
	if above.Kind == rituals.Heading || (above.Kind == rituals.Quote && below.Kind == rituals.Quote) {
		return "\n"
	}
	return "\n\n"
}

// A writer builds a text and the entities over it.
type writer struct {
	strings.Builder
	units    int // UTF-16 units written
	entities []models.MessageEntity
}

// plain writes s as it is.
func (w *writer) plain(s string) {
	s = bots.Clean(s)
	w.WriteString(s)
	w.units += bots.Units(s)
}

// set writes s under an entity.
func (w *writer) set(kind models.MessageEntityType, s string) {
	start := w.units
	w.plain(s)
	if w.units > start {
		w.entities = append(w.entities, models.MessageEntity{Type: kind, Offset: start, Length: w.units - start})
	}
}

// block writes one block.
func (w *writer) block(b rituals.Block, bot string) {
	switch b.Kind {
	case rituals.Heading:
		w.set(models.MessageEntityTypeBold, b.Text)
	case rituals.Quote:
		lead := b.Lead()
		w.set(models.MessageEntityTypeBold, lead)
		if lead != "" && b.Text != "" {
			w.plain("\n")
		}
		w.set(models.MessageEntityTypeBlockquote, b.Text)
	case rituals.List:
		for i, item := range b.Items {
			if i > 0 {
				w.plain("\n")
			}
			w.plain("• " + item)
		}
	case rituals.Link:
		w.plain(link(bot, b.Text))
	case rituals.Countdown:
		w.countdown(b)
	default:
		w.plain(b.Text)
	}
}

// countdown writes how long it is until an instant. Telegram shows that live in place
// of the label; apps that cannot show the label.
func (w *writer) countdown(b rituals.Block) {
	w.plain(b.Text + " ")
	w.set(models.MessageEntityTypeDateTime, b.Label)
	if n := len(w.entities); n > 0 && w.entities[n-1].Type == models.MessageEntityTypeDateTime {
		w.entities[n-1].UnixTime, w.entities[n-1].DateTimeFormat = int(b.At.Unix()), "r"
	}
}

// Buttons of a row share its width evenly, and a label that does not fit is cut.
// rowWidth is how many characters of all labels a phone shows.
const (
	rowWidth   = 36
	rowButtons = 8
	maxAction  = 64 // bytes
)

// keyboard returns a message's buttons, or nil if it has none. A row whose labels
// do not fit beside each other is broken. Buttons that Telegram would refuse, and
// the whole message with them, are left out and counted.
func keyboard(m rituals.Message, bot string) (k *models.InlineKeyboardMarkup, refused int) {
	var rows [][]models.InlineKeyboardButton
	for _, choices := range m.Choices {
		var row []models.InlineKeyboardButton
		widest := 0
		for _, c := range choices {
			b, ok := button(c, bot, strings.HasPrefix(m.To.Chat, "-"))
			if !ok {
				refused++
				continue
			}
			width := max(widest, utf8.RuneCountInString(b.Text)+2)
			if len(row) > 0 && (width*(len(row)+1) > rowWidth || len(row) == rowButtons) {
				rows = append(rows, row)
				row, width = nil, utf8.RuneCountInString(b.Text)+2
			}
			row, widest = append(row, b), width
		}
		if len(row) > 0 {
			rows = append(rows, row)
		}
	}
	if len(rows) == 0 {
		return nil, refused
	}
	return &models.InlineKeyboardMarkup{InlineKeyboard: rows}, refused
}

// button returns a choice as Telegram's button, if Telegram takes it. In a group one
// that opens a form leads into one's own chat with the bot.
func button(c rituals.Choice, bot string, group bool) (models.InlineKeyboardButton, bool) {
	b := models.InlineKeyboardButton{Text: strings.Join(strings.Fields(bots.Clean(c.Label)), " ")}
	if bots.Blank(b.Text) {
		b.Text = unsaid
	}
	if c.Share != nil {
		b.URL = "https://t.me/share/url?url=" + escape(link(bot, c.Share.Code)) + "&text=" + escape(bots.Clean(c.Share.Text))
		return b, true
	}
	if c.Form && group {
		b.URL = link(bot, payload(c.Action))
		return b, c.Action != "" && len(c.Action) <= mostLead && utf8.ValidString(c.Action)
	}
	b.CallbackData = c.Action
	return b, c.Action != "" && len(c.Action) <= maxAction && utf8.ValidString(c.Action)
}

// escape returns s for an address. Telegram's apps show a plus as a plus.
func escape(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }
