package library

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/agnivade/levenshtein"
	"github.com/goccy/go-yaml/ast"
)

// A mapping is a YAML mapping whose keys are known to be allowed.
type mapping struct {
	what   string // "a ritual", "a step"
	keys   []key
	at     position
	fields map[string]field
}

// A field is one key of a mapping and its value.
type field struct {
	key   string
	keyAt position
	value ast.Node
}

// has reports whether the mapping has a key.
func (m mapping) has(key string) bool { _, ok := m.fields[key]; return ok }

// place returns where the value of a key stands, or the mapping's own place.
func (m mapping) place(key string) position {
	if f, ok := m.fields[key]; ok {
		return f.place()
	}
	return m.at
}

// place returns where the value stands, or the key if there is none.
func (f field) place() position {
	if _, none := f.value.(*ast.NullNode); none {
		return f.keyAt
	}
	return place(f.value)
}

// place returns where a node begins. The token of a mapping is its first colon,
// and that of a list its first dash.
func place(n ast.Node) position {
	switch n := n.(type) {
	case *ast.MappingNode:
		if len(n.Values) > 0 && !n.IsFlowStyle {
			return place(n.Values[0])
		}
	case *ast.MappingValueNode:
		return place(n.Key)
	}
	p := n.GetToken().Position
	return position{p.Line, p.Column}
}

// pairs returns the keys and values of a mapping; ok is false if n is none.
func pairs(n ast.Node) (values []*ast.MappingValueNode, ok bool) {
	switch n := n.(type) {
	case *ast.MappingNode:
		return n.Values, true
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{n}, true
	}
	return nil, false
}

// mapping reads a mapping that may have these keys.
func (s *source) mapping(n ast.Node, what string, keys []key) (mapping, bool) {
	m := mapping{what: what, keys: keys, at: place(n), fields: make(map[string]field)}
	known := names(keys)
	values, ok := pairs(n)
	if !ok {
		s.report(m.at, "%s is written as lines of `key: value`, beginning with `%s: …`; this is %s", what, known[0], kind(n))
		return m, false
	}
	meant := make(map[string]field)
	for _, v := range values {
		key, ok := scalar(v.Key)
		f := field{key, place(v.Key), v.Value}
		switch {
		case !ok || !slices.Contains(known, key):
			s.report(f.keyAt, "%s has no field %q; %s", what, v.Key.GetToken().Value, instead(key, known))
			meant[nearest(key, known)] = f
		case m.has(key):
			s.report(f.keyAt, "%q is already given in line %d; remove one of them", key, m.fields[key].keyAt.line)
		default:
			m.fields[key] = f
		}
	}
	for key, f := range meant { // a misspelt field is not a missing one too
		if key != "" && !m.has(key) {
			f.key = key
			m.fields[key] = f
		}
	}
	return m, true
}

// scalar returns a value that is written as one word or text.
func scalar(n ast.Node) (string, bool) {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return n.Value.Value, true
	}
	return "", false
}

// kind says what a node is, in words for who wrote it.
func kind(n ast.Node) string {
	switch n := n.(type) {
	case *ast.StringNode, *ast.LiteralNode:
		return "a text"
	case *ast.IntegerNode, *ast.FloatNode, *ast.InfinityNode, *ast.NanNode:
		return "a number"
	case *ast.BoolNode:
		return "true or false"
	case *ast.NullNode:
		return "nothing"
	case *ast.SequenceNode:
		if len(n.Values) == 0 {
			return "an empty list"
		}
		return "a list"
	case *ast.MappingNode, *ast.MappingValueNode:
		return "a block of keys"
	case *ast.AnchorNode, *ast.AliasNode, *ast.MergeKeyNode:
		return "a reference, which ritual files don't have"
	case *ast.TagNode:
		return "a tag, which ritual files don't have"
	}
	return "something else"
}

// nearest returns the known word that another one is a misspelling of, or the
// empty string.
func nearest(word string, known []string) string {
	best, least := "", math.MaxInt
	for _, k := range known {
		name := strings.Trim(k, "{}")
		d := levenshtein.ComputeDistance(strings.Trim(strings.ToLower(word), "{}"), name)
		if d < least && d <= (len(name)+1)/3 {
			best, least = k, d
		}
	}
	return best
}

