package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"attune/config"
	"attune/rituals"
	"attune/rituals/library"
	"attune/store"
)

// A transition is where a zone's clock stands at an instant, in seconds east of UTC.
type transition struct {
	zone   string
	at     string // UTC
	offset int
}

// transitions are some that an old list of zones, or a broken one, has not.
var transitions = []transition{
	{"Europe/Berlin", "2026-03-29T00:59:59Z", 3600},
	{"Europe/Berlin", "2026-03-29T01:00:00Z", 7200},
	{"America/New_York", "2026-11-01T05:59:59Z", -4 * 3600},
	{"America/New_York", "2026-11-01T06:00:00Z", -5 * 3600},
	{"Australia/Lord_Howe", "2026-04-04T15:00:00Z", 10*3600 + 1800},
	{"Pacific/Apia", "2011-12-30T10:00:00Z", 14 * 3600},
	{"America/Mexico_City", "2024-07-01T00:00:00Z", -6 * 3600},
	{"Asia/Almaty", "2024-07-01T00:00:00Z", 5 * 3600},
	{"America/Asuncion", "2025-07-01T00:00:00Z", -3 * 3600},
}

// zones looks whether clocks change when they do.
func (d *doctor) zones(context.Context) {
	for _, tr := range transitions {
		at, err := time.Parse(time.RFC3339, tr.at)
		if err != nil {
			panic(err) // transitions is wrong
		}
		loc, err := rituals.Location(tr.zone)
		if err == nil {
			if _, offset := at.In(loc).Zone(); offset == tr.offset {
				continue
			}
		}
		d.found.add(fix, "zones", "this machine's list has %s wrong at %s: bring it up to date (the package tzdata), or take ZONEINFO out of the environment", tr.zone, tr.at)
		return
	}
	d.found.add(well, "zones", "clocks change when they do, in %s and elsewhere", transitions[0].zone)
}

// database says what the examination found.
func (d *doctor) database(context.Context) {
	k, path := &d.kept, d.cfg.Database
	for _, t := range k.Trouble {
		d.found.add(fix, "database", "%s: %v (%s)", path, store.ErrCorrupt, t)
	}
	switch {
	case errors.Is(d.lost, fs.ErrPermission):
		d.found.add(fix, "database", "cannot be looked at (%v): ask as the user that attune runs as", d.lost)
	case d.lost != nil:
		d.found.add(fix, "database", "%v", d.lost)
	case len(k.Trouble) > 0:
	case !k.There:
		d.found.add(well, "database", "%s is not there yet; attune makes it when it starts", path)
	case k.Schema > k.Known:
		d.found.add(fix, "database", "%s was written by a newer version (schema %d, this one knows %d): run that version, or restore a backup from before it", path, k.Schema, k.Known)
	case k.Schema < k.Known:
		d.found.add(well, "database", "%s is whole, of schema %d; attune brings it to %d when it starts", path, k.Schema, k.Known)
	default:
		d.found.add(well, "database", "%s is whole, of schema %d", path, k.Schema)
	}
	if k.Owner == "" {
		return
	}
	if err := alive(path, d.now); err != nil {
		d.found.add(fix, "database", "is in use by %s, but %v", k.Owner, err)
		return
	}
	d.found.add(well, "database", "is in use by %s, and that is well", k.Owner)
}

const (
	megabyte = 1 << 20
	diskFix  = 64 * megabyte // the log beside the database grows to half of it
)

// disk looks how much room the database has.
func (d *doctor) disk(context.Context) {
	folder := d.folder()
	room, err := free(folder)
	size := uint64(d.kept.Size)
	switch {
	case errors.Is(err, errors.ErrUnsupported):
		d.found.add(mind, "disk", "how much is free cannot be told on this system; the database needs twice its %d MB", size/megabyte)
	case err != nil:
		d.found.add(fix, "disk", "%s cannot be looked at: %v", folder, err)
	case room < diskFix:
		d.found.add(fix, "disk", "%d MB are free in %s: make room, or answers cannot be kept", room/megabyte, folder)
	case room < size+diskFix:
		d.found.add(mind, "disk", "%d MB are free in %s, too little for a backup of %d MB beside the database", room/megabyte, folder, size/megabyte)
	default:
		d.found.add(well, "disk", "%d MB are free", room/megabyte)
	}
}

// permissions looks whether the files are for Attune, and for nobody else.
func (d *doctor) permissions(context.Context) {
	folder := d.folder()
	const do = "give it to the user that attune runs as (in the container, 65532), and mount it for writing"
	if probe, err := os.CreateTemp(folder, ".attune-doctor-"); err != nil {
		d.found.add(fix, "files", "nothing can be written in %s: %s", folder, do)
	} else {
		probe.Close()
		os.Remove(probe.Name())
		f, err := os.OpenFile(d.cfg.Database, os.O_RDWR, 0)
		if err == nil {
			f.Close()
		} else if !errors.Is(err, fs.ErrNotExist) {
			d.found.add(fix, "files", "%s cannot be written: %s", d.cfg.Database, do)
		}
	}
	for _, file := range append([]string{d.cfg.Database}, config.SecretFiles()...) {
		info, err := os.Stat(file)
		if err != nil || private(info) || handed(file) {
			continue
		}
		d.found.add(fix, "files", "others on this machine can read %s: chmod 600 %s", file, file)
	}
	if len(d.found) == 0 {
		d.found.add(well, "files", "can be written, and read by nobody else")
	}
}

// handed reports whether a file is one that the container's engine has put there for
// this container alone.
func handed(file string) bool { return strings.HasPrefix(filepath.Clean(file), "/run/secrets/") }

// rituals loads the rituals.
func (d *doctor) rituals(context.Context) {
	lib, err := library.Load(d.cfg.Rituals)
	var problems library.Problems
	switch {
	case errors.As(err, &problems):
		for _, p := range problems {
			p.Excerpt = ""
			d.found.add(fix, "rituals", "%s", strings.TrimSpace(p.Error()))
		}
	case err != nil:
		d.found.add(fix, "rituals", "%v", err)
	default:
		d.found.add(well, "rituals", "%d are understood", len(lib.All()))
	}
}
