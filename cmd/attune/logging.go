package main

import (
	"io"
	"log/slog"
	"os"
	"time"

	"github.com/lmittmann/tint"
	"github.com/mattn/go-isatty"

	"attune/config"
)

// newLog returns a log that writes to w as the settings say.
func newLog(cfg config.Config, w io.Writer) *slog.Logger {
	opts := &slog.HandlerOptions{Level: cfg.Log}
	switch {
	case cfg.LogFormat == config.JSON:
		return slog.New(slog.NewJSONHandler(w, opts))
	case cfg.LogFormat == config.Auto && isTerminal(w):
		return slog.New(tint.NewTextHandler(w, &tint.Options{
			Level:      cfg.Log,
			TimeFormat: time.TimeOnly,
			NoColor:    os.Getenv("NO_COLOR") != "",
		}))
	}
	return slog.New(slog.NewTextHandler(w, opts))
}

// isTerminal reports whether somebody may be looking at what is written to w.
func isTerminal(w any) bool {
	f, ok := w.(*os.File)
	return ok && isatty.IsTerminal(f.Fd())
}
