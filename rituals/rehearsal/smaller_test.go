package rehearsal

import (
	"regexp"
	"strings"
	"sync"
	"testing"
)

// smallest are months made smaller before, by how they went at first.
var smallest sync.Map

// smaller leaves out of a month that went wrong whatever it goes wrong without.
func smaller(t *testing.T, dir string, w *world, problem error) month {
	if m, ok := smallest.Load(w.text()); ok {
		return m.(month)
	}
	head, _, _ := strings.Cut(w.text(), "\n        ") // up to the first who does or sees something
	head = strings.Join(strings.SplitAfterN(head, "\n", 4)[:3], "")
	best := month{w.text(), problem}
	less(w.rows, func(rows [][]string) bool {
		m := replay(t, dir, strings.TrimSuffix(head, "\n"), rows)
		if m.problem == nil || sortOf(m.problem) != sortOf(problem) {
			return false
		}
		best = m
		return true
	})
	smallest.Store(w.text(), best)
	return best
}

// replay does what was done in another month, as far as it can be done.
func replay(t *testing.T, dir, head string, rows [][]string) month {
	w := newWorld(t, dir, head)
	defer w.house.end()
	for _, r := range rows {
		before := len(w.out)
		err := w.do(t.Context(), r...)
		w.leaks()
		if err == nil {
			err = w.witness.err()
		}
		if err == nil {
			continue
		}
		if w.witness.err() != nil {
			return month{w.text(), err}
		}
		w.out = w.out[:before] // it cannot be done without what was left out
	}
	return month{w.text(), nil}
}

var numbers = regexp.MustCompile(`[0-9]+|Alex|Sam|alex|sam`)

// sortOf is what problems have in common that are the same for others or on other days.
func sortOf(err error) string {
	first, _, _ := strings.Cut(err.Error(), "\n")
	words := strings.Fields(numbers.ReplaceAllString(first, ""))
	return strings.Join(words[:min(4, len(words))], " ")
}
