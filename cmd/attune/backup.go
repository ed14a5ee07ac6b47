package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"attune/config"
	"attune/store"
)

// keyring returns the keys of the settings.
func keyring(cfg config.Config) (store.Keys, error) {
	keys, err := store.ParseKeys(cfg.Keys.Reveal())
	if err == nil && keys.Empty() && !cfg.Keys.Empty() {
		err = errors.New("there is no key in it; attune keys new makes one")
	}
	if err != nil {
		return store.Keys{}, misuseError{fmt.Errorf("ATTUNE_KEYS: %w", err)}
	}
	return keys, nil
}

// withKeys returns the settings and the keys in them.
func withKeys() (config.Config, store.Keys, error) {
	cfg, err := settings()
	if err != nil {
		return cfg, store.Keys{}, err
	}
	keys, err := keyring(cfg)
	return cfg, keys, err
}

type backupCommand struct {
	File string `arg:"" help:"Where the copy is to be; nothing may be there yet."`
}

// Run writes the copy and says what is in it.
func (c backupCommand) Run(ctx context.Context, t terminal) error {
	cfg, keys, err := withKeys()
	if err != nil {
		return err
	}
	made, err := store.Backup(ctx, cfg.Database, c.File, keys)
	if errors.Is(err, store.ErrExists) {
		return fmt.Errorf("%w; name another file", err)
	}
	if err != nil {
		return err
	}
	info, err := os.Stat(c.File)
	if err != nil {
		return err
	}
	fmt.Fprintf(t.out, "%s was written and checked (%.1f MB, schema %d); %s\n", c.File, float64(info.Size())/1e6, made.Schema, last(made))
	if keys.Empty() {
		_, err = fmt.Fprintln(t.out, "it is not encrypted: whoever has it can read it; with ATTUNE_KEYS it would be")
	} else {
		_, err = fmt.Fprintln(t.out, "it is encrypted to", keys.Public())
	}
	return err
}

// last says until when a copy knows what has happened.
func last(c store.Copy) string {
	if c.Last.IsZero() {
		return "nothing has happened in it yet"
	}
	return "the last thing in it is of " + c.Last.Format("2006-01-02 15:04 UTC")
}

type keysCommand struct {
	New newKeyCommand `cmd:"" help:"Print a fresh key."`
}

type newKeyCommand struct{}

// Run prints the key alone, so that it can go into a file, and beside it where to keep
// it.
func (newKeyCommand) Run(t terminal) error {
	key, err := store.NewKey()
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintln(t.out, key); err != nil {
		return err
	}
	_, err = fmt.Fprintln(t.err, "Set ATTUNE_KEYS to it, in front of those that are there, with a comma between. Keep it in a second place, and not beside the backups: without it they cannot be opened.")
	return err
}
