package discord

import (
	"net/http"
	"net/url"

	"github.com/bwmarrin/discordgo"
)

// Bare returns a session of the library that only knows where the server is.
func Bare(token, api string) (*discordgo.Session, error) {
	base, err := url.Parse(api)
	if err != nil {
		return nil, err
	}
	s, err := discordgo.New("Bot " + token)
	if err != nil {
		return nil, err
	}
	own := http.DefaultTransport.(*http.Transport).Clone()
	own.MaxIdleConnsPerHost = 64
	s.Client.Transport = &route{base: base, next: own}
	s.StateEnabled = false
	return s, nil
}
