package store

import (
	"context"
	"strings"
	"testing"

	"attune/rituals"
)

func TestDump(t *testing.T) {
	s := furnished(t)
	commit(t, s, rituals.Change{Replies: []rituals.Reply{
		{CheckIn: 10, Member: alexID, Step: "now", Choice: "4", At: at("21:31")},
		{CheckIn: 10, Member: alexID, Step: "heart", Words: []rituals.Words{{Text: "Tired,"}, {Text: "but\tglad"}}, At: at("21:32")},
		{CheckIn: 10, Member: samID, Step: "heart", Skipped: true, At: at("21:40")},
	}})
	var b strings.Builder
	if err := s.Dump(context.Background(), &b); err != nil {
		t.Fatalf("Dump: %v", err)
	}
	equal(t, "Dump", b.String(), `check_in  day         ritual   state  opened (UTC)      counts
1         2026-11-23  evening  open   2026-11-23 21:30  yes

reply  day         ritual   member  step   answer           at (UTC)
1      2026-11-23  evening  Alex    now    4                2026-11-23 21:31
2      2026-11-23  evening  Alex    heart  Tired, but glad  2026-11-23 21:32
3      2026-11-23  evening  Sam     heart  (passed over)    2026-11-23 21:40
`)
}
