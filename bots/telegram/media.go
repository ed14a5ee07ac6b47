package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"
	"rsc.io/qr"

	"attune/bots"
	"attune/rituals"
)

// What people send is kept by Telegram's id of the file. On Telegram it is passed on
// by that id alone; elsewhere its bytes are fetched.

const (
	fetchFor   = time.Minute
	maxCaption = 1024             // UTF-16 units
	maxPhoto   = 10 * 1000 * 1000 // bytes of a picture that is shown as one
)

var _ bots.Opener = (*Bot)(nil)

// A sent is a file as Telegram tells of it.
type sent struct {
	ID      string `json:"file_id"`
	Name    string `json:"file_name"`
	Type    string `json:"mime_type"`
	Size    int64  `json:"file_size"`
	Seconds int    `json:"duration"`
	Width   int    `json:"width"`
	Height  int    `json:"height"`
}

// media returns the picture or the voice message that a message holds.
func (c *content) media() []rituals.Media {
	f, kind := c.picture(), rituals.Picture
	if f == nil {
		kind = rituals.Voice
		if f = one(c.Voice); f == nil {
			f = one(c.Audio)
		}
	}
	if f == nil || f.ID == "" {
		return nil
	}
	if kind == rituals.Picture && f.Type == "" {
		f.Type = "image/jpeg" // what a photo always is
	}
	return []rituals.Media{{Kind: kind, Platform: rituals.Telegram, File: f.ID, Name: f.Name, Type: f.Type, Size: f.Size, Seconds: f.Seconds}}
}

// picture returns the largest size of a photo that can be fetched, or a picture that
// was sent as a file; nil if there is none.
func (c *content) picture() *sent {
	var sizes []sent
	_ = json.Unmarshal(c.Photo, &sizes) // what cannot be read is no picture
	var best *sent
	for i := range sizes {
		s := &sizes[i]
		if s.Size <= rituals.MostFromTelegram && (best == nil || s.Width*s.Height > best.Width*best.Height) {
			best = s
		}
	}
	if best != nil {
		return best
	}
	if d := one(c.Document); d != nil && strings.HasPrefix(d.Type, "image/") {
		return d
	}
	return nil
}

// one decodes one file; nil if there is none.
func one(raw json.RawMessage) *sent {
	var f sent
	if len(raw) == 0 || json.Unmarshal(raw, &f) != nil || f.ID == "" {
		return nil
	}
	return &f
}

// Open fetches what somebody has sent.
func (b *Bot) Open(ctx context.Context, m rituals.Media) (io.ReadCloser, error) {
	if m.Platform != rituals.Telegram {
		return nil, &bots.GoneError{Err: errors.New("the file is none of Telegram's")}
	}
	f, err := b.api.GetFile(ctx, &tg.GetFileParams{FileID: m.File})
	if err != nil {
		return nil, b.classify(err)
	}
	// The token is in the address: it is neither logged nor kept.
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, b.api.FileDownloadLink(f), nil)
	if err != nil {
		return nil, &bots.GoneError{Err: errors.New("the address of the file cannot be read")}
	}
	resp, err := client(b.opts.Transport, fetchFor).Do(req)
	if err != nil {
		return nil, &bots.RetryError{Err: errors.New("the file could not be fetched")}
	}
	if resp.StatusCode == http.StatusOK {
		return resp.Body, nil
	}
	_ = resp.Body.Close()
	err = errors.New("telegram does not give out the file")
	if resp.StatusCode >= http.StatusInternalServerError || resp.StatusCode == http.StatusTooManyRequests {
		return nil, &bots.RetryError{Err: err}
	}
	return nil, &bots.GoneError{Err: err}
}

// A file is what goes out as a message of its own, or with its words as a caption.
type file struct {
	kind  rituals.MediaKind
	id    string // Telegram's, if it is kept there
	name  string // never what its sender called it
	mime  string
	data  []byte
	words string // said in its place if Telegram refuses it
}

