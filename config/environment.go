package config

import (
	"errors"
	"fmt"
	"math"
	"os"
	"reflect"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
)

// A setting is one variable of the environment.
type setting struct {
	Name    string // with the prefix
	Default string
	Secret  bool // can be given as a file too
	Empty   bool // may be set and empty
	field   int
}

// list returns every setting there is.
func list() []setting {
	var all []setting
	t := reflect.TypeFor[settings]()
	for i := range t.NumField() {
		tag := t.Field(i).Tag
		all = append(all, setting{
			Name:    prefix + "_" + tag.Get("envconfig"),
			Default: tag.Get("default"),
			Secret:  tag.Get("secret") != "",
			Empty:   tag.Get("empty") != "",
			field:   i,
		})
	}
	return all
}

// names returns every variable that is known, with the files of the secrets.
func names() []string {
	var all []string
	for _, s := range list() {
		all = append(all, s.Name)
		if s.Secret {
			all = append(all, s.Name+"_FILE")
		}
	}
	return all
}

// SecretFiles returns the paths of the files that hold secrets, as far as the settings
// name any.
func SecretFiles() (paths []string) {
	for _, s := range list() {
		if path := os.Getenv(s.Name + "_FILE"); s.Secret && path != "" {
			paths = append(paths, path)
		}
	}
	return paths
}

// environment returns what is wrong with the names of the variables, and with
// those that are empty.
func environment() []error {
	var problems []error
	known := names()
	env := os.Environ()
	slices.Sort(env)
	for _, e := range env {
		name, _, _ := strings.Cut(e, "=")
		if strings.HasPrefix(name, prefix+"_") && !slices.Contains(known, name) {
			problems = append(problems, fmt.Errorf("%s: there is no such setting; %s", name, instead(name, known)))
		}
	}
	for _, s := range list() {
		if v, set := os.LookupEnv(s.Name); set && strings.TrimSpace(v) == "" && !s.Empty {
			problems = append(problems, fmt.Errorf("%s: it is empty; give it a value or leave it out", s.Name))
		}
	}
	return problems
}

// instead suggests a known name for one that is not.
func instead(name string, known []string) string {
	best, least := "", math.MaxInt
	for _, k := range known {
		if d := levenshtein.ComputeDistance(name, k); d < least && d <= (len(k)-len(prefix))/3 {
			best, least = k, d
		}
	}
	if best == "" {
		return "see the README for those there are"
	}
	return "did you mean " + best + "?"
}

// secrets reads the secrets that are given as files into s.
func secrets(s *settings) []error {
	var problems []error
	v := reflect.ValueOf(s).Elem()
	for _, s := range list() {
		path, set := os.LookupEnv(s.Name + "_FILE")
		if !s.Secret || !set {
			continue
		}
		if _, both := os.LookupEnv(s.Name); both {
			problems = append(problems, fmt.Errorf("%s_FILE: %s is set too; leave one of them out", s.Name, s.Name))
			continue
		}
		if path == "" {
			problems = append(problems, fmt.Errorf("%s_FILE: it is empty; write the path of the file or leave it out", s.Name))
			continue
		}
		value, err := file(path)
		if err != nil {
			var p *os.PathError
			if errors.As(err, &p) {
				err = fmt.Errorf("%s cannot be read: %w", path, p.Err)
			}
			problems = append(problems, fmt.Errorf("%s_FILE: %w", s.Name, err))
			continue
		}
		v.Field(s.field).SetString(value)
	}
	return problems
}
