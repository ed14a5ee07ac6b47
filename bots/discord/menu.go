package discord

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"regexp"

	"github.com/bwmarrin/discordgo"

	"attune/bots"
	"attune/rituals"
)

const (
	maxCommands = 100
	maxAbout    = 100 // UTF-16 units
	maxOption   = 200 // characters that may follow a command's name
)

var commandForm = regexp.MustCompile(`^[-_a-z0-9]{1,32}$`)

// locales are Discord's names of languages, by code. It refuses those that it does
// not know.
var locales = map[string][]discordgo.Locale{
	"bg": {discordgo.Bulgarian}, "cs": {discordgo.Czech}, "da": {discordgo.Danish}, "de": {discordgo.German},
	"el": {discordgo.Greek}, "es": {discordgo.SpanishES, discordgo.SpanishLATAM}, "fi": {discordgo.Finnish},
	"fr": {discordgo.French}, "hi": {discordgo.Hindi}, "hr": {discordgo.Croatian}, "hu": {discordgo.Hungarian},
	"it": {discordgo.Italian}, "ja": {discordgo.Japanese}, "ko": {discordgo.Korean}, "lt": {discordgo.Lithuanian},
	"nl": {discordgo.Dutch}, "no": {discordgo.Norwegian}, "pl": {discordgo.Polish}, "pt": {discordgo.PortugueseBR},
	"ro": {discordgo.Romanian}, "ru": {discordgo.Russian}, "sv": {discordgo.Swedish}, "th": {discordgo.Thai},
	"tr": {discordgo.Turkish}, "uk": {discordgo.Ukrainian}, "vi": {discordgo.Vietnamese}, "zh": {discordgo.ChineseCN},
}

// keepMenu sets the slash commands if they are not those that were set last, and
// tries until that is done, ctx ends or Discord refuses them.
func (b *Bot) keepMenu(ctx context.Context, app string) {
	trouble := bots.NewTrouble(b.log)
	for n := 0; ; n++ {
		err := b.setMenu(ctx, app)
		if err == nil || ctx.Err() != nil {
			return
		}
		if gone := (*bots.GoneError)(nil); errors.As(err, &gone) {
			b.log.Error("commands refused", "err", err)
			return
		}
		trouble.Met(slog.LevelWarn, "commands not set, trying on", "err", err)
		if !bots.Pause(ctx, backoff(n, err)) {
			return
		}
	}
}

// setMenu sets the commands of an application.
func (b *Bot) setMenu(ctx context.Context, app string) error {
	commands := menu(b.opts.Commands)
	value, err := json.Marshal(commands)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(append([]byte(app+" "), value...)) // another bot has another menu
	is := hex.EncodeToString(sum[:])
	was, err := b.book.cursors.Cursor(ctx, rituals.Discord, menuCursor)
	if err != nil || was == is {
		return err
	}
	err = b.call(ctx, http.MethodPut, discordgo.EndpointApplicationGlobalCommands(app), commands, nil)
	if err != nil {
		return err
	}
	return b.book.cursors.SetCursor(ctx, rituals.Discord, menuCursor, is)
}

// menu returns the commands as Discord takes them: in servers and in direct
// messages with the bot.
func menu(commands []rituals.Command) []*discordgo.ApplicationCommand {
	all := []*discordgo.ApplicationCommand{}
	taken := make(map[string]bool)
	for _, c := range commands {
		taken[c.Name] = true
	}
	for _, c := range commands {
		if !commandForm.MatchString(c.Name) || len(all) == maxCommands {
			continue
		}
		about, names := localised(c.About), localisedNames(c, taken)
		cmd := &discordgo.ApplicationCommand{
			Type:             discordgo.ChatApplicationCommand,
			Name:             c.Name,
			Description:      described(c.About, c.Name),
			Contexts:         &[]discordgo.InteractionContextType{discordgo.InteractionContextGuild, discordgo.InteractionContextBotDM},
			IntegrationTypes: &[]discordgo.ApplicationIntegrationType{discordgo.ApplicationIntegrationGuildInstall},
			Options:          []*discordgo.ApplicationCommandOption{},
		}
		if len(about) > 0 {
			cmd.DescriptionLocalizations = &about
		}
		if len(names) > 0 {
			cmd.NameLocalizations = &names
		}
		if c.Whom != nil {
			cmd.Options = append(cmd.Options, &discordgo.ApplicationCommandOption{
				Type:                     discordgo.ApplicationCommandOptionUser,
				Name:                     "partner",
				Description:              described(c.Whom, c.Name),
				DescriptionLocalizations: localised(c.Whom),
			})
		}
		if c.Takes != nil {
			cmd.Options = append(cmd.Options, &discordgo.ApplicationCommandOption{
				Type:                     discordgo.ApplicationCommandOptionString,
				Name:                     "with",
				Description:              described(c.Takes, c.Name),
				DescriptionLocalizations: localised(c.Takes),
				MaxLength:                maxOption,
			})
		}
		all = append(all, cmd)
	}
	return all
}

// localisedNames returns what a command is called in other languages. A name that is
// taken there is left out: for two of the same Discord would refuse all commands.
func localisedNames(c rituals.Command, taken map[string]bool) map[discordgo.Locale]string {
	all := make(map[discordgo.Locale]string)
	for language, name := range c.Names {
		if taken[name] || taken[language+"/"+name] || !rituals.IsCommand(name) {
			continue
		}
		taken[language+"/"+name] = true
		for _, l := range locales[language] {
			all[l] = name
		}
	}
	return all
}

// described returns a description in English, or the name where there is none.
func described(t rituals.Text, name string) string {
	if s := shorten(oneLine(t.In("en")), maxAbout); !bots.Blank(s) {
		return s
	}
	return name
}

// localised returns a description in the other languages.
func localised(t rituals.Text) map[discordgo.Locale]string {
	all := make(map[discordgo.Locale]string)
	for language, text := range t {
		text = shorten(oneLine(text), maxAbout)
		for _, l := range locales[language] {
			if !bots.Blank(text) {
				all[l] = text
			}
		}
	}
	return all
}
