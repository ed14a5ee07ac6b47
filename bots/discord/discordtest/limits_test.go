package discordtest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// sendTo sends a message to a channel and returns the answer, with its body read.
func sendTo(t *testing.T, s *Server, channel, body string) (*http.Response, map[string]any) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, api+"/channels/"+channel+"/messages", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bot "+secret)
	req.Header.Set("Content-Type", "application/json")
	resp, err := s.Transport().RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var said map[string]any
	if err := json.NewDecoder(resp.Body).Decode(&said); err != nil {
		t.Fatal(err)
	}
	return resp, said
}

// TestBucket empties the bucket of one channel, two messages in ten seconds.
func TestBucket(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := New(secret, app)
		s.Limit(Limits{Route: 2, Window: 10 * time.Second})
		alex, sam := s.User("2001", "Alex", "en-US").Install().Channel(), s.User("2002", "Sam", "de").Install().Channel()
		for i, tt := range []struct {
			after         time.Duration
			channel       string
			status        int
			left, resetIn string
		}{
			{0, alex, 200, "1", "10.000"},
			{4 * time.Second, alex, 200, "0", "6.000"},
			{time.Second, alex, 429, "0", "5.000"},
			{0, sam, 200, "1", "10.000"},
			{4 * time.Second, alex, 429, "0", "1.000"},
			{time.Second, alex, 200, "1", "10.000"},
		} {
			time.Sleep(tt.after)
			resp, said := sendTo(t, s, tt.channel, `{"content":"a"}`)
			left, resetIn := resp.Header.Get("X-RateLimit-Remaining"), resp.Header.Get("X-RateLimit-Reset-After")
			if resp.StatusCode != tt.status || left != tt.left || resetIn != tt.resetIn {
				t.Errorf("message %d: got %d with %s left for %s s, want %d with %s for %s", i+1, resp.StatusCode, left, resetIn, tt.status, tt.left, tt.resetIn)
			}
			if tt.status == 429 && (fmt.Sprintf("%.3f", said["retry_after"]) != tt.resetIn || said["global"] != false || resp.Header.Get("X-RateLimit-Scope") != "user" || resp.Header.Get("Retry-After") == "") {
				t.Errorf("message %d: got %v with %v, want it refused for %s s", i+1, said, resp.Header, tt.resetIn)
			}
		}
		if got := s.Counts().TooMany; got != 2 {
			t.Errorf("TooMany: got %d, want 2", got)
		}
	})
}

// TestAllTogether makes more requests in a second than a bot may, and answers a press
// all the same: that of an interaction is not counted.
func TestAllTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := New(secret, app)
		alex := s.User("2001", "Alex", "en-US").Install()
		sendTo(t, s, alex.Channel(), `{"content":"a","components":[{"type":1,"components":[{"type":2,"style":1,"label":"Answer","custom_id":"a"}]}]}`)
		pressed := alex.Press("Answer")
		s.Limit(Limits{All: 3})
		for range 3 {
			if resp, _ := sendTo(t, s, alex.Channel(), `{"content":"a"}`); resp.StatusCode != 200 {
				t.Errorf("message: got %d, want 200", resp.StatusCode)
			}
		}
		resp, said := sendTo(t, s, alex.Channel(), `{"content":"a"}`)
		if resp.StatusCode != 429 || said["global"] != true || resp.Header.Get("X-RateLimit-Global") != "true" || resp.Header.Get("X-RateLimit-Scope") != "global" {
			t.Errorf("one too many: got %d %v with %v, want it refused for all", resp.StatusCode, said, resp.Header)
		}
		where := api + "/interactions/" + pressed.id + "/" + pressed.token + "/callback"
		if status, _ := ask(t, s.Transport(), "", http.MethodPost, where, `{"type":6}`); status != 204 {
			t.Errorf("answer to a press: got %d, want 204", status)
		}
		time.Sleep(time.Second)
		if resp, _ := sendTo(t, s, alex.Channel(), `{"content":"a"}`); resp.StatusCode != 200 {
			t.Errorf("message a second later: got %d, want 200", resp.StatusCode)
		}
	})
}

// TestNonceWindow sends one message twice.
func TestNonceWindow(t *testing.T) {
	const body = `{"content":"a","nonce":"7","enforce_nonce":true}`
	tests := []struct {
		name, first, second string
		after               time.Duration
		want                int // messages
	}{
		{"at once", body, body, 0, 1},
		{"almost three minutes later", body, body, nonceLife - time.Second, 1},
		{"three minutes later", body, body, nonceLife, 2},
		{"as a number", body, strings.Replace(body, `"7"`, `7`, 1), 0, 1},
		{"with other words", body, strings.Replace(body, `"a"`, `"b"`, 1), 0, 1},
		{"with another nonce", body, strings.Replace(body, `"7"`, `"8"`, 1), 0, 2},
		{"not enforced", body, strings.Replace(body, "true", "false", 1), 0, 2},
		{"without any", `{"content":"a","enforce_nonce":true}`, `{"content":"a","enforce_nonce":true}`, 0, 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := New(secret, app)
				alex := s.User("2001", "Alex", "en-US").Install()
				_, a := sendTo(t, s, alex.Channel(), tt.first)
				time.Sleep(tt.after)
				_, b := sendTo(t, s, alex.Channel(), tt.second)
				if got := len(alex.Heard()); got != tt.want || (a["id"] == b["id"]) != (tt.want == 1) {
					t.Errorf("messages: got %d, ids %v and %v, want %d", got, a["id"], b["id"], tt.want)
				}
			})
		})
	}
}
