package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"

	"golang.org/x/sync/errgroup"

	"attune/bots"
	"attune/config"
	"attune/rituals"
	"attune/rituals/host"
	"attune/rituals/library"
	"attune/store"
)

type runCommand struct{}

// Run runs the bot until a signal comes or, in the terminal, the input ends.
func (runCommand) Run(ctx context.Context, t terminal) error {
	cfg, err := settings()
	if err != nil {
		return err
	}
	hangup := make(chan os.Signal, 1)
	signal.Notify(hangup, syscall.SIGHUP)
	defer signal.Stop(hangup)
	err = run(ctx, cfg, connect, hangup, t)
	var problems library.Problems
	switch {
	case err == nil:
		return nil
	case errors.As(err, &problems):
		return explain(t.err, err)
	}
	return hide(err, cfg.TelegramToken, cfg.DiscordToken)
}

// hide returns err without the secrets: the address of every call to Telegram has
// the token in it, and an error of the network shows the address.
func hide(err error, secrets ...config.Secret) error {
	for _, s := range secrets {
		if !s.Empty() && strings.Contains(err.Error(), s.Reveal()) {
			err = errors.New(strings.ReplaceAll(err.Error(), s.Reveal(), s.String()))
		}
	}
	return err
}

// A house is everything that does not depend on the platforms.
type house struct {
	cfg     config.Config
	log     *slog.Logger
	keys    store.Keys
	store   *store.Store
	host    *host.Host
	meters  *meters
	watch   *watch
	library *library.Library // as it was at the start
}

// run runs the bot on the platforms until ctx ends or one of them does, and
// returns once all it started has stopped. It reads the rituals folder again
// whenever hangup tells it to.
func run(ctx context.Context, cfg config.Config, connect platforms, hangup <-chan os.Signal, t terminal) (err error) {
	log := newLog(cfg, t.err)
	keys, err := keyring(cfg)
	if err != nil {
		return err
	}
	lib, err := library.Load(cfg.Rituals)
	if err != nil {
		return err
	}
	port, err := listen(ctx, cfg.Listen)
	if err != nil {
		return err
	}
	if port != nil {
		defer port.Close()
	}
	s, err := store.Open(ctx, cfg.Database, store.Options{Trouble: bots.NewTrouble(log)})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()

	m := newMeters()
	h := host.New(ledger{s, m}, host.Options{
		Library:  lib,
		Operator: cfg.Operator,
		Allow:    people(cfg.Allow),
		Language: cfg.Language,
		Codes:    !cfg.DiscordToken.Empty(),
		Log:      log,
	})
	in := house{cfg, log, keys, s, h, m, &watch{}, lib}
	connections, err := connect(ctx, in, t)
	if err != nil {
		return err
	}
	log.Info("started", "version", version, "database", cfg.Database, "rituals", len(lib.All()))
	if len(cfg.Allow) == 0 && cfg.Online() > 0 {
		log.Warn("anyone who finds the bot can use it; ATTUNE_ALLOW names who may")
	}
	defer log.Info("stopped")
	debug.FreeOSMemory() // all rituals and decks were read, and the box may be a small one
	return live(ctx, in, connections, port, hangup)
}

// people returns accounts as the host knows them.
func people(accounts []config.Account) []rituals.Person {
	var all []rituals.Person
	for _, a := range accounts {
		all = append(all, rituals.Person{Platform: rituals.Platform(a.Platform), ID: a.ID})
	}
	return all
}

// A part of the program runs until ctx ends.
type part func(ctx context.Context) error

// live runs everything side by side. When one part ends, all do.
func live(ctx context.Context, in house, connections []connection, port net.Listener, hangup <-chan os.Signal) error {
	if err := in.recall(ctx, connections); err != nil {
		return err
	}
	all := []part{
		func(ctx context.Context) error { return in.work(ctx, connections) },
		func(ctx context.Context) error { return beat(ctx, in) },
		func(ctx context.Context) error { return reload(ctx, in, hangup) },
	}
	if in.cfg.Backups != "" {
		all = append(all, in.keepBackups)
	}
	if port != nil {
		all = append(all, func(ctx context.Context) error { return doorkeeper{in, connections}.serve(ctx, port) })
	}
	return together(ctx, all...)
}

// parts returns those that need a clock that is right.
func (in house) parts(connections []connection) []part {
	all := []part{in.host.Run}
	for _, c := range connections {
		all = append(all,
			bots.NewCourier(hatch{c.outbox, in.meters.on(c.bot.Platform())}, c.bot, c.handler, bots.CourierOptions{Log: in.log}).Run,
			func(ctx context.Context) error { return c.bot.Run(ctx, in.host) })
	}
	return all
}

// together runs parts side by side and returns when all have ended, which they do when
// ctx or one of them does.
func together(ctx context.Context, parts ...part) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	group, ctx := errgroup.WithContext(ctx)
	for _, p := range parts {
		group.Go(func() error {
			defer stop()
			err := p(ctx)
			if ctx.Err() != nil && errors.Is(err, context.Canceled) {
				return nil
			}
			return err
		})
	}
	return group.Wait()
}

// reload reads the rituals folder again whenever it is told to, until ctx ends. A
// folder with a problem changes nothing.
func reload(ctx context.Context, in house, told <-chan os.Signal) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-told:
		}
		lib, err := library.Load(in.cfg.Rituals)
		if err != nil {
			in.log.Error("rituals not read again, the last good ones hold", "err", err)
			continue
		}
		in.host.SetLibrary(lib)
		in.log.Info("rituals read again", "rituals", len(lib.All()))
	}
}
