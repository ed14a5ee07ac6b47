package library

import (
	"time"
)

// lasts reads how long a timed step is.
func (s *source) lasts(m mapping) time.Duration {
	f, ok := m.field("lasts", seconds)
	if !ok {
		return 0
	}
	v, _ := scalar(f.value)
	d, err := time.ParseDuration(v)
	switch {
	case err != nil:
		s.wrong(f, "a length of time such as 2m30s")
	case d < 5*time.Second || d > 30*time.Minute || d%time.Second != 0:
		s.report(f.place(), "a timed step lasts whole seconds, from 5s to 30m; write a length of time such as 2m30s")
		return 0
	}
	return d
}
