package discord_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"attune/bots/discord/discordtest"
	"attune/rituals"
)

// TestTheFirstWordsMeanwhile has Sam, who has never written to the bot, write while it
// is away, and once more when it is back and Discord has not yet told what it has missed.
func TestTheFirstWordsMeanwhile(t *testing.T) {
	back := time.Date(2026, 11, 23, 21, 30, 0, 0, time.UTC) // ids begin to tell the time in 2015
	tests := []struct {
		name   string
		acts   bool      // in a channel, before the bot goes
		agreed time.Time // as the store knows; zero: it does not know of Sam
		want   []string
	}{
		{"Sam has acted in a channel", true, time.Time{}, []string{"/evening", "two days before", "an hour before", "just now", "once more"}},
		{"Sam has agreed long ago", false, back.AddDate(0, -1, 0), []string{"an hour before", "just now", "once more"}},
		{"Sam has agreed half an hour ago", false, back.Add(-30 * time.Minute), []string{"just now", "once more"}},
		{"nobody knows of Sam", false, time.Time{}, []string{"once more"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			play(t, nil, func(t *testing.T, s *stage) {
				sam := s.server.User("2002", "Sam", "en-US")
				s.guild.Join(sam)
				s.guild.Channel("600", "general")
				if home := sam.Channel(); !tt.agreed.IsZero() {
					s.homes = func(context.Context, rituals.Platform) (map[string]time.Time, error) {
						return map[string]time.Time{home: tt.agreed}, nil
					}
				}
				s.stop()
				time.Sleep(time.Until(back.AddDate(0, 0, -3)))
				if tt.acts {
					s.start()
					sam.In("600").Run("evening", nil)
					s.wait()
				}
				s.stop()
				for _, said := range []struct {
					text string
					ago  time.Duration
				}{{"two days before", 48 * time.Hour}, {"an hour before", time.Hour}, {"just now", time.Second}} {
					time.Sleep(time.Until(back.Add(-said.ago)))
					sam.Say(said.text)
				}
				s.server.Fail(discordtest.ListMessages, slices.Repeat([]discordtest.Fault{discordtest.ServerError}, 8)...)
				s.start()
				sam.Say("once more")
				s.wait()
				s.stop()
				s.start()
				s.stop()
				var got []string
				for _, e := range s.book.Calls() {
					if e.Person.ID == sam.ID() {
						got = append(got, e.Text)
					}
				}
				if !slices.Equal(got, tt.want) {
					t.Errorf("heard of Sam: got %q, want %q", got, tt.want)
				}
			})
		})
	}
}
