package discordtest

import (
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/gorilla/websocket"
)

// TestTrouble lets Alex say something while the connection is in trouble.
func TestTrouble(t *testing.T) {
	tests := []struct {
		name    string
		trouble func(*Server)
		then    func(*Server) // a minute later
		want    string
		counts  Counts // Heartbeats and Intents are not compared
	}{
		{"a cut connection is resumed, with all that was said", func(s *Server) { s.Drop() }, nil,
			"said hello, RESUMED, said there?", Counts{Identifies: 1, Resumes: 1}},
		{"a request to connect anew is followed", func(s *Server) { s.Reconnect() }, nil,
			"said hello, RESUMED, said there?", Counts{Identifies: 1, Resumes: 1}},
		{"a close for a reason is resumed", func(s *Server) { s.Close(4000) }, nil,
			"said hello, RESUMED, said there?", Counts{Identifies: 1, Resumes: 1}},
		{"a forgotten session begins anew, without what was said", func(s *Server) { s.Drop(); s.Forget() }, nil,
			"READY, GUILD_CREATE, said there?", Counts{Identifies: 2, Refused: 1}},
		{"an ended session begins anew at once on the same connection", func(s *Server) { s.Invalidate(); synctest.Wait() }, nil,
			"READY, GUILD_CREATE, said hello, said there?", Counts{Identifies: 2}},
		{"an interrupted session begins anew at once on the same connection, as the library does it", func(s *Server) { s.Interrupt(); synctest.Wait() }, nil,
			"READY, GUILD_CREATE, said hello, said there?", Counts{Identifies: 2}},
		{"who is refused can take up the session later", func(s *Server) { s.Refuse(4014); s.Drop() }, func(s *Server) { s.Refuse(0) },
			"said hello, RESUMED, said there?", Counts{Identifies: 1, Resumes: 1}},
		{"a token that is given again begins anew", func(s *Server) { s.Revoke(true) }, func(s *Server) { s.Revoke(false) },
			"READY, GUILD_CREATE, said there?", Counts{Identifies: 2, Refused: 1}},
		{"while the gateway is down nobody connects", func(s *Server) { s.Down(true); s.Drop() }, func(s *Server) { s.Down(false) },
			"said hello, RESUMED, said there?", Counts{Identifies: 1, Resumes: 1}},
		{"a zombie is left after five heartbeats with a close that ends the session", func(s *Server) { s.Zombie() }, nil,
			"READY, GUILD_CREATE, said there?", Counts{Identifies: 2, Refused: 1}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, s *Server, c *client, alex, _ *User) {
				tt.trouble(s)
				alex.Say("hello")
				time.Sleep(time.Minute)
				if tt.then != nil {
					tt.then(s)
				}
				time.Sleep(9 * time.Minute)
				alex.Say("there?")
				if got := c.heard(); got != tt.want {
					t.Errorf("events: got %q, want %q", got, tt.want)
				}
				got := s.Counts()
				got.Heartbeats, got.Intents = 0, 0
				if got != tt.counts {
					t.Errorf("Counts: got %+v, want %+v", got, tt.counts)
				}
				if n := s.Connected(); n != 1 {
					t.Errorf("Connected: got %d, want 1", n)
				}
			})
		})
	}
}

// TestLongAbsence shows that a session can be taken up again for some minutes only.
func TestLongAbsence(t *testing.T) {
	inBubble(t, func(t *testing.T, s *Server, c *client, alex, _ *User) {
		s.Down(true)
		s.Drop()
		time.Sleep(sessionLife + time.Minute)
		alex.Say("hello")
		s.Down(false)
		time.Sleep(10 * time.Minute)
		if got, want := c.heard(), "READY, GUILD_CREATE"; got != want {
			t.Errorf("events: got %q, want %q", got, want)
		}
	})
}

