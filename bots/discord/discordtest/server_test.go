package discordtest

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/gorilla/websocket"
)

const (
	secret = "secret"
	app    = "1000"
)

// TestMain keeps the library quiet: what it says is about what the tests do to it.
func TestMain(m *testing.M) {
	discordgo.Logger = func(int, int, string, ...any) {}
	m.Run()
}

// A client is a bot with the library under it, and what it has heard.
type client struct {
	*discordgo.Session
	mu     sync.Mutex
	events []string
	asked  []*discordgo.Interaction
}

// dial returns a client that is not connected, without sockets.
func dial(s *Server, intents discordgo.Intent) *client {
	session, _ := discordgo.New("Bot " + secret) // it has no way to go wrong
	session.Client = &http.Client{Transport: s.Transport()}
	session.Dialer = &websocket.Dialer{NetDialContext: s.Dial}
	session.StateEnabled, session.SyncEvents = false, true
	session.MaxRestRetries, session.Identify.Intents = 0, intents
	c := &client{Session: session}
	session.AddHandler(func(_ *discordgo.Session, e *discordgo.Event) {
		c.mu.Lock()
		defer c.mu.Unlock()
		switch v := e.Struct.(type) {
		case *discordgo.MessageCreate:
			c.events = append(c.events, "said "+v.Content)
		case *discordgo.MessageUpdate:
			c.events = append(c.events, "changed to "+v.Content)
		case *discordgo.InteractionCreate:
			c.asked = append(c.asked, v.Interaction)
			c.events = append(c.events, "asked")
		default:
			c.events = append(c.events, e.Type)
		}
	})
	return c
}

// heard waits until all is quiet and returns the events so far, in order.
func (c *client) heard() string {
	synctest.Wait()
	c.mu.Lock()
	defer c.mu.Unlock()
	return strings.Join(c.events, ", ")
}

// last returns the last interaction, once all is quiet.
func (c *client) last(t *testing.T) *discordgo.Interaction {
	t.Helper()
	c.heard()
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.asked) == 0 {
		t.Fatal("the bot was asked nothing")
	}
	return c.asked[len(c.asked)-1]
}

// inBubble runs a test with a server where Alex and Sam share a guild with the bot,
// which is connected.
func inBubble(t *testing.T, f func(t *testing.T, s *Server, c *client, alex, sam *User)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := New(secret, app)
		alex, sam := s.User("2001", "Alex", "en-US"), s.User("2002", "Sam", "de")
		g := s.Guild("3000", "Home", alex, sam)
		g.Channel("3001", "us")
		c := dial(s, discordgo.IntentGuilds|discordgo.IntentDirectMessages)
		if err := c.Open(); err != nil {
			t.Fatalf("Open: %v", err)
		}
		defer c.Close()
		synctest.Wait()
		c.events = nil
		f(t, s, c, alex, sam)
	})
}

// ask sends one request with a JSON body and returns the status, and the code if it
// is refused.
func ask(t *testing.T, rt http.RoundTripper, token, method, url, body string) (status, code int) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", token)
	req.Header.Set("Content-Type", "application/json")
	return answered(rt, req)
}

// answered makes a request and returns the status, 0 if there is no answer, and the
// code if it is refused.
func answered(rt http.RoundTripper, req *http.Request) (status, code int) {
	resp, err := rt.RoundTrip(req)
	if err != nil {
		return 0, 0
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		return 0, 0
	}
	var a struct {
		Code int `json:"code"`
	}
	_ = json.Unmarshal(raw, &a) // a list or a page has no code
	return resp.StatusCode, a.Code
}

func TestDirectMessages(t *testing.T) {
	inBubble(t, func(t *testing.T, s *Server, c *client, alex, sam *User) {
		id := alex.Say("tea?")
		alex.Edit(id, "tea, please")
		dm, err := c.UserChannelCreate(alex.ID())
		if err != nil || dm.ID != alex.Channel() {
			t.Fatalf("UserChannelCreate: got %v, %v, want %s", dm, err, alex.Channel())
		}
		m, err := c.ChannelMessageSend(dm.ID, "here it is")
		if err != nil {
			t.Fatalf("ChannelMessageSend: %v", err)
		}
		if _, err := c.ChannelMessageEdit(dm.ID, m.ID, "here it was"); err != nil {
			t.Fatalf("ChannelMessageEdit: %v", err)
		}
		if got, want := c.heard(), "said tea?, changed to tea, please, said here it is, changed to here it was"; got != want {
			t.Errorf("events: got %q, want %q", got, want)
		}
		if got := strings.Join(alex.Heard(), "|"); got != "here it was" {
			t.Errorf("Alex hears %q, want here it was", got)
		}
		if got := len(sam.Sees()); got != 0 {
			t.Errorf("Sam sees %d messages, want none", got)
		}
		list, err := c.ChannelMessages(dm.ID, 100, "", id, "")
		if err != nil || len(list) != 1 || list[0].ID != m.ID {
			t.Errorf("ChannelMessages after the first: got %v, %v, want the answer", list, err)
		}
		time.Sleep(time.Hour)
		if got := s.Counts(); got.Identifies != 1 || got.Resumes != 0 || got.Intents != 4097 || got.Heartbeats < 80 {
			t.Errorf("after an hour: got %+v, want one session with heartbeats and intents 4097", got)
		}
	})
}
