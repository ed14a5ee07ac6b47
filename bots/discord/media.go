package discord

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/bwmarrin/discordgo"
	"rsc.io/qr"

	"attune/bots"
	"attune/rituals"
)

// What people attach is kept by the ids of channel, message and attachment: the
// addresses that Discord gives out end after a day.

// fetchFor is how long fetching a file may take.
const fetchFor = time.Minute

var _ bots.Opener = (*Bot)(nil)

// media returns the pictures and voice messages that are attached to a message.
func (m *message) media() []rituals.Media {
	var all []rituals.Media
	for _, a := range m.Attachments {
		kind := kindOf(a.Type)
		if kind == "" || a.ID == "" {
			continue
		}
		all = append(all, rituals.Media{
			Kind: kind, Platform: rituals.Discord, File: strings.Join([]string{m.Channel, m.ID, a.ID}, "/"),
			Name: a.Name, Type: a.Type, Size: a.Size, Seconds: int(a.Seconds),
		})
	}
	return all
}

// kindOf returns what a MIME type is as an answer; empty if it is none.
func kindOf(mime string) rituals.MediaKind {
	switch {
	case strings.HasPrefix(mime, "image/"):
		return rituals.Picture
	case strings.HasPrefix(mime, "audio/"):
		return rituals.Voice
	}
	return ""
}

// Open fetches what somebody has attached. Its address is asked for each time.
func (b *Bot) Open(ctx context.Context, m rituals.Media) (io.ReadCloser, error) {
	ids := strings.Split(m.File, "/")
	if m.Platform != rituals.Discord || len(ids) != 3 {
		return nil, &bots.GoneError{Err: errors.New("the file is none of Discord's")}
	}
	var found message
	if err := b.call(ctx, http.MethodGet, discordgo.EndpointChannelMessage(ids[0], ids[1]), nil, &found); err != nil {
		return nil, bots.OfFile(err)
	}
	for _, a := range found.Attachments {
		if a.ID == ids[2] {
			client := &http.Client{Transport: b.opts.Transport, Timeout: fetchFor}
			return bots.Download(ctx, client, a.URL, rituals.MostToTelegram)
		}
	}
	return nil, &bots.GoneError{Err: errors.New("the file is not there any more")}
}

// A file is what goes out with a message.
type file struct {
	name string // never what its sender called it
	kind string // MIME
	data []byte
}

// carry returns the file of a block of media; nil if it cannot be carried, and then
// its words stand in its place.
func (b *Bot) carry(ctx context.Context, m *rituals.Media) (*file, error) {
	data, err := b.opts.Files.Fetch(ctx, m, rituals.MostToDiscord, b.log)
	if err != nil || data == nil {
		return nil, err
	}
	return &file{name: bots.FileName(m), kind: m.Type, data: data}, nil
}

// An upload is a message with its file.
type upload struct {
	message send
	file    *file
}

// encode returns the upload as a form.
func (u upload) encode() (kind string, body []byte, err error) {
	return discordgo.MultipartBodyWithJSON(u.message, []*discordgo.File{{
		Name: u.file.name, ContentType: u.file.kind, Reader: bytes.NewReader(u.file.data),
	}})
}

// scan returns a picture of where an invitation leads, or, where no link does, of what
// to write to the bot.
func (b *Bot) scan(code string) (*file, error) {
	text := "/join " + code
	if b.opts.Link != nil {
		if link := b.opts.Link(code); link != "" {
			text = link
		}
	}
	c, err := qr.Encode(text, qr.M)
	if err != nil {
		return nil, nil // the code stands in words too
	}
	return &file{name: "invitation.png", kind: "image/png", data: c.PNG()}, nil
}
