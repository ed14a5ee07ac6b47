package host

import (
	"testing"

	"attune/rituals"
)

func TestShifted(t *testing.T) {
	for _, row := range []struct {
		name, schedule string
		day, to        rituals.Day // what came on the one comes on the other
		want           string
	}{
		{"every day stays every day", "30 21 * * *", "2026-11-29", "2026-11-30", "30 0 * * *"},
		{"the same day", "30 21 * * 0", "2026-11-29", "2026-11-29", "30 0 * * 0"},
		{"Sunday becomes Monday", "30 21 * * 0", "2026-11-29", "2026-11-30", "30 0 * * 1"},
		{"Sunday becomes Saturday", "30 21 * * 0", "2026-11-29", "2026-11-28", "30 0 * * 6"},
		{"Saturday becomes Sunday", "30 21 * * 6", "2026-11-28", "2026-11-29", "30 0 * * 0"},
		{"several days move along", "30 21 * * 0,3,6", "2026-11-28", "2026-11-29", "30 0 * * 1,4,0"},
		{"days with names stay", "30 21 * * mon-fri", "2026-11-30", "2026-12-01", "30 0 * * mon-fri"},
		{"a word for every day", "@daily", "2026-11-30", "2026-11-30", "30 0 * * *"},
	} {
		if got := shifted(row.schedule, row.to.At(0, 30), row.day); got != row.want {
			t.Errorf("%s: shifted(%q) from %s to %s = %q, want %q", row.name, row.schedule, row.day, row.to, got, row.want)
		}
	}
}
