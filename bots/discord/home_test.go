package discord_test

import (
	"testing"

	"attune/bots/discord/discordtest"
)

// TestHome acts in a channel: where Alex is at home is known from what Alex wrote there.
func TestHome(t *testing.T) {
	play(t, nil, func(t *testing.T, s *stage) {
		sam := s.server.User("2002", "Sam", "en-US")
		s.guild.Join(sam)
		s.guild.Channel("600", "general")
		for _, tt := range []struct {
			who    *discordtest.User
			opened int
		}{{s.alex, 0}, {sam, 1}, {sam, 1}} {
			before := len(s.book.Settled())
			tt.who.In("600").Run("evening", nil)
			s.wait()
			if e := s.book.Settled()[before]; e.Home != (someone{tt.who}).Chat() || s.server.Calls(discordtest.OpenDM) != tt.opened {
				t.Errorf("home of %s: got %v after %d calls, want %v after %d", tt.who.Name(), e.Home, s.server.Calls(discordtest.OpenDM), (someone{tt.who}).Chat(), tt.opened)
			}
		}
	})
}
