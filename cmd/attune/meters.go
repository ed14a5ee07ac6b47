package main

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/VictoriaMetrics/metrics"

	"attune/bots"
	"attune/rituals"
	"attune/store"
)

// Meters count what passes from one part of the house to the next. They sit in the
// interfaces by which the parts know each other, so that no part knows of them: a
// [ledger] between the host and the store, a [hatch] between a courier and its outbox,
// a [caller] between an adapter and the network. What stands, such as how much waits in
// the outbox, is read when somebody looks.
//
// A label is a platform or a result: never a person, a chat or a couple.
type meters struct {
	set    *metrics.Set
	late   *metrics.PrometheusHistogram
	putOff *metrics.Counter
	began  time.Time
	looked atomic.Int64 // how long after began the host last asked what is due

	mu    sync.Mutex
	dials map[rituals.Platform]*dials
}

// Dials are the meters of one platform.
type dials struct {
	platform                          rituals.Platform
	settled, again, parked            *metrics.Counter // events
	sent, putOff, undelivered         *metrics.Counter // messages
	answered, tooMany, refused, fails *metrics.Counter // calls
	skew                              atomic.Pointer[time.Duration]
}

// lateness are the seconds by which alarms are told apart: a second late is on time,
// and past some minutes the program was down.
var lateness = []float64{0.1, 0.5, 1, 2, 5, 10, 30, 60, 300, 1800, 3600, 6 * 3600, 24 * 3600}

func newMeters() *meters {
	m := &meters{set: metrics.NewSet(), began: time.Now(), dials: make(map[rituals.Platform]*dials)}
	m.gauge("attune_info", "version", version).Set(1)
	m.late = m.set.NewPrometheusHistogramExt("attune_alarm_lateness_seconds", lateness)
	m.putOff = m.counter("attune_alarms_put_off_total")
	return m
}

// series returns the name of a series with its labels, in pairs.
func series(name string, labels ...string) string {
	sep := "{"
	for i := 0; i < len(labels); i += 2 {
		name += sep + labels[i] + `="` + labels[i+1] + `"`
		sep = ","
	}
	if len(labels) > 0 {
		name += "}"
	}
	return name
}

func (m *meters) counter(name string, labels ...string) *metrics.Counter {
	return m.set.GetOrCreateCounter(series(name, labels...))
}

func (m *meters) gauge(name string, labels ...string) *metrics.Gauge {
	return m.set.GetOrCreateGauge(series(name, labels...), nil)
}

// on returns the dials of a platform. All results are there from the beginning: of a
// series that appears with its first failure nobody can tell that it has grown.
func (m *meters) on(p rituals.Platform) *dials {
	m.mu.Lock()
	defer m.mu.Unlock()
	if d := m.dials[p]; d != nil {
		return d
	}
	result := func(name, result string) *metrics.Counter {
		return m.counter(name, "platform", string(p), "result", result)
	}
	const events, sends, calls = "attune_events_total", "attune_sends_total", "attune_calls_total"
	d := &dials{
		platform: p,
		settled:  result(events, "settled"), again: result(events, "again"), parked: result(events, "parked"),
		sent: result(sends, "sent"), putOff: result(sends, "put_off"), undelivered: result(sends, "undelivered"),
		answered: result(calls, "answered"), tooMany: result(calls, "too_many"), refused: result(calls, "refused"), fails: result(calls, "failed"),
	}
	m.dials[p] = d
	return d
}

// look notes that what is due was looked for.
func (m *meters) look() { m.looked.Store(int64(time.Since(m.began))) }

// A ledger is the store as the host knows it.
type ledger struct {
	*store.Store
	m *meters
}

// Due is part of [host.Store]. The host's loop asks at least once a minute.
func (l ledger) Due(ctx context.Context, now time.Time, limit int) ([]rituals.Alarm, time.Time, error) {
	l.m.look()
	return l.Store.Due(ctx, now, limit)
}

