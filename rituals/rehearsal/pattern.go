package rehearsal

import (
	"regexp"
	"sync"
)

// pattern returns a regular expression that is compiled when it is first needed: while
// the bot runs, nobody reads plays.
func pattern(expr string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
}
