package discord_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"attune/bots"
	"attune/bots/botstest"
	"attune/bots/discord"
	"attune/bots/discord/discordtest"
	"attune/rituals"
)

func TestNothingIsLost(t *testing.T) {
	tests := []struct {
		name    string
		trouble func(s *stage)
		resumed int
		begun   int // sessions
	}{
		{"when the connection is cut", func(s *stage) { s.server.Drop() }, 1, 1},
		{"when Discord asks for a new connection", func(s *stage) { s.server.Reconnect() }, 1, 1},
		{"when Discord has forgotten the session", func(s *stage) { s.server.Drop(); s.server.Forget() }, 0, 2},
		{"when Discord ends the session", func(s *stage) { s.server.Invalidate() }, 0, 2},
		{"when Discord closes the connection for an error", func(s *stage) { s.server.Close(4000) }, 1, 1},
		{"when the connection dies without a word", func(s *stage) { s.server.Zombie() }, 1, 1},
		{"when Discord cannot be reached for a while", func(s *stage) {
			s.server.Down(true)
			s.server.Drop()
			time.Sleep(20 * time.Minute)
			s.server.Down(false)
		}, 0, 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			play(t, nil, func(t *testing.T, s *stage) {
				tt.trouble(s)
				s.alex.Say("one")
				s.alex.Say("two")
				time.Sleep(3 * time.Minute)
				s.alex.Say("three")
				s.wait()
				if got, want := s.heard(), []string{"hello", "one", "two", "three"}; !slices.Equal(got, want) {
					t.Errorf("heard: got %q, want %q", got, want)
				}
				if c := s.server.Counts(); c.Resumes != tt.resumed || c.Identifies != tt.begun {
					t.Errorf("sessions: got %d begun and %d taken up, want %d and %d", c.Identifies, c.Resumes, tt.begun, tt.resumed)
				}
				if c := s.server.Counts(); c.Intents != 4097 {
					t.Errorf("intents: got %d, want 4097", c.Intents)
				}
			})
		})
	}
}

func TestWhatWasWrittenMeanwhile(t *testing.T) {
	play(t, nil, func(t *testing.T, s *stage) {
		first := s.alex.Say("a first tought")
		s.wait()
		s.stop()
		want := []string{"hello", "a first tought", "a first thought"}
		s.alex.Edit(first, "a first thought")
		for i := range 250 {
			s.alex.Say(fmt.Sprint("line ", i))
			want = append(want, fmt.Sprint("line ", i))
		}
		s.start()
		s.wait()
		s.wait()
		got := s.heard()
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("heard: got %d, %q, want %d, each once", len(got), got, len(want))
		}
		var lines []string
		for _, e := range s.book.Settled() {
			if strings.HasPrefix(e.Text, "line") {
				lines = append(lines, e.Text)
			}
		}
		for i, l := range lines {
			if want := fmt.Sprint("line ", i); l != want {
				t.Fatalf("line %d: got %q, want %q: in order", i, l, want)
			}
		}
		if edits := slices.IndexFunc(s.book.Settled(), func(e rituals.Event) bool { return e.Kind == rituals.Edited && e.Source == first }); edits < 0 {
			t.Errorf("change while the bot was away: got none, want one of %s", first)
		}
	})
}

func TestAProcessThatIsKilled(t *testing.T) {
	play(t, nil, func(t *testing.T, s *stage) {
		s.alex.Say("one")
		time.Sleep(100 * time.Millisecond)
		s.cursors.mu.Lock()
		left := map[string]string{} // what is on the disk when the process dies
		for k, v := range s.cursors.values {
			left[k] = v
		}
		s.cursors.mu.Unlock()
		s.stop()
		s.alex.Say("two")
		s.cursors.mu.Lock()
		s.cursors.values = left
		s.cursors.mu.Unlock()
		s.start()
		s.wait()
		var got []string
		for _, e := range s.book.Settled() {
			got = append(got, e.Text)
		}
		if want := []string{"hello", "one", "two"}; !slices.Equal(got, want) {
			t.Errorf("settled: got %q, want %q", got, want)
		}
	})
}

// TestWhatWasWrittenBeforeARestore restores the cursors of days ago: what was settled
// since by what is lost is not settled again, but for the last day.
func TestWhatWasWrittenBeforeARestore(t *testing.T) {
	play(t, nil, func(t *testing.T, s *stage) {
		s.stop()
		time.Sleep(time.Until(time.Date(2026, 11, 23, 21, 30, 0, 0, time.UTC))) // ids begin to tell the time in 2015
		s.alex.Say("three days ago")
		time.Sleep(48 * time.Hour)
		s.alex.Say("a day and an hour ago")
		time.Sleep(25 * time.Hour)
		s.alex.Say("just before")
		if err := s.cursors.SetCursor(t.Context(), rituals.Discord, "restored", strconv.FormatInt(time.Now().UnixMilli(), 10)); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		s.alex.Say("just after")
		s.start()
		s.wait()
		if got, want := s.heard(), []string{"hello", "just before", "just after"}; !slices.Equal(got, want) {
			t.Errorf("heard: got %q, want %q", got, want)
		}
	})
}

