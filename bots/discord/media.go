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
		return nil, err
	}
	for _, a := range found.Attachments {
		if a.ID == ids[2] {
			return b.fetch(ctx, a.URL)
		}
	}
	return nil, &bots.GoneError{Err: errors.New("the file is not there any more")}
}

// fetch fetches a file from where Discord has said that it is. The address is as good
// as the file and is not logged.
func (b *Bot) fetch(ctx context.Context, address string) (io.ReadCloser, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, &bots.GoneError{Err: errors.New("the address of the file cannot be read")}
	}
	client := &http.Client{Transport: b.opts.Transport, Timeout: fetchFor}
	resp, err := client.Do(req)
	if err != nil {
		return nil, &bots.RetryError{Err: errors.New("the file could not be fetched")}
	}
	switch {
	case resp.StatusCode == http.StatusOK:
		return resp.Body, nil
	case resp.StatusCode >= http.StatusInternalServerError || resp.StatusCode == http.StatusTooManyRequests:
		err = &bots.RetryError{Err: &refusal{status: resp.StatusCode}}
	default:
		err = &bots.GoneError{Err: &refusal{status: resp.StatusCode}}
	}
	_ = resp.Body.Close()
	return nil, err
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
	if b.opts.Files == nil || m == nil {
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
	data, err := io.ReadAll(io.LimitReader(r, rituals.MostToDiscord+1))
	switch {
	case err != nil:
		return nil, &bots.RetryError{Err: errors.New("the file could not be read")}
	case len(data) > rituals.MostToDiscord, len(data) == 0:
		return nil, nil
	}
	return &file{name: fileName(m), kind: m.Type, data: data}, nil
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

// fileName returns what a file is called on Discord, which shows it by its ending.
func fileName(m *rituals.Media) string {
	endings := map[string]string{
		"image/png": "picture.png", "image/gif": "picture.gif", "image/webp": "picture.webp",
		"audio/mpeg": "voice.mp3", "audio/mp4": "voice.m4a", "audio/wav": "voice.wav",
	}
	if name := endings[m.Type]; name != "" {
		return name
	}
	if m.Kind == rituals.Voice {
		return "voice.ogg"
	}
	return "picture.jpg"
}
