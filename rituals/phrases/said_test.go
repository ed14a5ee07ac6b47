package phrases_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"attune/rituals"
	"attune/rituals/host"
	"attune/rituals/library"
)

// A saying is a place in the code that says something: Say("sent", "partner", …).
type saying struct {
	at     token.Position
	keys   []string // none if a variable holds the key
	pairs  []string // what is filled in
	open   bool     // more may be filled in
	counts bool     // by how many there are
}

// code is what the program says, as its source shows it.
type code struct {
	sayings  []saying
	literals map[string]token.Position // every text in quotes
	buttons  map[string]bool           // keys of what stands on buttons
	answers  map[string]bool           // keys of what is shown on the spot
}

// sayers are the functions whose first argument is a key.
var sayers = []string{"Say", "Count", "tellBoth", "Text"}

// moreButtons are the keys that a variable holds before they stand on a button.
var moreButtons = []string{"skip", "all", "propose.keep", "propose.off", "change", "take"}

// prefixes are the keys that are put together: Say("pause." + what).
func prefixes(t *testing.T) map[string][]string {
	t.Helper()
	l, err := library.Load("")
	if err != nil {
		t.Fatal(err)
	}
	p := map[string][]string{
		"evenings.":    {"7", "30", "100"},
		"forget.":      {"yes", "no"},
		"leave.":       {"keep", "delete", "stay"},
		"less.":        {"mornings", "weekly", "rest", "same"},
		"own.":         {"send", "keep", "delete"},
		"pause.":       {"tonight", "week", "until"},
		"return.":      {"20m", "1h", "tonight", "tomorrow"},
		"talk.button.": {"pause", "skip", "more", "break", "stop", "go"},
		"two.":         {"2", "3", "4", "5", "6"},
		"weekday.":     {"0", "1", "2", "3", "4", "5", "6"},
		"media.":       {"picture", "voice"},
		"media.gone.":  {"picture", "voice"},
		"month.":       {"1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"},
	}
	for _, f := range rituals.Feelings {
		p["feelings."] = append(p["feelings."], f.ID)
		p["feeling."] = append(p["feeling."], f.Words...)
	}
	for _, c := range host.Commands(l) {
		if r := l.Ritual(strings.ReplaceAll(c.Name, "_", "-")); r == nil {
			p["command."] = append(p["command."], c.Name)
			p["name."] = append(p["name."], c.Name)
		}
		if c.Takes != nil {
			p["takes."] = append(p["takes."], c.Name)
		}
		if c.Whom != nil {
			p["whom."] = append(p["whom."], c.Name)
		}
	}
	return p
}

// readCode reads the source of everything that says something.
func readCode(t *testing.T) *code {
	t.Helper()
	c := &code{literals: make(map[string]token.Position), buttons: make(map[string]bool), answers: make(map[string]bool)}
	for _, key := range moreButtons {
		c.buttons[key] = true
	}
	parts, fset := prefixes(t), token.NewFileSet()
	for _, dir := range []string{".", "../host", "../../cmd/attune"} {
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil || len(files) == 0 {
			t.Fatalf("source in %s: %v, %v", dir, files, err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			tree, err := parser.ParseFile(fset, file, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			c.read(t, fset, tree, parts)
		}
	}
	if len(c.sayings) < 100 || len(c.buttons) < 30 || len(c.answers) < 3 {
		t.Fatalf("the source shows %d sayings, %d buttons, %d answers: this test has lost sight of them", len(c.sayings), len(c.buttons), len(c.answers))
	}
	return c
}

func (c *code) read(t *testing.T, fset *token.FileSet, tree ast.Node, parts map[string][]string) {
	ast.Inspect(tree, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BasicLit:
			if s, ok := quoted(n); ok {
				c.literals[s] = fset.Position(n.Pos())
			}
		case *ast.KeyValueExpr: // Choice{Label: v.Say("yes"), …}
			c.mark(c.buttons, n, "Label", parts)
		case *ast.CompositeLit: // Answer{Text: v.Say("refused")}
			if of, ok := n.Type.(*ast.SelectorExpr); ok && of.Sel.Name == "Answer" {
				for _, e := range n.Elts {
					c.mark(c.answers, e, "Text", parts)
				}
			}
		case *ast.CallExpr:
			if called(n) == "toast" && len(n.Args) == 1 {
				for _, key := range keysIn(n.Args[0], parts) {
					c.answers[key] = true
				}
			}
			if slices.Contains(sayers, called(n)) && len(n.Args) > 0 {
				c.say(t, fset, n, parts)
			}
		}
		return true
	})
}

