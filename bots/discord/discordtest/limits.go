package discordtest

import (
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Limits say how many requests a bot may make. A limit of 0 is none.
type Limits struct {
	Route  int           // to one route and place in Window
	Window time.Duration // how long a route's bucket lasts
	All    int           // in any second, over all routes but those of interactions
}

// Published are the limits that Discord publishes, and those of a route as it is
// seen to have them.
var Published = Limits{Route: 5, Window: 5 * time.Second, All: 50}

// A bucket counts the requests to one route and place.
type bucket struct {
	used  int
	reset time.Time
}

// Limit sets limits; there are none before.
func (s *Server) Limit(l Limits) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.limits = l
	s.buckets = make(map[string]*bucket)
}

// tooMany refuses a request for a time.
func tooMany(d time.Duration, global bool) *apiError {
	return &apiError{status: http.StatusTooManyRequests, text: "You are being rate limited.", retry: d, global: global}
}

// head sets the headers of a 429.
func (e *apiError) head(h http.Header) {
	h.Set("Retry-After", strconv.Itoa(int(math.Ceil(e.retry.Seconds()))))
	h.Set("X-RateLimit-Reset-After", fmt.Sprintf("%.3f", e.retry.Seconds()))
	scope := "user"
	if e.global {
		scope = "global"
		h.Set("X-RateLimit-Global", "true")
	} else {
		h.Set("X-RateLimit-Remaining", "0")
	}
	h.Set("X-RateLimit-Scope", scope)
}

// admit counts a request, or refuses it as one too many.
func (s *Server) admit(h http.Header, route, path string) *apiError {
	now := time.Now()
	if s.limits.All > 0 && !strings.Contains(route, "{token}") {
		if b := s.bucket("", now, time.Second); b.used >= s.limits.All {
			return s.refuse(h, tooMany(b.reset.Sub(now), true))
		} else {
			b.used++
		}
	}
	if s.limits.Route == 0 {
		return nil
	}
	// One bucket for each method and path: the message in a path has none of its own.
	method, _, _ := strings.Cut(route, " ")
	if place, _, ok := strings.Cut(path, "/messages/"); ok {
		path = place + "/messages/"
	}
	b := s.bucket(method+" "+path, now, s.limits.Window)
	if b.used >= s.limits.Route {
		return s.refuse(h, tooMany(b.reset.Sub(now), false))
	}
	b.used++
	left := b.reset.Sub(now)
	h.Set("X-RateLimit-Limit", strconv.Itoa(s.limits.Route))
	h.Set("X-RateLimit-Remaining", strconv.Itoa(s.limits.Route-b.used))
	h.Set("X-RateLimit-Reset", fmt.Sprintf("%.3f", float64(b.reset.UnixMilli())/1000))
	h.Set("X-RateLimit-Reset-After", fmt.Sprintf("%.3f", left.Seconds()))
	h.Set("X-RateLimit-Bucket", fmt.Sprintf("%x", []byte(method+" "+path)))
	return nil
}

// bucket returns the bucket of that name, emptied if its time is over.
func (s *Server) bucket(name string, now time.Time, window time.Duration) *bucket {
	b := s.buckets[name]
	if b == nil || !now.Before(b.reset) {
		b = &bucket{reset: now.Add(window)}
		s.buckets[name] = b
	}
	return b
}

func (s *Server) refuse(h http.Header, e *apiError) *apiError {
	s.counts.TooMany++
	e.head(h)
	return e
}
