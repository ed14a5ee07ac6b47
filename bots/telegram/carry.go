package telegram

import (
	"bytes"
	"context"
	"errors"
	"strings"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"
	"rsc.io/qr"

	"attune/bots"
	"attune/rituals"
)

const (
	maxCaption = 1024             // UTF-16 units
	maxPhoto   = 10 * 1000 * 1000 // bytes of a picture that is shown as one
)

// A file is what goes out as a message of its own, or with its words as a caption.
type file struct {
	as    string // what it is sent as
	id    string // Telegram's, if it is kept there
	name  string // never what its sender called it
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
	if m.Platform == rituals.Telegram {
		id, as := named(m)
		return &file{as: as, id: id, words: block.Text}, nil
	}
	data, err := b.opts.Files.Fetch(ctx, m, rituals.MostToTelegram, b.log)
	if err != nil || data == nil {
		return nil, err
	}
	return upload(m, data, block.Text), nil
}

// upload returns bytes as the file that Telegram shows best: a picture as a photo, if
// it is not too large for one, and what was spoken as a voice message, if it is in the
// one format that these have.
func upload(m *rituals.Media, data []byte, words string) *file {
	f := &file{as: asPhoto, name: bots.FileName(m), data: data, words: words}
	switch {
	case m.Kind == rituals.Voice && strings.HasPrefix(m.Type, "audio/ogg"):
		f.as = asVoice
	case m.Kind == rituals.Voice:
		f.as = asAudio
	case len(data) > maxPhoto:
		f.as = asDocument
	}
	return f
}

// scan returns a picture of the bot's link with a code.
func scan(link string) *file {
	c, err := qr.Encode(link, qr.M)
	if err != nil {
		return nil // the link stands in words too
	}
	return &file{as: asPhoto, name: "invitation.png", data: c.PNG()}
}

// input returns the file as the library wants it, from its beginning.
func (f *file) input() models.InputFile {
	if f.id != "" {
		return &models.InputFileString{Data: f.id}
	}
	return &models.InputFileUpload{Filename: f.name, Data: bytes.NewReader(f.data)}
}

// filePart says one part that is a file. What Telegram does not take for a photo is
// sent as it is, and what it refuses for good is said in words; if those are refused
// too, it was not the file.
func (s *sending) filePart(ctx context.Context, p part, buttons models.ReplyMarkup) (int, error) {
	said, err := s.postFile(ctx, p, buttons)
	if p.file.as == asPhoto && p.file.id == "" && says(err, "image_process_failed", "photo_invalid", "photo_ext_invalid") {
		whole := *p.file
		whole.as = asDocument
		p.file = &whole
		said, err = s.postFile(ctx, p, buttons)
	}
	if err == nil {
		return said.ID, nil
	}
	var gone *bots.GoneError
	known := s.b.classify(err)
	if !errors.As(known, &gone) || gone.Moved != "" || (errors.Is(err, tg.ErrorForbidden) && !says(err, "voice")) {
		return 0, known
	}
	s.b.log.Info("file refused, said in words", "err", known)
	words := part{text: bots.Clean(p.file.words)}
	if p.file.words == "" {
		words = part{text: p.text, entities: p.entities}
	}
	return s.part(ctx, words, buttons)
}

// postFile sends a file with its caption.
func (s *sending) postFile(ctx context.Context, p part, buttons models.ReplyMarkup) (*models.Message, error) {
	api := s.b.api
	switch p.file.as {
	case asPhoto:
		return api.SendPhoto(ctx, &tg.SendPhotoParams{ChatID: s.chat, Photo: p.file.input(), Caption: p.text,
			CaptionEntities: p.entities, DisableNotification: s.silent, ReplyMarkup: buttons})
	case asVoice:
		return api.SendVoice(ctx, &tg.SendVoiceParams{ChatID: s.chat, Voice: p.file.input(), Caption: p.text,
			CaptionEntities: p.entities, DisableNotification: s.silent, ReplyMarkup: buttons})
	case asAudio:
		return api.SendAudio(ctx, &tg.SendAudioParams{ChatID: s.chat, Audio: p.file.input(), Caption: p.text,
			CaptionEntities: p.entities, DisableNotification: s.silent, ReplyMarkup: buttons})
	}
	return api.SendDocument(ctx, &tg.SendDocumentParams{ChatID: s.chat, Document: p.file.input(), Caption: p.text,
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
