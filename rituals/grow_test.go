package rituals_test

import (
	"fmt"
	"testing"

	"attune/rituals"
)

func TestGrown(t *testing.T) {
	r := &rituals.Ritual{ID: "evening", Steps: []rituals.Step{
		{ID: "mood", Kind: rituals.Mood},
		{ID: "heart", Kind: rituals.Ask, After: 3},
		{ID: "want", Kind: rituals.Choose, When: []rituals.When{{Step: "heart", Options: []string{rituals.Said}}}},
		{ID: "which", Kind: rituals.Ask, When: []rituals.When{{Step: "want", Options: []string{"ask"}}}},
		{ID: "deep", Kind: rituals.Ask, After: 21},
		{ID: "open", Kind: rituals.Reveal},
	}}
	for _, row := range []struct {
		kept        int
		want, ahead string
	}{
		{0, "[mood open]", "[heart want which deep]"},
		{2, "[mood open]", "[heart want which deep]"},
		{3, "[mood heart want which open]", "[deep]"},
		{21, "[mood heart want which deep open]", "[]"},
	} {
		own := r.Grown(row.kept)
		var ids []string
		for _, s := range own.Steps {
			ids = append(ids, s.ID)
		}
		if fmt.Sprint(ids) != row.want || fmt.Sprint(own.Ahead) != row.ahead {
			t.Errorf("Grown(%d) has the steps %v and ahead of it %v, want %s and %s", row.kept, ids, own.Ahead, row.want, row.ahead)
		}
		if own.Grows() {
			t.Errorf("Grown(%d) grows on, want a definition that stays as it is", row.kept)
		}
	}
	if !r.Grows() || r.Steps[1].After != 3 {
		t.Errorf("the ritual was changed: %+v", r)
	}
}
