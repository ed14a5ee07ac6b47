package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"attune/bots/discord/discordtest"
	"attune/bots/telegram/telegramtest"
	"attune/config"
	"attune/rituals"
	"attune/rituals/host"
	"attune/rituals/library"
	"attune/rituals/rehearsal"
	"attune/store"
)

// A theatre is the whole program on a fake Telegram and a fake Discord, in a synctest
// bubble, in which plays are performed.
type theatre struct {
	*testing.T
	cfg      config.Config
	platform func(rehearsal.Role) rituals.Platform // where somebody sits
	telegram *telegramtest.Server
	discord  *discordtest.Server
	cast     []*player
	codes    []string // of invitations, in the order of being shown
	log      io.Writer
	wires    wires
	stop     func() error
	in       house // of the program that runs
}

// A player is one of the people on stage.
type player struct {
	rehearsal.Role
	telegram *telegramtest.User
	discord  *discordtest.User
	seen     map[string]string // what each message has looked like, by id
	toasts   int
	wrote    []note
}

// A note is what somebody wrote.
type note struct{ text, id string }

// A shown is a message as a player has it before them.
type shown struct {
	id, text string
	told     bool // for them alone, in passing
}

// settling is how long an act is given to have its effect. It is short, so that the
// times in a play hold.
const settling = 4 * time.Second

// newTheatre returns a theatre without anybody in it.
func newTheatre(t *testing.T, platform func(rehearsal.Role) rituals.Platform) *theatre {
	cfg := configIn(t)
	cfg.Rituals = grown(t)
	cfg.TelegramToken, cfg.TelegramAPI = config.NewSecret("1000:secret"), "https://telegram.test"
	cfg.DiscordToken, cfg.DiscordAPI = config.NewSecret("secret.Of-the.bot"), "https://discord.test"
	th := &theatre{
		T: t, cfg: cfg, platform: platform, log: t.Output(),
		telegram: telegramtest.New("1000:secret", "attune_bot"),
		discord:  discordtest.New("secret.Of-the.bot", "1000"),
	}
	th.wires = wires{telegram: th.telegram.Transport(), discord: th.discord.Transport(), gateway: th.discord.Dial}
	return th
}

// places returns where the two sit.
func places(alex, sam rituals.Platform) func(rehearsal.Role) rituals.Platform {
	return func(r rehearsal.Role) rituals.Platform {
		if r.Name == "Alex" {
			return alex
		}
		return sam
	}
}

// Open lets people take their seats.
func (th *theatre) Open(ctx context.Context, c rehearsal.Cast) (map[string]rituals.Person, error) {
	time.Sleep(time.Until(c.Begins.Add(-time.Minute)))
	who := map[string]rituals.Person{}
	guild := th.discord.Guild("500", "The two of them")
	var members []rituals.Member
	for i, r := range c.People {
		r.Platform = th.platform(r)
		p := &player{Role: r, seen: map[string]string{}}
		m := rituals.Member{Name: r.Name, Zone: r.Zone, Language: r.Language}
		switch r.Platform {
		case rituals.Telegram:
			p.telegram = th.telegram.User(int64(1001+i), r.Name, r.Language)
			if c.Paired {
				p.telegram.Open()
			}
			m.Person.ID = fmt.Sprint(p.telegram.ID())
			m.Address.Chat = m.Person.ID
		case rituals.Discord:
			p.discord = th.discord.User(fmt.Sprint(2001+i), r.Name, r.Language)
			guild.Join(p.discord)
			m.Person.ID, m.Address.Chat = p.discord.ID(), p.discord.Channel()
		default:
			return nil, fmt.Errorf("%s sits nowhere", r.Name)
		}
		m.Person.Platform, m.Address.Platform = r.Platform, r.Platform
		who[r.Name] = m.Person
		th.cast, members = append(th.cast, p), append(members, m)
	}
	th.cfg.Operator = c.Operator
	if c.Gently {
		th.cfg.Rituals = ""
	}
	if c.Paired {
		if err := th.pair(ctx, members[:2]); err != nil {
			return nil, err
		}
	}
	th.start()
	return who, nil
}

// afterLine is what lets a step come after some evenings, in a file of our own.
var afterLine = regexp.MustCompile(`(?m)^    after: \d+\n`)