// Commit is part of [host.Store].
func (l ledger) Commit(ctx context.Context, c rituals.Change) error {
	err := l.Store.Commit(ctx, c)
	l.m.changed(&c, err)
	return err
}

// changed counts the event and the alarm that a change was to settle.
func (m *meters) changed(c *rituals.Change, err error) {
	e := c.Event
	if c.Park != nil {
		e = &c.Park.Event
	}
	if e != nil {
		m.event(c, e, err)
	}
	if c.Alarm != nil && err == nil {
		m.alarm(c)
	}
}

func (m *meters) event(c *rituals.Change, e *rituals.Event, err error) {
	d := m.on(cmp.Or(e.Person.Platform, e.Chat.Platform))
	switch {
	case errors.Is(err, rituals.ErrSettled):
		d.again.Inc()
	case err != nil: // it is tried again, and parked in the end
	case c.Park != nil:
		d.parked.Inc()
	case e.Kind == rituals.Undelivered:
		d.undelivered.Inc()
	default:
		d.settled.Inc()
	}
}

// alarm counts an alarm that has rung, or failed to and was put off.
func (m *meters) alarm(c *rituals.Change) {
	for _, a := range c.Set {
		if a.Couple == c.Alarm.Couple && a.Name == c.Alarm.Name && a.Tries > c.Alarm.Tries {
			m.putOff.Inc()
			return
		}
	}
	m.late.Update(max(0, time.Since(c.Alarm.At).Seconds())) // told early after a start
}

// A hatch is the outbox as a courier knows it.
type hatch struct {
	bots.Outbox
	d *dials
}

// Sent is part of [bots.Outbox].
func (h hatch) Sent(ctx context.Context, id int64, message string, now time.Time) error {
	err := h.Outbox.Sent(ctx, id, message, now)
	if err == nil || errors.Is(err, rituals.ErrNotFound) { // dropped while it was said
		h.d.sent.Inc()
	}
	return err
}

// Retry is part of [bots.Outbox].
func (h hatch) Retry(ctx context.Context, id int64, at time.Time) error {
	h.d.putOff.Inc()
	return h.Outbox.Retry(ctx, id, at)
}

// Fresh is part of [bots.Teller].
func (h hatch) Fresh(p rituals.Platform) ([]rituals.Address, bool) {
	if t, ok := h.Outbox.(bots.Teller); ok {
		return t.Fresh(p)
	}
	return nil, true
}

// A caller is the network as an adapter knows it.
type caller struct {
	next http.RoundTripper
	d    *dials
}

// RoundTrip is part of [http.RoundTripper].
func (c caller) RoundTrip(r *http.Request) (*http.Response, error) {
	began := time.Now()
	resp, err := c.next.RoundTrip(r)
	switch {
	case err != nil && errors.Is(r.Context().Err(), context.Canceled): // nobody wants to know any more
	case err != nil, resp.StatusCode >= http.StatusInternalServerError:
		c.d.fails.Inc()
	case resp.StatusCode == http.StatusTooManyRequests:
		c.d.tooMany.Inc()
	case resp.StatusCode >= http.StatusBadRequest:
		c.d.refused.Inc()
	default:
		c.d.answered.Inc()
	}
	if err == nil {
		c.d.compare(resp.Header.Get("Date"), began, time.Since(began))
	}
	return resp, err
}

// prompt is how soon an answer must come for its date to tell what time it is.
const prompt = 2 * time.Second

// compare notes how far the platform's clock is ahead of this machine's, by the date of
// an answer, which is cut to the second.
func (d *dials) compare(date string, began time.Time, took time.Duration) {
	theirs, err := http.ParseTime(date)
	if err != nil || took > prompt {
		return
	}
	ahead := theirs.Add(500 * time.Millisecond).Sub(began.Add(took / 2))
	d.skew.Store(&ahead)
}
