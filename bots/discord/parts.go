package discord

import (
	"context"
	"errors"
	"slices"

	"attune/bots"
	"attune/rituals"
)

// parts returns what a message says in the parts in which it goes out: those in
// words, then one for each file.
func (b *Bot) parts(ctx context.Context, m rituals.Message) ([]part, error) {
	var files []part
	for i := range m.Blocks {
		block := &m.Blocks[i]
		var f *file
		var err error
		switch block.Kind {
		case rituals.Carried:
			f, err = b.carry(ctx, block.Media)
		case rituals.Scan:
			f, err = b.scan(block.Text)
		default:
			continue
		}
		if err != nil {
			return nil, err
		}
		p := part{file: f}
		switch {
		case block.Kind == rituals.Scan:
		case f == nil:
			p.text = escape(bots.Clean(block.Text))
		case block.Lead() != "":
			p.text = line{text: oneLine(block.Lead()), bold: true}.markup()
		}
		files = append(files, p)
	}
	if len(files) == len(m.Blocks) && len(m.Blocks) > 0 {
		return files, nil
	}
	limit := maxUnits
	call, ids := mentions(m)
	if call != "" {
		limit -= bots.Units(call) + 1
	}
	parts := compose(m, limit)
	if call != "" {
		parts[0].text, parts[0].users = call+"\n"+parts[0].text, ids
	}
	return append(parts[:len(parts)-1:len(parts)-1], append(files, parts[len(parts)-1])...), nil
}

// A half is a message of several parts of which only the first have been said.
type half struct {
	parts []part // of the whole, so that other words in the same row begin anew
	done  []string
}

// resume returns the ids of the parts that an earlier try has said.
func (b *Bot) resume(row int64, parts []part) []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	if h, ok := b.halves[row]; ok && slices.EqualFunc(h.parts, parts, part.same) {
		return h.done
	}
	return nil
}

// remember keeps what was said of a message whose later parts may be tried again.
func (b *Bot) remember(row int64, parts []part, done []string, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if retry := (*bots.RetryError)(nil); !errors.As(err, &retry) || len(done) == 0 {
		delete(b.halves, row)
		return
	}
	if len(b.halves) >= 256 {
		clear(b.halves) // rows that were dropped meanwhile; at worst a part is said twice
	}
	b.halves[row] = half{parts, done}
}
