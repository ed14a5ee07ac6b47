package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"time"

	tg "github.com/go-telegram/bot"

	"attune/bots"
	"attune/rituals"
)

// What people send is kept by Telegram's id of the file. On Telegram it is passed on
// by that id alone; elsewhere its bytes are fetched. What was sent as something else
// than a photo or a voice message can only be passed on as the same: what it was
// stands before its id.

const (
	asPhoto    = "photo"
	asVoice    = "voice"
	asAudio    = "audio"
	asDocument = "document"
)

// fetchFor bounds how long a file is fetched.
const fetchFor = time.Minute

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
	if f := photo(c.Photo); f != nil {
		return f.kept(rituals.Picture, asPhoto)
	}
	if f := one(c.Document); f != nil && strings.HasPrefix(f.Type, "image/") {
		return f.kept(rituals.Picture, asDocument)
	}
	if f := one(c.Voice); f != nil {
		return f.kept(rituals.Voice, asVoice)
	}
	if f := one(c.Audio); f != nil {
		return f.kept(rituals.Voice, asAudio)
	}
	return nil
}

// kept returns the file as what is kept of it.
func (f *sent) kept(kind rituals.MediaKind, as string) []rituals.Media {
	m := rituals.Media{Kind: kind, Platform: rituals.Telegram, File: f.ID, Name: f.Name, Type: f.Type, Size: f.Size, Seconds: f.Seconds}
	switch as {
	case asPhoto:
		m.Type = "image/jpeg" // what a photo always is
	case asAudio, asDocument:
		m.File = as + "/" + f.ID
	}
	return []rituals.Media{m}
}

// named returns the id of what is kept, and what it was sent as.
func named(m *rituals.Media) (id, as string) {
	if as, id, ok := strings.Cut(m.File, "/"); ok {
		return id, as
	}
	if m.Kind == rituals.Voice {
		return m.File, asVoice
	}
	return m.File, asPhoto
}

// photo returns the largest size of a photo that can be fetched; nil if there is none.
func photo(raw json.RawMessage) *sent {
	var sizes []sent
	_ = json.Unmarshal(raw, &sizes) // what cannot be read is no picture
	var best *sent
	for i := range sizes {
		s := &sizes[i]
		if s.ID != "" && s.Size <= rituals.MostFromTelegram && (best == nil || s.Width*s.Height > best.Width*best.Height) {
			best = s
		}
	}
	return best
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
	id, _ := named(&m)
	f, err := b.api.GetFile(ctx, &tg.GetFileParams{FileID: id})
	if err != nil {
		return nil, bots.OfFile(b.classify(err))
	}
	return bots.Download(ctx, client(b.opts.Transport, fetchFor), b.api.FileDownloadLink(f), rituals.MostFromTelegram)
}