func TestWhoMayListen(t *testing.T) {
	dms := discordgo.IntentGuilds | discordgo.IntentDirectMessages
	tests := []struct {
		name    string
		token   string
		intents discordgo.Intent
		granted int
		want    string // part of the error, or what is heard of a message to a guild
	}{
		{"with a wrong token nobody", "Bot other", dms, 0, "4004"},
		{"with a privileged intent only who was granted it", "Bot secret", dms | discordgo.IntentMessageContent, 0, "4014"},
		{"with intents that there are not nobody", "Bot secret", 1 << 30, 0, "4013"},
		{"without the intent for guilds' messages none is heard", "Bot secret", dms, 0, "READY, GUILD_CREATE"},
		{"with it their words are not", "Bot secret", dms | discordgo.IntentGuildMessages, 0, "READY, GUILD_CREATE, said , said hey <@1000>"},
		{"with the privileged one they are", "Bot secret", dms | discordgo.IntentGuildMessages | discordgo.IntentMessageContent, intentContent, "READY, GUILD_CREATE, said hello, said hey <@1000>"},
	}
	for _, tt := range tests {
		for _, compress := range []bool{true, false} {
			t.Run(tt.name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					s := New(secret, app)
					s.Grant(tt.granted)
					alex := s.User("2001", "Alex", "en-US")
					s.Guild("3000", "Home", alex).Channel("3001", "us")
					c := dial(s, tt.intents)
					c.Token, c.Compress = tt.token, compress
					c.Identify.Token = tt.token
					if err := c.Open(); err != nil {
						if !strings.Contains(err.Error(), tt.want) {
							t.Errorf("Open: got %v, want %s", err, tt.want)
						}
						return
					}
					defer c.Close()
					synctest.Wait()
					alex.In("3001").Say("hello")
					alex.In("3001").Say("hey <@1000>")
					if got := c.heard(); got != tt.want {
						t.Errorf("events: got %q, want %q", got, tt.want)
					}
				})
			})
		}
	}
}

// TestCloses speaks to the gateway as a client that makes mistakes.
func TestCloses(t *testing.T) {
	identify := `{"op":2,"d":{"token":"secret","intents":1,"properties":{"os":"linux"}}}`
	tests := []struct {
		name string
		says []string
		want int
	}{
		{"no JSON", []string{"hello"}, 4002},
		{"an operation that there is not", []string{`{"op":77}`}, 4001},
		{"a status before a session", []string{`{"op":3,"d":{}}`}, 4003},
		{"a session without properties", []string{`{"op":2,"d":{"token":"secret","intents":1}}`}, 4002},
		{"two sessions", []string{identify, identify}, 4005},
		{"more than a payload may hold", []string{`{"op":1,"d":"` + strings.Repeat("a", 4096) + `"}`}, 4002},
		{"too much", func() []string {
			says := []string{identify}
			for range 120 {
				says = append(says, `{"op":1,"d":1}`)
			}
			return says
		}(), 4008},
		{"silence", nil, -1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := New(secret, app)
				d := websocket.Dialer{NetDialContext: s.Dial}
				ws, _, err := d.Dial("ws://discord.com/?v=9&encoding=json", nil)
				if err != nil {
					t.Fatal(err)
				}
				defer ws.Close()
				go func() {
					for _, say := range tt.says {
						_ = ws.WriteMessage(websocket.TextMessage, []byte(say))
					}
				}()
				got := 0
				for got == 0 {
					if _, _, err := ws.ReadMessage(); websocket.IsCloseError(err, tt.want) {
						got = tt.want
					} else if err != nil {
						got = -1
					}
				}
				if got != tt.want {
					t.Errorf("close: got %d, want %d", got, tt.want)
				}
			})
		})
	}
}

// TestLoopback shows that the server works on a listener as well.
func TestLoopback(t *testing.T) {
	s := New(secret, app)
	alex := s.User("2001", "Alex", "en-US").Install()
	l := httptest.NewServer(s)
	defer l.Close()
	c := dial(s, discordgo.IntentDirectMessages)
	c.Dialer = websocket.DefaultDialer
	c.Client.Transport = elsewhere{strings.TrimPrefix(l.URL, "http://"), l.Client().Transport}
	heard := make(chan string, 1)
	c.AddHandler(func(_ *discordgo.Session, m *discordgo.MessageCreate) { heard <- m.Content })
	if err := c.Open(); err != nil {
		t.Fatalf("Open: %v", err)
	}
	defer c.Close()
	alex.Say("hello")
	if got := <-heard; got != "hello" {
		t.Errorf("message: got %q, want hello", got)
	}
	s.Drop()
	alex.Say("again")
	if got := <-heard; got != "again" || s.Counts().Resumes != 1 {
		t.Errorf("message after a cut: got %q and %d resumed, want again and 1", got, s.Counts().Resumes)
	}
}
