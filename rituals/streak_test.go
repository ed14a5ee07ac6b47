package rituals

import "testing"

func TestStreakOf(t *testing.T) {
	tests := []struct {
		name     string
		outcomes string // k kept, e excused, m missed, - no outcome that day
		want     Streak
	}{
		{"nothing yet", "", Streak{}},
		{"three evenings", "kkk", Streak{3, 3, 3}},
		{"a missed one ends the run and not the total", "kkmk", Streak{1, 2, 3}},
		{"the last one was missed", "kkkm", Streak{0, 3, 3}},
		{"a rest neither breaks nor grows", "kkeek", Streak{3, 3, 3}},
		{"an evening that the bot slept through", "ek", Streak{1, 1, 1}},
		{"only rests", "eee", Streak{}},
		{"once a week", "k------k------k", Streak{3, 3, 3}},
		{"nothing while the bot was off", "kk---kk", Streak{4, 4, 4}},
		{"the longest was long ago", "kkkkmkkm", Streak{0, 4, 6}},
		{"an open evening does not count yet", "kko", Streak{2, 2, 2}},
	}
	states := map[rune]CheckInState{'k': Kept, 'e': Excused, 'm': Missed, 'o': Open}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var outcomes []Outcome
			day := Day("2026-11-01")
			for _, c := range tt.outcomes {
				if state, ok := states[c]; ok {
					outcomes = append(outcomes, Outcome{Day: day, State: state})
				}
				day = day.Add(1)
			}
			if got := StreakOf(outcomes); got != tt.want {
				t.Errorf("StreakOf(%s) = %+v; want %+v", tt.outcomes, got, tt.want)
			}
		})
	}
}
