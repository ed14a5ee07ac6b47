package library

import (
	"errors"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"sync"

	"github.com/goccy/go-yaml/ast"

	"attune/rituals"
)

// deckFolder is where decks are, beside the rituals.
const deckFolder = "decks"

// decks are some decks by id. They do not change.
type decks map[string]*rituals.Deck

// over returns these decks and, in place of those with the same id, others.
func (ds decks) over(others decks) decks {
	all := maps.Clone(ds)
	maps.Copy(all, others)
	return all
}

// ids returns what a step can draw from.
func (ds decks) ids() []string { return slices.Sorted(maps.Keys(ds)) }

// ownDecks returns the decks that Attune ships.
var ownDecks = sync.OnceValues(func() (decks, Problems) { return readDecks(shipped, "") })

// readDecks reads every deck file in the folder decks of fsys, if there is one.
func readDecks(fsys fs.FS, dir string) (decks, Problems) {
	dir = filepath.Join(dir, deckFolder)
	switch info, err := fs.Stat(fsys, deckFolder); {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err == nil && !info.IsDir():
		return nil, Problems{{File: dir, Message: "this is a file; decks are files in a folder of that name"}}
	}
	sub, err := fs.Sub(fsys, deckFolder)
	if err != nil {
		return nil, Problems{{File: dir, Message: err.Error()}}
	}
	all, byID := make(decks), make(map[string]string)
	problems := eachFile(sub, dir, func(name string, data []byte) Problems {
		r, found := parseDeck(name, data)
		if r == nil || r.deck.ID == "" {
			return found
		}
		all[r.deck.ID] = r.deck
		return r.alone(r.deck.ID, byID, found)
	})
	return all, problems
}

// ParseDeck reads one deck from YAML. Name stands for the file in errors; what is
// wrong is a [Problems].
func ParseDeck(name string, data []byte) (*rituals.Deck, error) {
	r, problems := parseDeck(name, data)
	if len(problems) > 0 {
		return nil, problems
	}
	return r.deck, nil
}

// parseDeck reads one deck as far as it can be read, and all that is wrong with it.
// The reader is nil if the file could not be read at all.
func parseDeck(name string, data []byte) (*reader, Problems) {
	r := &reader{what: "deck", deck: new(rituals.Deck)}
	body := r.body(name, data)
	if body == nil {
		return nil, r.problems
	}
	r.readDeck(body)
	return r, r.sorted()
}

// readDeck reads the deck.
func (r *reader) readDeck(body ast.Node) {
	m, ok := r.mapping(body, "a deck", deckKeys)
	if !ok {
		return
	}
	r.idAt = m.place("id")
	*r.deck = rituals.Deck{ID: r.id(m, "evening"), Title: r.text(m, "title")}
	if r.deck.ID == rituals.OwnDeck {
		r.report(m.place("id"), "the id %q stands for the cards a couple writes; give the deck another", rituals.OwnDeck)
	}
	if !m.has("title") {
		r.report(m.at, "a deck needs a title; add a line such as `title: A question for the evening`")
	}
	r.cards(m)
	r.tones(m)
}

// cards reads the cards of a deck.
func (r *reader) cards(m mapping) {
	const want = "a list of cards, with lines such as `- { id: window, text: \"What did you see through a window today?\" }`"
	lines, shallow := make(map[string]int), false
	for _, n := range r.list(m, "cards", someCards, want) {
		cm, ok := r.mapping(n, "a card", cardKeys)
		if !ok {
			continue
		}
		c := rituals.Card{ID: r.id(cm, "window"), Theme: r.theme(cm), Text: r.text(cm, "text"),
			Depth: rituals.Depth(r.choice(cm, "depth", string(rituals.Light), string(rituals.Medium), string(rituals.Deep)))}
		if c.Depth == "" {
			c.Depth = rituals.Light
		}
		if !cm.has("text") {
			r.report(cm.at, "a card needs a text; add `text: \"…\"`")
		}
		shallow = shallow || c.Depth != rituals.Deep
		r.once(lines, "card", cm, c.ID)
		r.deck.Cards = append(r.deck.Cards, c)
	}
	if !shallow && len(r.deck.Cards) > 0 {
		r.report(m.fields["cards"].keyAt, "all cards are deep, and deep ones are drawn only where a couple wants them; write at least one that is light or medium")
	}
}

// theme reads what a card is about.
func (r *reader) theme(m mapping) string {
	if _, ok := m.field("theme", anID); !ok {
		return ""
	}
	theme := r.str(m, "theme", "a short name such as home")
	if theme != "" && !idPattern.MatchString(theme) {
		r.report(m.place("theme"), "the theme %q cannot be used; it is a small letter and then up to 15 small letters, digits or dashes, such as home", theme)
	}
	return theme
}

// tones reads which themes of a deck a couple can choose.
func (r *reader) tones(m mapping) {
	if !m.has("tones") {
		return
	}
	var themes []string
	for _, c := range r.deck.Cards {
		if c.Depth != rituals.Deep && !slices.Contains(themes, c.Theme) {
			themes = append(themes, c.Theme)
		}
	}
	lines := make(map[string]int)
	for _, n := range r.list(m, "tones", someTones, "a list of themes, with lines such as `- { id: quiet, label: Quiet }`") {
		tm, ok := r.mapping(n, "a tone", toneKeys)
		if !ok {
			continue
		}
		t := rituals.Tone{ID: r.id(tm, "quiet"), Label: r.text(tm, "label"), Only: r.flag(tm, "only")}
		if t.ID != "" && !slices.Contains(themes, t.ID) {
			r.report(tm.place("id"), "no card that is light or medium has the theme %q; %s", t.ID, instead(t.ID, themes))
		}
		if !tm.has("label") {
			r.report(tm.at, "a tone needs a label, the words on its button; write it as `{ id: quiet, label: Quiet }`")
		}
		if t.Only {
			themes = slices.DeleteFunc(themes, func(id string) bool { return id == t.ID })
		}
		if len(themes) == 0 {
			r.report(tm.place("only"), "there would be nothing to draw until a couple has chosen; leave `only` out of one tone")
		}
		r.once(lines, "tone", tm, t.ID)
		r.deck.Tones = append(r.deck.Tones, t)
	}
}

// list reads a list that must not be empty.
func (r *reader) list(m mapping, key string, is shape, want string) []ast.Node {
	f, ok := m.field(key, is)
	if !ok {
		r.report(m.at, "%s needs %s; add `%s:` and below it %s", m.what, key, key, want)
		return nil
	}
	seq, ok := f.value.(*ast.SequenceNode)
	if !ok || len(seq.Values) == 0 {
		r.wrong(f, want)
		return nil
	}
	return seq.Values
}

// once notes an id that is there twice.
func (r *reader) once(lines map[string]int, what string, m mapping, id string) {
	if first, twice := lines[id]; twice && id != "" {
		r.report(m.place("id"), "the %s in line %d has the id %q too; give one of them another", what, first, id)
		return
	}
	lines[id] = m.place("id").line
}