// instead says what to write in place of a word that is not known.
func instead(word string, known []string) string {
	if k := nearest(word, known); k != "" {
		return "did you mean " + k + "?"
	}
	return "it may be " + list(known, "or")
}

// list joins words as people do: "a, b or c".
func list(words []string, last string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	end := len(words) - 1
	return strings.Join(words[:end], ", ") + " " + last + " " + words[end]
}

// wrong notes that a value is not what its key asks for.
func (s *source) wrong(f field, want string) {
	switch n := f.value.(type) {
	case *ast.NullNode:
		s.report(f.keyAt, "%q is empty; write %s, or leave the line out", f.key, want)
	case *ast.StringNode:
		s.report(f.place(), "%q cannot be %q; write %s", f.key, n.Value, want)
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		s.report(f.place(), "%q cannot be %s; write %s", f.key, n.GetToken().Value, want)
	default:
		s.report(f.place(), "%q is %s; write %s", f.key, kind(f.value), want)
	}
}

// str reads a text that is the same in every language; empty if there is none.
func (s *source) str(m mapping, key, want string) string {
	f, ok := m.fields[key]
	if !ok {
		return ""
	}
	v, ok := scalar(f.value)
	if v = strings.TrimSpace(v); !ok || v == "" {
		s.wrong(f, want)
		return ""
	}
	return v
}

// flag reads true or false; false if there is none.
func (s *source) flag(m mapping, key string) bool {
	f, ok := m.field(key, aFlag)
	if !ok {
		return false
	}
	b, ok := f.value.(*ast.BoolNode)
	if !ok {
		s.wrong(f, "true or false")
		return false
	}
	return b.Value
}

// count reads a number from 0; 0 if there is none.
func (s *source) count(m mapping, key string) int {
	f, ok := m.field(key, aCount)
	if !ok {
		return 0
	}
	if n, ok := f.value.(*ast.IntegerNode); ok {
		if v, err := strconv.Atoi(n.GetToken().Value); err == nil && v >= 0 && v <= 100_000 {
			return v
		}
	}
	s.wrong(f, "a number such as 7; 0 is from the beginning")
	return 0
}

// duration reads a length of time; 0 if there is none.
func (s *source) duration(m mapping, key, example string) time.Duration {
	f, ok := m.field(key, aLength)
	if !ok {
		return 0
	}
	if n, ok := f.value.(*ast.IntegerNode); ok && n.GetToken().Value == "0" {
		return 0
	}
	v, _ := scalar(f.value)
	d, err := time.ParseDuration(v)
	switch {
	case err != nil:
		s.wrong(f, "a length of time such as "+example)
	case d < 0 || d%time.Minute != 0:
		s.report(f.place(), "%q is counted in whole minutes from 0; write a length of time such as %s", key, example)
		return 0
	}
	return d
}

// choice reads one of the key's words, or of those given; empty if there is none.
func (s *source) choice(m mapping, key string, known ...string) string {
	if _, ok := m.field(key, aWord); !ok {
		return ""
	}
	if known == nil {
		known = keyNamed(m.keys, key).words
	}
	v := s.str(m, key, list(known, "or"))
	if v != "" && !slices.Contains(known, v) {
		s.report(m.place(key), "%q cannot be %q; %s", key, v, instead(v, known))
		return ""
	}
	return v
}

var idPattern = regexp.MustCompile(`^[a-z][a-z0-9-]{0,15}$`)

// id reads the name that a mapping must have.
func (s *source) id(m mapping, example string) string {
	if _, ok := m.field("id", anID); !ok {
		s.report(m.at, "%s needs an id; add a line such as `id: %s`", m.what, example)
		return ""
	}
	v := s.str(m, "id", "a short name such as "+example)
	if v != "" && !idPattern.MatchString(v) {
		s.report(m.place("id"), "the id %q cannot be used; an id is a small letter and then up to 15 small letters, digits or dashes, such as %s", v, example)
		return ""
	}
	return v
}