func TestWhatCannotBeDecoded(t *testing.T) {
	play(t, nil, func(t *testing.T, s *stage) {
		home := s.alex.Channel()
		author := `"author":{"id":"2001","username":"alex"}`
		for _, raw := range [][2]string{
			{"MESSAGE_CREATE", `{"id":"900","channel_id":"` + home + `","type":0,"content":"boxed",` + author + `,"components":[{"type":99,"components":[{"type":98,"label":{}}]}]}`},
			{"MESSAGE_CREATE", `{"id":"901","channel_id":"` + home + `","type":0,"content":"nobody's"}`},
			{"MESSAGE_CREATE", `{"id":{},"channel_id":7}`},
			{"MESSAGE_CREATE", `null`},
			{"MESSAGE_UPDATE", `{"id":"902","channel_id":"` + home + `"}`},
			{"INTERACTION_CREATE", `{"id":"903","type":3,"token":"token-of-903"}`},
			{"INTERACTION_CREATE", `{"id":"904","type":5,"token":"token-of-904","data":null,"user":{"id":"2001"}}`},
			{"INTERACTION_CREATE", `{"id":"905","type":77,"token":"token-of-905","data":{},"user":{"id":"2001"}}`},
			{"INTERACTION_CREATE", `{"id":"906","type":5,"token":"token-of-906","channel_id":"` + home + `","user":{"id":"2001","username":"alex"},"data":{"custom_id":"form:5:6","components":[{"type":18,"component":{"type":4,"custom_id":"words","value":"in a label"}}]}}`},
			{"SOMETHING_NEW", `[1,2]`},
		} {
			s.server.Raw(raw[0], raw[1])
		}
		s.alex.Say("after all that")
		s.wait()
		if got, want := s.heard(), []string{"hello", "boxed", "in a label", "after all that"}; !slices.Equal(got, want) {
			t.Errorf("heard: got %q, want %q", got, want)
		}
	})
}

func TestWrongToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := discordtest.New("another", app)
		out := &output{}
		b := newBot(t, s, discord.Options{Log: slog.New(slog.NewTextHandler(out, nil))})
		err := b.Run(t.Context(), &botstest.Book{})
		if !errors.Is(err, discord.ErrToken) || strings.Contains(err.Error()+out.String(), token) {
			t.Errorf("Run: got %v and the log %q, want ErrToken, and the token in neither", err, out)
		}
	})
	for _, bad := range []string{"", "  ", "two words", "not\none", "söme"} {
		if _, err := discord.New(discord.Options{Token: bad}); !errors.Is(err, discord.ErrToken) {
			t.Errorf("New(%q): got %v, want ErrToken", bad, err)
		}
	}
	for _, bad := range []string{"discord.com", "ftp://discord.com", "://"} {
		if _, err := discord.New(discord.Options{Token: token, API: bad}); err == nil {
			t.Errorf("New with API %q: got no error, want one", bad)
		}
	}
}

// TestOverSockets finds both the calls and the gateway by the address of the API.
func TestOverSockets(t *testing.T) {
	s := discordtest.New(token, app)
	web := httptest.NewServer(s)
	defer web.Close()
	heard := make(chan string, 10)
	book := &botstest.Book{Do: func(_ context.Context, e rituals.Event) (rituals.Answer, error) {
		heard <- e.Text
		return rituals.Answer{}, nil
	}}
	alex := s.User("2001", "Alex", "en-US").Install()
	c := &cursors{values: map[string]string{}}
	c.know(alex.Channel())
	alex.Say("hello")
	b, err := discord.New(discord.Options{Token: "Bot " + token, API: web.URL + "/", Cursors: c})
	if err != nil {
		t.Fatalf("New: got %v, want a bot", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	over := make(chan error, 1)
	go func() { over <- b.Run(ctx, book) }()
	if got := <-heard; got != "hello" {
		t.Errorf("heard: got %q, want hello", got)
	}
	if _, err := b.Send(ctx, parcel(someone{alex}, 1, "Good evening.")); err != nil {
		t.Errorf("Send: got %v, want nil", err)
	}
	cancel()
	if err := <-over; err != nil {
		t.Errorf("Run: got %v, want nil", err)
	}
}

// TestRateLimits lets many messages out against Discord's published limits.
func TestRateLimits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.server.Limit(discordtest.Published)
		out := botstest.NewOutbox()
		for i := range 60 {
			u := w.server.User(fmt.Sprint(3000+i), "Sam", "en-US")
			w.guild.Join(u)
			for n := range 5 {
				m := rituals.Message{Key: fmt.Sprint(i, n), To: someone{u}.Chat(), Blocks: []rituals.Block{rituals.Para("Good evening.")}}
				out.Say(m)
			}
		}
		deliver(t, w.bot, out, 5*time.Minute)
		if n := w.server.Counts().TooMany; n != 0 {
			t.Errorf("refused as one too many: got %d, want 0", n)
		}
	})
}

// deliver lets a courier deliver all that waits.
func deliver(t *testing.T, b bots.Bot, out *botstest.Outbox, patience time.Duration) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	over := make(chan struct{})
	go func() {
		defer close(over)
		bots.NewCourier(out, b, &botstest.Book{}, bots.CourierOptions{}).Run(ctx) // it always returns nil
	}()
	for end := time.Now().Add(patience); out.Undelivered() > 0 && time.Now().Before(end); {
		time.Sleep(100 * time.Millisecond)
	}
	cancel()
	<-over
	if n := out.Undelivered(); n > 0 {
		t.Errorf("after %v: got %d undelivered, want 0", patience, n)
	}
}
