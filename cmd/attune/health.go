package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"time"

	"attune/rituals"
)

// A running Attune shows that it is well by the time of a file beside the
// database: once a minute it reads from the database, and if that works it
// touches the file. The file goes when Attune stops in order, and grows old when
// it is killed or stands still.
const (
	beatEvery = time.Minute
	beatFresh = 150 * time.Second // two beats and the time a busy machine may take
)

// pulse returns the path of that file.
func pulse(database string) string { return database + ".alive" }

// A due knows which alarms are due; the store does.
type due interface {
	Due(ctx context.Context, now time.Time, limit int) ([]rituals.Alarm, time.Time, error)
}

// beat keeps the file fresh until ctx ends, and then removes it.
func beat(ctx context.Context, database string, s due, log *slog.Logger) error {
	file := pulse(database)
	defer os.Remove(file)
	tick := time.NewTicker(beatEvery)
	defer tick.Stop()
	for {
		if _, _, err := s.Due(ctx, time.Now(), 1); ctx.Err() != nil {
			return nil
		} else if err != nil {
			log.Error("database cannot be read", "err", err)
		} else if err := touch(file, time.Now()); err != nil {
			log.Error("heartbeat not written", "err", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// touch sets the time of a file, and makes it if need be.
func touch(file string, now time.Time) error {
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), os.Chtimes(file, now, now))
}

type healthcheckCommand struct{}

// Run succeeds if the file is fresh.
func (healthcheckCommand) Run(t terminal) error {
	cfg, err := settings()
	if err != nil {
		return err
	}
	info, err := os.Stat(pulse(cfg.Database))
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("nothing runs with the database %s", cfg.Database)
	}
	if err != nil {
		return err
	}
	if age := time.Since(info.ModTime()); age > beatFresh {
		return fmt.Errorf("whatever runs with the database %s has not been well for %v", cfg.Database, age.Round(time.Second))
	}
	_, err = fmt.Fprintln(t.out, "well")
	return err
}
