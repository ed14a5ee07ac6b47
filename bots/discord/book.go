package discord

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"attune/bots"
	"attune/rituals"
)

// Names of cursors. Discord does not tell a bot which direct messages it has, so
// they are remembered in pages: "channels/0", "channels/1" and so on hold the ids
// of channels, separated by commas. "seen/" with a channel's id is how far that
// channel was settled: the id of a message, and after a slash the latest change
// of one, in unix milliseconds.
const (
	channelsCursor = "channels/"
	seenCursor     = "seen/"
	menuCursor     = "menu"
	restoredCursor = "restored" // the store's: when a backup was restored, in unix milliseconds
)

// freshFor is for how long what was written may still be waiting for a reply; Telegram
// keeps it as long. Before a backup was restored, what is older was settled by a
// database that is lost, and would be settled again, weeks of it at once.
const freshFor = 24 * time.Hour

// channelsPage is how many channels are remembered under one name.
const channelsPage = 200

// A mark is how far a channel was settled.
type mark struct {
	message uint64 // id; 0: nothing is known
	edited  int64  // unix milliseconds
}

func (m mark) String() string {
	if m.edited == 0 {
		return strconv.FormatUint(m.message, 10)
	}
	return fmt.Sprintf("%d/%d", m.message, m.edited)
}

// parseMark reads a mark; what cannot be read counts as unknown.
func parseMark(s string) mark {
	id, when, _ := strings.Cut(s, "/")
	var m mark
	m.message, _ = strconv.ParseUint(id, 10, 64)
	m.edited, _ = strconv.ParseInt(when, 10, 64)
	return m
}

// markAt returns the mark of a channel that was settled up to an instant.
func markAt(t time.Time) mark { return mark{message: snowflake(t), edited: t.UnixMilli()} }

// with returns a mark that is as far as both.
func (m mark) with(o mark) mark {
	return mark{message: max(m.message, o.message), edited: max(m.edited, o.edited)}
}

// A book remembers which channels there are and how far each was settled. Marks
// are written down some time after they were made: what is fetched again because
// of that has effect once.
type book struct {
	cursors bots.Cursors
	homes   homes
	changed chan struct{} // receives when there are marks to write down

	writing sync.Mutex // one writer at a time
	mu      sync.Mutex
	known   map[string]bool // whether a page has it; else it is somebody's home
	full    int             // pages that are
	page    []string        // the last one
	marks   map[string]mark // those that are not written down
	least   mark            // how far every channel counts as settled
	first   map[string]mark // how far a home that no page has does
}

// Homes return where people have their direct messages, and since when they have agreed
// to what is done with them.
type homes func(ctx context.Context, p rituals.Platform) (map[string]time.Time, error)

// newBook returns a book; without cursors it forgets everything with the process,
// without homes it knows of none.
func newBook(c bots.Cursors, h homes) *book {
	if c == nil {
		c = &memory{values: make(map[string]string)}
	}
	return &book{
		cursors: c,
		homes:   h,
		changed: make(chan struct{}, 1),
		known:   make(map[string]bool),
		marks:   make(map[string]mark),
	}
}

