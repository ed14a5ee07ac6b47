package store

import (
	"testing"

	"attune/rituals"
)

// TestAlarmsOfAKind holds that a couple's alarms of a kind are found, soonest first,
// and none of another kind.
func TestAlarmsOfAKind(t *testing.T) {
	s := paired(t)
	couple := pair()
	couple.Version = 1
	alarm := func(name string, kind rituals.AlarmKind, when string) rituals.Alarm {
		return rituals.Alarm{Couple: couple.ID, Name: name, Kind: kind, At: at(when), Member: samID}
	}
	late, soon := alarm("here/1", rituals.AlarmHere, "21:40"), alarm("here/2", rituals.AlarmHere, "21:35")
	commit(t, s, rituals.Change{Couple: &couple, Set: []rituals.Alarm{
		late, alarm("return", rituals.AlarmReturn, "21:30"), soon,
	}})
	got, err := s.Alarms(t.Context(), couple.ID, rituals.AlarmHere)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "Alarms", got, []rituals.Alarm{soon, late})
	if got, err := s.Alarms(t.Context(), couple.ID, rituals.AlarmOffer); err != nil || len(got) != 0 {
		t.Errorf("Alarms of a kind that none are: got %+v, %v, want none", got, err)
	}
}
