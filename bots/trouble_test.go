package bots_test

import (
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"attune/bots"
)

func TestTroubleIsToldOfSeldom(t *testing.T) {
	type step struct {
		every time.Duration
		times int
		over  bool // it goes well after each
	}
	for _, tt := range []struct {
		name  string
		steps []step
		want  []string
	}{
		{"what goes well is not told of", nil, nil},
		{"what goes wrong once is told of twice", []step{{time.Second, 1, true}},
			[]string{"WARN not reached", "INFO reached again after=0s times=1"}},
		{"what lasts for half an hour is told of every ten minutes", []step{{time.Second, 1799, false}, {time.Second, 1, true}},
			[]string{"WARN not reached", "WARN not reached times=601", "WARN not reached times=1201", "INFO reached again after=29m59s times=1800"}},
		{"what comes and goes for two minutes is told of once a minute", []step{{time.Second, 119, true}},
			[]string{"WARN not reached", "INFO reached again after=0s times=1", "WARN not reached", "INFO reached again after=0s times=1"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var out strings.Builder
				trouble := bots.NewTrouble(slog.New(slog.NewTextHandler(&out, nil)))
				for _, s := range tt.steps {
					for range s.times {
						trouble.Met(slog.LevelWarn, "not reached")
						if s.over {
							trouble.Over("reached again")
						}
						time.Sleep(s.every)
					}
				}
				trouble.Over("reached again")
				var got []string
				for line := range strings.Lines(out.String()) {
					_, line, _ = strings.Cut(strings.TrimSpace(line), "level=")
					got = append(got, strings.NewReplacer("msg=", "", `"`, "").Replace(line))
				}
				if strings.Join(got, "\n") != strings.Join(tt.want, "\n") {
					t.Errorf("the log says %q, want %q", got, tt.want)
				}
			})
		})
	}
}
