package main

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"attune/bots"
	"attune/rituals"
)

// An answering network gives one answer, or an error.
type answering struct {
	status int
	date   string
	err    error
}

func (a answering) RoundTrip(*http.Request) (*http.Response, error) {
	if a.err != nil {
		return nil, a.err
	}
	return &http.Response{StatusCode: a.status, Header: http.Header{"Date": {a.date}}, Body: http.NoBody}, nil
}

func TestCallsAreCounted(t *testing.T) {
	ended, end := context.WithCancel(t.Context())
	end()
	for _, test := range []struct {
		name string
		net  answering
		ctx  context.Context
		want [4]uint64 // answered, one too many, refused, failed
	}{
		{"an answer", answering{status: 200}, t.Context(), [4]uint64{1, 0, 0, 0}},
		{"nothing has changed", answering{status: 304}, t.Context(), [4]uint64{1, 0, 0, 0}},
		{"one too many", answering{status: 429}, t.Context(), [4]uint64{0, 1, 0, 0}},
		{"a refusal", answering{status: 403}, t.Context(), [4]uint64{0, 0, 1, 0}},
		{"the platform's own failure", answering{status: 502}, t.Context(), [4]uint64{0, 0, 0, 1}},
		{"a broken connection", answering{err: io.ErrUnexpectedEOF}, t.Context(), [4]uint64{0, 0, 0, 1}},
		{"a call that nobody waits for", answering{err: context.Canceled}, ended, [4]uint64{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := newMeters().on(rituals.Telegram)
			resp, err := caller{test.net, d}.RoundTrip(httptest.NewRequest(http.MethodGet, "/", nil).WithContext(test.ctx))
			if !errors.Is(err, test.net.err) {
				t.Errorf("RoundTrip = %v, want %v", err, test.net.err)
			}
			if err == nil {
				resp.Body.Close()
			}
			got := [4]uint64{d.answered.Get(), d.tooMany.Get(), d.refused.Get(), d.fails.Get()}
			if got != test.want {
				t.Errorf("answered, one too many, refused, failed: got %v, want %v", got, test.want)
			}
		})
	}
}

func TestChangesAreCounted(t *testing.T) {
	alex := rituals.Person{Platform: rituals.Telegram, ID: "1001"}
	wrote := &rituals.Event{ID: "1", Kind: rituals.Wrote, Person: alex}
	lost := &rituals.Event{ID: "2", Kind: rituals.Undelivered, Chat: rituals.Address{Platform: rituals.Telegram, Chat: "1001"}}
	due := rituals.Alarm{Couple: 1, Name: "open/evening", At: time.Now().Add(-3 * time.Second)}
	again := due
	again.Tries++
	for _, test := range []struct {
		name string
		c    rituals.Change
		err  error
		want [6]uint64 // settled, again, parked, undelivered, put off, of those that rang within 5 seconds
	}{
		{"an event", rituals.Change{Event: wrote}, nil, [6]uint64{1}},
		{"an event that came before", rituals.Change{Event: wrote}, rituals.ErrSettled, [6]uint64{0, 1}},
		{"a decision that comes too late", rituals.Change{Event: wrote}, rituals.ErrConflict, [6]uint64{}},
		{"an event that is set aside", rituals.Change{Park: &rituals.Parked{Event: *wrote}}, nil, [6]uint64{0, 0, 1}},
		{"a message that cannot be said", rituals.Change{Event: lost}, nil, [6]uint64{0, 0, 0, 1}},
		{"an alarm", rituals.Change{Alarm: &due}, nil, [6]uint64{0, 0, 0, 0, 0, 1}},
		{"an alarm that failed", rituals.Change{Alarm: &due, Set: []rituals.Alarm{again}}, nil, [6]uint64{0, 0, 0, 0, 1, 0}},
		{"an alarm that was settled before", rituals.Change{Alarm: &due}, rituals.ErrSettled, [6]uint64{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			m := newMeters()
			m.changed(&test.c, test.err)
			d := m.on(rituals.Telegram)
			got := [6]uint64{d.settled.Get(), d.again.Get(), d.parked.Get(), d.undelivered.Get(), m.putOff.Get(), rung(t, m)}
			if got != test.want {
				t.Errorf("settled, again, parked, undelivered, put off, rung: got %v, want %v", got, test.want)
			}
		})
	}
}

// rung returns how many alarms rang within five seconds.
func rung(t *testing.T, m *meters) uint64 {
	t.Helper()
	var text strings.Builder
	m.set.WritePrometheus(&text)
	_, rest, _ := strings.Cut(text.String(), `attune_alarm_lateness_seconds_bucket{le="5"} `)
	value, _, _ := strings.Cut(rest, "\n")
	n, err := strconv.ParseUint(value, 10, 64)
	if err != nil {
		t.Fatalf("the histogram has no bucket for five seconds:\n%s", text.String())
	}
	return n
}

// A still outbox holds nothing.
type still struct{ bots.Outbox }

func (still) Sent(context.Context, int64, string, time.Time) error { return nil }

// BenchmarkMeters is what is spent on measuring one event, one alarm, one message that
// is sent, and one call of a platform.
func BenchmarkMeters(b *testing.B) {
	m := newMeters()
	d := m.on(rituals.Telegram)
	event := rituals.Change{Event: &rituals.Event{ID: "1", Kind: rituals.Wrote, Person: rituals.Person{Platform: rituals.Telegram, ID: "1001"}}}
	alarm := rituals.Change{Alarm: &rituals.Alarm{Couple: 1, Name: "open/evening", At: time.Now()}}
	b.Run("event", func(b *testing.B) {
		for range b.N {
			m.changed(&event, nil)
		}
	})
	b.Run("alarm", func(b *testing.B) {
		for range b.N {
			m.changed(&alarm, nil)
		}
	})
	b.Run("message", func(b *testing.B) {
		h := hatch{still{}, d}
		for n := range b.N {
			if err := h.Sent(b.Context(), int64(n), strconv.Itoa(7), time.Time{}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("call", func(b *testing.B) {
		c := caller{answering{status: 200, date: time.Now().UTC().Format(http.TimeFormat)}, d}
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		for range b.N {
			resp, err := c.RoundTrip(r)
			if err != nil {
				b.Fatal(err)
			}
			resp.Body.Close()
		}
	})
	if d.settled.Get() == 0 || d.answered.Get() == 0 || d.sent.Get() == 0 {
		b.Error("nothing was counted")
	}
}