// grown returns a folder with the rituals that we ship, in which every step is there
// from the first evening on.
func grown(t *testing.T) string {
	dir := t.TempDir()
	files, err := filepath.Glob("../../rituals/library/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("rituals: %v, %v", files, err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, filepath.Base(file)), afterLine.ReplaceAll(data, nil), 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// pair makes a couple in the database before the program runs.
func (th *theatre) pair(ctx context.Context, members []rituals.Member) error {
	lib, err := library.Load("")
	if err != nil {
		return err
	}
	s, err := store.Open(ctx, th.cfg.Database, store.Options{})
	if err != nil {
		return err
	}
	_, err = host.New(s, host.Options{Library: lib}).Pair(ctx, time.Now(), members...)
	return errors.Join(err, s.Close())
}

// start lets the program run.
func (th *theatre) start() {
	ctx, cancel := context.WithCancel(th.Context())
	done := make(chan error, 1)
	connect := func(ctx context.Context, in house, t terminal) ([]connection, error) {
		th.in = in
		return through(th.wires)(ctx, in, t)
	}
	go func() { done <- run(ctx, th.cfg, connect, nil, terminal{err: th.log}) }()
	th.stop = func() error {
		cancel()
		return <-done
	}
	th.settle(10 * time.Second)
}

// inBerlin lets Alex and Sam take their seats, a couple in Berlin, when it is that time
// there.
func (th *theatre) inBerlin(at string) (alex, sam *player) {
	th.Helper()
	berlin, err := rituals.Location("Europe/Berlin")
	if err != nil {
		th.Fatal(err)
	}
	begins, err := time.ParseInLocation("2006-01-02 15:04", at, berlin)
	if err != nil {
		th.Fatal(err)
	}
	_, err = th.Open(th.Context(), rehearsal.Cast{Paired: true, Begins: begins, People: []rehearsal.Role{
		{Name: "Alex", Zone: "Europe/Berlin", Language: "en"}, {Name: "Sam", Zone: "Europe/Berlin", Language: "en"}}})
	if err != nil {
		th.Fatal(err)
	}
	return th.cast[0], th.cast[1]
}

func (th *theatre) settle(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// Wait lets the clock go on, and what falls due then be said.
func (th *theatre) Wait(_ context.Context, until time.Time) error {
	time.Sleep(time.Until(until))
	th.settle(settling)
	return nil
}

// Do lets somebody act.
func (th *theatre) Do(_ context.Context, d rehearsal.Doing) error {
	defer th.settle(settling)
	switch d.Verb {
	case "down":
		return th.stop()
	case "up":
		th.start()
		return nil
	case "restart":
		err := th.stop()
		th.start()
		return err
	}
	i := slices.IndexFunc(th.cast, func(p *player) bool { return p.Name == d.Who })
	if i < 0 {
		return fmt.Errorf("%s is not in this theatre", d.Who)
	}
	p := th.cast[i]
	switch d.Verb {
	case "says":
		p.say(d.Text)
	case "taps":
		for range d.Times {
			if !p.tap(d.Text, d.On) {
				return fmt.Errorf("%s has no button [%s]", d.Who, d.Text)
			}
		}
	case "replies":
		id := p.find(d.On)
		if id == "" {
			return fmt.Errorf("%s has seen no message that begins with %q", d.Who, d.On)
		}
		p.reply(id, d.Text)
	case "edits":
		return p.edit(d.On, d.Text)
	case "opens the link", "opens":
		return p.follow(th.codes)
	case "sends":
		p.sticker()
	case "blocks the bot":
		p.block()
	case "unblocks the bot":
		p.unblock()
	default:
		return fmt.Errorf("%q is not done in this theatre", d.Verb)
	}
	return nil
}

// Store opens a copy of what is remembered.
func (th *theatre) Store(ctx context.Context) (*store.Store, error) {
	dir := th.TempDir()
	for _, end := range []string{"", "-wal"} {
		from, err := os.Open(th.cfg.Database + end)
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		to, err := os.Create(filepath.Join(dir, "attune.db"+end))
		if err == nil {
			_, err = io.Copy(to, from)
			err = errors.Join(err, to.Close())
		}
		if err = errors.Join(err, from.Close()); err != nil {
			return nil, err
		}
	}
	return store.Open(ctx, filepath.Join(dir, "attune.db"), store.Options{})
}

// close ends the performance.
func (th *theatre) close() {
	th.Helper()
	if th.stop == nil {
		return
	}
	if err := th.stop(); err != nil {
		th.Errorf("run = %v, want no error", err)
	}
	time.Sleep(5 * time.Second) // the fake gateway outlasts its client
}
