package library

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"attune/rituals"
)

// A file is a ritual, the path it was read from, and what read it.
type file struct {
	name   string
	ritual *rituals.Ritual
	reader *reader
}

// ownRituals returns the rituals that Attune ships, drawing from these decks.
func ownRituals(from decks) ([]*rituals.Ritual, error) {
	files, problems := readFiles(shipped, "", from)
	if len(problems) > 0 {
		return nil, problems
	}
	var all []*rituals.Ritual
	for _, f := range files {
		all = append(all, f.ritual)
	}
	return all, nil
}

// openFolder returns the folder dir.
func openFolder(dir string) (fs.FS, error) {
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("rituals folder %s: there is no such folder", dir)
	case err != nil:
		return nil, fmt.Errorf("rituals folder %s: %w", dir, err)
	case !info.IsDir():
		return nil, fmt.Errorf("rituals folder %s: this is a file; name the folder it is in", dir)
	}
	return os.DirFS(dir), nil
}

// readFiles reads every ritual file at the top of fsys, in the order of their names.
func readFiles(fsys fs.FS, dir string, from decks) ([]file, Problems) {
	var files []file
	byID := make(map[string]string)
	problems := eachFile(fsys, dir, func(name string, data []byte) Problems {
		r, found := parse(name, data, from)
		if r == nil || r.ritual.ID == "" {
			return found
		}
		files = append(files, file{name, r.ritual, r})
		return r.alone(r.ritual.ID, byID, found)
	})
	return files, problems
}

// alone notes the id of what was read, and that it is taken if it is.
func (r *reader) alone(id string, byID map[string]string, found Problems) Problems {
	if first, ok := byID[id]; ok {
		r.report(r.idAt, "the id %q is taken by %s; give one of them another id", id, first)
		return r.sorted()
	}
	byID[id] = r.name
	return found
}

// eachFile reads every YAML file at the top of fsys, in the order of their names.
// Hidden files are left alone; links are followed, which is how a container mounts a
// folder of files.
func eachFile(fsys fs.FS, dir string, read func(name string, data []byte) Problems) Problems {
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return Problems{{File: dir, Message: err.Error()}}
	}
	var problems Problems
	for _, e := range entries {
		ext := strings.ToLower(path.Ext(e.Name()))
		if (ext != ".yaml" && ext != ".yml") || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		name := filepath.Join(dir, e.Name())
		data, err := readFile(fsys, e.Name())
		if err != nil {
			problems = append(problems, Problem{File: name, Message: err.Error()})
			continue
		}
		problems = append(problems, read(name, data)...)
	}
	return problems
}

// readFile reads a regular file that is small enough to be a ritual.
func readFile(fsys fs.FS, name string) ([]byte, error) {
	info, err := fs.Stat(fsys, name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, errors.New("this link leads nowhere")
	case err != nil:
		return nil, reason(err)
	case !info.Mode().IsRegular():
		return nil, errors.New("this is no file; a name that ends in .yaml is for a ritual")
	case info.Size() > maxSize:
		return nil, errTooLarge(info.Size())
	}
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, reason(err)
	}
	return data, nil
}

// reason returns err without the path, which stands in front of it already.
func reason(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}
