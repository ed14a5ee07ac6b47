package telegram_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"attune/bots/botstest"
	"attune/bots/telegram"
	"attune/bots/telegram/telegramtest"
	"attune/rituals"
)

// A drawer holds cursors in memory.
type drawer struct {
	mu     sync.Mutex
	values map[string]string
}

func (d *drawer) Cursor(_ context.Context, _ rituals.Platform, name string) (string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.values[name], nil
}

func (d *drawer) SetCursor(_ context.Context, _ rituals.Platform, name, value string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.values[name] = value
	return nil
}

// TestMenu starts bots one after the other, with one memory, and looks at what
// Telegram then shows and at how many calls it took.
func TestMenu(t *testing.T) {
	about := rituals.Text{"en": "begin tonight's", "de": "den Abend beginnen"}
	both := telegram.Options{
		Commands: []rituals.Command{
			{Name: "evening", Names: rituals.Text{"de": "abend"}, About: about},
			{Name: "Not One", Names: rituals.Text{"de": "Nicht"}, About: about},
			{Name: "here", Names: rituals.Text{"de": "hier", "fr": "ici_là"}, About: about},
			{Name: "night", Names: rituals.Text{"de": "abend"}, About: about},
		},
		Description: rituals.Text{"en": "For two people.", "de": "Für zwei."},
		Short:       rituals.Text{"en": strings.Repeat("a", 130)},
	}
	english := both
	english.Commands = []rituals.Command{{Name: "evening", About: rituals.Text{"en": "begin tonight's"}}}
	english.Description = rituals.Text{"en": "For two people."}
	steps := []struct {
		name    string
		options telegram.Options
		faults  []telegramtest.Fault
		calls   int
		want    map[string]string
	}{
		{"the first start sets it in every language, over a failure", both, []telegramtest.Fault{telegramtest.ServerError}, 7, map[string]string{
			"commands/":   "evening - begin tonight's\nhere - begin tonight's\nnight - begin tonight's",
			"commands/de": "abend - den Abend beginnen\nhier - den Abend beginnen\nnight - den Abend beginnen",
			"commands/en": "", "commands/fr": "evening - begin tonight's\nhere - begin tonight's\nnight - begin tonight's",
			"in groups/": "here - begin tonight's", "in groups/de": "hier - den Abend beginnen",
			"description/": "For two people.", "description/de": "Für zwei.", "short_description/": strings.Repeat("a", 119) + "…",
		}},
		{"the second has nothing to do", both, nil, 0, nil},
		{"a language less is taken away", english, nil, 1, map[string]string{
			"commands/": "evening - begin tonight's", "commands/de": "", "in groups/": "", "in groups/de": "", "description/de": "", "short_description/de": "",
		}},
		{"what Telegram refuses is not tried for ever", both, []telegramtest.Fault{telegramtest.Refused(400, "Bad Request: no")}, 1, nil},
	}
	synctest.Test(t, func(t *testing.T) {
		s := telegramtest.New(token, "attune_bot")
		memory := &drawer{values: make(map[string]string)}
		for _, step := range steps {
			before := s.Calls("setMyCommands")
			s.Fail("setMyCommands", step.faults...)
			step.options.Cursors = memory
			stop := run(t, newBot(t, s, step.options), &botstest.Book{})
			time.Sleep(time.Hour)
			stop()
			if got := s.Calls("setMyCommands") - before; got != step.calls {
				t.Errorf("%s: got %d calls of setMyCommands, want %d", step.name, got, step.calls)
			}
			for key, want := range step.want {
				what, language, _ := strings.Cut(key, "/")
				if got := s.Menu(what, language); got != want {
					t.Errorf("%s: %s in %q: got %q, want %q", step.name, what, language, got, want)
				}
			}
		}
	})
}
