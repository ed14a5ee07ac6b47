package rituals_test

import (
	"testing"

	"attune/rituals"
)

func TestMediaFits(t *testing.T) {
	const mb = 1000 * 1000
	for _, tt := range []struct {
		from, to rituals.Platform
		size     int64
		want     bool
	}{
		{rituals.Telegram, rituals.Telegram, 1500 * mb, true}, // passed on by its name alone
		{rituals.Telegram, rituals.Discord, 10 << 20, true},
		{rituals.Telegram, rituals.Discord, 10<<20 + 1, false},
		{rituals.Telegram, rituals.Console, 20 * mb, true},
		{rituals.Telegram, rituals.Console, 20*mb + 1, false},
		{rituals.Discord, rituals.Telegram, 50 * mb, true},
		{rituals.Discord, rituals.Telegram, 50*mb + 1, false},
		{rituals.Discord, rituals.Discord, 10<<20 + 1, false},
		{rituals.Discord, rituals.Console, 1500 * mb, true},
		{rituals.Telegram, rituals.Discord, 0, true}, // not known
	} {
		m := rituals.Media{Platform: tt.from, Size: tt.size}
		if got := m.Fits(tt.to); got != tt.want {
			t.Errorf("%d bytes from %s to %s: got %v, want %v", tt.size, tt.from, tt.to, got, tt.want)
		}
	}
}
