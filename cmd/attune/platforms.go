package main

import (
	"errors"
	"io"

	"attune/bots"
)

// platforms returns the bots to speak through.
type platforms func(in house, stdin io.Reader, stdout io.Writer) ([]bots.Bot, error)

// connect returns the bots that the settings ask for.
func connect(in house, stdin io.Reader, stdout io.Writer) ([]bots.Bot, error) {
	return nil, errors.New("no platform is set up")
}
