package telegramtest

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// TestLastingFaults lets every request meet a fault, and takes it back.
func TestLastingFaults(t *testing.T) {
	s := New(secret, "attune_bot")
	s.User(1001, "Alex", "en").Open()
	for _, tt := range []struct {
		name string
		set  func()
		want string
	}{
		{"a token that is revoked", func() { s.Revoke(true) }, "401 Unauthorized"},
		{"and given again", func() { s.Revoke(false) }, "ok"},
		{"all that fails", func() { s.FailAll(ServerError) }, "500 Internal Server Error"},
		{"and is over", func() { s.FailAll(None) }, "ok"},
	} {
		tt.set()
		for range 2 {
			if got := ask(t, s.Transport(), "http://telegram.test/bot"+secret, "sendMessage", `{"chat_id":1001,"text":"a"}`); got != tt.want {
				t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
			}
		}
	}
}

// TestFaults holds both ways to reach the server to the same faults.
func TestFaults(t *testing.T) {
	tests := []struct {
		fault   Fault
		want    string
		effects int
	}{
		{CutBefore, "cut", 0},
		{CutAfter, "cut", 1},
		{CutWithin, "cut", 1},
		{Garbled, "200 no JSON", 1},
		{Empty, "200 no JSON", 1},
		{Page(200), "200 no JSON", 0},
		{BadGateway, "502 no JSON", 0},
		{ServerError, "500 Internal Server Error", 0},
		{TooMany(3), "429 Too Many Requests: retry after", 0},
		{None, "ok", 1},
	}
	s := New(secret, "attune_bot")
	alex := s.User(1001, "Alex", "en").Open()
	loopback := httptest.NewServer(s)
	defer loopback.Close()
	ways := map[string]struct {
		rt    http.RoundTripper
		where string
	}{
		"direct":   {s.Transport(), "http://telegram.test/bot" + secret},
		"loopback": {loopback.Client().Transport, loopback.URL + "/bot" + secret},
	}
	for name, way := range ways {
		for _, tt := range tests {
			before := len(alex.Heard())
			s.Fail("sendMessage", tt.fault)
			got := ask(t, way.rt, way.where, "sendMessage", `{"chat_id":1001,"text":"a"}`)
			if n := len(alex.Heard()) - before; got != tt.want || n != tt.effects {
				t.Errorf("%s, %s: got %q and %d messages, want %q and %d", name, tt.fault.kind, got, n, tt.want, tt.effects)
			}
		}
	}
}

// TestUnheard lets things happen without an update about them: they are found out when
// something is said.
func TestUnheard(t *testing.T) {
	s := New(secret, "attune_bot")
	alex := s.User(1001, "Alex", "en").Open()
	group := alex.In(-100)
	alex.BlockUnheard()
	group.MoveUnheard(-200)
	for _, tt := range []struct{ chat, want string }{
		{"1001", "403 Forbidden: bot was blocked by the user"},
		{"-100", "400 Bad Request: group chat was upgraded to a supergroup chat"},
		{"-200", "ok"},
	} {
		if got := ask(t, s.Transport(), "http://telegram.test/bot"+secret, "sendMessage", `{"chat_id":`+tt.chat+`,"text":"a"}`); got != tt.want {
			t.Errorf("message to %s: got %q, want %q", tt.chat, got, tt.want)
		}
	}
	if n := s.Unconfirmed(); n != 0 {
		t.Errorf("updates: got %d, want none", n)
	}
}
