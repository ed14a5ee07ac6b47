package rituals_test

import (
	"strings"
	"testing"

	"attune/rituals"
)

func TestIsCommand(t *testing.T) {
	for name, want := range map[string]bool{
		"evening":               true,
		"später":                true,
		"夜":                     true,
		"ночь_2":                true,
		"":                      false,
		"Abend":                 false,
		"ab end":                false,
		"abend!":                false,
		"check-in":              false,
		"\xff":                  false,
		strings.Repeat("é", 32): true,
		strings.Repeat("é", 33): false,
	} {
		if got := rituals.IsCommand(name); got != want {
			t.Errorf("IsCommand(%q) = %v, want %v", name, got, want)
		}
	}
}
