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

// A file is a ritual and the path it was read from.
type file struct {
	name   string
	ritual *rituals.Ritual
	reader *reader
}

// ownRituals returns the rituals that Attune ships.
func ownRituals() ([]*rituals.Ritual, error) {
	files, problems := readFiles(shipped, "")
	if len(problems) > 0 {
		return nil, problems
	}
	var all []*rituals.Ritual
	for _, f := range files {
		all = append(all, f.ritual)
	}
	return all, nil
}

// readFolder returns the rituals in the folder dir, in the order of file names.
func readFolder(dir string) ([]file, error) {
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("rituals folder %s: there is no such folder", dir)
	case err != nil:
		return nil, fmt.Errorf("rituals folder %s: %w", dir, err)
	case !info.IsDir():
		return nil, fmt.Errorf("rituals folder %s: this is a file; name the folder it is in", dir)
	}
	files, problems := readFiles(os.DirFS(dir), dir)
	if len(problems) > 0 {
		return nil, problems
	}
	return files, nil
}

// readFiles reads every ritual file at the top of fsys. Hidden files are left
// alone; links are followed, which is how a container mounts a folder of files.
func readFiles(fsys fs.FS, dir string) ([]file, Problems) {
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return nil, Problems{{File: dir, Message: err.Error()}}
	}
	var files []file
	var problems Problems
	byID := make(map[string]string)
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
		r, found := parse(name, data)
		if r != nil && r.ritual.ID != "" {
			id := r.ritual.ID
			if first, ok := byID[id]; ok {
				r.report(r.idAt, "the id %q is taken by %s; give one of them another id", id, first)
				found = r.sorted()
			} else {
				byID[id] = name
			}
			files = append(files, file{name, &r.ritual, r})
		}
		problems = append(problems, found...)
	}
	return files, problems
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
