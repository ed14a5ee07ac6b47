// Package config reads Attune's settings from the environment.
package config

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/kelseyhightower/envconfig"
)

// Config is how Attune is set up. Every field is valid.
type Config struct {
	Database      string     // path of the SQLite file
	TelegramToken Secret     // empty: no Telegram
	TelegramAPI   string     // base URL, without a slash at the end
	DiscordToken  Secret     // empty: no Discord
	DiscordAPI    string     // base URL, without a slash at the end
	Backups       string     // folder of nightly backups; empty: none
	Keys          Secret     // what is encrypted with; empty: nothing is
	Rituals       string     // folder of ritual files of one's own; may be empty
	Allow         []Account  // who may use it; empty: anyone
	Language      string     // two letters, for people whose platform does not say
	Operator      string     // who runs the server, as people will read it; may be empty
	Listen        string     // host:port that says how the program is; empty: nowhere
	Log           slog.Level // what is less is not logged
	LogFormat     LogFormat
}

// Online returns how many platforms the settings have a token for.
func (c Config) Online() int {
	n := 0
	for _, token := range []Secret{c.TelegramToken, c.DiscordToken} {
		if !token.Empty() {
			n++
		}
	}
	return n
}

// An Account is somebody on a platform, by the platform's own id.
type Account struct{ Platform, ID string }

// A LogFormat says how log lines look.
type LogFormat string

const (
	Auto LogFormat = "auto" // in colour on a terminal, else text
	Text LogFormat = "text"
	JSON LogFormat = "json"
)

const prefix = "ATTUNE"

// The settings as they stand in the environment, each with its default.
type settings struct {
	Database      string `envconfig:"DATABASE" default:"data/attune.db"`
	TelegramToken string `envconfig:"TELEGRAM_TOKEN" secret:"true"`
	TelegramAPI   string `envconfig:"TELEGRAM_API" default:"https://api.telegram.org"`
	DiscordToken  string `envconfig:"DISCORD_TOKEN" secret:"true"`
	DiscordAPI    string `envconfig:"DISCORD_API" default:"https://discord.com"`
	Backups       string `envconfig:"BACKUPS" empty:"true"`
	Keys          string `envconfig:"KEYS" secret:"true"`
	Rituals       string `envconfig:"RITUALS" empty:"true"`
	Allow         string `envconfig:"ALLOW" empty:"true"`
	Language      string `envconfig:"LANGUAGE" default:"en"`
	Operator      string `envconfig:"OPERATOR" empty:"true"`
	Listen        string `envconfig:"LISTEN" empty:"true"`
	Log           string `envconfig:"LOG" default:"info"`
	LogFormat     string `envconfig:"LOG_FORMAT" default:"auto"`
}

// Load reads the settings. Its error has a line for everything that is wrong with
// them, and shows no secret.
func Load() (Config, error) {
	var s settings
	problems := environment()
	if err := envconfig.Process(prefix, &s); err != nil {
		return Config{}, err
	}
	problems = append(problems, secrets(&s)...)

	c := Config{
		Database:      s.Database,
		TelegramToken: NewSecret(s.TelegramToken),
		DiscordToken:  NewSecret(s.DiscordToken),
		Backups:       s.Backups,
		Keys:          NewSecret(s.Keys),
		Rituals:       s.Rituals,
		Language:      s.Language,
		Operator:      strings.TrimSpace(s.Operator),
	}
	check := func(name, value string, parse func(string) error) {
		if strings.TrimSpace(value) == "" {
			return // noted, if it may not be
		}
		if err := parse(value); err != nil {
			problems = append(problems, fmt.Errorf("%s_%s: %w", prefix, name, err))
		}
	}
	check("TELEGRAM_TOKEN", s.TelegramToken, checkToken)
	check("DISCORD_TOKEN", s.DiscordToken, checkToken)
	check("DISCORD_API", s.DiscordAPI, func(v string) (err error) { c.DiscordAPI, err = parseURL(v); return })
	check("TELEGRAM_API", s.TelegramAPI, func(v string) (err error) { c.TelegramAPI, err = parseURL(v); return })
	check("ALLOW", s.Allow, func(v string) (err error) { c.Allow, err = parseAllow(v); return })
	check("LANGUAGE", s.Language, checkLanguage)
	check("LISTEN", s.Listen, func(v string) (err error) { c.Listen, err = parseListen(v); return })
	check("LOG", s.Log, func(v string) (err error) { c.Log, err = parseLevel(v); return })
	check("LOG_FORMAT", s.LogFormat, func(v string) (err error) { c.LogFormat, err = parseFormat(v); return })
	if len(problems) > 0 {
		return Config{}, errors.Join(problems...)
	}
	return c, nil
}

