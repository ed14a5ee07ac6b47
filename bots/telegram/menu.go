package telegram

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"log/slog"
	"maps"
	"regexp"
	"slices"
	"strings"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"attune/bots"
	"attune/rituals"
)

// menuCursor is the name under which is remembered what menu was set: its hash and
// the languages it was set in.
const menuCursor = "menu"

const (
	maxCommands    = 100
	maxAbout       = 256 // of a command; all in UTF-16 units
	maxDescription = 512
	maxShort       = 120
)

var commandForm = regexp.MustCompile(`^[a-z0-9_]{1,32}$`)

// hereCommand is the only command that is meant for groups.
const hereCommand = "here"

// A menu is what Telegram itself says about the bot, in one language.
type menu struct {
	Language    string // empty: for all who have no menu of their own
	Commands    []models.BotCommand
	Groups      []models.BotCommand // in groups; all others are for one's own chat with the bot
	Description string
	Short       string
}

// keepMenu sets the menu if it is not the one that was set last, and tries until
// that is done, ctx ends or Telegram refuses it.
func (b *Bot) keepMenu(ctx context.Context) {
	trouble := bots.NewTrouble(b.log)
	for n := 0; ; n++ {
		err := b.setMenu(ctx)
		if err == nil || ctx.Err() != nil {
			return
		}
		var gone *bots.GoneError
		if errors.As(err, &gone) {
			b.log.Error("menu refused", "err", err)
			return
		}
		trouble.Met(slog.LevelWarn, "menu not set, trying on", "err", err)
		if !bots.Pause(ctx, backoff(n, err)) {
			return
		}
	}
}

// setMenu sets the menu in each language if any of it has changed, and takes away
// those in languages that are spoken no more.
func (b *Bot) setMenu(ctx context.Context) error {
	menus := b.menus()
	value, err := json.Marshal(struct {
		Bot   int64 // another bot has another menu
		Menus []menu
	}{b.me.Load().ID, menus})
	if err != nil {
		return err
	}
	sum := sha256.Sum256(value)
	var languages []string
	for _, m := range menus[1:] {
		languages = append(languages, m.Language)
	}
	is := hex.EncodeToString(sum[:]) + " " + strings.Join(languages, ",")
	was, err := b.cursor(ctx)
	if err != nil || was == is {
		return err
	}
	_, before, _ := strings.Cut(was, " ")
	for l := range strings.SplitSeq(before, ",") {
		if l != "" && !slices.Contains(languages, l) {
			menus = append(menus, menu{Language: l})
		}
	}
	for _, m := range menus {
		if err := b.set(ctx, m); err != nil {
			return b.classify(err)
		}
	}
	if b.opts.Cursors == nil {
		return nil
	}
	return b.opts.Cursors.SetCursor(ctx, rituals.Telegram, menuCursor, is)
}

// cursor returns what is remembered of the menu.
func (b *Bot) cursor(ctx context.Context) (string, error) {
	if b.opts.Cursors == nil {
		return "", nil
	}
	return b.opts.Cursors.Cursor(ctx, rituals.Telegram, menuCursor)
}

// set sets one menu; what is empty in it is taken away.
func (b *Bot) set(ctx context.Context, m menu) error {
	if err := b.setCommands(ctx, m.Commands, &models.BotCommandScopeDefault{}, m.Language); err != nil {
		return err
	}
	if err := b.setCommands(ctx, m.Groups, &models.BotCommandScopeAllGroupChats{}, m.Language); err != nil {
		return err
	}
	_, err := b.api.SetMyDescription(ctx, &tg.SetMyDescriptionParams{Description: m.Description, LanguageCode: m.Language})
	if err != nil {
		return err
	}
	_, err = b.api.SetMyShortDescription(ctx, &tg.SetMyShortDescriptionParams{ShortDescription: m.Short, LanguageCode: m.Language})
	return err
}

// setCommands sets the commands of one menu in the chats of a scope.
func (b *Bot) setCommands(ctx context.Context, list []models.BotCommand, scope models.BotCommandScope, language string) (err error) {
	if len(list) > 0 {
		_, err = b.api.SetMyCommands(ctx, &tg.SetMyCommandsParams{Commands: list, Scope: scope, LanguageCode: language})
	} else {
		_, err = b.api.DeleteMyCommands(ctx, &tg.DeleteMyCommandsParams{Scope: scope, LanguageCode: language})
	}
	return err
}

// menus returns the menu for everybody, and after it those in other languages, by
// code.
func (b *Bot) menus() []menu {
	spoken := make(map[string]bool)
	texts := []rituals.Text{b.opts.Description, b.opts.Short}
	for _, c := range b.opts.Commands {
		texts = append(texts, c.About, c.Names)
	}
	for _, t := range texts {
		for l := range t {
			spoken[l] = l != "" && l != "en" // English is for everybody
		}
	}
	all := []menu{b.menu("")}
	for _, l := range slices.Sorted(maps.Keys(spoken)) {
		if spoken[l] {
			all = append(all, b.menu(l))
		}
	}
	return all
}

// menu returns the menu in one language, within Telegram's limits.
func (b *Bot) menu(language string) menu {
	m := menu{
		Language:    language,
		Description: shorten(bots.Clean(b.opts.Description.In(language)), maxDescription),
		Short:       shorten(bots.Clean(b.opts.Short.In(language)), maxShort),
	}
	taken := make(map[string]bool)
	for _, c := range b.opts.Commands {
		taken[c.Name] = true
	}
	for _, c := range b.opts.Commands {
		about := shorten(bots.Clean(c.About.In(language)), maxAbout)
		if bots.Blank(about) {
			about = c.Name
		}
		name := c.Name
		if local := c.Names[language]; commandForm.MatchString(local) && !taken[local] {
			name, taken[local] = local, true
		}
		if !commandForm.MatchString(name) || len(m.Commands) == maxCommands {
			continue
		}
		shown := models.BotCommand{Command: name, Description: about}
		m.Commands = append(m.Commands, shown)
		if c.Name == hereCommand {
			m.Groups = append(m.Groups, shown)
		}
	}
	return m
}
