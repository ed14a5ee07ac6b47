package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"time"

	"attune/bots"
)

// A running Attune shows that it is well by the time of a file beside the
// database: once a minute it looks whether the database can be written and the
// alarms are rung, and if so it touches the file. The file goes when Attune stops in
// order, and grows old when it is killed, stands still or cannot write.
//
// A platform that is away has no part in it: whoever starts the program again
// because of that file would gain nothing by it.
const (
	beatEvery = time.Minute
	beatTime  = 30 * time.Second
	beatFresh = 150 * time.Second // two beats and the time a busy machine may take
)

// pulse returns the path of that file.
func pulse(database string) string { return database + ".alive" }

// look returns whether what is the program's own works.
func (in house) look(ctx context.Context) (found findings) {
	seen, _ := in.watch.see(time.Now())
	if err := in.store.Beat(ctx, seen); err != nil {
		found.add(fix, "database", "cannot be written: %v", err)
	} else {
		found.add(well, "database", "can be written")
	}
	still := (time.Since(in.meters.began) - time.Duration(in.meters.looked.Load())).Round(time.Second)
	if still > beatFresh {
		found.add(fix, "alarms", "nobody has looked for %v at what is due; start attune again", still)
	} else {
		found.add(well, "alarms", "are rung")
	}
	return found
}

// beat keeps the file fresh until ctx ends, and then removes it.
func beat(ctx context.Context, in house) error {
	file := pulse(in.cfg.Database)
	defer os.Remove(file)
	tick := time.NewTicker(beatEvery)
	defer tick.Stop()
	ill := bots.NewTrouble(in.log)
	for {
		looking, cancel := context.WithTimeout(ctx, beatTime)
		found := in.look(looking)
		cancel()
		if ctx.Err() != nil {
			return nil
		}
		if trouble := found.first(); trouble != nil {
			ill.Met(slog.LevelError, "not well", "part", trouble.about, "why", trouble.says)
		} else if err := touch(file, time.Now()); err != nil {
			ill.Met(slog.LevelError, "heartbeat not written", "err", err)
		} else {
			ill.Over("well again")
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
	if err := alive(cfg.Database, time.Now()); err != nil {
		return err
	}
	_, err = fmt.Fprintln(t.out, "well")
	return err
}

// alive reports why whatever runs with a database is not well.
func alive(database string, now time.Time) error {
	info, err := os.Stat(pulse(database))
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("nothing runs with the database %s", database)
	}
	if err != nil {
		return err
	}
	if age := now.Sub(info.ModTime()); age > beatFresh {
		return fmt.Errorf("whatever runs with the database %s has not been well for %v; its log says why", database, age.Round(time.Second))
	}
	return nil
}
