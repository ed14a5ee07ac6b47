package console

import (
	"context"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"attune/bots"
	"attune/bots/botstest"
	"attune/rituals"
)

func TestConformance(t *testing.T) {
	botstest.Test(t, func(t *testing.T) botstest.World { return newWorld(t) })
}

// A world is a terminal with a seat for each letter.
type world struct {
	t       *testing.T
	bot     *recorder
	screen  *screen
	typed   *keyboard
	members []*sitter
	events  int // that were typed
}

func newWorld(t *testing.T) *world {
	w := &world{t: t, screen: &screen{}, typed: newKeyboard()}
	var seats []Seat
	for key := 'a'; key <= 'z'; key++ {
		seats = append(seats, Seat{Key: string(key), Name: "Seat " + string(key)})
	}
	w.bot = &recorder{Bot: New(w.typed, w.screen, Options{Seats: seats}), screen: w.screen}
	t.Cleanup(w.typed.close)
	return w
}

func (w *world) Bot() bots.Bot            { return w.bot }
func (w *world) Shown(text string) string { return clean(text) }

func (w *world) Why(ability string) string {
	return map[string]string{
		"Restarter": "lines that a process has read from a terminal are gone with it",
		"Cutter":    "a terminal has no connection that could break",
		"Replier":   "a terminal has no way to point at an earlier message",
		"Reactor":   "a terminal has no reactions",
		"Blocker":   "who sits at a terminal can leave, but not shut it out",
	}[ability]
}

func (w *world) Join(string) botstest.Someone {
	s := &sitter{w: w, seat: w.bot.opts.Seats[len(w.members)]}
	w.members = append(w.members, s)
	return s
}

// A recorder notes which message has which id.
type recorder struct {
	*Bot
	screen *screen
	mu     sync.Mutex
}

func (r *recorder) Send(ctx context.Context, p bots.Parcel) (string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	before := len(r.screen.blocks())
	id, err := r.Bot.Send(ctx, p)
	if n := len(r.screen.blocks()); n == before+1 {
		r.screen.name(before, id)
	}
	return id, err
}

// A sitter is somebody at the terminal.
type sitter struct {
	w    *world
	seat Seat
}

func (s *sitter) Person() rituals.Person { return s.seat.Person() }
func (s *sitter) Chat() rituals.Address  { return s.seat.Address() }

// types types lines, and returns the id of the event they are.
func (s *sitter) types(rest string) string {
	s.w.events++
	s.w.typed.write(s.seat.Key + rest + "\n")
	return s.w.bot.first + "-" + strconv.Itoa(s.w.events)
}

func (s *sitter) Write(text string) string {
	if strings.Contains(text, "\n") {
		return s.types(" \"\"\"\n" + text + "\n\"\"\"")
	}
	return s.types(": " + text)
}

func (s *sitter) Edit(_, text string) { s.types(" edit: " + text) }
func (s *sitter) Picture()            { s.types(" picture") }

func (s *sitter) Tap(id, label string) {
	for _, sight := range s.Sees() {
		for i, b := range sight.Buttons {
			if sight.ID == id && b == label {
				s.types(" " + strconv.Itoa(i+1))
				return
			}
		}
	}
	s.w.t.Errorf("Tap(%q, %q): no such button", id, label)
}

func (s *sitter) Sees() (sights []botstest.Sight) {
	for _, b := range s.w.screen.blocks() {
		if sight, ok := s.read(b); ok && sight.ID != "" {
			sights = append(sights, sight)
		}
	}
	return sights
}

func (s *sitter) Toasts() (toasts []string) {
	for _, b := range s.w.screen.blocks() {
		if sight, ok := s.read(b); ok {
			if text, ok := strings.CutPrefix(sight.Text, "(only you) "); ok {
				toasts = append(toasts, text)
			}
		}
	}
	return toasts
}

var (
	buttons  = regexp.MustCompile(`^\d+ \[.*\]$`)
	numbered = regexp.MustCompile(`\d+ \[(.*?)\](?:  |$)`)
)

// read takes a block apart if it is one of this seat's.
func (s *sitter) read(b written) (botstest.Sight, bool) {
	if !strings.HasPrefix(b.text, s.seat.Name+" │ ") {
		return botstest.Sight{}, false
	}
	sight := botstest.Sight{ID: b.id}
	var text []string
	for row := range strings.SplitSeq(strings.TrimSuffix(b.text, "\n"), "\n") {
		_, row, _ = strings.Cut(row, " │ ")
		if !buttons.MatchString(row) {
			text = append(text, row)
			continue
		}
		for _, m := range numbered.FindAllStringSubmatch(row, -1) {
			sight.Buttons = append(sight.Buttons, m[1])
		}
	}
	sight.Text = strings.Join(text, "\n")
	return sight, true
}

// A screen keeps what is written to it, write by write.
type screen struct {
	mu  sync.Mutex
	all []written
}

type written struct{ id, text string }

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all = append(s.all, written{text: string(p)})
	return len(p), nil
}

func (s *screen) blocks() []written {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]written(nil), s.all...)
}

func (s *screen) name(i int, id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all[i].id = id
}

// A keyboard holds what was typed until it is read.
type keyboard struct {
	mu    sync.Mutex
	typed strings.Builder
	read  int
	over  bool
	news  chan struct{}
}

func newKeyboard() *keyboard { return &keyboard{news: make(chan struct{}, 1)} }

func (k *keyboard) write(s string) { k.change(func() { fmt.Fprint(&k.typed, s) }) }
func (k *keyboard) close()         { k.change(func() { k.over = true }) }

func (k *keyboard) change(f func()) {
	k.mu.Lock()
	defer k.mu.Unlock()
	f()
	select {
	case k.news <- struct{}{}:
	default:
	}
}

func (k *keyboard) Read(p []byte) (int, error) {
	for {
		k.mu.Lock()
		n := copy(p, k.typed.String()[k.read:])
		k.read += n
		over := k.over
		k.mu.Unlock()
		if n > 0 {
			return n, nil
		}
		if over {
			return 0, io.EOF
		}
		<-k.news
	}
}
