package main

import (
	"context"
	"fmt"
	"slices"

	"attune/rituals/library"
	"attune/rituals/rehearsal"
)

// dashes lets -update be written as go test has it, with one dash.
func dashes(args []string) []string {
	args = slices.Clone(args)
	for i, a := range args {
		if a == "-update" {
			args[i] = "--update"
		}
	}
	return args
}

type rehearseCommand struct {
	Files   []string `arg:"" name:"file" help:"Plays: who does what at which time, and what each then sees."`
	Rituals string   `placeholder:"DIR" help:"A folder with ritual files of your own."`
	Update  bool     `short:"u" help:"Rewrite what is seen in the files instead of comparing it."`
}

// Run plays the files and prints where they go otherwise than written.
func (c rehearseCommand) Run(ctx context.Context, t terminal) error {
	lib, err := library.Load(c.Rituals)
	if err != nil {
		return explain(t.err, err)
	}
	failed, err := rehearsal.Rehearse(ctx, t.out, c.Files, rehearsal.Options{Library: lib, Update: c.Update})
	if err != nil {
		return err
	}
	if failed > 0 {
		fmt.Fprintf(t.err, "%d of %d went otherwise; -update rewrites what is seen\n", failed, len(c.Files))
		return errReported
	}
	return nil
}