// carry returns the file of a block; nil if it cannot be carried, and then its words
// stand in its place.
func (b *Bot) carry(ctx context.Context, block *rituals.Block) (*file, error) {
	m := block.Media
	if m == nil {
		return nil, nil
	}
	f := &file{kind: m.Kind, mime: m.Type, words: block.Text}
	if m.Platform == rituals.Telegram {
		f.id = m.File
		return f, nil
	}
	if b.opts.Files == nil {
		return nil, nil
	}
	r, err := b.opts.Files(ctx, *m)
	if gone := (*bots.GoneError)(nil); errors.As(err, &gone) {
		b.log.Info("media gone", "err", err)
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer r.Close()
	f.data, err = io.ReadAll(io.LimitReader(r, rituals.MostToTelegram+1))
	switch {
	case err != nil:
		return nil, &bots.RetryError{Err: errors.New("the file could not be read")}
	case len(f.data) > rituals.MostToTelegram, len(f.data) == 0:
		return nil, nil
	}
	if f.name = "picture.jpg"; m.Kind == rituals.Voice {
		f.name = "voice.ogg"
	}
	return f, nil
}

// scan returns a picture of the bot's link with a code.
func scan(link string) *file {
	c, err := qr.Encode(link, qr.M)
	if err != nil {
		return nil // the link stands in words too
	}
	return &file{kind: rituals.Picture, name: "invitation.png", mime: "image/png", data: c.PNG()}
}

// input returns the file as the library wants it, from its beginning.
func (f *file) input() models.InputFile {
	if f.id != "" {
		return &models.InputFileString{Data: f.id}
	}
	return &models.InputFileUpload{Filename: f.name, Data: bytes.NewReader(f.data)}
}

// postFile sends a file with its caption.
func (s *sending) postFile(ctx context.Context, p part, buttons models.ReplyMarkup) (*models.Message, error) {
	f, api := p.file, s.b.api
	switch {
	case f.kind == rituals.Picture && len(f.data) <= maxPhoto:
		return api.SendPhoto(ctx, &tg.SendPhotoParams{ChatID: s.chat, Photo: f.input(), Caption: p.text,
			CaptionEntities: p.entities, DisableNotification: s.silent, ReplyMarkup: buttons})
	case f.kind == rituals.Picture:
		return api.SendDocument(ctx, &tg.SendDocumentParams{ChatID: s.chat, Document: f.input(), Caption: p.text,
			CaptionEntities: p.entities, DisableNotification: s.silent, ReplyMarkup: buttons})
	case f.id != "" || strings.HasPrefix(f.mime, "audio/ogg"):
		return api.SendVoice(ctx, &tg.SendVoiceParams{ChatID: s.chat, Voice: f.input(), Caption: p.text,
			CaptionEntities: p.entities, DisableNotification: s.silent, ReplyMarkup: buttons})
	}
	return api.SendAudio(ctx, &tg.SendAudioParams{ChatID: s.chat, Audio: f.input(), Caption: p.text,
		CaptionEntities: p.entities, DisableNotification: s.silent, ReplyMarkup: buttons})
}

// parts returns what a message says in the parts in which it goes out: those in
// words, and one for each file.
func (b *Bot) parts(ctx context.Context, m rituals.Message, name string) ([]part, error) {
	var files []part
	lead := false // a picture stands above the words
	for i := range m.Blocks {
		block := &m.Blocks[i]
		switch block.Kind {
		case rituals.Carried:
			f, err := b.carry(ctx, block)
			if err != nil {
				return nil, err
			}
			if f == nil {
				files = append(files, part{text: bots.Clean(block.Text)})
				continue
			}
			var w writer
			w.set(models.MessageEntityTypeBold, shorten(block.Lead(), maxCaption))
			files = append(files, part{text: w.String(), entities: w.entities, file: f})
		case rituals.Scan:
			if f := scan(link(name, block.Text)); f != nil {
				files, lead = append(files, part{file: f}), true
			}
		}
	}
	if len(files) == len(m.Blocks) && len(files) > 0 {
		return files, nil
	}
	words := compose(m, name)
	switch {
	case lead && len(words) == 1 && bots.Units(words[0].text) <= maxCaption:
		words[0].file = files[0].file
		return append(files[1:], words...), nil
	case lead:
		return append(files, words...), nil
	}
	return append(words, files...), nil
}
