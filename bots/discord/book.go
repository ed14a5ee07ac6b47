package discord

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"

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
)

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

// A book remembers which channels there are and how far each was settled. Marks
// are written down some time after they were made: what is fetched again because
// of that has effect once.
type book struct {
	cursors bots.Cursors
	changed chan struct{} // receives when there are marks to write down

	writing sync.Mutex // one writer at a time
	mu      sync.Mutex
	pages   [][]string
	known   map[string]bool
	marks   map[string]mark
	dirty   map[string]bool
}

// newBook returns a book; without cursors it forgets everything with the process.
func newBook(c bots.Cursors) *book {
	if c == nil {
		c = &memory{values: make(map[string]string)}
	}
	return &book{
		cursors: c,
		changed: make(chan struct{}, 1),
		known:   make(map[string]bool),
		marks:   make(map[string]mark),
		dirty:   make(map[string]bool),
	}
}

// load reads which channels there are.
func (b *book) load(ctx context.Context) error {
	var pages [][]string
	for n := 0; ; n++ {
		s, err := b.cursors.Cursor(ctx, rituals.Discord, channelsCursor+strconv.Itoa(n))
		if err != nil {
			return err
		}
		if s == "" {
			break
		}
		pages = append(pages, strings.Split(s, ","))
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.pages = pages
	for _, p := range pages {
		for _, c := range p {
			b.known[c] = true
		}
	}
	return nil
}

// all returns the channels there are.
func (b *book) all() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	var all []string
	for _, p := range b.pages {
		all = append(all, p...)
	}
	return all
}

// add remembers a channel, settled up to a message, unless it is known.
func (b *book) add(ctx context.Context, channel string, settled uint64) error {
	b.writing.Lock()
	defer b.writing.Unlock()
	b.mu.Lock()
	known := b.known[channel]
	pages := b.pages
	b.mu.Unlock()
	if known {
		return nil
	}
	n := len(pages) - 1
	if n < 0 || len(pages[n]) >= channelsPage {
		n++
		pages = append(pages, nil)
	}
	page := append(pages[n][:len(pages[n]):len(pages[n])], channel)
	// The mark comes first: a channel without one would be a channel of which
	// nothing can be fetched.
	m := mark{message: settled}
	if err := b.cursors.SetCursor(ctx, rituals.Discord, seenCursor+channel, m.String()); err != nil {
		return err
	}
	err := b.cursors.SetCursor(ctx, rituals.Discord, channelsCursor+strconv.Itoa(n), strings.Join(page, ","))
	if err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	pages[n] = page
	b.pages, b.known[channel], b.marks[channel] = pages, true, m
	return nil
}

// mark returns how far a channel was settled.
func (b *book) mark(ctx context.Context, channel string) (mark, error) {
	b.mu.Lock()
	m, ok := b.marks[channel]
	b.mu.Unlock()
	if ok {
		return m, nil
	}
	s, err := b.cursors.Cursor(ctx, rituals.Discord, seenCursor+channel)
	if err != nil {
		return mark{}, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if m, ok := b.marks[channel]; ok {
		return m, nil // made meanwhile
	}
	m = parseMark(s)
	b.marks[channel] = m
	return m, nil
}

// settled notes that an event of a channel was settled.
func (b *book) settled(channel string, i incoming) {
	if i.message == 0 {
		return
	}
	b.mu.Lock()
	m, ok := b.marks[channel]
	was := m
	m.message, m.edited = max(m.message, i.message), max(m.edited, i.edited)
	if ok && m == was {
		b.mu.Unlock()
		return
	}
	b.marks[channel], b.dirty[channel] = m, true
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
	dirty := b.dirty
	b.dirty = make(map[string]bool)
	b.mu.Unlock()
	for channel := range dirty {
		b.mu.Lock()
		m := b.marks[channel]
		b.mu.Unlock()
		if err := b.cursors.SetCursor(ctx, rituals.Discord, seenCursor+channel, m.String()); err != nil {
			b.mu.Lock()
			for channel := range dirty {
				b.dirty[channel] = true
			}
			b.mu.Unlock()
			return err
		}
		delete(dirty, channel)
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
