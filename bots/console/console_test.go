package console

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"attune/bots"
	"attune/bots/botstest"
	"attune/rituals"
)

func TestHear(t *testing.T) {
	for _, test := range []struct {
		name, line string
		want       rituals.Event
		hint       string
	}{
		{name: "words", line: "a: How nice.", want: rituals.Event{Kind: rituals.Wrote, Text: "How nice."}},
		{name: "words without a space", line: "b:Yes.", want: rituals.Event{Kind: rituals.Wrote, Text: "Yes."}},
		{name: "the number of a button", line: "a 2", want: rituals.Event{Kind: rituals.Tapped, Action: "two"}},
		{name: "a number as if it were words", line: "a: 1", want: rituals.Event{Kind: rituals.Tapped, Action: "one"}},
		{name: "a number that no button has", line: "a: 42", want: rituals.Event{Kind: rituals.Wrote, Text: "42"}},
		{name: "a number where there are no buttons", line: "b: 1", want: rituals.Event{Kind: rituals.Wrote, Text: "1"}},
		{name: "several lines", line: "a \"\"\"\none\n two\n\"\"\"", want: rituals.Event{Kind: rituals.Wrote, Text: "one\n two"}},
		{name: "a picture", line: "a picture", want: rituals.Event{Kind: rituals.Wrote, Other: true}},
		{name: "a seat that is none", line: "c: Hello.", hint: "Begin with a: for Alex or b: for Sam."},
		{name: "no words", line: "a:", hint: "Write words after a:"},
		{name: "words without a colon", line: "a nice day", hint: "Write a: and then the words"},
		{name: "a change of nothing", line: "b edit: Hello.", hint: "Sam has said nothing yet"},
		{name: "an invitation to hand on", line: "a 3", hint: "Write this to whom you like: Have a look. /start abc"},
	} {
		t.Run(test.name, func(t *testing.T) {
			b := New(strings.NewReader(""), &strings.Builder{}, Options{})
			say(t, b, "a", question)
			got, err := b.Hear(test.line)
			var hint HintError
			if test.hint != "" {
				if !errors.As(err, &hint) || !strings.Contains(err.Error(), test.hint) {
					t.Errorf("Hear(%q) = %v, want the hint %q", test.line, err, test.hint)
				}
				return
			}
			if err != nil || got.Kind != test.want.Kind || got.Text != test.want.Text || got.Action != test.want.Action || got.Other != test.want.Other {
				t.Errorf("Hear(%q) = %+v, %v, want %+v", test.line, got, err, test.want)
			}
		})
	}
}

var question = rituals.Message{
	Blocks: []rituals.Block{rituals.Para("Which?")},
	Choices: [][]rituals.Choice{
		{{Label: "One", Action: "one"}, {Label: "Two", Action: "two"}},
		{{Label: "Send it", Share: &rituals.Share{Code: "abc", Text: "Have a look."}}},
	},
}

func say(t *testing.T, b *Bot, seat string, m rituals.Message) {
	t.Helper()
	m.To = rituals.Address{Platform: rituals.Console, Chat: seat}
	if _, err := b.Send(t.Context(), bots.Parcel{ID: 1, Message: m}); err != nil {
		t.Fatal(err)
	}
}

func TestWhatIsShown(t *testing.T) {
	hello := rituals.Message{Blocks: []rituals.Block{rituals.Para("Good evening, the two of you."), {Kind: rituals.Quote, By: "Sam", Text: "Well\x1b[2J\a."}}}
	for _, test := range []struct {
		name, want string
		opts       Options
		seat       string
		m          rituals.Message
	}{
		{name: "buttons have numbers", seat: "a", m: question,
			want: "Alex │ Which?\n     │ 1 [One]  2 [Two]\n     │ 3 [Send it]\n"},
		{name: "nothing that a terminal would obey", seat: "b", m: hello,
			want: "Sam  │ Good evening, the two of you.\n     │ Sam: Well\ufffd[2J\ufffd.\n"},
		{name: "lines are broken at spaces", seat: "b", m: hello, opts: Options{Width: 26},
			want: "Sam  │ Good evening, the\n     │ two of you.\n     │ Sam: Well\ufffd[2J\ufffd.\n"},
		{name: "no button is broken", seat: "a", m: question, opts: Options{Width: 22},
			want: "Alex │ Which?\n     │ 1 [One]\n     │ 2 [Two]\n     │ 3 [Send it]\n"},
		{name: "in colour", seat: "a", m: question, opts: Options{Color: true},
			want: "\x1b[1;35mAlex\x1b[0m │ Which?\n     │ \x1b[36m1 [One]  2 [Two]\x1b[0m\n     │ \x1b[36m3 [Send it]\x1b[0m\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var out strings.Builder
			say(t, New(strings.NewReader(""), &out, test.opts), test.seat, test.m)
			if got := out.String(); got != test.want {
				t.Errorf("shown:\n%q\nwant:\n%q", got, test.want)
			}
		})
	}
}

func TestColumnsStandSideBySide(t *testing.T) {
	var out strings.Builder
	b := New(strings.NewReader(""), &out, Options{Columns: true, Width: 43})
	say(t, b, "a", rituals.Message{Blocks: []rituals.Block{rituals.Para("How are you 😊 today, Alex?"), rituals.Para("Well?")}})
	say(t, b, "b", rituals.Message{Blocks: []rituals.Block{rituals.Para("Good evening.")}})
	if err := b.Flush("08:00  "); err != nil {
		t.Fatal(err)
	}
	want := "08:00  How are you 😊       │ Good evening.\n       today, Alex?         │\n       Well?                │\n"
	if got := out.String(); got != want {
		t.Errorf("Flush shows\n%s\nwant\n%s", got, want)
	}
}

// A run whose input ends, ends once all that it caused was said.
func TestRunEndsAfterAllIsSaid(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		out, outbox, book := &screen{}, botstest.NewOutbox(), &botstest.Book{}
		b := New(nil, out, Options{Echo: true})
		b.in = strings.NewReader("a: Hello.\nhelp\nb: 1\n\nb: Goodbye.")
		book.Do = func(_ context.Context, e rituals.Event) (rituals.Answer, error) {
			for _, seat := range Seats() {
				outbox.Say(rituals.Message{Key: e.ID + seat.Key, To: seat.Address(), Blocks: []rituals.Block{rituals.Para("Heard: " + e.Text)}})
			}
			return rituals.Answer{Text: "Noted."}, nil
		}
		watch := NewWatch(outbox, book)
		b.opts.Idle = watch.Idle
		ctx, stop := context.WithTimeout(t.Context(), time.Minute)
		defer stop()
		over := make(chan struct{})
		go func() {
			defer close(over)
			bots.NewCourier(watch, b, watch, bots.CourierOptions{}).Run(ctx)
		}()
		if err := b.Run(ctx, book); err != nil || ctx.Err() != nil {
			t.Fatalf("Run = %v, %v", err, ctx.Err())
		}
		stop()
		<-over
		var got string
		for _, w := range out.blocks() {
			got += w.text
		}
		for _, want := range []string{"Alex │ › Hello.\n", "Alex │ (only you) Noted.\n", "Alex │ Heard: Hello.\n", "changes the last words", "Sam  │ › 1\n", "Alex │ Heard: Goodbye.\n", "Sam  │ Heard: Goodbye.\n"} {
			if !strings.Contains(got, want) {
				t.Errorf("shown:\n%s\nwant %q in it", got, want)
			}
		}
	})
}
