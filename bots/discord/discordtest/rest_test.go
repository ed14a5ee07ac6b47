package discordtest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

const api = "https://discord.com/api/v9"

// A refusal is a request and what becomes of it.
type refusal struct {
	name, method, path, body string
	status, code             int
}

// refuse makes requests to a server with people and channels of all kinds: 3001 is
// open, in 3002 the bot sees nothing, in 3003 it may not write.
func refuse(t *testing.T, tests []refusal) {
	t.Helper()
	s := New(secret, app)
	alex, sam, robin := s.User("2001", "Alex", "en-US"), s.User("2002", "Sam", "de"), s.User("2003", "Robin", "en-US")
	g := s.Guild("3000", "Home", alex, sam)
	g.Channel("3001", "us")
	g.Channel("3002", "hidden")
	g.Channel("3003", "readable")
	s.Permit("3002", 0)
	s.Permit("3003", ViewChannel)
	sam.CloseDMs()
	names := strings.NewReplacer("{Sam}", sam.Channel(), "{Robin}", robin.Channel(), "{said}", alex.In("3001").Say("hello"))
	for _, tt := range tests {
		status, code := ask(t, s.Transport(), "Bot "+secret, tt.method, api+names.Replace(tt.path), tt.body)
		if status != tt.status || code != tt.code {
			t.Errorf("%s: got %d %d, want %d %d", tt.name, status, code, tt.status, tt.code)
		}
	}
}

func TestMessagesRefused(t *testing.T) {
	button := func(fields string) string {
		return `{"components":[{"type":1,"components":[{"type":2,` + fields + `}]}]}`
	}
	rows := func(n, each int) string {
		var list []string
		for i := range n {
			var buttons []string
			for j := range each {
				buttons = append(buttons, fmt.Sprintf(`{"type":2,"style":1,"label":"a","custom_id":"%d-%d"}`, i, j))
			}
			list = append(list, `{"type":1,"components":[`+strings.Join(buttons, ",")+`]}`)
		}
		return `{"components":[` + strings.Join(list, ",") + `]}`
	}
	a := func(n int) string { return strings.Repeat("ü", n) }
	const there, send = "/channels/3001/messages", http.MethodPost
	refuse(t, []refusal{
		{"words", send, there, `{"content":"a"}`, 200, 0},
		{"as long as they may be", send, there, `{"content":"` + a(2000) + `"}`, 200, 0},
		{"one letter longer", send, there, `{"content":"` + a(2001) + `"}`, 400, 50035},
		{"nothing", send, there, `{}`, 400, 50006},
		{"space", send, there, `{"content":" \n"}`, 400, 50006},
		{"no JSON", send, there, `{`, 400, 50109},
		{"a number for words", send, there, `{"content":1}`, 400, 50035},
		{"an embed", send, there, `{"embeds":[{"description":"` + a(4096) + `"}]}`, 200, 0},
		{"an embed too long", send, there, `{"embeds":[{"description":"` + a(4097) + `"}]}`, 400, 50035},
		{"embeds too long together", send, there, `{"embeds":[{"description":"` + a(4000) + `"},{"description":"` + a(2001) + `"}]}`, 400, 50035},
		{"a title too long", send, there, `{"embeds":[{"title":"` + a(257) + `"}]}`, 400, 50035},
		{"eleven embeds", send, there, `{"embeds":[` + strings.Repeat(`{"title":"a"},`, 10) + `{"title":"a"}]}`, 400, 50035},
		{"a button", send, there, button(`"style":1,"label":"a","custom_id":"` + a(100) + `"`), 200, 0},
		{"a custom id too long", send, there, button(`"style":1,"label":"a","custom_id":"` + a(101) + `"`), 400, 50035},
		{"a button without a custom id", send, there, button(`"style":1,"label":"a"`), 400, 50035},
		{"a button without a label", send, there, button(`"style":1,"custom_id":"a"`), 400, 50035},
		{"a label too long", send, there, button(`"style":1,"custom_id":"a","label":"` + a(81) + `"`), 400, 50035},
		{"a link", send, there, button(`"style":5,"label":"a","url":"https://example.com"`), 200, 0},
		{"a link to nowhere", send, there, button(`"style":5,"label":"a","url":"nowhere"`), 400, 50035},
		{"a link with a custom id", send, there, button(`"style":5,"label":"a","url":"https://example.com","custom_id":"a"`), 400, 50035},
		{"five rows of five", send, there, rows(5, 5), 200, 0},
		{"six rows", send, there, rows(6, 1), 400, 50035},
		{"six buttons in a row", send, there, rows(1, 6), 400, 50035},
		{"the same custom id twice", send, there, `{"components":[{"type":1,"components":[{"type":2,"style":1,"label":"a","custom_id":"a"},{"type":2,"style":1,"label":"b","custom_id":"a"}]}]}`, 400, 50035},
		{"a message for one only", send, there, `{"content":"a","flags":64}`, 400, 50035},
		{"nobody to ping", send, there, `{"content":"a","allowed_mentions":{"parse":[]}}`, 200, 0},
		{"null to ping", send, there, `{"content":"a","allowed_mentions":{"parse":null}}`, 400, 50035},
		{"a nonce", send, there, `{"content":"a","nonce":12}`, 200, 0},
		{"a nonce too long", send, there, `{"content":"a","nonce":"` + strings.Repeat("a", 26) + `"}`, 400, 50035},
		{"a reply to nothing", send, there, `{"content":"a","message_reference":{"message_id":"5"}}`, 400, 50035},
		{"a reply to what may be gone", send, there, `{"content":"a","message_reference":{"message_id":"5","fail_if_not_exists":false}}`, 200, 0},
	})
}

