package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"attune/store"
)

// The running bot makes a backup each night, named by its date. A night begins at four
// on this machine's clock: what is missed then is made up for at any later hour.
const (
	nightBegins = 4 * time.Hour
	nightLook   = time.Minute // a timer of hours would not see a clock that is set, or the machine asleep
	nightAgain  = time.Hour   // after a backup that was not made
	keepDays    = 7
	keepWeeks   = 4
)

// nightOf returns the date of the night that has begun last.
func nightOf(now time.Time) string { return now.Local().Add(-nightBegins).Format(time.DateOnly) }

// keepBackups makes a backup each night until ctx ends.
func (in house) keepBackups(ctx context.Context) error {
	var done string     // the night for which there is one
	var tried time.Time // and failed
	tick := time.NewTicker(nightLook)
	defer tick.Stop()
	for {
		now := time.Now()
		if tonight := nightOf(now); tonight != done && (tried.IsZero() || now.Sub(tried) >= nightAgain) {
			err := in.backUp(ctx, tonight)
			switch {
			case ctx.Err() != nil:
				return nil
			case err != nil:
				tried = now
				in.log.Error("backup not made, and tried again in an hour", "folder", in.cfg.Backups, "err", err)
			default:
				done, tried = tonight, time.Time{}
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// backUp makes the backup of a night unless it is there, and deletes those that are
// not kept any longer.
func (in house) backUp(ctx context.Context, tonight string) error {
	folder := in.cfg.Backups
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fmt.Errorf("the folder of ATTUNE_BACKUPS cannot be made: %w", err)
	}
	names, err := backupsIn(folder)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(names, func(name string) bool { return dateOf(name) == tonight && !half(name) }) {
		return nil
	}
	name := "attune-" + tonight + ".db"
	if !in.keys.Empty() {
		name += ".age"
	}
	if _, err := store.Backup(ctx, in.cfg.Database, filepath.Join(folder, name), in.keys); err != nil {
		return err
	}
	in.log.Info("backup made", "file", filepath.Join(folder, name))
	var errs []error
	for _, name := range expired(append(names, name), tonight) {
		errs = append(errs, os.Remove(filepath.Join(folder, name)))
	}
	if err := errors.Join(errs...); err != nil {
		in.log.Warn("old backups not deleted", "folder", folder, "err", err)
	}
	return nil
}

// Only files with such a name are counted, or deleted.
var backupName = regexp.MustCompile(`^attune-(\d{4}-\d\d-\d\d)\.db(\.age)?(\.part-\d+)?$`)

// backupsIn returns the names of the backups in a folder.
func backupsIn(folder string) (names []string, err error) {
	entries, err := os.ReadDir(folder)
	for _, e := range entries {
		if e.Type().IsRegular() && dateOf(e.Name()) != "" {
			names = append(names, e.Name())
		}
	}
	return names, err
}

// dateOf returns the night of a backup; empty if the name is none of a backup.
func dateOf(name string) string {
	m := backupName.FindStringSubmatch(name)
	if m == nil {
		return ""
	}
	if _, err := time.Parse(time.DateOnly, m[1]); err != nil {
		return ""
	}
	return m[1]
}

// half reports whether a name is that of a backup that was never ended.
func half(name string) bool { return strings.Contains(name, ".part-") }

// expired returns which backups are not kept any longer. The last seven nights of
// which there is one are kept, and of those before them the last of each of the last
// four weeks of which there is one: nights and weeks are counted by what is there, so
// that neither a long pause nor a clock that was wrong for a while costs more than it
// has made itself. What is of a night to come is left alone.
func expired(names []string, tonight string) (gone []string) {
	byDate := make(map[string][]string)
	for _, name := range names {
		switch date := dateOf(name); {
		case date > tonight:
		case half(name):
			if date < tonight {
				gone = append(gone, name)
			}
		default:
			byDate[date] = append(byDate[date], name)
		}
	}
	dates := slices.Sorted(maps.Keys(byDate))
	slices.Reverse(dates)
	weeks := make(map[string]bool)
	for _, date := range dates[min(keepDays, len(dates)):] {
		if w := weekOf(date); !weeks[w] && len(weeks) < keepWeeks {
			weeks[w] = true
			continue
		}
		gone = append(gone, byDate[date]...)
	}
	return gone
}

// weekOf returns the week of a date.
func weekOf(date string) string {
	t, _ := time.Parse(time.DateOnly, date) // it is one
	year, week := t.ISOWeek()
	return fmt.Sprint(year, "-", week)
}
