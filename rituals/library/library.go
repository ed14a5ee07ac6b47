// Package library holds the rituals and the decks of cards that Attune ships, and
// loads a folder of one's own.
//
// A ritual is a YAML file, and so is a deck, in the folder decks beside it. The loader is strict: whatever it does not know, and
// whatever could not work, is a [Problem] with its file, line and column and what
// to write instead. All problems of a folder are reported at once.
package library

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"maps"
	"math"
	"slices"
	"strings"

	"attune/rituals"
)

//go:embed *.yaml decks/*.yaml
var shipped embed.FS

// A Library is a set of rituals, by id. It does not change; the zero Library is
// empty.
type Library struct {
	rituals     []*rituals.Ritual // in the order of ids
	definitions map[*rituals.Ritual]rituals.Definition
	files       map[string]string // by ritual id, of those that are not shipped
	decks       decks
}

// New returns a library of these rituals. Of two with the same id the later one
// holds.
func New(rs ...*rituals.Ritual) *Library {
	byID := make(map[string]*rituals.Ritual)
	for _, r := range rs {
		byID[r.ID] = r
	}
	l := &Library{definitions: make(map[*rituals.Ritual]rituals.Definition)}
	for _, r := range byID {
		l.rituals = append(l.rituals, r)
		l.definitions[r] = Define(r)
	}
	slices.SortFunc(l.rituals, func(a, b *rituals.Ritual) int { return strings.Compare(a.ID, b.ID) })
	return l
}

// Load returns the rituals and decks that Attune ships and, in place of those with
// the same id, the ones in the folder dir: its files named *.yaml and *.yml, and those
// in its folder decks. An empty dir means no folder. What is wrong with the files is a
// [Problems].
func Load(dir string) (*Library, error) {
	from, problems := ownDecks()
	if len(problems) > 0 {
		return nil, problems
	}
	var found []file
	if dir != "" {
		fsys, err := openFolder(dir)
		if err != nil {
			return nil, err
		}
		own, problems := readDecks(fsys, dir)
		from = from.over(own)
		var more Problems
		found, more = readFiles(fsys, dir, from)
		if problems = append(problems, more...); len(problems) > 0 {
			return nil, problems
		}
	}
	all, err := ownRituals(from)
	if err != nil {
		return nil, err
	}
	files := make(map[string]string)
	for _, f := range found {
		all = append(all, f.ritual)
		files[f.ritual.ID] = f.name
	}
	if problems := checkNamed(found, ids(all)); len(problems) > 0 {
		return nil, problems
	}
	l := New(all...)
	l.files, l.decks = files, from
	return l, checkAfter(found, l)
}

func ids(rs []*rituals.Ritual) []string {
	var ids []string
	for _, r := range rs {
		if !slices.Contains(ids, r.ID) {
			ids = append(ids, r.ID)
		}
	}
	return ids
}

// Ritual returns the ritual with that id, or nil.
func (l *Library) Ritual(id string) *rituals.Ritual {
	for _, r := range l.rituals {
		if r.ID == id {
			return r
		}
	}
	return nil
}

// Deck returns the deck with that id, or nil.
func (l *Library) Deck(id string) *rituals.Deck { return l.decks[id] }

// Decks returns the decks in the order of their ids.
func (l *Library) Decks() []*rituals.Deck {
	var all []*rituals.Deck
	for _, id := range slices.Sorted(maps.Keys(l.decks)) {
		all = append(all, l.decks[id])
	}
	return all
}

// All returns the rituals in the order of their ids.
func (l *Library) All() []*rituals.Ritual { return l.rituals }

// File returns the path of the file that the ritual with that id was read from,
// or the empty string if Attune ships it.
func (l *Library) File(id string) string { return l.files[id] }

// Grown returns the rituals as they are for couples that have kept many evenings:
// every step is there.
func (l *Library) Grown() *Library {
	var all []*rituals.Ritual
	for _, r := range l.rituals {
		if r.Grows() {
			r = r.Grown(math.MaxInt)
		}
		all = append(all, r)
	}
	grown := New(all...)
	grown.files, grown.decks = l.files, l.decks
	return grown
}

// Define returns what [Define] returns, without computing it again for the
// rituals of l.
func (l *Library) Define(r *rituals.Ritual) rituals.Definition {
	if d, ok := l.definitions[r]; ok {
		return d
	}
	return Define(r)
}

// Hash returns the hash of r's definition.
func (l *Library) Hash(r *rituals.Ritual) string { return l.Define(r).Hash }

// Define returns r as it is kept with a check-in. Equal rituals have equal
// definitions.
func Define(r *rituals.Ritual) rituals.Definition {
	data, err := json.Marshal(r) // fields in the order of the type, maps in the order of keys
	if err != nil {
		panic(err) // a Ritual is made of strings, numbers and maps of strings
	}
	sum := sha256.Sum256(data)
	return rituals.Definition{Hash: hex.EncodeToString(sum[:]), JSON: data}
}