func TestRequestsRefused(t *testing.T) {
	const there, send = "/channels/3001/messages", http.MethodPost
	refuse(t, []refusal{
		{"to nowhere", send, "/channels/5/messages", `{"content":"a"}`, 404, 10003},
		{"where the bot sees nothing", send, "/channels/3002/messages", `{"content":"a"}`, 403, 50001},
		{"where the bot may not write", send, "/channels/3003/messages", `{"content":"a"}`, 403, 50013},
		{"to who has closed their messages", send, "/channels/{Sam}/messages", `{"content":"a"}`, 403, 50007},
		{"to who shares no guild", send, "/channels/{Robin}/messages", `{"content":"a"}`, 403, 50278},
		{"an edit of nothing", http.MethodPatch, there + "/5", `{"content":"a"}`, 404, 10008},
		{"an edit of a person's message", http.MethodPatch, there + "/{said}", `{"content":"a"}`, 403, 50005},
		{"taking away a person's message", http.MethodDelete, there + "/{said}", ``, 403, 50013},
		{"a list too long", http.MethodGet, there + "?limit=101", ``, 400, 50035},
		{"a list after nonsense", http.MethodGet, there + "?after=a", ``, 400, 50035},
		{"messages with nobody", send, "/users/@me/channels", `{"recipient_id":"5"}`, 400, 50033},
		{"a thread without a name", send, "/channels/3001/threads", `{"type":12}`, 400, 50035},
		{"a command in capitals", http.MethodPut, "/applications/1000/commands", `[{"name":"Start","description":"a"}]`, 400, 50035},
		{"a command without a description", http.MethodPut, "/applications/1000/commands", `[{"name":"start"}]`, 400, 50035},
		{"two commands of one name", http.MethodPut, "/applications/1000/commands", `[{"name":"a","description":"a"},{"name":"a","description":"a"}]`, 400, 50035},
		{"a command in no language", http.MethodPut, "/applications/1000/commands", `[{"name":"a","description":"a","name_localizations":{"en":"a"}}]`, 400, 50035},
		{"a required option after another", http.MethodPut, "/applications/1000/commands", `[{"name":"a","description":"a","options":[{"type":3,"name":"a","description":"a"},{"type":3,"name":"b","description":"a","required":true}]}]`, 400, 50035},
		{"commands of another application", http.MethodPut, "/applications/5/commands", `[]`, 403, 20012},
		{"who is in the guild, without the intent", http.MethodGet, "/guilds/3000/members", ``, 403, 50001},
		{"no such route", http.MethodGet, "/nothing", ``, 404, 0},
	})
}

func TestUnauthorized(t *testing.T) {
	s := New(secret, app)
	for _, token := range []string{"", secret, "Bot other"} {
		if status, _ := ask(t, s.Transport(), token, http.MethodGet, api+"/users/@me", ""); status != 401 {
			t.Errorf("authorization %q: got %d, want 401", token, status)
		}
	}
}

// TestNonce sends 200 messages to a server that stores and then answers 502 to each
// third request, and repeats what has failed.
func TestNonce(t *testing.T) {
	inBubble(t, func(t *testing.T, s *Server, _ *client, alex, _ *User) {
		s.Every(SendMessage, 3, BadGatewayAfter)
		for i := range 200 {
			body := fmt.Sprintf(`{"content":"line %d","nonce":"%d","enforce_nonce":true}`, i, i)
			for status := 0; status != 200; {
				status, _ = ask(t, s.Transport(), "Bot "+secret, http.MethodPost, api+"/channels/"+alex.Channel()+"/messages", body)
			}
		}
		seen := map[string]bool{}
		for _, text := range alex.Heard() {
			seen[text] = true
		}
		if got := len(alex.Heard()); got != 200 || len(seen) != 200 || s.Counts().Duplicates == 0 {
			t.Errorf("200 messages: got %d stored, %d of them different, %d repeated, want 200, 200 and some", got, len(seen), s.Counts().Duplicates)
		}
		time.Sleep(nonceLife)
		ask(t, s.Transport(), "Bot "+secret, http.MethodPost, api+"/channels/"+alex.Channel()+"/messages", `{"content":"line 0","nonce":"0","enforce_nonce":true}`)
		if got := len(alex.Heard()); got != 201 {
			t.Errorf("the nonce of long ago: got %d messages, want one more", got)
		}
	})
}

