package main

import (
	"os"
	"strings"
	"testing"
	"time"
)

// TestHeartbeat looks whether somebody should start the program again.
func TestHeartbeat(t *testing.T) {
	for _, test := range []struct {
		name   string
		happen func(v *visited)
		fresh  bool
	}{
		{"all is well", func(*visited) {}, true},
		{"a platform is away, and to start again would not bring it back", func(v *visited) { v.cable.cut.Store(true) }, true},
		{"the database was taken away", func(v *visited) {
			if err := os.Rename(v.cfg.Database, v.cfg.Database+".old"); err != nil {
				v.Fatal(err)
			}
		}, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			visit(t, func(v *visited) {
				test.happen(v)
				v.pass(5 * time.Minute)
				info, err := os.Stat(pulse(v.cfg.Database))
				if err != nil {
					v.Fatal(err)
				}
				if age := time.Since(info.ModTime()); (age <= beatFresh) != test.fresh {
					v.Errorf("the heartbeat is %v old, want it within %v: %v", age, beatFresh, test.fresh)
				}
				if why := "msg=\"not well\""; strings.Contains(v.log.String(), why) == test.fresh {
					v.Errorf("the log has %q, want so: %v\n%s", why, !test.fresh, v.log.String())
				}
			})
		})
	}
}
