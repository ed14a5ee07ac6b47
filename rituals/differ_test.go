package rituals_test

import (
	"fmt"
	"testing"

	"attune/rituals"
)

func TestDiffer(t *testing.T) {
	step := func(id, text string) rituals.Step {
		return rituals.Step{ID: id, Kind: rituals.Ask, Text: rituals.Text{"": text}}
	}
	old := &rituals.Ritual{Schedule: "30 21 * * *", Steps: []rituals.Step{step("a", "A"), step("b", "B")}, Ahead: []string{"later"}}
	for _, row := range []struct {
		name string
		now  rituals.Ritual
		want string
	}{
		{"nothing", rituals.Ritual{Steps: []rituals.Step{step("a", "A"), step("b", "B")}}, "[] [] false"},
		{"another hour", rituals.Ritual{Schedule: "0 20 * * *", Clock: rituals.ByMember, Steps: old.Steps}, "[] [] false"},
		{"a step that has come with the evenings", rituals.Ritual{Steps: []rituals.Step{step("a", "A"), step("later", "L"), step("b", "B")}}, "[] [] false"},
		{"a step that comes later than before", rituals.Ritual{Steps: []rituals.Step{step("a", "A")}, Ahead: []string{"b"}}, "[] [] false"},
		{"another text", rituals.Ritual{Steps: []rituals.Step{step("a", "A?"), step("b", "B")}}, "[a] [a] false"},
		{"a step less, a step more", rituals.Ritual{Steps: []rituals.Step{step("b", "B"), step("c", "C")}}, "[a] [c] false"},
		{"another order", rituals.Ritual{Steps: []rituals.Step{step("b", "B"), step("a", "A")}}, "[] [] true"},
	} {
		d := rituals.Differ(old, &row.now)
		ids := func(steps []rituals.Step) []string {
			var all []string
			for _, s := range steps {
				all = append(all, s.ID)
			}
			return all
		}
		if got := fmt.Sprint(ids(d.Gone), ids(d.Here), d.Moved); got != row.want {
			t.Errorf("%s: Differ = %s, want %s", row.name, got, row.want)
		}
	}
}
