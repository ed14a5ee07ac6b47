// Attune is a bot for two people who keep a small ritual in the morning and in
// the evening.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"attune/config"
	"attune/rituals/phrases"
)

// version is set when a release is built.
var version = "dev"

// What a process ends with.
const (
	success = 0
	failure = 1
	misuse  = 2 // of the command line or the settings
)

// A commandLine is what can be asked for.
type commandLine struct {
	Run         runCommand         `cmd:"" default:"1" help:"Run the bot: on Telegram if a token is set, else in this terminal."`
	Demo        demoCommand        `cmd:"" help:"Watch one day of two people, made up here and now."`
	Rehearse    rehearseCommand    `cmd:"" help:"Run plays, and show where they go otherwise than written."`
	Rituals     ritualsCommand     `cmd:"" help:"Look at rituals."`
	Backup      backupCommand      `cmd:"" help:"Write a copy of the database, also while the bot runs."`
	Restore     restoreCommand     `cmd:"" help:"Make a backup the database."`
	Keys        keysCommand        `cmd:"" help:"Make keys that backups are encrypted with."`
	Healthcheck healthcheckCommand `cmd:"" help:"Succeed if the bot that owns the database is well."`
	Doctor      doctorCommand      `cmd:"" help:"Look at everything the bot needs, and say what to fix."`
	Version     versionCommand     `cmd:"" help:"Say which version this is."`
}

// A terminal is where a command was given.
type terminal struct {
	in       io.Reader
	out, err io.Writer
}

// errReported is the error of a command that has already said what went wrong.
var errReported = errors.New("reported")

// A misuseError is the error of settings that cannot be used.
type misuseError struct{ error }

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	os.Exit(attune(ctx, os.Args[1:], terminal{os.Stdin, os.Stdout, os.Stderr}))
}

// attune carries out a command line and returns what the process ends with.
func attune(ctx context.Context, args []string, t terminal) int {
	var cli commandLine
	ended := -1
	parser, err := kong.New(&cli,
		kong.Name("attune"),
		kong.Description("A small ritual in the morning and in the evening, for two people. Settings are environment variables; the README lists them."),
		kong.Writers(t.out, t.err),
		kong.Exit(func(code int) { ended = code }), // after --help
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(t),
	)
	if err != nil {
		panic(err) // commandLine is wrong
	}
	command, err := parser.Parse(dashes(args))
	if ended >= 0 {
		return ended
	}
	if err != nil {
		fmt.Fprintf(t.err, "attune: %v; attune --help shows what there is\n", err)
		return misuse
	}
	err = command.Run()
	var wrong misuseError
	switch {
	case err == nil:
		return success
	case errors.Is(err, errReported):
		return failure
	case errors.As(err, &wrong):
		fmt.Fprintln(t.err, err)
		return misuse
	}
	fmt.Fprintf(t.err, "attune: %v\n", err)
	return failure
}

// settings returns the settings from the environment.
func settings() (config.Config, error) {
	cfg, err := config.Load()
	if err != nil {
		return config.Config{}, misuseError{err}
	}
	if !phrases.Speaks(cfg.Language) {
		return config.Config{}, misuseError{fmt.Errorf("ATTUNE_LANGUAGE: %q is not spoken here; write one of %s", cfg.Language, strings.Join(phrases.Languages, ", "))}
	}
	return cfg, nil
}

type versionCommand struct{}

func (versionCommand) Run(t terminal) error {
	_, err := fmt.Fprintf(t.out, "attune %s (%s %s/%s)\n", version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}
