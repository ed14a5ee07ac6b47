package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"attune/bots"
	"attune/bots/console"
	"attune/rituals"
	"attune/rituals/host"
	"attune/rituals/library"
	"attune/store"
)

type demoCommand struct{}

// The day of the demo, as a play would tell it: who does what when. A label is
// tapped, words are written.
var demoDay = []struct {
	at        string
	seat      string // empty: the clock alone
	tap, says string
}{
	{at: "08:00"},
	{at: "08:02", seat: "a", tap: "😐"},
	{at: "08:02", seat: "a", says: "The move. I hope the van starts."},
	{at: "08:20", seat: "b", tap: "🙂"},
	{at: "08:20", seat: "b", tap: "Leave it there"},
	{at: "08:21", seat: "b", tap: "A hug"},
	{at: "21:30"},
	{at: "21:31", seat: "a", tap: "By message"},
	{at: "21:31", seat: "a", tap: "😕"},
	{at: "21:33", seat: "a", says: "Tired. I felt alone with the boxes today."},
	{at: "21:33", seat: "a", tap: "Tell me what you heard"},
	{at: "21:34", seat: "a", says: "The keys at nine."},
	{at: "21:35", seat: "a", says: "You called at lunch."},
	{at: "21:40", seat: "b", tap: "By message"},
	{at: "21:40", seat: "b", tap: "🙂"},
	{at: "21:42", seat: "b", says: "I'm nervous about Friday."},
	{at: "21:42", seat: "b", tap: "Just read it"},
	{at: "21:43", seat: "b", tap: "Skip"},
	{at: "21:44", seat: "b", says: "The coffee on the stairs."},
	{at: "21:45", seat: "a", tap: "I see you"},
	{at: "21:45", seat: "b", tap: "Say what I heard"},
	{at: "21:46", seat: "b", says: "I heard that the boxes were too much for one."},
	{at: "21:46", seat: "a", tap: "Yes, that's it"},
	{at: "21:46", seat: "b", says: "/streak"},
}

// Run plays one day of a couple through the real host, store and courier.
func (demoCommand) Run(ctx context.Context, t terminal) (err error) {
	cfg, err := settings()
	if err != nil {
		return err
	}
	if _, set := os.LookupEnv("ATTUNE_DATABASE"); !set {
		dir, err := os.MkdirTemp("", "attune-demo-")
		if err != nil {
			return err
		}
		cfg.Database = filepath.Join(dir, "attune.db")
	}
	cfg.Log = max(cfg.Log, slog.LevelWarn) // the day tells what happens
	log := newLog(cfg, t.err)
	lib, err := library.Load("")
	if err != nil {
		return err
	}
	s, err := store.Open(ctx, cfg.Database, store.Options{Trouble: bots.NewTrouble(log)})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	h := host.New(s, host.Options{Library: lib.Grown(), Operator: cfg.Operator, Log: log})

	watch := console.NewWatch(s, h)
	opts := looks(t)
	opts.Language, opts.Columns, opts.Log = "en", true, log
	opts.Width -= len("08:00  ")
	d := &demo{store: s, host: h, idle: watch.Idle, page: console.New(nil, t.out, opts), out: t.out}
	running, stop := context.WithCancel(ctx)
	group, running := errgroup.WithContext(running)
	courier := bots.NewCourier(watch, d.page, watch, bots.CourierOptions{Log: log})
	group.Go(func() error { return courier.Run(running) })
	group.Go(func() error {
		defer stop()
		return d.play(running)
	})
	if err := group.Wait(); err != nil {
		return err
	}
	return d.epilogue(ctx)
}

// A demo is a day under way.
type demo struct {
	store  *store.Store
	host   *host.Host
	idle   func(context.Context) error // returns once all was shown
	page   *console.Bot
	out    io.Writer
	margin string // the time of day, if it was not shown yet
}

// play goes through the day. It is tomorrow, so that nothing is too late to be
// said.
func (d *demo) play(ctx context.Context) error {
	const zone = "Europe/Berlin"
	loc, err := rituals.Location(zone)
	if err != nil {
		return err
	}
	day := rituals.DayOf(rituals.WallAt(time.Now(), loc)).Add(1)
	clock := func(at string) time.Time {
		hour, _ := time.Parse("15:04", at) // demoDay is right
		instant, _ := day.At(hour.Hour(), hour.Minute()).In(loc)
		return instant
	}
	var members []rituals.Member
	for _, s := range console.Seats() {
		members = append(members, rituals.Member{Person: s.Person(), Address: s.Address(), Name: s.Name, Zone: zone, Language: "en"})
	}
	_, err = d.host.Pair(ctx, clock("07:00"), members...)
	if errors.Is(err, rituals.ErrConflict) {
		return errors.New("the database has people in it; the demo needs one of its own")
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(d.out, "%s, %s: one day of Alex, on the left, and Sam\n\n", day.Weekday(), day)
	last := ""
	for _, a := range demoDay {
		d.margin = strings.Repeat(" ", len("08:00  "))
		if a.at != last {
			d.margin, last = a.at+"  ", a.at
		}
		if _, err := d.host.Ring(ctx, clock(a.at)); err != nil {
			return err
		}
		if err := d.act(ctx, clock(a.at), a.seat, a.tap, a.says); err != nil {
			return err
		}
		if err := errors.Join(d.idle(ctx), d.page.Flush(d.margin)); err != nil {
			return err
		}
	}
	return nil
}

// act does what the person at a seat does, if anything.
func (d *demo) act(ctx context.Context, now time.Time, seat, tap, says string) (err error) {
	if seat == "" {
		return nil
	}
	var e rituals.Event
	if tap != "" {
		e, err = d.page.Press(seat, tap)
	} else {
		e, err = d.page.Hear(seat + ": " + says)
	}
	if err != nil {
		return err
	}
	if err := errors.Join(d.page.Echo(e), d.page.Flush(d.margin)); err != nil {
		return err
	}
	d.margin = strings.Repeat(" ", len(d.margin))
	answer, err := d.host.Handle(ctx, now, e)
	return errors.Join(err, d.page.Answer(e, answer))
}

// epilogue says what was recorded, where, and what to do next.
func (d *demo) epilogue(ctx context.Context) error {
	fmt.Fprintln(d.out, "\nWhat is recorded:")
	if err := d.store.Dump(ctx, d.out); err != nil {
		return err
	}
	_, err := fmt.Fprintf(d.out, `
It is all in %s

Next:
  go run ./cmd/attune
      the same in this terminal, and you are both of them
  ATTUNE_TELEGRAM_TOKEN=… ATTUNE_ALLOW=telegram:… go run ./cmd/attune
      for the two of you, with a token from @BotFather
`, d.store.Path())
	return err
}
