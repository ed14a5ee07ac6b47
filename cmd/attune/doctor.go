package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"attune/bots"
	"attune/bots/discord"
	"attune/bots/telegram"
	"attune/config"
	"attune/rituals"
	"attune/store"
)

// A doctor looks at everything that Attune needs, and says of each what to do. The bot
// may run meanwhile: nothing is changed and nobody is written to.
type doctor struct {
	cfg    config.Config
	now    time.Time
	meters *meters       // tell what the time is on the platforms
	kept   store.Checkup // of the database
	lost   error         // why that could not be looked at
	found  findings
}

const (
	askTime  = 5 * time.Second  // for a platform's answer
	skewMind = 5 * time.Second  // a clock that is further off is worth a word
	skewFix  = 60 * time.Second // and here a ritual comes at another time than agreed
)

type doctorCommand struct{}

// Run looks at everything, one line for each thing, and fails if something is to be
// fixed.
func (doctorCommand) Run(ctx context.Context, t terminal) error {
	d := doctor{now: time.Now(), meters: newMeters()}
	var err error
	d.cfg, err = settings()
	bad := false
	for _, look := range d.looks(err) {
		d.found = nil
		look(ctx)
		d.found.print(t.out)
		bad = bad || !d.found.well()
	}
	if bad {
		return errReported
	}
	return nil
}

// looks returns what is looked at, in order; of settings that are wrong nothing else.
func (d *doctor) looks(wrong error) []func(context.Context) {
	if wrong != nil {
		return []func(context.Context){func(context.Context) {
			for line := range strings.SplitSeq(wrong.Error(), "\n") {
				d.found.add(fix, "settings", "%s", line)
			}
		}, d.zones}
	}
	return []func(context.Context){d.settings, d.tokens, d.examine, d.clock, d.zones, d.database, d.disk, d.permissions, d.rituals}
}

func (d *doctor) settings(context.Context) {
	d.found.add(well, "settings", "are understood")
	if len(d.cfg.Allow) == 0 && d.cfg.Online() > 0 {
		d.found.add(mind, "settings", "anyone who finds the bot can use it; ATTUNE_ALLOW names who may")
	}
}

// A named is a bot that can be asked who it is.
type named interface {
	bots.Bot
	Name(ctx context.Context) (string, error)
}

// tokens asks each platform whose token is.
func (d *doctor) tokens(ctx context.Context) {
	if d.cfg.Online() == 0 {
		d.found.add(well, "token", "there is none, so that attune runs in the terminal")
	}
	if token := d.cfg.TelegramToken; !token.Empty() {
		b, err := telegram.New(telegram.Options{Token: token.Reveal(), API: d.cfg.TelegramAPI,
			Transport: caller{bots.Transport(), d.meters.on(rituals.Telegram)}})
		d.token(ctx, rituals.Telegram, b, err, d.cfg.TelegramAPI, "ATTUNE_TELEGRAM_TOKEN: copy it again from @BotFather, who shows it with /mybots, API Token")
	}
	if token := d.cfg.DiscordToken; !token.Empty() {
		b, err := discord.New(discord.Options{Token: token.Reveal(), API: d.cfg.DiscordAPI,
			Transport: caller{bots.Transport(), d.meters.on(rituals.Discord)}})
		d.token(ctx, rituals.Discord, b, err, d.cfg.DiscordAPI, "ATTUNE_DISCORD_TOKEN: in the developer portal, Bot, Reset Token shows another")
	}
}

// token asks a platform who the bot is.
func (d *doctor) token(ctx context.Context, p rituals.Platform, b named, err error, api, do string) {
	about := string(p)
	var name string
	if err == nil {
		asking, cancel := context.WithTimeout(ctx, askTime)
		defer cancel()
		name, err = b.Name(asking)
	}
	var retry *bots.RetryError
	switch {
	case err == nil:
		d.found.add(well, about, "knows the bot as %s", name)
	case errors.Is(err, telegram.ErrToken), errors.Is(err, discord.ErrToken):
		d.found.add(fix, about, "does not accept the token in %s", do)
	default:
		if errors.As(err, &retry) {
			err = retry.Err
		}
		if line := (*net.OpError)(nil); errors.As(err, &line) {
			err = line // what a library was about to do helps nobody
		}
		err = hide(err, d.cfg.TelegramToken, d.cfg.DiscordToken)
		d.found.add(fix, about, "%s gives no answer that can be used (%v): see that this machine is online, and that no firewall or proxy is in the way", api, err)
	}
}

// examine looks through the database, for what follows. If what should be its folder is
// none there is nothing to look at, and [doctor.permissions] says so.
func (d *doctor) examine(ctx context.Context) {
	if info, err := os.Stat(d.folder()); err == nil && info.IsDir() {
		d.kept, d.lost = store.Check(ctx, d.cfg.Database)
	}
}

// folder returns the database's folder, or the nearest above it that is there.
func (d *doctor) folder() string {
	folder := filepath.Dir(d.cfg.Database)
	for {
		if _, err := os.Stat(folder); err == nil || folder == filepath.Dir(folder) {
			return folder
		}
		folder = filepath.Dir(folder)
	}
}

// clock compares this machine's with those of the platforms, and with what is stored.
func (d *doctor) clock(context.Context) {
	for _, p := range []rituals.Platform{rituals.Telegram, rituals.Discord} {
		ahead := d.meters.on(p).skew.Load()
		if ahead == nil {
			continue
		}
		off, side := *ahead, "behind"
		if off < 0 {
			off, side = -off, "ahead of"
		}
		says := fmt.Sprintf("this machine's is %v %s the one of %s", roughly(off), side, p)
		switch {
		case off > skewFix:
			d.found.add(fix, "clock", "%s, and rituals come at another time than agreed: have it set by the network, such as with timedatectl set-ntp true", says)
		case off > skewMind:
			d.found.add(mind, "clock", "%s: have it set by the network, such as with timedatectl set-ntp true", says)
		default:
			d.found.add(well, "clock", "agrees with the one of %s", p)
		}
	}
	if ahead := d.kept.Newest.Sub(d.now); ahead > skewFix {
		d.found.add(fix, "clock", "the database knows of something that was done %v from now: this machine's clock was ahead then or is behind now; have it set by the network, and the bot goes on by itself", roughly(ahead))
	}
	if len(d.found) == 0 {
		d.found.add(well, "clock", "is %s, with no platform to compare it with", d.now.UTC().Format("2006-01-02 15:04:05 UTC"))
	}
}

// roughly returns d as somebody would say it.
func roughly(d time.Duration) time.Duration {
	if d > 2*time.Minute {
		return d.Round(time.Minute)
	}
	return d.Round(time.Second)
}
