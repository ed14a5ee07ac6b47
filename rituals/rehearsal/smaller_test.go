package rehearsal

import (
	"regexp"
	"strings"
	"sync"
	"testing"
)

// smallest are plays made smaller before, by how they went at first.
var smallest sync.Map

// smaller leaves out of a play that went wrong whatever it goes wrong without. What goes
// wrong only beside others, or only at the end of all, is shown as it was.
func smaller(t *testing.T, dir string, w *world, problem error) story {
	if m, ok := smallest.Load(w.text()); ok {
		return m.(story)
	}
	best := story{"# It goes wrong beside others, or at the end.\n" + w.text(), problem}
	fails := func(rows [][]string) bool {
		m := replay(t, dir, w.head, rows)
		if m.problem == nil || sortOf(m.problem) != sortOf(problem) {
			return false
		}
		best = m
		return true
	}
	if fails(w.rows) {
		less(w.rows, fails)
	}
	smallest.Store(w.text(), best)
	return best
}

// replay does what was done in another play, as far as it can be done.
func replay(t *testing.T, dir, head string, rows [][]string) story {
	w := newWorld(t, dir, head)
	defer w.house.end()
	for _, r := range rows {
		before := len(w.out)
		err := w.do(t.Context(), r...)
		w.leaks()
		if _, wrong := w.house.err(); wrong != nil {
			return story{w.text(), wrong}
		}
		if err == nil {
			err = w.house.compare(t.Context())
			if err != nil {
				return story{w.text(), err}
			}
			continue
		}
		w.out = w.out[:before] // it cannot be done without what was left out
	}
	return story{w.text(), nil}
}

var numbers = regexp.MustCompile(`[0-9]+|Alex|Sam|alex|sam`)

// sortOf is what problems have in common that are the same for others or on other days.
func sortOf(err error) string {
	first, _, _ := strings.Cut(err.Error(), "\n")
	words := strings.Fields(numbers.ReplaceAllString(first, ""))
	return strings.Join(words[:min(4, len(words))], " ")
}
