package discord

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bwmarrin/discordgo"

	"attune/bots"
)

const (
	bucketCalls = 4096            // after so many calls the limits that were learned are forgotten
	longWait    = 5 * time.Second // a limit that lasts longer is the courier's to wait for
)

// A route sends calls to the address that was asked for: the library's own
// addresses are variables of the whole process.
type route struct {
	base *url.URL
	next http.RoundTripper
	held atomic.Int64 // unix milliseconds until when Discord wants no calls at all
}

// RoundTrip is part of [http.RoundTripper].
func (r *route) RoundTrip(req *http.Request) (*http.Response, error) {
	req = req.Clone(req.Context())
	req.URL.Scheme, req.URL.Host = r.base.Scheme, r.base.Host
	req.URL.Path = r.base.Path + req.URL.Path
	req.URL.RawPath = ""
	req.Host = ""
	resp, err := r.next.RoundTrip(req)
	if err == nil && resp.StatusCode == http.StatusTooManyRequests {
		global, _ := strconv.ParseBool(resp.Header.Get("X-RateLimit-Global"))
		edge := !strings.Contains(resp.Header.Get("Content-Type"), "json") // the answer of a machine in front of Discord
		if global || edge {
			seconds, _ := strconv.ParseFloat(resp.Header.Get("Retry-After"), 64)
			r.hold(time.Duration(max(seconds, 1) * float64(time.Second)))
		}
	}
	return resp, err
}

// hold lets no calls through for a while.
func (r *route) hold(d time.Duration) { r.held.Store(time.Now().Add(d).UnixMilli()) }

// wait returns for how long no calls are let through.
func (r *route) wait() time.Duration { return max(0, time.Until(time.UnixMilli(r.held.Load()))) }

// Limits are the rate limits that Discord's answers have told of. They are
// forgotten now and then, because the library never lets go of any by itself; at
// worst a call is refused once and tried again.
type limits struct {
	mu    sync.Mutex
	known *discordgo.RateLimiter
	calls int
}

// bucket returns the limit of an address.
func (l *limits) bucket(key string) (*discordgo.RateLimiter, *discordgo.Bucket) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.known == nil || l.calls >= bucketCalls {
		l.known, l.calls = discordgo.NewRatelimiter(), 0
	}
	l.calls++
	return l.known, l.known.GetBucket(key)
}

// call makes a call within its limits and decodes the answer into out, which may
// be nil. Its error is one of [Bot.classify].
func (b *Bot) call(ctx context.Context, method, address string, body, out any) error {
	if wait := b.route.wait(); wait > 0 {
		return &bots.RetryError{After: wait, All: true, Err: errors.New("discord wants no calls")}
	}
	key, _, _ := strings.Cut(address, "?")
	if method == http.MethodPatch || method == http.MethodDelete {
		key = key[:strings.LastIndexByte(key, '/')] // all messages of a channel share one limit
	}
	limiter, bucket := b.limits.bucket(method + " " + key)
	bucket.Lock()
	wait := limiter.GetWaitTime(bucket, 1)
	bucket.Unlock()
	if wait > longWait {
		return &bots.RetryError{After: wait, Err: errors.New("discord's limit for the channel is used up")}
	}
	if wait > 0 && !bots.Pause(ctx, wait) {
		return &bots.RetryError{Err: ctx.Err()}
	}
	err := b.request(ctx, method, address, limiter.LockBucketObject(bucket), body, out)
	switch {
	case err == nil:
		b.refused.Over("discord accepts the token again")
	case errors.Is(err, ErrToken) && b.me.Load() != nil:
		b.unknown(b.refused)
	}
	return err
}

// callOnce makes a call to an address of its own, such as an interaction's, whose
// limit is not worth remembering.
func (b *Bot) callOnce(ctx context.Context, method, address string, body, out any) error {
	return b.request(ctx, method, address, discordgo.NewRatelimiter().LockBucket("once"), body, out)
}

// request makes a call. The bucket is locked; the library unlocks it.
func (b *Bot) request(ctx context.Context, method, address string, bucket *discordgo.Bucket, body, out any) error {
	var raw []byte
	kind := "application/json"
	if u, ok := body.(upload); ok {
		var err error
		if kind, raw, err = u.encode(); err != nil {
			_ = bucket.Release(nil) // nothing to learn from
			return fmt.Errorf("call discord: %w", err)
		}
	} else if body != nil {
		var w bytes.Buffer
		e := json.NewEncoder(&w)
		e.SetEscapeHTML(false)
		if err := e.Encode(body); err != nil {
			_ = bucket.Release(nil) // nothing to learn from
			return fmt.Errorf("call discord: %w", err)
		}
		raw = w.Bytes()
	}
	answer, err := b.rest.RequestWithLockedBucket(method, address, kind, raw, bucket, 0, discordgo.WithContext(ctx))
	if err != nil {
		return b.classify(err)
	}
	if out == nil {
		return nil
	}
	if err := json.Unmarshal(answer, out); err != nil {
		return &bots.RetryError{Err: errors.New("discord's answer cannot be read")}
	}
	return nil
}