// checkToken refuses what cannot be part of a URL, without repeating it.
func checkToken(v string) error {
	if strings.ContainsFunc(v, func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune("/?#%", r) }) {
		return errors.New("it holds a character that no token has; copy it again from where you got it")
	}
	return nil
}

func parseURL(v string) (string, error) {
	u, err := url.Parse(v)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return "", errors.New("this is no address of a server; write one such as https://api.telegram.org")
	}
	return strings.TrimRight(v, "/"), nil
}

var (
	platforms  = []string{"telegram", "discord"}
	identifier = regexp.MustCompile(`^[0-9]{1,20}$`)
)

// parseAllow reads "telegram:1001,discord:2002", and names every entry that is
// wrong.
func parseAllow(v string) ([]Account, error) {
	var all []Account
	var wrong []string
	for entry := range strings.SplitSeq(v, ",") {
		if entry = strings.TrimSpace(entry); entry == "" {
			continue
		}
		platform, id, _ := strings.Cut(entry, ":")
		if !slices.Contains(platforms, platform) || !identifier.MatchString(id) {
			wrong = append(wrong, fmt.Sprintf("%q", entry))
			continue
		}
		all = append(all, Account{platform, id})
	}
	if len(wrong) > 0 {
		return nil, fmt.Errorf("%s: write a platform and a number such as telegram:1001,discord:2002", strings.Join(wrong, ", "))
	}
	if len(all) == 0 {
		return nil, errors.New("it names nobody; leave it empty to let anyone in, or write telegram:1001")
	}
	return all, nil
}

func checkLanguage(v string) error {
	if !regexp.MustCompile(`^[a-z]{2}$`).MatchString(v) {
		return fmt.Errorf("%q is no language; write its two letters, such as en", v)
	}
	return nil
}

// parseListen reads "127.0.0.1:8080" or ":8080", which is every address of the machine.
func parseListen(v string) (string, error) {
	host, port, err := net.SplitHostPort(v)
	n, bad := strconv.ParseUint(port, 10, 16)
	if err != nil || bad != nil || n == 0 || strings.ContainsAny(host, " /") {
		return "", fmt.Errorf("%q is no address to listen at; write one such as 127.0.0.1:8080, or :8080", v)
	}
	return v, nil
}

var levels = map[string]slog.Level{
	"debug": slog.LevelDebug, "info": slog.LevelInfo, "warn": slog.LevelWarn, "error": slog.LevelError,
}

func parseLevel(v string) (slog.Level, error) {
	if l, ok := levels[strings.ToLower(v)]; ok {
		return l, nil
	}
	return 0, fmt.Errorf("%q is no level; write debug, info, warn or error", v)
}

func parseFormat(v string) (LogFormat, error) {
	switch f := LogFormat(strings.ToLower(v)); f {
	case Auto, Text, JSON:
		return f, nil
	}
	return "", fmt.Errorf("%q is no format; write auto, text or json", v)
}

// file returns the contents of a secret's file without the newline that editors
// end a file with.
func file(path string) (string, error) {
	info, err := os.Stat(path)
	if err == nil && (!info.Mode().IsRegular() || info.Size() > 4096) {
		return "", fmt.Errorf("%s is no file with a secret in it", path)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	value := strings.TrimSuffix(strings.TrimSuffix(string(data), "\n"), "\r")
	if value == "" {
		return "", fmt.Errorf("%s is empty", path)
	}
	return value, nil
}
