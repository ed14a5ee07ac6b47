package botstest

import (
	"context"
	"fmt"
	"html"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"attune/bots"
	"attune/rituals"
)

func TestAGoodAdapterPasses(t *testing.T) {
	Test(t, func(t *testing.T) World { return newVillage(none) })
}

// A flaw is a mistake that an adapter could make.
type flaw string

const (
	none            flaw = ""
	confirmsEarly   flaw = "it confirms events before they are settled"
	confirmsAnyway  flaw = "it confirms events that could not be parked"
	shuffles        flaw = "it hands one person's events on at the same time"
	givesUpAtOnce   flaw = "it parks an event after one try"
	stopsLate       flaw = "it takes a minute to stop"
	toastsAll       flaw = "it shows answers to everybody"
	hidesBlocks     flaw = "it takes a block for a hiccup"
	brokenIsGone    flaw = "it takes a hiccup for a block"
	saysNewestFirst flaw = "it shows messages in the wrong order"
	cutsLong        flaw = "it cuts long messages off"
	splitsBytes     flaw = "it splits letters in two"
	readsHTML       flaw = "it takes words for markup"
	keepsButtons    flaw = "it leaves the buttons under an edited message"
	shortActions    flaw = "it loses the end of long actions"
)

// settle is bots.Settle, with the flaws of adapters that do it their own way.
func (f flaw) settle(ctx context.Context, h bots.Handler, es []rituals.Event, toast func(rituals.Event, rituals.Answer)) error {
	answered := func(i int, a rituals.Answer) { toast(es[i], a) }
	switch f {
	case confirmsAnyway:
		if bots.Settle(ctx, h, es, answered, nil) != nil && ctx.Err() != nil {
			return ctx.Err()
		}
		return nil
	case confirmsEarly:
		bots.Settle(ctx, h, es, answered, nil) // nothing is left that its error could keep
		return nil
	case shuffles:
		slices.Reverse(es)
		return bots.Settle(ctx, h, es, answered, nil)
	case givesUpAtOnce:
		for i, e := range es {
			a, err := h.Handle(ctx, time.Now(), e)
			if err != nil && h.Park(ctx, time.Now(), e, err.Error()) != nil {
				return err
			}
			answered(i, a)
		}
		return nil
	}
	return bots.Settle(ctx, h, es, answered, nil)
}

func TestEveryFlawIsFound(t *testing.T) {
	tests := []struct {
		flaw flaw
		by   string // the beginning of the name of a trial that finds it
	}{
		{confirmsEarly, "what was not settled when the bot stopped"},
		{confirmsAnyway, "what cannot even be parked"},
		{shuffles, "what a person does arrives in order"},
		{givesUpAtOnce, "an event that cannot be handled"},
		{stopsLate, "Run returns soon"},
		{toastsAll, "an answer on the spot"},
		{hidesBlocks, "a blocked chat is gone"},
		{brokenIsGone, "a connection that breaks"},
		{saysNewestFirst, "messages are shown in the order"},
		{cutsLong, "a long message is split"},
		{splitsBytes, "a long message is split"},
		{readsHTML, "whatever people write is shown"},
		{keepsButtons, "an edit changes a message in place"},
		{shortActions, "a button comes back with its action"},
	}
	for _, tt := range tests {
		t.Run(string(tt.flaw), func(t *testing.T) {
			i := slices.IndexFunc(trials(), func(tr trial) bool { return strings.HasPrefix(tr.name, tt.by) })
			if i < 0 {
				t.Fatalf("trials: got none that begins with %q", tt.by)
			}
			synctest.Test(t, func(t *testing.T) {
				j := &jury{TB: t}
				j.hear(func() {
					trials()[i].play(&stage{TB: j, world: newVillage(tt.flaw), book: &Book{}})
				})
				if len(j.found) == 0 {
					t.Errorf("%q: got nothing found, want that %s", trials()[i].name, tt.flaw)
				}
			})
		})
	}
}

func TestAMissingAbilityNeedsAReason(t *testing.T) {
	tests := []struct {
		why    string
		failed bool
	}{{"", true}, {"nobody is ever blocked there", false}}
	for _, tt := range tests {
		j := &jury{TB: t}
		w := excused{World: newVillage(none), why: tt.why}
		if _, ok := can[Restarter](&stage{TB: j, world: w}, w, "Restarter"); ok || (len(j.found) > 0) != tt.failed {
			t.Errorf("Why %q: got able %v, found %q, want failed %v", tt.why, ok, j.found, tt.failed)
		}
	}
}

// An excused world can do no more than it must.
type excused struct {
	World
	why string
}

func (w excused) Why(string) string { return w.why }

// A jury is a testing.TB that remembers what a trial finds instead of failing.
type jury struct {
	testing.TB
	found []string
}

func (j *jury) Errorf(format string, args ...any) {
	j.found = append(j.found, fmt.Sprintf(format, args...))
}

func (j *jury) Fatalf(format string, args ...any) {
	j.Errorf(format, args...)
	runtime.Goexit()
}

// hear plays a trial to its end, which may be its first fatal finding.
func (j *jury) hear(play func()) {
	over := make(chan struct{})
	go func() {
		defer close(over)
		play()
	}()
	<-over
}

// render returns what a message looks like in a village.
func (f flaw) render(m rituals.Message) (string, []rituals.Choice) {
	var parts []string
	for _, b := range m.Blocks {
		parts = append(parts, b.String())
	}
	text := strings.Join(parts, "\n\n")
	if f == readsHTML {
		text = html.UnescapeString(text)
	}
	choices := slices.Concat(m.Choices...)
	if f == shortActions {
		for i := range choices {
			choices[i].Action = choices[i].Action[:min(60, len(choices[i].Action))]
		}
	}
	return text, choices
}

// split returns a text in parts of at most 1,000 letters.
func (f flaw) split(text string) []string {
	if f == splitsBytes {
		var parts []string
		for len(text) > 1000 {
			parts, text = append(parts, strings.ToValidUTF8(text[:1000], "?")), text[1000:]
		}
		return append(parts, strings.ToValidUTF8(text, "?"))
	}
	var parts []string
	letters := []rune(text)
	for len(letters) > 1000 {
		parts, letters = append(parts, string(letters[:1000])), letters[1000:]
	}
	if f == cutsLong && len(parts) > 0 {
		return parts[:1]
	}
	return append(parts, string(letters))
}

func (f flaw) broken(err error) error {
	if f == brokenIsGone {
		return &bots.GoneError{Chat: true, Err: err}
	}
	return err
}
