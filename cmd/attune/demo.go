package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"

	"attune/bots"
	"attune/config"
	"attune/rituals"
	"attune/rituals/host"
	"attune/rituals/library"
	"attune/store"
)

type demoCommand struct{}

// The day of the demo, as a play would tell it: who does what when. A label is
// tapped; anything else is written.
var demoDay = []struct {
	at        string
	who       string // empty: the clock alone
	tap, says string
}{
	{at: "08:00"},
	{at: "08:02", who: "Alex", tap: "😐"},
	{at: "08:02", who: "Alex", says: "The move. I hope the van starts."},
	{at: "08:20", who: "Sam", tap: "🙂"},
	{at: "08:20", who: "Sam", tap: "Leave it there"},
	{at: "08:21", who: "Sam", tap: "A hug"},
	{at: "21:30"},
	{at: "21:31", who: "Alex", tap: "By message"},
	{at: "21:31", who: "Alex", tap: "😕"},
	{at: "21:33", who: "Alex", says: "Tired. I felt alone with the boxes today."},
	{at: "21:35", who: "Alex", says: "You called at lunch."},
	{at: "21:40", who: "Sam", tap: "By message"},
	{at: "21:40", who: "Sam", tap: "🙂"},
	{at: "21:42", who: "Sam", says: "I'm nervous about Friday."},
	{at: "21:43", who: "Sam", says: "The coffee on the stairs."},
	{at: "21:45", who: "Alex", tap: "I see you"},
	{at: "21:46", who: "Sam", says: "/streak"},
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
	cfg.Log = max(cfg.Log, 4) // the day tells what happens
	log := newLog(cfg, t.err)
	lib, err := library.Load("")
	if err != nil {
		return err
	}
	s, err := store.Open(ctx, cfg.Database, store.Options{Log: log})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	h := host.New(s, host.Options{Library: lib, Operator: cfg.Operator, Log: log})

	d := &demo{store: s, host: h, stage: newStage(t.out, "Alex", "Sam")}
	running, stop := context.WithCancel(ctx)
	group, running := errgroup.WithContext(running)
	courier := bots.NewCourier(s, d.stage, h, bots.CourierOptions{Log: log})
	group.Go(func() error { return courier.Run(running) })
	group.Go(func() error {
		defer stop()
		return d.play(running)
	})
	if err := group.Wait(); err != nil {
		return err
	}
	return d.epilogue(ctx, t, cfg)
}

// A demo is a day under way.
type demo struct {
	store  *store.Store
	host   *host.Host
	stage  *stage
	couple rituals.CoupleID
	events int
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
	for _, name := range d.stage.names {
		members = append(members, rituals.Member{Person: seat(name), Address: chat(name), Name: name, Zone: zone, Language: "en"})
	}
	d.couple, err = d.host.Pair(ctx, clock("07:00"), members...)
	if errors.Is(err, rituals.ErrConflict) {
		return errors.New("the database has people in it; the demo needs one of its own")
	}
	if err != nil {
		return err
	}
	d.stage.title(day, "a morning and an evening")
	for _, a := range demoDay {
		now := clock(a.at)
		d.stage.clock(a.at)
		if _, err := d.host.Ring(ctx, now); err != nil {
			return err
		}
		if a.who != "" {
			if err := d.act(ctx, now, a.who, a.tap, a.says); err != nil {
				return err
			}
		}
		if err := d.delivered(ctx); err != nil {
			return err
		}
		d.stage.show()
	}
	return nil
}

// act does what a person does.
func (d *demo) act(ctx context.Context, now time.Time, who, tap, says string) error {
	d.events++
	e := rituals.Event{
		ID: fmt.Sprintf("demo-%d", d.events), Kind: rituals.Wrote, Person: seat(who), Chat: chat(who),
		Private: true, Name: who, Language: "en", Text: says, Source: fmt.Sprintf("said-%d", d.events),
	}
	if tap != "" {
		action, ok := d.stage.button(who, tap)
		if !ok {
			return fmt.Errorf("%s sees no button %q", who, tap)
		}
		e.Kind, e.Action, e.Source = rituals.Tapped, action, ""
	}
	d.stage.did(who, tap, says)
	_, err := d.host.Handle(ctx, now, e)
	return err
}

// delivered waits until all that was said has arrived.
func (d *demo) delivered(ctx context.Context) error {
	for {
		waiting, err := d.store.Waiting(ctx, rituals.Console, 0, 1)
		if err != nil || len(waiting) == 0 {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(2 * time.Millisecond): // the record of a delivery has no signal
		}
	}
}

// epilogue says what was recorded, where, and what to do next.
func (d *demo) epilogue(ctx context.Context, t terminal, cfg config.Config) error {
	st, err := d.store.LoadCouple(ctx, d.couple)
	if err != nil {
		return err
	}
	d.stage.recorded(st)
	run := "go run ./cmd/attune"
	_, err = fmt.Fprintf(t.out, `
It is all in %s

Next:
  %s
      the same in this terminal, and you are both of them
  ATTUNE_TELEGRAM_TOKEN=… ATTUNE_ALLOW=telegram:… %s
      for the two of you, with a token from @BotFather
`, d.store.Path(), run, run)
	return err
}

func seat(name string) rituals.Person {
	return rituals.Person{Platform: rituals.Console, ID: name}
}

func chat(name string) rituals.Address {
	return rituals.Address{Platform: rituals.Console, Chat: name}
}
