package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"attune/store"
)

type restoreCommand struct {
	File    string `arg:"" help:"The backup."`
	Replace bool   `help:"Put it in the place of the database that is there, which is kept under another name."`
}

// Run restores the backup and says what that means for people.
func (c restoreCommand) Run(ctx context.Context, t terminal) error {
	cfg, keys, err := withKeys()
	if err != nil {
		return err
	}
	done, err := store.Restore(ctx, cfg.Database, c.File, store.Restoring{Keys: keys, Replace: c.Replace, Now: time.Now()})
	switch {
	case errors.Is(err, store.ErrExists):
		return fmt.Errorf("%w; with --replace it is kept under another name, and the backup takes its place", err)
	case errors.Is(err, store.ErrLocked):
		return fmt.Errorf("%w; stop it first", err)
	case err != nil:
		return err
	}
	fmt.Fprintf(t.out, "%s was restored; %s\n", cfg.Database, last(done.Copy))
	if done.Kept != "" {
		fmt.Fprintf(t.out, "what was there before is kept: %s\n", done.Kept)
	}
	if done.Waiting > 0 {
		fmt.Fprintf(t.out, "messages that waited then: %d; those whose time has not passed are sent when the bot starts, and may come a second time\n", done.Waiting)
	}
	_, err = fmt.Fprintln(t.out, `What people did after that is not in it. Tell them: their answers since then are gone,
and whoever has left, rests or has deleted words since then has to say so again.`)
	return err
}