// TestLastingFaults lets every request meet a fault, and takes it back.
func TestLastingFaults(t *testing.T) {
	s := New(secret, app)
	alex := s.User("2001", "Alex", "en-US").Install()
	for _, tt := range []struct {
		name string
		set  func()
		want int
	}{
		{"a token that is revoked", func() { s.Revoke(true) }, 401},
		{"and given again", func() { s.Revoke(false) }, 200},
		{"all that fails", func() { s.FailAll(ServerError) }, 500},
		{"and is over", func() { s.FailAll(None) }, 200},
	} {
		tt.set()
		for range 2 {
			got, _ := ask(t, s.Transport(), "Bot "+secret, http.MethodPost, api+"/channels/"+alex.Channel()+"/messages", `{"content":"a"}`)
			if got != tt.want {
				t.Errorf("%s: got %d, want %d", tt.name, got, tt.want)
			}
		}
	}
}

// TestFaults holds both ways to reach the server to the same faults.
func TestFaults(t *testing.T) {
	tests := []struct {
		fault         Fault
		status, stays int
	}{
		{CutBefore, 0, 0}, {CutAfter, 0, 1}, {BadGateway, 502, 0}, {BadGatewayAfter, 502, 1}, {ServerError, 500, 0}, {Unavailable, 503, 0},
		{Banned, 429, 0}, {TooMany(time.Second), 429, 0}, {TooManyOverall(time.Second), 429, 0}, {Refused(403, 50007, "no"), 403, 0}, {None, 200, 1},
		{CutWithin, 0, 1}, {Garbled, 200, 1}, {Empty, 200, 1}, {Page(200), 200, 0},
	}
	s := New(secret, app)
	alex := s.User("2001", "Alex", "en-US").Install()
	l := httptest.NewServer(s)
	defer l.Close()
	for name, rt := range map[string]http.RoundTripper{
		"direct":   s.Transport(),
		"loopback": elsewhere{strings.TrimPrefix(l.URL, "http://"), &http.Transport{DisableKeepAlives: true}},
	} {
		for _, tt := range tests {
			before := len(alex.Heard())
			s.Fail(SendMessage, tt.fault)
			status, _ := ask(t, rt, "Bot "+secret, http.MethodPost, api+"/channels/"+alex.Channel()+"/messages", `{"content":"a"}`)
			if n := len(alex.Heard()) - before; status != tt.status || n != tt.stays {
				t.Errorf("%s, %s %d: got %d and %d messages, want %d and %d", name, tt.fault.kind, tt.fault.e.status, status, n, tt.status, tt.stays)
			}
		}
	}
	if got := s.Counts().TooMany; got != 6 {
		t.Errorf("TooMany: got %d, want 6", got)
	}
}

func TestLimits(t *testing.T) {
	t.Run("the library keeps to what the headers say", func(t *testing.T) {
		inBubble(t, func(t *testing.T, s *Server, c *client, alex, _ *User) {
			s.Limit(Published)
			begun := time.Now()
			for range 20 {
				if _, err := c.ChannelMessageSend(alex.Channel(), "a"); err != nil {
					t.Fatal(err)
				}
			}
			if took := time.Since(begun).Round(time.Second); took != 15*time.Second || s.Counts().TooMany != 0 {
				t.Errorf("20 messages: got %v and %d refused, want 15s and none", took, s.Counts().TooMany)
			}
		})
	})
	t.Run("fifty a second over all channels", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			s := New(secret, app)
			s.Limit(Published)
			got := map[int]int{}
			for i := range 60 {
				channel := s.User(fmt.Sprint(2001+i), "Alex", "en-US").Install().Channel()
				status, _ := ask(t, s.Transport(), "Bot "+secret, http.MethodPost, api+"/channels/"+channel+"/messages", `{"content":"a"}`)
				got[status]++
			}
			if got[200] != 50 || got[429] != 10 || s.Counts().TooMany != 10 {
				t.Errorf("60 messages at once: got %v, want 50 through and 10 refused", got)
			}
		})
	})
}

func TestPings(t *testing.T) {
	s := New(secret, app)
	alex := s.User("2001", "Alex", "en-US").Install()
	for _, tt := range []struct{ allowed, want string }{
		{`null`, "[2001 everyone]"}, {`{"parse":[]}`, "[]"}, {`{"users":["2001"]}`, "[2001]"}, {`{"parse":["everyone"]}`, "[everyone]"},
	} {
		ask(t, s.Transport(), "Bot "+secret, http.MethodPost, api+"/channels/"+alex.Channel()+"/messages", `{"content":"<@2001> @everyone","allowed_mentions":`+tt.allowed+`}`)
		said := alex.Sees()
		if got := fmt.Sprint(said[len(said)-1].Pings); got != tt.want {
			t.Errorf("allowed_mentions %s: got %s pinged, want %s", tt.allowed, got, tt.want)
		}
	}
}
