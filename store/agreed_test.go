package store

import (
	"testing"
	"time"

	"attune/rituals"
)

func TestAgreed(t *testing.T) {
	s := paired(t)
	commit(t, s, rituals.Change{Homes: []rituals.Home{{Person: lex, Member: alexID, Chat: "4004"}}})
	for _, p := range []rituals.Platform{rituals.Telegram, rituals.Discord} {
		want := map[string]time.Time{}
		for _, m := range members() {
			if m.Address.Platform == p {
				want[m.Address.Chat] = m.Agreed
			}
		}
		if p == lex.Platform {
			want["4004"] = members()[0].Agreed
		}
		got, err := s.Agreed(t.Context(), p)
		if err != nil {
			t.Fatalf("Agreed(%s): %v", p, err)
		}
		equal(t, "Agreed", got, want)
	}
}
