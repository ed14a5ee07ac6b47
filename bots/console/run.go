package console

import (
	"bufio"
	"context"
	"errors"
	"io"
	"strings"
	"time"

	"attune/bots"
	"attune/rituals"
)

// again is the pause before a line is tried once more that could not be settled
// at all.
const again = time.Second

// Run takes in what people do until ctx ends, the input does or somebody quits.
// A Read that is under way when ctx ends is left to itself: a terminal cannot be
// interrupted. Run may be called once.
func (b *Bot) Run(ctx context.Context, h bots.Handler) error {
	defer close(b.over)
	b.read.Do(func() { go b.scan() })
	for {
		select {
		case <-ctx.Done():
			return nil
		case line, ok := <-b.lines:
			if !ok || strings.TrimSpace(line) == "quit" {
				return b.idle(ctx)
			}
			if err := b.take(ctx, h, line); err != nil {
				return err
			}
		}
	}
}

// scan reads lines, those between fences as one.
func (b *Bot) scan() {
	defer close(b.lines)
	in := bufio.NewReader(b.in)
	for {
		line, err := in.ReadString('\n')
		if fenced(line) {
			for err == nil {
				var more string
				more, err = in.ReadString('\n')
				line += more
				if strings.TrimRight(more, "\r\n") == fence {
					break
				}
			}
		}
		if line = strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r"); line != "" {
			select {
			case b.lines <- line:
			case <-b.over:
				return
			}
		}
		if err != nil {
			if !errors.Is(err, io.EOF) {
				b.log.Error("terminal not read", "err", err)
			}
			return
		}
	}
}

// fenced reports whether a line begins words of several lines.
func fenced(line string) bool {
	_, rest := cutKey(strings.TrimRight(line, "\r\n"))
	return strings.TrimSpace(rest) == fence
}

// take settles one line, however long that takes.
func (b *Bot) take(ctx context.Context, h bots.Handler, line string) error {
	switch strings.TrimSpace(line) {
	case "":
		return nil
	case "help", "?":
		return b.note(help)
	}
	e, err := b.Hear(line)
	var hint HintError
	if errors.As(err, &hint) {
		return b.note(string(hint) + "\n")
	}
	if err != nil {
		return err
	}
	if b.opts.Echo {
		if err := b.Echo(e); err != nil {
			return err
		}
	}
	answered := func(_ int, a rituals.Answer) {
		if err := b.Answer(e, a); err != nil {
			b.log.Error("answer not shown", "event", e.ID, "err", err)
		}
	}
	for bots.Settle(ctx, h, []rituals.Event{e}, answered, b.log) != nil {
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(again):
		}
	}
	return b.idle(ctx)
}

// note shows something that no seat is told.
func (b *Bot) note(text string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	_, err := io.WriteString(b.out, clean(text))
	return err
}

// idle waits until nothing is to be said any more.
func (b *Bot) idle(ctx context.Context) error {
	if b.opts.Idle == nil {
		return nil
	}
	if err := b.opts.Idle(ctx); err != nil && ctx.Err() == nil {
		return err
	}
	return nil
}
