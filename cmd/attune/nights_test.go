package main

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"attune/config"
	"attune/store"
)

// nightsFrom returns the dates of n nights in a row.
func nightsFrom(t *testing.T, first string, n int) (dates []string) {
	t.Helper()
	day, err := time.Parse(time.DateOnly, first)
	if err != nil {
		t.Fatal(err)
	}
	for i := range n {
		dates = append(dates, day.AddDate(0, 0, i).Format(time.DateOnly))
	}
	return dates
}

func backupsOf(dates ...string) (names []string) {
	for _, d := range dates {
		names = append(names, "attune-"+d+".db")
	}
	return names
}

func TestExpired(t *testing.T) {
	november := nightsFrom(t, "2026-11-01", 28) // the 1st is a Sunday, the 28th a Saturday
	for _, tt := range []struct {
		name    string
		there   []string
		tonight string
		kept    []string
	}{
		{"one", backupsOf("2026-11-28"), "2026-11-28", backupsOf("2026-11-28")},
		{"a week", backupsOf(november[21:]...), "2026-11-28", backupsOf(november[21:]...)},
		{"a month: seven nights, and the last of each week before", backupsOf(november...), "2026-11-28",
			append(backupsOf("2026-11-01", "2026-11-08", "2026-11-15", "2026-11-21"), backupsOf(november[21:]...)...)},
		{"after a year of nothing", backupsOf(append(nightsFrom(t, "2025-11-01", 28), "2026-11-28")...), "2026-11-28",
			append(backupsOf("2025-11-02", "2025-11-09", "2025-11-16", "2025-11-22"),
				backupsOf("2025-11-23", "2025-11-24", "2025-11-25", "2025-11-26", "2025-11-27", "2025-11-28", "2026-11-28")...)},
		{"while the clock is a year ahead", backupsOf(append(nightsFrom(t, "2026-11-22", 7), "2027-11-28")...), "2027-11-28",
			backupsOf(append(nightsFrom(t, "2026-11-22", 7), "2027-11-28")...)},
		{"when it is right again: what has a date to come is neither counted nor deleted", backupsOf(append(nightsFrom(t, "2026-11-22", 7), "2027-11-28")...), "2026-11-28",
			backupsOf(append(nightsFrom(t, "2026-11-22", 7), "2027-11-28")...)},
		{"while the clock is at its beginning", backupsOf(append([]string{"1970-01-01"}, november...)...), "1970-01-01",
			backupsOf(append([]string{"1970-01-01"}, november...)...)},
		{"encrypted ones and others", []string{"attune-2026-11-27.db", "attune-2026-11-28.db.age"}, "2026-11-28",
			[]string{"attune-2026-11-27.db", "attune-2026-11-28.db.age"}},
		{"one of before that was never ended goes, tonight's may be under way", append(backupsOf("2026-11-28"), "attune-2026-11-27.db.part-12", "attune-2026-11-28.db.age.part-3"), "2026-11-28",
			append(backupsOf("2026-11-28"), "attune-2026-11-28.db.age.part-3")},
	} {
		t.Run(tt.name, func(t *testing.T) {
			gone := expired(tt.there, tt.tonight)
			kept := slices.DeleteFunc(slices.Clone(tt.there), func(n string) bool { return slices.Contains(gone, n) })
			slices.Sort(kept)
			slices.Sort(tt.kept)
			if diff := cmp.Diff(tt.kept, kept); diff != "" {
				t.Errorf("expired(%d names, %s): kept (-want +got)\n%s", len(tt.there), tt.tonight, diff)
			}
		})
	}
}

// TestExpiredNightByNight lets a year of nights pass: there are never fewer than were
// promised, and in the end each of the last weeks has one.
func TestExpiredNightByNight(t *testing.T) {
	var there []string
	for i, date := range nightsFrom(t, "2026-01-01", 365) {
		there = append(there, backupsOf(date)...)
		gone := expired(there, date)
		there = slices.DeleteFunc(there, func(n string) bool { return slices.Contains(gone, n) })
		if want := min(i+1, keepDays); len(there) < want || len(there) > keepDays+keepWeeks {
			t.Fatalf("after %s: %d are kept, want at least %d and at most %d", date, len(there), want, keepDays+keepWeeks)
		}
	}
	want := append(backupsOf("2026-12-06", "2026-12-13", "2026-12-20", "2026-12-24"), backupsOf(nightsFrom(t, "2026-12-25", 7)...)...)
	if diff := cmp.Diff(want, there); diff != "" {
		t.Errorf("kept after a year (-want +got)\n%s", diff)
	}
}

// TestBackupsAreMadeNightly runs the program for two days. Other files in the folder are
// left alone, and a folder that cannot be made is tried again.
func TestBackupsAreMadeNightly(t *testing.T) {
	cfg := configIn(t)
	cfg.Backups = filepath.Join(t.TempDir(), "backups")
	write := func(file string) {
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(cfg.Backups) // a file in the folder's place
	old := nightsFrom(t, "1999-11-01", 28)
	var log strings.Builder
	synctest.Test(t, func(t *testing.T) {
		noon := time.Date(2000, 1, 2, 12, 0, 0, 0, time.Local)
		until := func(at time.Time) {
			time.Sleep(time.Until(at))
			synctest.Wait()
		}
		there := func(when string, want []string) {
			t.Helper()
			got, err := backupsIn(cfg.Backups)
			if diff := cmp.Diff(want, got); diff != "" || err != nil {
				t.Errorf("backups %s: %v (-want +got)\n%s", when, err, diff)
			}
		}
		until(noon)
		stop := running(t, cfg, &log)
		until(noon.Add(time.Minute))
		if err := os.Remove(cfg.Backups); err != nil {
			t.Fatal(err)
		}
		until(noon.Add(nightAgain + 2*nightLook))
		there("once the folder can be made", backupsOf("2000-01-02"))
		for _, name := range append(backupsOf(old...), "attune-2000-01-01.db.gz", "attune-2000-13-01.db", "holiday.jpg") {
			write(filepath.Join(cfg.Backups, name))
		}
		until(noon.Add(16*time.Hour - nightLook))
		there("before four", backupsOf(append(old, "2000-01-02")...))
		until(noon.Add(16*time.Hour + 2*nightLook))
		there("after four", backupsOf("1999-11-07", "1999-11-14", "1999-11-21", "1999-11-23",
			"1999-11-24", "1999-11-25", "1999-11-26", "1999-11-27", "1999-11-28", "2000-01-02", "2000-01-03"))
		stop()
	})
	if all, err := os.ReadDir(cfg.Backups); err != nil || len(all) != keepDays+keepWeeks+3 {
		t.Errorf("ReadDir: got %v, %v, want the backups and three files of others", all, err)
	}
	if n := strings.Count(log.String(), "backup not made, and tried again in an hour"); n != 1 {
		t.Errorf("the log says %d times that a backup was not made, want once\n%s", n, log.String())
	}
	made := filepath.Join(cfg.Backups, "attune-2000-01-03.db")
	if _, err := store.Restore(t.Context(), filepath.Join(t.TempDir(), "attune.db"), made, store.Restoring{Now: time.Now()}); err != nil {
		t.Errorf("Restore of a nightly backup: %v", err)
	}
}

// running runs the program until stop is called.
func running(t *testing.T, cfg config.Config, log io.Writer) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- run(ctx, cfg, with(until), nil, terminal{err: log}) }()
	return func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("run = %v, want no error", err)
		}
	}
}