// mark notes the keys of what a field of a literal says.
func (c *code) mark(keys map[string]bool, e ast.Expr, field string, parts map[string][]string) {
	kv, ok := e.(*ast.KeyValueExpr)
	if !ok {
		return
	}
	if name, ok := kv.Key.(*ast.Ident); ok && name.Name == field {
		for _, key := range keysIn(kv.Value, parts) {
			keys[key] = true
		}
	}
}

// say notes one call.
func (c *code) say(t *testing.T, fset *token.FileSet, call *ast.CallExpr, parts map[string][]string) {
	s := saying{at: fset.Position(call.Pos()), keys: keysIn(call, parts), counts: called(call) == "Count", open: call.Ellipsis.IsValid() || called(call) == "tellBoth"}
	if p, ok := prefixOf(call.Args[0]); ok && parts[p] == nil {
		t.Errorf("%s: no list here says which keys begin with %q", s.at, p)
	}
	for i, arg := range call.Args[1:] {
		lit, ok := arg.(*ast.BasicLit)
		if name, quotes := quoted(lit); ok && quotes && i%2 == len(call.Args[1:])%2 {
			s.pairs = append(s.pairs, "{"+name+"}")
		}
	}
	if s.counts {
		s.pairs = append(s.pairs, "{n}")
	}
	c.sayings = append(c.sayings, s)
}

// keysIn returns the keys that an expression can say.
func keysIn(e ast.Expr, parts map[string][]string) []string {
	call, ok := e.(*ast.CallExpr)
	if !ok || !slices.Contains(sayers, called(call)) || len(call.Args) == 0 {
		return nil
	}
	if lit, ok := call.Args[0].(*ast.BasicLit); ok {
		if key, ok := quoted(lit); ok {
			return []string{key}
		}
	}
	var keys []string
	if p, ok := prefixOf(call.Args[0]); ok {
		for _, rest := range parts[p] {
			keys = append(keys, p+rest)
		}
	}
	return keys
}

// prefixOf returns how a key begins that is put together.
func prefixOf(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BinaryExpr:
		if lit, ok := e.X.(*ast.BasicLit); ok {
			return quoted(lit)
		}
		return prefixOf(e.X)
	case *ast.CallExpr:
		if called(e) == "Sprintf" {
			lit, _ := e.Args[0].(*ast.BasicLit)
			format, ok := quoted(lit)
			before, _, _ := strings.Cut(format, "%")
			return before, ok
		}
	}
	return "", false
}

func called(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.SelectorExpr:
		return f.Sel.Name
	case *ast.Ident:
		return f.Name
	}
	return ""
}

func quoted(lit *ast.BasicLit) (string, bool) {
	if lit == nil || lit.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(lit.Value)
	return s, err == nil
}

func TestEveryKeyThatIsSaidExists(t *testing.T) {
	c, english := readCode(t), sentences(t, "en")
	for _, s := range c.sayings {
		for _, key := range s.keys {
			forms, ok := english[key]
			if !ok {
				t.Errorf("%s: says %q, which is not in en.json", s.at, key)
			}
			if _, plain := forms[""]; ok && plain == s.counts {
				t.Errorf("%s: what counts is said by Count, and nothing else: %q", s.at, key)
			}
		}
	}
	// Keys in variables: whatever looks like one of ours is one.
	looksLikeKey, family := regexp.MustCompile(`^[a-z]+(\.[a-z]+)+$`), make(map[string]bool)
	for key := range english {
		family[strings.Split(key, ".")[0]] = true
	}
	for s, at := range c.literals {
		if _, ok := english[s]; !ok && looksLikeKey.MatchString(s) && family[strings.Split(s, ".")[0]] {
			t.Errorf("%s: %q looks like a key, but is not in en.json", at, s)
		}
	}
}

func TestEveryKeyIsSaid(t *testing.T) {
	c, said := readCode(t), make(map[string]bool)
	for _, s := range c.sayings {
		for _, key := range s.keys {
			said[key] = true
		}
	}
	for key := range sentences(t, "en") {
		key = strings.TrimSuffix(key, ".many") // said in its place to more than two
		if _, ok := c.literals[key]; !ok && !said[key] {
			t.Errorf("en.json: nothing says %q", key)
		}
	}
}

func TestEveryPlaceholderIsFilledIn(t *testing.T) {
	c, english := readCode(t), sentences(t, "en")
	filledLater := []string{"about.short.operator"} // once its length is known
	for _, s := range c.sayings {
		for _, key := range s.keys {
			if s.open || slices.Contains(filledLater, key) {
				continue
			}
			for _, form := range english[key] {
				for _, name := range placeholders(form) {
					if !slices.Contains(s.pairs, name) {
						t.Errorf("%s: says %q without %s; it fills in %v", s.at, key, name, s.pairs)
					}
				}
			}
		}
	}
}