// load reads which channels there are. In some that are people's homes nobody may ever
// have written: such are read from when that person has agreed, or as long as is fresh.
func (b *book) load(ctx context.Context) error {
	known := make(map[string]bool)
	var page []string
	full := 0
	for n := 0; ; n++ {
		s, err := b.cursors.Cursor(ctx, rituals.Discord, channelsCursor+strconv.Itoa(n))
		if err != nil {
			return err
		}
		if s == "" {
			break
		}
		full, page = n, strings.Split(s, ",")
		for _, c := range page {
			known[c] = true
		}
	}
	s, err := b.cursors.Cursor(ctx, rituals.Discord, restoredCursor)
	if err != nil {
		return err
	}
	first := make(map[string]mark)
	if b.homes != nil {
		agreed, err := b.homes(ctx, rituals.Discord)
		if err != nil {
			return err
		}
		fresh := markAt(time.Now().Add(-freshFor))
		for c, t := range agreed {
			if !known[c] {
				known[c], first[c] = false, markAt(t).with(fresh)
			}
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.known, b.full, b.page, b.first = known, full, page, first
	if ms, err := strconv.ParseInt(s, 10, 64); err == nil {
		b.least = markAt(time.UnixMilli(ms).Add(-freshFor))
	}
	return nil
}

// all returns the channels there are, in no particular order.
func (b *book) all() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Collect(maps.Keys(b.known))
}

// add remembers a channel unless it is known. It is settled up to a message, or less
// far if something before that is still to be read.
func (b *book) add(ctx context.Context, channel string, settled uint64) error {
	b.writing.Lock()
	defer b.writing.Unlock()
	b.mu.Lock()
	known, full, page := b.known[channel], b.full, b.page
	b.mu.Unlock()
	if known {
		return nil
	}
	if len(page) >= channelsPage {
		full, page = full+1, nil
	}
	page = append(slices.Clip(page), channel)
	// The mark comes first: a channel without one would be a channel of which
	// nothing can be fetched.
	m, err := b.mark(ctx, channel)
	if err != nil {
		return err
	}
	if m.message == 0 || m.message > settled {
		m = mark{message: settled}
	}
	if err := b.cursors.SetCursor(ctx, rituals.Discord, seenCursor+channel, m.String()); err != nil {
		return err
	}
	err = b.cursors.SetCursor(ctx, rituals.Discord, channelsCursor+strconv.Itoa(full), strings.Join(page, ","))
	if err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.full, b.page, b.known[channel] = full, page, true
	return nil
}

// mark returns how far a channel was settled.
func (b *book) mark(ctx context.Context, channel string) (mark, error) {
	b.mu.Lock()
	m, first, least := b.marks[channel], b.first[channel], b.least
	b.mu.Unlock()
	s, err := b.cursors.Cursor(ctx, rituals.Discord, seenCursor+channel)
	if err != nil {
		return mark{}, err
	}
	if m = m.with(parseMark(s)); m.message == 0 {
		m = first
	}
	if m.message != 0 {
		m = m.with(least)
	}
	return m, nil
}

// settled notes that an event of a channel was settled.
func (b *book) settled(channel string, i incoming) {
	if i.message == 0 {
		return
	}
	b.mu.Lock()
	b.marks[channel] = b.marks[channel].with(mark{message: i.message, edited: i.edited})
	b.mu.Unlock()
	select {
	case b.changed <- struct{}{}:
	default:
	}
}

// flush writes marks down.
func (b *book) flush(ctx context.Context) error {
	b.writing.Lock()
	defer b.writing.Unlock()
	b.mu.Lock()
	marks := maps.Clone(b.marks)
	b.mu.Unlock()
	for channel, m := range marks {
		s, err := b.cursors.Cursor(ctx, rituals.Discord, seenCursor+channel)
		if err != nil {
			return err
		}
		if was := parseMark(s); m.with(was) != was {
			if err := b.cursors.SetCursor(ctx, rituals.Discord, seenCursor+channel, m.with(was).String()); err != nil {
				return err
			}
		}
		b.mu.Lock()
		if b.marks[channel] == m {
			delete(b.marks, channel)
		}
		b.mu.Unlock()
	}
	return nil
}

// A memory is [bots.Cursors] that end with the process.
type memory struct {
	mu     sync.Mutex
	values map[string]string
}

// Cursor is part of [bots.Cursors].
func (m *memory) Cursor(_ context.Context, _ rituals.Platform, name string) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.values[name], nil
}

// SetCursor is part of [bots.Cursors].
func (m *memory) SetCursor(_ context.Context, _ rituals.Platform, name, value string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.values[name] = value
	return nil
}
