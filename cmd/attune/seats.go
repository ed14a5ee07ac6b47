package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"golang.org/x/term"

	"attune/bots/console"
	"attune/rituals"
)

// atTerminal returns the terminal with two seats, whose people are a couple. In a
// database without people it makes them one.
func atTerminal(ctx context.Context, in house, t terminal) ([]connection, error) {
	if err := seated(ctx, in); err != nil {
		return nil, err
	}
	watch := console.NewWatch(in.store, in.host)
	opts := looks(t)
	opts.Language = in.cfg.Language
	opts.Log = in.log
	opts.Idle = watch.Idle
	opts.Echo = !isTerminal(t.in)
	const welcome = `You are both of them: write "a: /evening" as Alex, "b: /evening" as Sam. "help" shows more.`
	if _, err := fmt.Fprintln(t.out, welcome); err != nil {
		return nil, err
	}
	return []connection{{bot: console.New(t.in, t.out, opts), outbox: watch, handler: watch}}, nil
}

// seated makes the people at the terminal a couple, unless they are one.
func seated(ctx context.Context, in house) error {
	var members []rituals.Member
	for _, s := range console.Seats() {
		st, err := in.store.Load(ctx, s.Person())
		if err != nil {
			return err
		}
		if st.Member.ID != 0 {
			return nil // whether they are a couple is up to them from here on
		}
		members = append(members, rituals.Member{
			Person: s.Person(), Address: s.Address(), Name: s.Name, Zone: localZone(), Language: in.cfg.Language,
		})
	}
	_, err := in.host.Pair(ctx, time.Now(), members...)
	if errors.Is(err, rituals.ErrConflict) {
		return errors.New("the database has other people in it; set ATTUNE_TELEGRAM_TOKEN to run the bot for them, or ATTUNE_DATABASE to another file")
	}
	return err
}

// looks returns how a terminal shows what is said: in colour, if somebody is
// looking who wants it.
func looks(t terminal) console.Options {
	opts := console.Options{Width: 100}
	if f, ok := t.out.(*os.File); ok && isTerminal(f) {
		opts.Color = os.Getenv("NO_COLOR") == ""
		if width, _, err := term.GetSize(int(f.Fd())); err == nil {
			opts.Width = max(width, 40)
		}
	}
	return opts
}

// localZone returns the IANA name of this machine's zone, or UTC if it cannot be
// told.
func localZone() string {
	names := []string{os.Getenv("TZ")}
	if link, err := os.Readlink("/etc/localtime"); err == nil {
		_, name, _ := strings.Cut(link, "zoneinfo/")
		names = append(names, name)
	}
	for _, name := range names {
		if _, err := rituals.Location(name); err == nil {
			return name
		}
	}
	return "UTC"
}
